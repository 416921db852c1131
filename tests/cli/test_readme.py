"""What README.md tells people to type exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from crisis_bus.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
IN_BLOCKS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("crisis-bus ")]
IN_TEXT = re.findall(r"`(crisis-bus [^`]+)`", re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE))
TARGETS = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _parse(line: str) -> str:
    """Parse a line as the command line would, without running it; the name of the command that would run."""
    command, words = typer.main.get_command(app), shlex.split(line, comments=True)[1:]
    context = command.make_context("crisis-bus", [], resilient_parsing=True)
    while hasattr(command, "get_command"):
        inner = command.get_command(context, words[0])
        assert inner is not None, f"{line}: there is no command {words[0]}"
        command, words = inner, words[1:]
    command.make_context(command.name or "", words, parent=context).close()
    return str(command.name)


def _links() -> Iterator[str]:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if "://" not in target:
            yield target


def test_there_is_a_first_incident_in_five_lines() -> None:
    names = [_parse(line) for line in IN_BLOCKS]

    assert ["rehearsal", "subscribe", "raise", "ack", "submit", "approve", "publish-status"] == names


@pytest.mark.parametrize("line", [*IN_BLOCKS, *IN_TEXT])
def test_every_line_of_the_readme_parses(line: str) -> None:
    assert _parse(line) in line


@pytest.mark.parametrize("line", ["crisis-bus nosuch", "crisis-bus ack I1 --nosuch", "crisis-bus raise I1"])
def test_a_line_that_is_wrong_would_be_found(line: str) -> None:
    with pytest.raises((AssertionError, typer._click.ClickException)):
        _parse(line)


def test_every_target_of_make_that_it_names_exists() -> None:
    named = set(re.findall(r"`make ([a-z]+)", README)) | set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE))

    assert {"demo", "test", "run"} <= named <= TARGETS


@pytest.mark.parametrize("target", sorted(set(_links())))
def test_every_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/adr/0*.md")), ids=lambda page: page.stem)
def test_a_decision_has_context_decision_and_consequences_and_is_listed(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert ["Context", "Decision", "Consequences"] == headings
    assert f"]({page.name})" in (page.parent / "README.md").read_text(encoding="utf-8")
