"""Restore: how long a desk needs for a partition with a long journal."""

import asyncio
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.assembly.desk import DeskMeter
from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.streams.seat import Seat
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import following
from tests.bench import log, stage, work
from tests.bench.figures import Figure, Target

ENTRIES = 200_000
RUNS = 3


def run() -> Iterator[Figure]:
    with stage.machine() as machine:
        bootstrap = machine.settings.kafka
        began = time.perf_counter()
        written = list(_entries())
        yield Figure("answer, no log", "commands/s", [ENTRIES / (time.perf_counter() - began)], note="(entry written)")
        asyncio.run(log.fill(bootstrap, written))
        size = sum(len(one.envelope.data or b"") for one in written) / 1e6
        written.clear()
        seconds = [asyncio.run(_restored(bootstrap)) for _ in range(RUNS)]
        note = f"({ENTRIES:,} entries, {size:,.0f} MB)"
        yield Figure("restore", "s", seconds, Target(5, at_least=False), note)


def _entries() -> Iterator[Outgoing]:
    seat = Seat(packs.load(work.PACK))
    for offset, envelope in enumerate(work.envelopes(ENTRIES)):
        space, command = messages.read_command(envelope)
        entry = seat.answer(space, command, envelope, offset, envelope.time)
        told = following(
            envelope, id=f"j{offset}", source="/bench", type=types.JOURNAL_ENTRY, time=envelope.time, data=entry
        )
        yield Outgoing(topics.JOURNAL, space.encode(), told, 0)


async def _restored(bootstrap: str) -> float:
    meter = DeskMeter(Metrics(CollectorRegistry()))
    desk = DeskRunner(Kafka(bootstrap), packs.load(work.PACK), Publisher(bootstrap), worker.now, meter)
    began = time.perf_counter()
    seat = await desk._restored(0)
    seconds = time.perf_counter() - began
    assert (ENTRIES, ENTRIES - 1) == (seat.next_entry, seat.chain.last)
    return seconds
