"""`crisis-bus journal`: what was decided, the office at an instant, whether the chain holds, and a copy of it."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic_core import to_json

from crisis_bus import hindsight, packs
from crisis_bus.cli import entries, output, reading, settings_shown
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.explaining import Journal
from crisis_bus.cli.output import Format, say
from crisis_bus.domain import instants
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import Entry
from crisis_bus.errors import UserError
from crisis_bus.hindsight import Moment
from crisis_bus.text.catalogue import said
from crisis_bus.text.telling import Storyteller
from crisis_bus.views import chain

app = typer.Typer(no_args_is_help=True, help="The journal: show, at, verify, export.", rich_markup_mode=None)
_NO_TIME = said("{time} is no time; write RFC 3339 with an offset, such as 2026-04-16T16:40:00+04:00{or_minutes}")
_OR_MINUTES = said(", or minutes since the start of the rehearsal")
_NO_MINUTES = said(
    "{space} is no rehearsal and has no minute {time}; write RFC 3339, such as 2026-04-16T16:40:00+04:00"
)
_COLUMNS = {
    "incidents": ("id", "type", "state", "grade", "level", "lead", "spokesperson", "confirmed", "first_statement_due"),
    "statements": ("id", "incident", "kind", "state", "author", "missing"),
    "clocks": ("due", "kind", "of", "key", "repeat"),
    "rumours": ("id", "incident", "priority", "state", "reach"),
    "contradictions": ("id", "incident", "source"),
    "initiatives": ("id", "owner", "start"),
    "accounts": ("channel", "entity", "since"),
    "computed": ("at", "type", "data"),
}
_HEADINGS = {
    "incidents": "open incidents",
    "statements": "statements under way, and the keys that they miss",
    "clocks": "clocks that run",
    "rumours": "rumours without an answer",
    "contradictions": "open contradictions",
    "initiatives": "held plans",
    "accounts": "suspended accounts",
    "computed": "facts due by then that only a later entry tells, computed",
}


class Shape(StrEnum):
    """`table` for people, `json` for one document."""

    TABLE = "table"
    JSON = "json"


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="journal")


@app.command()
def show(
    space: Space = None,
    output_format: Output = Format.TABLE,
    *,
    commands: Annotated[bool, typer.Option("--commands", help="whole entries instead of facts")] = False,
) -> None:
    """Show the facts of a space, the oldest first."""
    gateway = Gateway(settings_shown.read())
    pages = gateway.pages("/v1/journal", {"space": space or gateway.space})
    if commands:
        output.rows(pages, ("at", "type", "by", "data", "facts"), output_format)
        return
    facts = (fact for entry in pages for fact in entry["facts"])
    output.rows(facts, ("at", "type", "data"), output_format)


@app.command()
def at(
    time: Annotated[str, typer.Argument(help="RFC 3339, or in a rehearsal minutes since its start")],
    space: Space = None,
    journal: Journal = None,
    shape: Annotated[Shape, typer.Option("--format", help="table or json")] = Shape.TABLE,
) -> None:
    """Show the office as it stood at an instant, after all that happened at it.

    Entries up to then are folded. Clocks that struck since the last of them stand in no entry yet:
    what they led to is computed, and shown apart. Before the first entry the office is empty.
    """
    settings = settings_shown.read()
    found = entries.of_space(settings, space, journal)
    moment = hindsight.at(found, packs.load(settings.pack), _instant(time, found))
    if shape is Shape.JSON:
        head = {"space": found[0].space, "at": instants.text(moment.at), "entries": moment.entries}
        say(to_json({**head, **hindsight.picture(moment)}, indent=2).decode())
        return
    for line in _summary(found, moment):
        say(line)
    for name, rows in hindsight.picture(moment).items():
        if rows:
            say(f"\n{_HEADINGS[name]}")
            output.rows(rows, _COLUMNS[name], Format.TABLE)


def _summary(found: list[Entry], moment: Moment) -> Iterator[str]:
    clock = moment.office.clock
    minute = "" if clock.zero is None else f" (minute {clock.write(moment.at)})"
    teller = Storyteller("en", clock.offset_minutes)
    yield f"{found[0].space} at {teller.spoken(moment.at)}{minute}: {moment.entries} of {len(found)} entries"
    if not moment.entries:
        first = instants.parse(found[0].command.at)
        yield f"nothing had been asked yet; the first entry is of {teller.spoken(first)}"


def _instant(time: str, found: list[Entry]) -> Instant:
    zero = next((instants.parse(entry.zero) for entry in found if entry.zero is not None), None)
    if time.isascii() and time.isdigit():
        if zero is None:
            raise UserError(_NO_MINUTES.both().filled(space=found[0].space, time=time))
        return zero + instants.minutes(int(time))
    try:
        return instants.parse(time)
    except ValueError as error:
        raise UserError(_no_time(time, rehearsal=zero is not None)) from error


def _no_time(time: str, *, rehearsal: bool) -> str:
    return " · ".join(
        _NO_TIME.of(language).format(time=time, or_minutes=_OR_MINUTES.of(language) if rehearsal else "")
        for language in ("en", "ar")
    )


@app.command()
def verify() -> None:
    """Check the hash chain of the whole journal.

    Reads it from Kafka; exit code 1 if the chain is broken.
    """
    verdicts = chain.verify(entries.rows(settings_shown.read()))
    for verdict in verdicts.values():
        skipped = ", ".join(f"{count} {why}" for why, count in verdict.skipped.items()) or "none"
        say(f"partition {verdict.partition}: {verdict.counted} entries count, skipped: {skipped}")
    chain.ensure_whole(verdicts.values())
    say("the chain holds")


@app.command()
def export(file: Annotated[Path, typer.Argument(help="file to write, one entry a line")]) -> None:
    """Copy the journal into a file, one entry a line.

    Byte for byte, and only entries that count.
    """
    kept = [value for _, value in entries.counting(entries.rows(settings_shown.read()))]
    reading.write_lines(file, kept)
    say(f"{len(kept)} entries in {file}")
