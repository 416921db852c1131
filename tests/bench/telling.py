"""From the last key to the destinations: the first webhook at 50 a second, and one statement for 10,000."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack

from crisis_bus.assembly.machine import PROCESSES, Machine
from crisis_bus.bus.ends import Ends
from crisis_bus.bus.record import Outgoing
from crisis_bus.cli.client import local_key
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import messages, topics, types
from tests.bench import hops, log, stage, statements
from tests.bench.figures import Figure, Target, percentile
from tests.bench.peers import Door, Receiver, receiving

STATEMENTS = 500
A_SECOND = 50
RUNS = 3
DESTINATIONS = 10_000
ROUNDS = 4
_SECONDS = 120.0
_PARTITIONS = range(6)
_JOURNAL = tuple((topics.JOURNAL, number) for number in _PARTITIONS)
_RECEIPTS = tuple((topics.RECEIPTS, number) for number in _PARTITIONS)


def first_webhook() -> Iterator[Figure]:
    with stage.machine(*PROCESSES) as machine:
        times, spent = asyncio.run(_first_webhook(machine))
        between = asyncio.run(hops.medians(machine.settings.kafka))
    waits = [[arrived - accepted for _, accepted, arrived in run] for run in times]
    whole = [[arrived - sent for sent, _, arrived in run] for run in times]
    note = f"({STATEMENTS} statements a run, {A_SECOND}/s)"
    for what, runs, target in (("accept → first webhook", waits, 25.0), ("request → first webhook", whole, None)):
        yield Figure(f"{what}, p50", "ms", [1000 * percentile(run, 0.5) for run in runs], note=note)
        yield Figure(
            f"{what}, p99",
            "ms",
            [1000 * percentile(run, 0.99) for run in runs],
            Target(target, at_least=False) if target else None,
            note,
        )
    yield from _spent(spent, STATEMENTS * RUNS, "statement")
    for hop, milliseconds in between:
        yield Figure(f"  {hop}", "ms", [milliseconds], note="(median of all runs)")


def fan_out() -> Iterator[Figure]:
    with stage.machine(*PROCESSES) as machine:
        rounds, spent = asyncio.run(told_rounds(machine, DESTINATIONS))
    note = f"(last key → last receipt, {DESTINATIONS:,} webhooks; the first round connects)"
    yield Figure("fan-out", "deliveries/s", [DESTINATIONS / seconds for seconds, _ in rounds], Target(5000), note)
    arrivals = [DESTINATIONS / seconds for _, seconds in rounds]
    yield Figure("fan-out, arrivals", "deliveries/s", arrivals, note="(last key → last arrival)")
    yield from _spent(spent, DESTINATIONS * ROUNDS, "delivery")


def _spent(seconds: dict[str, float], count: int, what: str) -> Iterator[Figure]:
    for name, spent in seconds.items():
        yield Figure(f"  {name}", f"ms/{what}", [1000 * spent / count], note="(processor time)")


async def _first_webhook(machine: Machine) -> tuple[list[list[tuple[float, float, float]]], dict[str, float]]:
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(receiving())
        ends = await stack.enter_async_context(Ends(machine.settings.kafka, "bench"))
        await subscribe(machine, [subscription(machine, "first", receiver)])
        runs = [[f"{run}-{place}" for place in range(STATEMENTS)] for run in range(RUNS)]
        await _prepare(machine, ends, ["warm", *(name for run in runs for name in run)])
        await _told(machine, receiver, ["warm"])
        before = stage.spent(machine)
        found = [await _told(machine, receiver, run) for run in runs]
        return found, _difference(before, stage.spent(machine))


async def told_rounds(
    machine: Machine, destinations: int, delay: float = 0.0
) -> tuple[list[tuple[float, float]], dict[str, float]]:
    """Seconds from each last key to the last receipt and to the last arrival; receivers answer after `delay`."""
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(receiving(delay))
        ends = await stack.enter_async_context(Ends(machine.settings.kafka, "bench"))
        await subscribe(machine, [subscription(machine, f"d{place}", receiver) for place in range(destinations)])
        names = [f"round-{round_}" for round_ in range(ROUNDS)]
        await _prepare(machine, ends, names)
        before = stage.spent(machine)
        found = []
        for done, name in enumerate(names):
            began = time.monotonic()
            with gate(machine) as door:
                await _asked(door, name)
            await receiver.until((done + 1) * destinations, _SECONDS)
            last_receipt = await log.reached(ends, _RECEIPTS, (done + 1) * destinations, _SECONDS)
            found.append((last_receipt - began, receiver.last - began))
        return found, _difference(before, stage.spent(machine))


def _difference(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - spent for name, spent in before.items()}


async def _told(machine: Machine, receiver: Receiver, names: list[str]) -> list[tuple[float, float, float]]:
    """Give last keys at a steady pace; when each was sent, accepted, and arrived."""
    began, before = time.monotonic(), receiver.arrived
    tasks = []
    with gate(machine) as door:
        for place, name in enumerate(names):
            await asyncio.sleep(max(0.0, began + place / A_SECOND - time.monotonic()))
            tasks.append(asyncio.create_task(_asked(door, name)))
        asked = await asyncio.gather(*tasks)
    await receiver.until(before + len(names), _SECONDS)
    space = machine.settings.space
    arrivals = [receiver.first[statements.number(space, name)] for name in names]
    return [(sent, accepted, arrived) for (sent, accepted), arrived in zip(asked, arrivals, strict=True)]


async def _asked(door: Door, name: str) -> tuple[float, float]:
    sent = time.monotonic()
    status = await door.post("/v1/commands", statements.last_key(name))
    assert status == 202
    return sent, time.monotonic()


async def _prepare(machine: Machine, ends: Ends, names: Iterable[str]) -> None:
    waiting = list(statements.prepared(machine.settings.space, names))
    already = await log.standing(ends, _JOURNAL)
    await log.fill(machine.settings.kafka, waiting)
    await log.reached(ends, _JOURNAL, already + len(waiting), _SECONDS)


async def subscribe(machine: Machine, subscriptions: Iterable[Subscription]) -> None:
    at = time.time_ns() // 1_000_000
    await log.fill(
        machine.settings.kafka,
        (
            Outgoing(
                topics.SUBSCRIPTIONS,
                one.id.encode(),
                messages.message_for(one, types.SUBSCRIPTION, id=f"s-{one.id}", source="/bench", at=at, subject=one.id),
            )
            for one in subscriptions
        ),
    )


def subscription(machine: Machine, name: str, receiver: Receiver) -> Subscription:
    return Subscription(
        id=name,
        space=machine.settings.space,
        subscriber=f"bench-{name}",
        channel="WEB",
        transport="webhook",
        address=f"{receiver.url}/{name}",
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )


def gate(machine: Machine) -> Door:
    return Door(machine.settings.gateway_port, local_key(machine.settings) or "")
