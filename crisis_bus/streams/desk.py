"""The desk's runner: commands in, one journal entry for each out (`architecture.md`, idea 3).

A partition that comes is rebuilt from the journal and read on from the next command, whatever the
group has committed. Entries are sent one behind the other and awaited together; the log must put
them exactly where this desk expects them, else somebody else has written and all is rebuilt.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from crisis_bus.bus.claims import Claims
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.desk import CLOCK
from crisis_bus.domain import ids
from crisis_bus.domain.commands import CLOCK_TICK
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.errors import LostPartition, NotAcknowledged, UnreadableMessage
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, following, from_kafka

GROUP = "crisis-bus-desk"
SOURCE = "/crisis-bus/desk"
_POLL_SECONDS = 0.2
_TICK_WAITS = (0, 50, 200, 1_000, 5_000)
"""Milliseconds between ticks for one timer: a broker whose clock is behind ours is not stormed."""

log = structlog.get_logger(__name__)


class Watch(Protocol):
    """Told what the desk does; for metrics."""

    def decided(self, at: Instant, seconds: float) -> None:
        """An entry is on the journal, for a command of that time; deciding took so long."""

    def dead_letter(self, topic: str) -> None:
        """A record went to the dead letters."""

    def behind(self, records: int, oldest: Instant | None) -> None:
        """So many commands wait, the oldest since then."""


@dataclass
class _Ticks:
    """Which tick was sent last for a space: for which timer, how often, and when the next may follow."""

    due: Instant
    sent: int = 0
    not_before: Instant = 0


@dataclass
class DeskRunner:
    """One desk process."""

    bootstrap: str
    policy: Policy
    publisher: Publisher
    now: Callable[[], Instant]
    watch: Watch
    seats: dict[int, Seat] = field(default_factory=dict)
    started: bool = False
    _ticks: dict[str, _Ticks] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Hold whatever partitions the group gives, until asked to stop."""
        claims = Claims(self.bootstrap, GROUP, topics.COMMANDS, "crisis-bus-desk")
        await claims.start()
        try:
            while not stop.is_set():
                await self._take_over(claims)
                for partition, records in (await claims.poll(self._patience())).items():
                    await self._work(claims, partition, records)
                await self._tick()
        finally:
            await claims.stop()

    async def _take_over(self, claims: Claims) -> None:
        for partition in sorted(claims.went):
            self.seats.pop(partition, None)
        claims.went.clear()
        while claims.came:
            partition = claims.came.pop()
            seat = await self._restored(partition)
            self.seats[partition] = seat
            claims.begin(partition, seat.chain.last + 1)
            log.info("partition_restored", partition=partition, entries=seat.next_entry, spaces=len(seat.offices))
            self.started = True

    async def _restored(self, partition: int) -> Seat:
        reader = Reader(self.bootstrap, [topics.JOURNAL], partitions={topics.JOURNAL: [partition]})
        restoring = Restoring(self.policy)
        await reader.start()
        try:
            async for batch in reader.batches(for_ever=False):
                for record in batch:
                    if not restoring.take(record.offset, record.value):
                        log.warning("journal_record_passed_over", partition=partition, offset=record.offset)
        finally:
            await reader.stop()
        return restoring.seat()

    async def _work(self, claims: Claims, partition: int, records: list[Record]) -> None:
        seat = self.seats.get(partition)
        if seat is None or partition in claims.went:
            return
        self.watch.behind(len(records) + claims.backlog(partition, records[-1].offset + 1), records[0].timestamp)
        try:
            await self._append(partition, seat, [record for record in records if record.offset > seat.chain.last])
        except (LostPartition, NotAcknowledged) as error:
            log.warning("partition_rebuilt", partition=partition, reason=str(error))
            claims.again(partition)
            return
        claims.finished(partition, records[-1].offset + 1)
        self.watch.behind(claims.backlog(partition, records[-1].offset + 1), None)

    async def _append(self, partition: int, seat: Seat, records: list[Record]) -> None:
        outgoing: list[Outgoing] = []
        told: list[tuple[Instant, float]] = []
        for record in records:
            began = time.perf_counter()
            entry = await self._answered(seat, record)
            if entry is not None:
                outgoing.append(Outgoing(topics.JOURNAL, record.key or b"", entry, partition))
                told.append((record.timestamp, time.perf_counter() - began))
        placed = await self.publisher.send_all(outgoing)
        for place in placed:
            if place.offset != seat.next_entry:
                msg = f"entry expected at journal offset {seat.next_entry} stands at {place.offset}"
                raise LostPartition(msg)
            seat.next_entry += 1
        for at, seconds in told:
            self.watch.decided(at, seconds)

    async def _answered(self, seat: Seat, record: Record) -> Envelope | None:
        try:
            envelope = from_kafka(record.headers, record.value)
            space, command = messages.read_command(envelope)
        except UnreadableMessage as error:
            await self._bury(record, str(error))
            return None
        try:
            entry = seat.answer(space, command, envelope, record.offset, record.timestamp)
        except Exception as error:  # a bug in a rule must not stop the log of a whole government
            log.exception("rule_broke", partition=record.partition, offset=record.offset, command=envelope.id)
            await self._bury(record, f"a rule broke: {type(error).__name__}: {error}")
            return None
        name = ids.derived("journal", str(record.partition), str(record.offset), envelope.id)
        return following(
            envelope,
            id=name,
            source=SOURCE,
            type=types.JOURNAL_ENTRY,
            time=seat.offices[space].now,
            data=entry,
            subject=space,
        )

    async def _bury(self, record: Record, reason: str) -> None:
        letter = messages.dead_letter(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            headers=record.headers,
            value=record.value,
            reason=reason,
            at=record.timestamp,
        )
        await self.publisher.send(Outgoing(topics.DEAD_LETTERS, record.topic.encode(), letter))
        self.watch.dead_letter(record.topic)
        log.warning("dead_letter", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason)

    def _patience(self) -> float:
        """How long a poll may wait: not past the next timer."""
        dues = [o.next_due for seat in self.seats.values() for o in seat.offices.values() if o.clock.zero is None]
        left = [due - self.now() for due in dues if due is not None]
        return min(_POLL_SECONDS, max(0.005, min(left, default=1_000_000) / 1000))

    async def _tick(self) -> None:
        """Publish `clock.tick` for each real space whose timer is due and for which nothing else has come."""
        now = self.now()
        for partition, seat in self.seats.items():
            for space, due in seat.due(now):
                ticks = self._ticks.get(space)
                if ticks is None or ticks.due != due:
                    ticks = self._ticks[space] = _Ticks(due)
                if now < ticks.not_before:
                    continue
                name = ids.derived("tick", space, str(due), str(ticks.sent))
                tick = messages.command(space, CLOCK_TICK, CLOCK, {}, id=name, at=now, source=SOURCE)
                ticks.sent += 1
                ticks.not_before = now + _TICK_WAITS[min(ticks.sent, len(_TICK_WAITS) - 1)]
                try:
                    await self.publisher.send(Outgoing(topics.COMMANDS, space.encode(), tick, partition))
                except NotAcknowledged as error:
                    log.warning("tick_not_acknowledged", space=space, reason=str(error))
