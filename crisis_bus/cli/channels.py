"""`crisis-bus channels`: what each way out promises."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from crisis_bus.bus import controls
from crisis_bus.cli import letters, output, settings_shown
from crisis_bus.cli.asking import Space
from crisis_bus.cli.client import Gateway
from crisis_bus.cli.output import Format
from crisis_bus.domain.controls import Action, Control
from crisis_bus.errors import UserError
from crisis_bus.settings import Settings
from crisis_bus.text.catalogue import said
from crisis_bus.wire import topics

app = typer.Typer(
    no_args_is_help=True, help="The ways out: list, pause, resume, paused, test, tests.", rich_markup_mode=None
)
Target = Annotated[str, typer.Argument(help="a transport (`sms`) or the name of a provider of providers.yaml")]
_TESTED = ("test", "well", "channel", "due", "accepted", "delivered", "accepted_within", "lost")
_NO_TARGET = said("{target} is no transport and no provider here; there are {known}")
Output = Annotated[Format, typer.Option("--format", help="table, json or jsonl")]


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="channels")


@app.command("list")
def listed(output_format: Output = Format.TABLE) -> None:
    """Say of every kind of channel what it takes, promises and confirms."""
    from crisis_bus.channels import table  # noqa: PLC0415 the clients of all channels take 0.3 s that no other command has to wait

    rows = [asdict(traits) for _, traits in sorted(table.ROWS.items())]
    output.rows(rows, tuple(table.HEADS), output_format)


@app.command()
def paused(output_format: Output = Format.TABLE) -> None:
    """Say what is paused, by whom and why."""
    found = controls.paused(_acts(settings_shown.read()))
    output.rows(
        [act.model_dump(mode="json") for act in found.values()], ("target", "by", "at", "reason"), output_format
    )


@app.command()
def pause(target: Target, by: letters.By, reason: letters.Reason) -> None:
    """Send nothing more through a transport or a provider; what comes waits, and expires in its time."""
    _publish(Action.PAUSE, target, by, reason)


@app.command()
def resume(target: Target, by: letters.By, reason: letters.Reason) -> None:
    """Send again; what waited leaves at once, the newest text of each incident."""
    _publish(Action.RESUME, target, by, reason)


@app.command("test")
def ask_test(
    channels: Annotated[list[str] | None, typer.Argument(help="channels of the pack; all, if left out")] = None,
    space: Space = None,
) -> None:
    """Test channels and liaisons with a silent message; nothing public is tested."""
    gateway = Gateway(settings_shown.read())
    asked = gateway.post(f"/v1/channel-tests?space={space or gateway.space}", {"channels": channels or []})
    output.say(f"{asked['test']} · {', '.join(asked['channels'])}")


@app.command("tests")
def told_tests(space: Space = None, output_format: Output = Format.TABLE) -> None:
    """Say what came of the tests: red is whatever fewer than 95 % accepted within 15 minutes."""
    gateway = Gateway(settings_shown.read())
    found = gateway.get("/v1/channel-tests", {"space": space or gateway.space})["items"]
    rows = [{"test": one["test"], "well": one["well"], **line} for one in found for line in one["channels"]]
    output.rows(
        rows, ("test", "well", "channel", "due", "accepted", "delivered", "accepted_within", "lost"), output_format
    )


def _publish(action: Action, target: str, by: str, reason: str) -> None:
    settings = settings_shown.read()
    from crisis_bus.assembly import providers  # noqa: PLC0415 see above

    known = providers.names(settings)
    if target not in known:
        raise UserError(_NO_TARGET.both().filled(target=target, known=", ".join(known)))
    letters.publish(settings, [letters.act(action, target, by, reason)])
    output.say(target)


def _acts(settings: Settings) -> list[Control]:
    return list(controls.acts(asyncio.run(controls.all_of(settings.kafka, topics.CONTROLS))))
