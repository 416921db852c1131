"""The desk's runner: commands in, one journal entry for each out, or several parts (`architecture.md`, idea 3).

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

from crisis_bus.bus.record import Outgoing, Record, buried
from crisis_bus.domain import ids
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.errors import LostPartition, NotAcknowledged, UnreadableMessage, UserError
from crisis_bus.streams.ports import Holding, Log, Sending
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.streams.snapshot_reading import past_of
from crisis_bus.streams.ticking import Ticks
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, following, from_kafka

GROUP = "crisis-bus-desk"
SOURCE = "/crisis-bus/desk"
_BATCH_BYTES = 4_000_000
"""Entries are sent together up to here, so that the memory for a long silence is bounded."""

log = structlog.get_logger(__name__)


class Watch(Protocol):
    """Told what the desk does; for metrics."""

    def decided(self, at: Instant, seconds: float) -> None:
        """An entry is on the journal, for a command of that time; deciding took so long."""

    def dead_letter(self, topic: str) -> None:
        """A record went to the dead letters."""

    def behind(self, records: int, oldest: Instant | None) -> None:
        """So many commands wait, the oldest since then."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """An entry on its way to the journal, and the time that it took."""

    record: Record
    entry: Envelope
    seconds: float

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.entry.data or b"")


@dataclass
class DeskRunner:
    """One desk process."""

    kafka: Log
    policy: Policy
    publisher: Sending
    now: Callable[[], Instant]
    watch: Watch
    seats: dict[int, Seat] = field(default_factory=dict)
    started: bool = False
    _ticks: Ticks = field(default_factory=Ticks)
    _waiting: dict[int, int] = field(default_factory=dict)
    """Partition → commands that stand on the log and are not answered yet: they fire timers, no tick is needed."""

    async def run(self, stop: asyncio.Event) -> None:
        """Hold whatever partitions the group gives, until asked to stop."""
        claims = self.kafka.holding(GROUP, topics.COMMANDS)
        await claims.start()
        try:
            while not stop.is_set():
                await self._take_over(claims)
                for partition, records in (
                    await claims.poll(self._ticks.patience(self.seats.values(), self.now()))
                ).items():
                    await self._work(claims, partition, records)
                await self._tick()
        finally:
            await claims.stop()

    async def _take_over(self, claims: Holding) -> None:
        for partition in sorted(claims.went):
            self.seats.pop(partition, None)
        claims.went.clear()
        while claims.came:
            partition = claims.came.pop()
            seat = await self._restored(partition)
            self.seats[partition] = seat
            _tell_of_strangers(seat)
            self._waiting.pop(partition, None)
            claims.begin(partition, seat.chain.next_command)
            log.info("partition_restored", partition=partition, entries=seat.next_entry, spaces=len(seat.offices))
            self.started = True

    async def _restored(self, partition: int) -> Seat:
        past, _ = await past_of(self.kafka, partition)
        reader = self.kafka.reading(topics.JOURNAL, [partition], {(topics.JOURNAL, partition): past.next_entry})
        restoring = Restoring(self.policy, past)
        await reader.start()
        try:
            async for batch in reader.batches(for_ever=False):
                for record in batch:
                    if not restoring.take(record.offset, record.value):
                        log.warning("journal_record_passed_over", partition=partition, offset=record.offset)
        finally:
            await reader.stop()
        return restoring.seat()

    async def _work(self, claims: Holding, partition: int, records: list[Record]) -> None:
        seat = self.seats.get(partition)
        if seat is None or not claims.holds(partition):
            return
        self.watch.behind(len(records) + claims.backlog(partition, records[-1].offset + 1), records[0].timestamp)
        try:
            due = [record for record in records if record.offset >= seat.chain.next_command]
            await self._append(partition, seat, due)
        except (LostPartition, NotAcknowledged) as error:
            log.warning("partition_rebuilt", partition=partition, reason=str(error))
            claims.again(partition)
            return
        claims.finished(partition, records[-1].offset + 1)
        self._waiting[partition] = claims.backlog(partition, records[-1].offset + 1)
        self.watch.behind(self._waiting[partition], None)

    async def _append(self, partition: int, seat: Seat, records: list[Record]) -> None:
        batch, size = [], 0
        for record in records:
            while (answered := await self._answered(seat, record)) is not None:
                batch.append(answered)
                size += answered.size
                if size > _BATCH_BYTES:
                    await self._send(partition, seat, batch)
                    batch, size = [], 0
                if not seat.chain.part:
                    break
        await self._send(partition, seat, batch)

    async def _send(self, partition: int, seat: Seat, batch: "list[_Answered]") -> None:
        placed = await self.publisher.send_all(
            [Outgoing(topics.JOURNAL, one.record.key or b"", one.entry, partition) for one in batch]
        )
        for place in placed:
            if place.offset != seat.next_entry:
                msg = f"entry expected at journal offset {seat.next_entry} stands at {place.offset}"
                raise LostPartition(msg)
            seat.next_entry += 1
        for one in batch:
            self.watch.decided(one.record.timestamp, one.seconds)

    async def _answered(self, seat: Seat, record: Record) -> "_Answered | None":
        began = time.perf_counter()
        try:
            envelope = from_kafka(record.headers, record.value)
            space, command = messages.read_command(envelope)
            _check_key(record, space)
        except UnreadableMessage as error:
            await self._bury(record, str(error))
            return None
        part = seat.chain.part_of(record.offset)
        try:
            entry = seat.answer(space, command, envelope, record.offset, record.timestamp)
        except UserError as error:
            await self._bury(record, str(error))
            return None
        except Exception as error:  # a bug in a rule must not stop the log of a whole government
            log.exception("rule_broke", partition=record.partition, offset=record.offset, command=envelope.id)
            await self._bury(record, f"a rule broke: {type(error).__name__}: {error}")
            return None
        for sentence in seat.passed_over:
            log.error("timer_passed_over", space=space, reason=sentence)
            await self._bury(record, sentence)
        seat.passed_over.clear()
        correlation = envelope.correlation or envelope.id
        log.debug("command_answered", space=space, command=envelope.id, type=command.type, correlation=correlation)
        place = (str(record.partition), str(record.offset), envelope.id, *([str(part)] if part else []))
        told = following(
            envelope,
            id=ids.derived("journal", *place),
            source=SOURCE,
            type=types.JOURNAL_ENTRY,
            time=seat.offices[space].now,
            data=entry,
            subject=space,
        )
        return _Answered(record, told, time.perf_counter() - began)

    async def _tick(self) -> None:
        """Publish `clock.tick` for each real space whose timer is due and for which nothing else has come."""
        for partition, seat in self.seats.items():
            if self._waiting.get(partition):
                continue
            for tick, space in self._ticks.wanted(seat, self.now()):
                try:
                    await self.publisher.send(Outgoing(topics.COMMANDS, space.encode(), tick, partition))
                except NotAcknowledged as error:
                    log.warning("tick_not_acknowledged", space=space, reason=str(error))

    async def _bury(self, record: Record, reason: str) -> None:
        await self.publisher.send(buried(record, reason, record.timestamp))
        self.watch.dead_letter(record.topic)
        log.warning("dead_letter", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason)


def _tell_of_strangers(seat: Seat) -> None:
    """Say that a pack was changed under its version: these spaces go on with what they began with (ADR 11)."""
    for space, (recorded, pack) in seat.strangers().items():
        log.error("policy_pack_changed", space=space, version=seat.policy.version, recorded=recorded, pack=pack)


def _check_key(record: Record, space: str) -> None:
    """The key decides the partition, and a space must never live on two."""
    if record.key != space.encode():
        msg = f"the key of a command is its space, here {space!r}; this one has another, so its order is unknown"
        raise UnreadableMessage(msg)
