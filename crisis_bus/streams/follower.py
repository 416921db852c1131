"""The journal's follower: publishes what follows from each entry, and never forgets one.

It reads each partition from the last snapshot that its group has reached, or from the beginning, so that it knows
the records and the chain, and publishes from where the group has come to. A crash between publishing and
committing repeats, with the same ids. It writes the snapshots, too.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from crisis_bus.bus.record import Outgoing, Record, buried
from crisis_bus.domain import ids
from crisis_bus.domain.delivery import Bulletin, Order
from crisis_bus.domain.instants import Instant, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.errors import NotAcknowledged, UnreadableMessage
from crisis_bus.streams.bulletins import Newsroom, incidents_of
from crisis_bus.streams.past import Past, SpacePast
from crisis_bus.streams.ports import Holding, Log, Sending
from crisis_bus.streams.snapshot_reading import past_of
from crisis_bus.streams.snapshot_writing import SnapshotWriter
from crisis_bus.views import chain
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, from_kafka

GROUP = "crisis-bus-follower"
SOURCE = "/crisis-bus/follower"
_POLL_SECONDS = 0.2
_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Watch(Protocol):
    """Told what the follower does; for metrics."""

    def dead_letter(self, topic: str) -> None:
        """A record went to the dead letters."""

    def behind(self, records: int) -> None:
        """So many entries wait."""


@dataclass(slots=True)
class _Desk:
    """One partition: the chain, the records, and from which offset on something is published."""

    past: Past
    publish_from: int
    snapshots: SnapshotWriter


@dataclass
class Follower:
    """One follower; `orders` is the number of partitions of orders, one order for each."""

    kafka: Log
    newsroom: Newsroom
    publisher: Sending
    orders: int
    watch: Watch
    snapshot_every: int = 0
    started: bool = False
    _desks: dict[int, _Desk] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Follow whatever partitions the group gives, until asked to stop."""
        claims = self.kafka.holding(GROUP, topics.JOURNAL)
        await claims.start()
        try:
            while not stop.is_set():
                await self._take_over(claims)
                for partition, records in (await claims.poll(_POLL_SECONDS)).items():
                    await self._follow(claims, partition, records)
        finally:
            for desk in self._desks.values():
                await desk.snapshots.stop()
            await claims.stop()

    async def _take_over(self, claims: Holding) -> None:
        for partition in claims.went | claims.came:
            if (desk := self._desks.pop(partition, None)) is not None:
                await desk.snapshots.stop()
        claims.went.clear()
        while claims.came:
            partition = claims.came.pop()
            self._desks[partition] = await self._desk(claims, partition)
            claims.begin(partition, self._desks[partition].past.next_entry)
            self.started = True

    async def _desk(self, claims: Holding, partition: int) -> _Desk:
        async def committed() -> int:
            return await claims.committed(partition)

        publish_from = await committed()
        past, generation = await past_of(self.kafka, partition, publish_from)
        writer = SnapshotWriter(partition, self.publisher, self.snapshot_every, committed, generation, past.next_entry)
        return _Desk(past, publish_from, writer)

    async def _follow(self, claims: Holding, partition: int, records: list[Record]) -> None:
        desk = self._desks.get(partition)
        if desk is None or not claims.holds(partition):
            return
        outgoing = [message for record in records for message in await self._after(desk, record)]
        try:
            await self.publisher.send_all(outgoing)
        except NotAcknowledged as error:
            log.warning("follower_begins_again", partition=partition, reason=str(error))
            claims.again(partition)
            await asyncio.sleep(_AGAIN_SECONDS)
            return
        for _ in (message for message in outgoing if message.topic == topics.DEAD_LETTERS):
            self.watch.dead_letter(topics.JOURNAL)
        after = records[-1].offset + 1
        if after > desk.publish_from:
            claims.finished(partition, after)
            desk.snapshots.look(desk.past)
        self.watch.behind(claims.backlog(partition, after))

    async def _after(self, desk: _Desk, record: Record) -> list[Outgoing]:
        try:
            entry = chain.read(record.value)
            cause = from_kafka(record.headers, record.value)
        except UnreadableMessage as error:
            return [buried(record, str(error), record.timestamp)] if record.offset >= desk.publish_from else []
        if not desk.past.counts(record.offset, entry, record.value or b""):
            return []
        past = desk.past.of(entry.space)
        try:
            bulletins = self.newsroom.bulletins(entry, past)
        except Exception as error:  # one text that cannot be written must not hold up all that come after it
            if record.offset < desk.publish_from:
                return []
            log.exception("bulletin_not_written", partition=record.partition, offset=record.offset)
            return [
                *self._standings(entry, past, cause),
                buried(record, f"no bulletin could be written: {error!r}", record.timestamp),
            ]
        if record.offset < desk.publish_from:
            return []
        return [
            *self._standings(entry, past, cause),
            *(order for one in bulletins for order in self._orders(one, cause)),
        ]

    def _orders(self, bulletin: Bulletin, cause: Envelope) -> Iterator[Outgoing]:
        at = parse(bulletin.published_at)
        for partition in range(self.orders):
            name = ids.derived("order", cause.id, bulletin.number, str(partition))
            order = Order(id=name, partition=partition, bulletin=bulletin)
            envelope = messages.message_for(
                order, types.ORDER, id=name, source=SOURCE, at=at, subject=bulletin.number, cause=cause
            )
            yield Outgoing(topics.ORDERS, bulletin.number.encode(), envelope, partition)

    def _standings(self, entry: Entry, past: SpacePast, cause: Envelope) -> Iterator[Outgoing]:
        at: Instant = parse(entry.command.at)
        for standing in incidents_of(entry, self.newsroom.begun(past)):
            key = f"{standing.space}/{standing.id}"
            name = ids.derived("incident", cause.id, key)
            envelope = messages.message_for(
                standing, types.INCIDENT, id=name, source=SOURCE, at=at, subject=key, cause=cause
            )
            yield Outgoing(topics.INCIDENTS, key.encode(), envelope)
