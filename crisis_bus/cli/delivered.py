"""The commands that prove: all that a recipient was sent, and everything that is known of one message."""

from typing import Annotated, Any

import typer
from pydantic_core import to_json

from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.asking import Output, Space
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.output import Format

_HISTORY = ("due", "statement", "channel", "outcome", "attempts", "at", "detail", "message")
_ANSWERS = ("at", "attempt", "outcome", "detail", "provider", "provider_id", "payload")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("history")(history)
    app.command("proof")(proof)


def history(
    subscription: Annotated[str, typer.Argument(help="id of the subscription")],
    space: Space = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Show everything that was ever sent to a subscription, and what was answered; for its owner and administrators."""
    gateway = Gateway(settings_shown.read())
    found = gateway.pages(f"/v1/history/{subscription}", {"space": space or gateway.space})
    output.rows((_row(one) if output_format is Format.TABLE else one for one in found), _HISTORY, output_format)


def proof(
    message: Annotated[str, typer.Argument(help="id of the message, as `history` says")],
    output_format: Output = Format.TABLE,
) -> None:
    """Show what proves one message: the hash of its bytes, the provider's name of it, and all times."""
    one = Gateway(settings_shown.read()).get(f"/v1/deliveries/{message}")
    if output_format is not Format.TABLE:
        output.say(to_json(one).decode())
        return
    output.say(f"{one['number']} · {one['channel']} · {one['transport']} · {one['subscription']} · {one['outcome']}")
    output.rows(one["answers"], _ANSWERS, output_format)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    last = one["answers"][-1]
    attempts = max(each["attempt"] for each in one["answers"])
    return {**one, "attempts": attempts, "at": last["at"], "detail": last["detail"]}
