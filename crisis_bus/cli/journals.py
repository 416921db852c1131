"""`crisis-bus journal`: what was decided, whether its chain holds, and a copy of it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from crisis_bus.bus.reader import Reader
from crisis_bus.cli import output, reading, settings_shown
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.output import Format, say
from crisis_bus.settings import Settings
from crisis_bus.views import chain
from crisis_bus.wire import topics

app = typer.Typer(no_args_is_help=True, help="The journal: show, verify, export.", rich_markup_mode=None)
Row = tuple[int, int, bytes | None]
"""Partition, offset, value."""


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
    entries = gateway.pages("/v1/journal", {"space": space or gateway.space})
    if commands:
        output.rows(entries, ("at", "type", "by", "data", "facts"), output_format)
        return
    facts = (fact for entry in entries for fact in entry["facts"])
    output.rows(facts, ("at", "type", "data"), output_format)


@app.command()
def verify() -> None:
    """Check the hash chain of the whole journal.

    Reads it from Kafka; exit code 1 if the chain is broken.
    """
    verdicts = chain.verify(_rows(settings_shown.read()))
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
    chains, kept = chain.Chains(), []
    for partition, _, value in _rows(settings_shown.read()):
        if value is not None and chains.of(partition).counts(chain.read(value), value):
            kept.append(value)
    reading.write_lines(file, kept)
    say(f"{len(kept)} entries in {file}")


def _rows(settings: Settings) -> list[Row]:
    return asyncio.run(_read(settings))


async def _read(settings: Settings) -> list[Row]:
    reader = Reader(settings.kafka, [topics.JOURNAL])
    await reader.start()
    found: list[Row] = []
    try:
        async for batch in reader.batches(for_ever=False):
            found += [(record.partition, record.offset, record.value) for record in batch]
    finally:
        await reader.stop()
    return sorted(found, key=lambda row: row[:2])
