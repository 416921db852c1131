"""`crisis-bus rehearse`: scenario files played in memory."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from crisis_bus import packs, rehearsal
from crisis_bus.cli import output
from crisis_bus.cli.output import Format
from crisis_bus.errors import ScenarioError
from crisis_bus.rehearsal import Line, Scenario
from crisis_bus.settings import Settings

DIFFERENT = 1
_SHIPPED: str = Settings.model_fields["pack"].default


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("rehearse")(rehearse)


def rehearse(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="scenario files, or ids of the pack's own")],
    output_format: Annotated[Format, typer.Option("--format", help="table, json or jsonl (one fact a line)")] = (
        Format.TABLE
    ),
    out: Annotated[Path | None, typer.Option(help="write one <stem>.jsonl for each file into this folder")] = None,
    pack: Annotated[str, typer.Option(help="policy pack")] = _SHIPPED,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="compare with the facts of the file; exit 1 at a difference")
    ] = False,
) -> None:
    """Play scenario files in memory, without Kafka.

    Prints the facts that they lead to. A file's own facts count only with --verify.
    """
    policy = packs.load(pack)
    different = False
    for name in files:
        path = packs.scenario(name, pack)
        scenario = load(path)
        told = list(rehearsal.play(scenario, policy))
        _show(path, told, output_format, out)
        different = different or (verify and _differs(path, scenario, told))
    if different:
        raise typer.Exit(DIFFERENT)


def load(path: Path) -> Scenario:
    """Read a scenario file; raises ScenarioError, which names the file."""
    try:
        return rehearsal.read(path.read_bytes())
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ScenarioError(msg) from error
    except ScenarioError as error:
        msg = f"{path}: {error}"
        raise ScenarioError(msg) from error


def _show(path: Path, told: Iterable[Line], output_format: Format, out: Path | None) -> None:
    if out is None:
        output.rows(told, ("at", "type", "data"), output_format)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        text = "".join(rehearsal.as_json(line) + "\n" for line in told)
        (out / f"{path.stem}.jsonl").write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"{out}: cannot be written: {error.strerror}"
        raise ScenarioError(msg) from error


def _differs(path: Path, scenario: Scenario, told: list[Line]) -> bool:
    difference = rehearsal.first_difference((fact.model_dump() for fact in scenario.facts), told)
    if difference is not None:
        output.complain(f"{path.name}: {difference}")
    return difference is not None
