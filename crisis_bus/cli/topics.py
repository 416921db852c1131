"""`crisis-bus topics`: the cluster against the catalogue in topics/."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer

from crisis_bus.bus.admin import Admin
from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.output import Format, say
from crisis_bus.settings import Settings
from crisis_bus.wire import catalogue
from crisis_bus.wire.plan import Refuse, Step, plan

app = typer.Typer(no_args_is_help=True, help="The topics of the cluster: plan, apply.", rich_markup_mode=None)
Output = Annotated[Format, typer.Option("--format", help="table, json or jsonl")]
DRIFT = 1


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="topics")


@app.command("plan")
def planned(output_format: Output = Format.TABLE) -> None:
    """Say what apply would do.

    Compares the cluster with topics/; exit code 1 if something would be refused.
    """
    steps = asyncio.run(_plan(settings_shown.read()))
    _show(steps, output_format)
    if any(isinstance(step, Refuse) for step in steps):
        raise typer.Exit(DRIFT)


@app.command("apply")
def applied() -> None:
    """Create and change topics as topics/ says.

    Says what it does first; refuses what would re-key or delete.
    """
    apply_all(settings_shown.read(), say)


def apply_all(settings: Settings, tell: Callable[[str], None]) -> None:
    """Say each step, then do them all; raises TopicDrift before anything is done, and NotReachable."""
    asyncio.run(_apply(settings, tell))


async def _plan(settings: Settings) -> list[Step]:
    async with Admin(settings.kafka, settings.ack_timeout_seconds) as admin:
        return await _steps(admin, settings)


async def _apply(settings: Settings, tell: Callable[[str], None]) -> None:
    async with Admin(settings.kafka, settings.ack_timeout_seconds) as admin:
        steps = await _steps(admin, settings)
        for step in steps:
            tell(f"  {step.sentence}")
        await admin.apply(steps)


async def _steps(admin: Admin, settings: Settings) -> list[Step]:
    wanted = catalogue.load(settings.topics)
    return plan(wanted, await admin.present(), brokers=await admin.brokers(), replicas=settings.kafka_replicas)


def _show(steps: list[Step], output_format: Format) -> None:
    if not steps and output_format is Format.TABLE:
        say("the cluster is as topics/ says")
        return
    found = [{"step": type(step).__name__.lower(), "topic": step.topic, "what": step.sentence} for step in steps]
    output.rows(found, ("step", "topic", "what"), output_format)
