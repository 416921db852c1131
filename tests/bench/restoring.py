"""Restore: how long a desk needs for a partition with a long journal, from a snapshot and without any."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic_core import from_json, to_json

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.assembly.desk import DeskMeter
from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.streams.past import Past
from crisis_bus.streams.seat import Seat
from crisis_bus.streams.snapshot_writing import SnapshotWriter
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, following
from tests.bench import log, stage, work
from tests.bench.figures import Figure, Target

ENTRIES = 1_000_000
_AFTER = 10_000
"""Entries that come after the snapshot."""
RUNS = 3


def run() -> Iterator[Figure]:
    with stage.machine() as machine:
        bootstrap = machine.settings.kafka
        journal = _Journal()
        asyncio.run(log.fill(bootstrap, journal.entries(ENTRIES)))
        note = f"({ENTRIES:,} entries, {journal.bytes / 1e6:,.0f} MB)"
        yield from _figures("restore, all of it", [asyncio.run(_restored(bootstrap))], note)
        taken = asyncio.run(_snapshot(bootstrap, journal.past))
        yield Figure("write a snapshot", "s", [taken], note=f"(the weight of {journal.past.weight:,} records)")
        seconds = [asyncio.run(_restored(bootstrap)) for _ in range(RUNS)]
        note = f"({ENTRIES:,} entries, {_AFTER:,} of them after the snapshot)"
        yield from _figures("restore, snapshot", seconds, note, Target(5, at_least=False))


def _figures(
    name: str, runs: Sequence[tuple[float, float]], note: str, target: Target | None = None
) -> Iterator[Figure]:
    yield Figure(name, "s", [wall for wall, _ in runs], target, note)
    yield Figure("  of one core", "s", [own for _, own in runs], note="(which others do not disturb)")


class _Journal:
    """A journal as it is written, and the partition as it stood a little before its end.

    A tenth of it are the commands of a long rehearsal; after each come questions whether a text is official, of which
    only the first is decided, and the others are its copies.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self.past = Past()
        self._seat = Seat(packs.load(work.PACK))

    def entries(self, count: int) -> Iterator[Outgoing]:
        offset = 0
        for envelope in work.envelopes(count // 10):
            first = self._decided(envelope, offset)
            question = from_json(self._decided(_question(envelope, offset + 1), offset + 1))
            copies = [self._copied(question, offset + place) for place in range(2, 10)]
            for entry in (first, to_json(question), *copies):
                self.bytes += len(entry)
                if offset < count - _AFTER:
                    self.past.take(offset, entry)
                yield _outgoing(envelope, offset, entry)
                offset += 1

    def _decided(self, envelope: Envelope, offset: int) -> bytes:
        space, command = messages.read_command(envelope)
        return self._seat.answer(space, command, envelope, offset, envelope.time)

    def _copied(self, question: dict[str, Any], offset: int) -> bytes:
        chain = self._seat.chain
        asked = {**question["command"], "offset": offset, "id": _name(offset)}
        entry = to_json({**question, "command": asked, "previous": chain.tip})
        assert chain.goes_on(offset, chain.tip, entry)
        return entry


def _name(offset: int) -> str:
    return f"0193d2c0-0000-7000-8000-{offset:012}"


def _question(after: Envelope, offset: int) -> Envelope:
    name = _name(offset)
    asked = {"ref": f"W{offset}"}
    return messages.command(work.SPACE, "verification.ask", "citizen", asked, id=name, at=after.time, source="/bench")


def _outgoing(envelope: Envelope, offset: int, entry: bytes) -> Outgoing:
    kind = types.JOURNAL_ENTRY
    told = following(envelope, id=f"j{offset}", source="/bench", type=kind, time=envelope.time, data=entry)
    return Outgoing(topics.JOURNAL, work.SPACE.encode(), told, 0)


async def _snapshot(bootstrap: str, past: Past) -> float:
    publisher = Publisher(bootstrap)
    await publisher.start()
    try:
        writer = SnapshotWriter(0, publisher, 1, _all_of_it)
        began = time.perf_counter()
        writer.look(past)
        assert writer._task is not None
        await writer._task
        return time.perf_counter() - began
    finally:
        await publisher.stop()


async def _all_of_it() -> int:
    return ENTRIES


async def _restored(bootstrap: str) -> tuple[float, float]:
    """Seconds on the wall's clock, and of this process's own processor."""
    meter = DeskMeter(Metrics(CollectorRegistry()))
    desk = DeskRunner(Kafka(bootstrap), packs.load(work.PACK), Publisher(bootstrap), worker.now, meter)
    began, own = time.perf_counter(), time.process_time()
    seat = await desk._restored(0)
    seconds = time.perf_counter() - began, time.process_time() - own
    assert (ENTRIES, ENTRIES - 1) == (seat.next_entry, seat.chain.last)
    return seconds
