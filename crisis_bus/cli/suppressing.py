"""`crisis-bus suppressions`: addresses that nothing is sent to any more, with who wanted it and why."""

import asyncio
from typing import Annotated

import typer

from crisis_bus.bus import controls
from crisis_bus.cli import letters, output, settings_shown
from crisis_bus.cli.output import Format
from crisis_bus.domain import suppressing
from crisis_bus.domain.controls import Action
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import UserError
from crisis_bus.settings import Settings
from crisis_bus.text.catalogue import said
from crisis_bus.wire import topics

app = typer.Typer(
    no_args_is_help=True, help="Addresses that nothing is sent to: list, add, remove.", rich_markup_mode=None
)
Way = Annotated[Transport, typer.Argument(help="transport, such as email or sms")]
Output = Annotated[Format, typer.Option("--format", help="table, json or jsonl")]
Channel = Annotated[str, typer.Option(help="only this channel, as after an unsubscribe link; all, if left out")]
Address = Annotated[str, typer.Argument(help="the address; only a mark is kept that nobody can read it from")]
_NO_SECRET = said("the suppression list needs the setting link_secret, the same one that gateway and deliver have")


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="suppressions")


@app.command("list")
def listed(output_format: Output = Format.TABLE) -> None:
    """Say which marks are on the list, by whom and why."""
    settings = settings_shown.read()
    acts = controls.acts(asyncio.run(controls.all_of(settings.kafka, topics.CONTROLS)))
    found = [act.model_dump(mode="json") for act in suppressing.suppressed(acts).values()]
    output.rows(found, ("target", "by", "at", "reason"), output_format)


@app.command()
def add(transport: Way, address: Address, by: letters.By, reason: letters.Reason, channel: Channel = "") -> None:
    """Send nothing more to an address, by whatever subscription."""
    _publish(Action.SUPPRESS, (transport, address, channel), by, reason)


@app.command()
def remove(transport: Way, address: Address, by: letters.By, reason: letters.Reason, channel: Channel = "") -> None:
    """Allow an address again: somebody asks for messages anew."""
    _publish(Action.ALLOW, (transport, address, channel), by, reason)


def _publish(action: Action, whom: tuple[Transport, str, str], by: str, reason: str) -> None:
    settings = settings_shown.read()
    mark = suppressing.mark(_secret(settings), *whom)
    letters.publish(settings, [letters.act(action, mark, by, reason)])
    output.say(mark)


def _secret(settings: Settings) -> bytes:
    if settings.link_secret is None:
        raise UserError(_NO_SECRET.both())
    return settings.link_secret.get_secret_value().encode()
