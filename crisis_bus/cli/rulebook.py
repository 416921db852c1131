"""`crisis-bus rules`: from the id of a rule to its text, its code and its tests."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from crisis_bus.cli import output
from crisis_bus.cli.output import Format, say
from crisis_bus.rulebook import book, scan

app = typer.Typer(no_args_is_help=True, help="The rules by their ids: list, show.", rich_markup_mode=None)
Output = Annotated[Format, typer.Option("--format", help="table, json or jsonl")]
NO_TESTS = "not in an installed package; docs/rules.md of the project names them"


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="rules")


@app.command("list")
def listed(output_format: Output = Format.TABLE) -> None:
    """Name every rule, Arabic first, with a sentence each."""
    found = [{"rule": name, **rule.model_dump()} for name, rule in book.rules().items()]
    output.rows(found, ("rule", "ar", "en"), output_format)


@app.command("show")
def shown(
    rule: Annotated[str, typer.Argument(help="an id such as ESC-09a")], output_format: Output = Format.TABLE
) -> None:
    """Say what a rule is, where it is kept and how it is proven."""
    found = _about(book.named(rule))
    if output_format is not Format.TABLE:
        output.rows([found], (), output_format)
        return
    for line in (found["rule"], f"  {found['ar']}", f"  {found['en']}"):
        say(line)
    for name, title in (("code", "code"), ("parts", "parts of it"), ("audit", "auditor"), ("told", "told by")):
        _column(title, found[name])
    _column("tests", [NO_TESTS] if found["tests"] is None else found["tests"])


def _about(rule: str) -> dict[str, Any]:
    tests = scan.tests()
    return {
        "rule": rule,
        **book.rules()[rule].model_dump(),
        **{role: [_node(place) for place in places] for role, places in scan.by_rule(rule, scan.code()).items()},
        "tests": None if tests is None else [_node(place) for place in tests.get(rule, [])],
    }


def _node(place: scan.Place) -> str:
    return f"{place.file}::{place.name}"


def _column(head: str, lines: Iterable[str]) -> None:
    for line in lines:
        say(f"{head:<12}{line}")
        head = ""
