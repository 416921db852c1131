"""`crisis-bus topics`: the cluster against the catalogue in topics/."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import ValidationError

from crisis_bus.bus import controls
from crisis_bus.bus.acls import connected
from crisis_bus.bus.admin import Admin
from crisis_bus.cli import output, settings_shown
from crisis_bus.cli.output import Format, say
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.settings import Settings
from crisis_bus.views.subscriptions import Subscriptions
from crisis_bus.wire import acls, catalogue
from crisis_bus.wire import topics as topic_names
from crisis_bus.wire.plan import Refuse, Step, plan

app = typer.Typer(no_args_is_help=True, help="The topics of the cluster: plan, apply, acl.", rich_markup_mode=None)
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


@app.command("acl")
def acl(
    *,
    deliver: Annotated[str, typer.Option(help="the principal of our deliver processes")] = "User:crisis-bus",
    apply: Annotated[bool, typer.Option("--apply", help="allow what is missing; without it, only say so")] = False,
    output_format: Output = Format.TABLE,
) -> None:
    """Say who may read which ministry's own topic.

    Each subscriber of the transport kafka (User:SUBSCRIBER) reads its topic and its groups (SUBSCRIBER.…), and deliver
    writes. Exit code 1 if of some topic a person has to decide.
    """
    rows, refused = asyncio.run(allow(settings_shown.read(), deliver, apply=apply))
    output.rows(rows, ("state", "principal", "operation", "resource", "name", "pattern"), output_format)
    for sentence in refused:
        output.complain(sentence)
    if refused:
        raise typer.Exit(DRIFT)


async def allow(settings: Settings, deliver: str, *, apply: bool) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """Compare the rights with the subscriptions, and `apply` what is missing; gives rows, and what was refused."""
    found = acls.rights(await _subscriptions(settings), deliver)
    async with connected(settings.kafka, settings.ack_timeout_seconds) as cluster:
        present = await cluster.present()
        missing = [acl for acl in found.wanted if acl not in present]
        if apply:
            await cluster.allow(missing)
    told = "allowed now" if apply else "missing"
    rows = [{"state": told if acl in missing else "there", **asdict(acl)} for acl in found.wanted]
    more = [{"state": "not ours", **asdict(acl)} for acl in acls.not_wanted(present, found.wanted)]
    return [*rows, *more], found.refused


async def _subscriptions(settings: Settings) -> list[Subscription]:
    """Those that are there now; what cannot be read has no rights."""
    known = Subscriptions()
    for record in await controls.all_of(settings.kafka, topic_names.SUBSCRIPTIONS):
        try:
            found = None if record.value is None else Subscription.model_validate_json(record.value)
        except ValidationError:
            continue
        known.apply((record.key or b"").decode(errors="replace"), found)
    return known.all()


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
