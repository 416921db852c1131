"""`crisis-bus journal`: what was decided, whether its chain holds, and a copy of it."""

from pathlib import Path
from typing import Annotated

import typer

from crisis_bus.cli import entries, output, reading, settings_shown
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.output import Format, say
from crisis_bus.views import chain

app = typer.Typer(no_args_is_help=True, help="The journal: show, verify, export.", rich_markup_mode=None)


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
