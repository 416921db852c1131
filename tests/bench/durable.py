"""50,000 messages, and `kill -9`, rebalances and a broker that is away in the middle of them.

Five press releases on one incident go to 10,000 destinations. Every message has to be accepted by its destination; a
repeat has the id of the first; nothing older comes after something newer; the ledger says the same as the destinations.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from crisis_bus.assembly.machine import PROCESSES, Machine
from crisis_bus.bus.ends import Ends
from crisis_bus.cli.client import local_key
from tests.bench import log, stage, statements, telling
from tests.bench.figures import Figure, Target
from tests.bench.peers import Receiver, listening

REPORTS, DESTINATIONS = 5, 10_000
AWAY_SECONDS = 30.0
_SECONDS = 420.0
_QUIET_SECONDS = 20.0
_SUBJECT = b'"subject":"'
_ID = b"\nwebhook-id: "
_NAMES = [f"row-{place}" for place in range(REPORTS)]
_JOURNAL = tuple(("crisis.journal.v1", number) for number in range(6))


@dataclass
class Witness(Receiver):
    """Every arrival in its order: destination, report (from 0), message."""

    arrivals: list[tuple[str, int, str]] = field(default_factory=list)

    def request(self, head: bytes, body: bytes) -> None:
        destination = head.split(b" ", 2)[1].decode()
        start = head.index(_ID) + len(_ID)
        message = head[start : head.index(b"\r", start)].decode()
        self.take(body)
        number = body[body.index(_SUBJECT) + len(_SUBJECT) :].split(b'"', 1)[0].decode()
        self.arrivals.append((destination, _NAMES.index(number.rpartition("/H-")[2]), message))


@dataclass(frozen=True)
class Found:
    """What the destinations have seen."""

    accepted: int
    missing: int
    other_ids: int
    repeats: int
    older: int


def run() -> Iterator[Figure]:
    with stage.machine(*PROCESSES) as machine:
        witness, seconds, ledger, restarts = asyncio.run(_story(machine))
    found = counted(witness.arrivals)
    due = REPORTS * DESTINATIONS
    note = f"({due:,} due; {restarts} restarts, {AWAY_SECONDS:g} s without a broker, {seconds:.0f} s in all)"
    yield Figure("accepted at least once", "messages", [found.accepted], note=note)
    for name, value in (
        ("missing", found.missing),
        ("under another id", found.other_ids),
        ("older after newer", found.older),
        ("ledger beside the destinations", abs(ledger["delivered"] - found.accepted)),
        ("ledger lost", ledger["lost"]),
    ):
        yield Figure(f"  {name}", "messages", [value], Target(0, at_least=False))
    yield Figure("  repeats with the same id", "messages", [found.repeats])


def counted(arrivals: list[tuple[str, int, str]]) -> Found:
    """What is true of the arrivals."""
    ids: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    newest: dict[str, int] = {}
    older = 0
    for destination, report, message in arrivals:
        ids[destination, report].add(message)
        older += report < newest.get(destination, 0)
        newest[destination] = max(report, newest.get(destination, 0))
    others = sum(len(found) - 1 for found in ids.values())
    missing = REPORTS * DESTINATIONS - len(ids)
    return Found(len(ids), missing, others, len(arrivals) - len(ids) - others, older)


async def _story(machine: Machine) -> tuple[Witness, float, dict[str, int], int]:
    async with AsyncExitStack() as stack:
        witness = await stack.enter_async_context(listening(Witness()))
        ends = await stack.enter_async_context(Ends(machine.settings.kafka, "bench"))
        wanted = (telling.subscription(machine, f"d{place}", witness) for place in range(DESTINATIONS))
        await telling.subscribe(machine, wanted)
        waiting = list(statements.in_a_row(machine.settings.space, "row", _NAMES))
        already = await log.standing(ends, _JOURNAL)
        await log.fill(machine.settings.kafka, waiting)
        await log.reached(ends, _JOURNAL, already + len(waiting), _SECONDS)
        began = time.monotonic()
        watching = asyncio.create_task(_watch(machine))
        with telling.gate(machine) as door:
            for name in _NAMES:
                assert await door.post("/v1/commands", statements.last_key(name)) == 202
        await _struck(machine, witness)
        await _calm(machine, witness)
        seconds = witness.last - began
        watching.cancel()
        ledger = await asyncio.to_thread(_ledger, machine)
        return witness, seconds, ledger, sum(child.restarts for child in machine.children.values())


async def _struck(machine: Machine, witness: Receiver) -> None:
    """Blows, each when so many have arrived, or after a while."""
    due = REPORTS * DESTINATIONS
    blows: list[tuple[float, Callable[[], Awaitable[None]]]] = [
        (0.01, lambda: _kill(machine, "dispatch")),
        (0.05, lambda: _kill(machine, "deliver")),
        (0.15, lambda: _kill(machine, "dispatch")),
        (0.25, lambda: _kill(machine, "deliver")),
        (0.35, lambda: _second_deliver(machine)),
        (0.55, lambda: _away(machine)),
        (0.75, lambda: _kill(machine, "deliver")),
    ]
    for part, blow in blows:
        with suppress(TimeoutError):  # what does not come in time is struck all the same
            await witness.until(round(part * due), 60)
        await blow()


async def _kill(machine: Machine, name: str) -> None:
    process = machine.children[name].process
    assert process is not None
    process.kill()
    await asyncio.to_thread(process.wait, 20)


async def _away(machine: Machine) -> None:
    machine.kafka.pause()
    try:
        await asyncio.sleep(AWAY_SECONDS)
    finally:
        machine.kafka.resume()


async def _second_deliver(machine: Machine) -> None:
    """Another worker comes and goes: two rebalances."""
    more = {"CRISIS_BUS_METRICS_PORT": str(stage.free_port()), "CRISIS_BUS_ALLOWED_NETWORKS": '["127.0.0.0/8"]'}
    environment = {**os.environ, **machine.extra, **more}
    process = subprocess.Popen(  # noqa: ASYNC220 our own command, and the loop waits for nothing here
        [sys.executable, "-m", "crisis_bus", "deliver"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await asyncio.sleep(15)
    finally:
        process.kill()
        await asyncio.to_thread(process.wait, 20)


async def _watch(machine: Machine) -> None:
    """Start again what has died, as `crisis-bus up` does."""
    while True:
        await asyncio.to_thread(machine.watch)
        await asyncio.sleep(0.2)


async def _calm(machine: Machine, witness: Receiver) -> None:
    """Wait until the ledger knows the end of every message, and nothing arrives any more."""
    async with asyncio.timeout(_SECONDS):
        while True:
            found = await asyncio.to_thread(_ledger, machine)
            if sum(found.values()) >= REPORTS * DESTINATIONS and time.monotonic() - witness.last > _QUIET_SECONDS:
                return
            await asyncio.sleep(2)


def _ledger(machine: Machine) -> dict[str, int]:
    """What the ledger says of all reports together; nothing while the gateway does not answer."""
    found = {"delivered": 0, "lost": 0}
    for name in _NAMES:
        request = urllib.request.Request(
            f"{machine.settings.gateway_url}/v1/ledger/H-{name}",
            headers={"authorization": f"Bearer {local_key(machine.settings) or ''}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                total: dict[str, Any] = json.load(answer)["total"]
        except OSError:
            continue
        found["delivered"] += total["delivered"]
        found["lost"] += sum(total["lost"].values())
    return found
