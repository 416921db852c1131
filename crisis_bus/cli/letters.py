"""`crisis-bus letters`: records that could not be handled: list, show, replay, discard."""

import asyncio
import time
from typing import Annotated

import typer
from pydantic_core import to_json

from crisis_bus.bus import controls, letters
from crisis_bus.bus.controls import Letter
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Again, Outgoing
from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.asking import Output
from crisis_bus.cli.output import Format, say
from crisis_bus.domain.controls import Action
from crisis_bus.errors import UserError
from crisis_bus.settings import Settings
from crisis_bus.text.catalogue import said

app = typer.Typer(no_args_is_help=True, help="The dead letters: list, show, replay, discard.", rich_markup_mode=None)
Place = Annotated[str, typer.Argument(help="where the record stood: TOPIC/PARTITION/OFFSET, as `letters list` says")]
By = Annotated[str, typer.Option(help="who does this; an auditor reads it")]
Reason = Annotated[str, typer.Option(help="why; an auditor reads it")]
_NO_LETTER = said("There is no dead letter {place}; `crisis-bus letters list` shows those that are there")
_HANDLED = said("{place} was handled: {action} by {by} at {at}; a record is replayed or discarded once")


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="letters")


@app.command("list")
def listed(
    *,
    everything: Annotated[bool, typer.Option("--all", help="also those that were replayed or discarded")] = False,
    output_format: Output = Format.TABLE,
) -> None:
    """List what could not be handled, and why."""
    found = [one for one in _letters(settings_shown.read()) if everything or one.handled is None]
    output.rows([letters.row(one) for one in found], ("place", "at", "type", "reason", "handled", "by"), output_format)


@app.command()
def show(place: Place) -> None:
    """Show a record as it came, as JSON; addresses and secrets are masked."""
    say(to_json(letters.shown(_one(settings_shown.read(), place)), indent=2).decode())


@app.command()
def replay(place: Place, by: By, reason: Reason) -> None:
    """Put a record back where it came from; whoever reads that topic handles it once more."""
    settings = settings_shown.read()
    letter = _open(settings, place)
    publish(settings, [controls.replayed(letter.letter, place), act(Action.REPLAY, place, by, reason)])
    say(place)


@app.command()
def discard(place: Place, by: By, reason: Reason) -> None:
    """Say that a record will not be handled; it stays in the dead letters."""
    settings = settings_shown.read()
    _open(settings, place)
    publish(settings, [act(Action.DISCARD, place, by, reason)])
    say(place)


def _letters(settings: Settings) -> list[Letter]:
    return asyncio.run(letters.read(settings.kafka))


def _one(settings: Settings, place: str) -> Letter:
    for letter in _letters(settings):
        if letter.place == place:
            return letter
    raise UserError(_NO_LETTER.both().filled(place=place))


def _open(settings: Settings, place: str) -> Letter:
    letter = _one(settings, place)
    if (done := letter.handled) is not None:
        raise UserError(_HANDLED.both().filled(place=place, action=done.action, by=done.by, at=done.at))
    return letter


def act(action: Action, target: str, by: str, reason: str) -> Outgoing:
    """The record of what somebody does now."""
    return controls.to_publish(controls.control(action, target, by, reason, round(time.time() * 1000)))


def publish(settings: Settings, outgoing: list[Outgoing | Again]) -> None:
    """Send one after the other, each when the one before is safe; raises NotReachable."""
    asyncio.run(_send(settings, outgoing))


async def _send(settings: Settings, outgoing: list[Outgoing | Again]) -> None:
    publisher = Publisher(settings.kafka, settings.ack_timeout_seconds)
    await publisher.start()
    try:
        for each in outgoing:
            await publisher.send(each)
    finally:
        await publisher.stop()
