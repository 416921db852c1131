"""The processes of a story: the real desk, follower and delivery worker, a stand-in for dispatch, and clients."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from crisis_bus.bus.claims import Claims
from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.bus.lanes import lane_of_its_own
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Place, Reader
from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.delivery import running
from crisis_bus.delivery.carriers import plain
from crisis_bus.delivery.ports import World
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.delivery import Bulletin, Order, OutboxMessage, Receipt
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.providers import Breaker, Limits, Provider, Retries
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import NotAcknowledged
from crisis_bus.rules import subscribing
from crisis_bus.streams import dispatch
from crisis_bus.streams.bulletins import Newsroom
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.streams.follower import Follower
from crisis_bus.streams.outlet import Parcel
from crisis_bus.streams.roll import Chunk, Destination, Profiles, chunks
from crisis_bus.text.forms import Templates
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import Envelope, from_kafka
from tests.simulation.consumers import MemoryConsumer
from tests.simulation.destinations import Destinations
from tests.simulation.kafka import Broker
from tests.simulation.producers import MemoryProducer

Life = Callable[[], Coroutine[Any, Any, None]]
"""What a process does from its start to its end."""
_ACK_SECONDS = 2.0
_SNAPSHOT_EVERY = 5
_PROVIDER = Provider(
    name="any",
    kind="any",
    limits=Limits(at_once=8),
    retries=Retries(first_wait=0.1, longest_wait=1.0, give_up=1e9),
    breaker=Breaker(window=6, least=3, open_seconds=0.5),
)
_HELD_SECONDS = 0.3
"""So that much is laid by in a short story."""


@dataclass(frozen=True)
class MemoryLog:
    """The log of the desk and its follower, over the Kafka in memory."""

    broker: Broker

    @property
    def _connect(self) -> Callable[..., MemoryConsumer]:
        return partial(MemoryConsumer, self.broker)

    def holding(self, group: str, topic: str) -> Claims:
        return Claims("memory", group, topic, group, self._connect)

    def reading(self, topic: str, partitions: Sequence[int], offsets: Mapping[Place, int] | None = None) -> Reader:
        return Reader("memory", [topic], partitions={topic: partitions}, offsets=offsets, connect=self._connect)


@dataclass(frozen=True)
class Parts:
    """What the processes are made of; a planted fault puts another part in place of a real one."""

    desk: type[DeskRunner] = DeskRunner
    follower: type[Follower] = Follower
    worker: type[Worker] = Worker
    consumer: type[ContiguousConsumer] = ContiguousConsumer
    matches: Callable[[Subscription, Bulletin], bool] = subscribing.matches
    parcels: Callable[[Bulletin, int, list[Chunk], Envelope], Iterable[Parcel]] = dispatch.parcels
    client: type[MemoryProducer] = MemoryProducer
    also: Mapping[str, Callable[["Stage"], Coroutine[Any, Any, None]]] = field(default_factory=dict)
    """More processes."""


@dataclass
class Stage:
    """What all processes share of the world."""

    broker: Broker
    policy: Policy
    templates: Templates
    destinations: Destinations
    subscriptions: Sequence[Subscription]
    now: Callable[[], Instant]
    chance: Random
    parts: Parts

    async def publisher(self, producer: type[MemoryProducer] = MemoryProducer) -> Publisher:
        """A publisher of a process that begins."""
        made = Publisher("memory", _ACK_SECONDS, connect=partial(producer, self.broker))
        await made.start()
        return made

    def roles(self) -> dict[str, Life]:
        """The processes by name; a number follows."""
        several = {
            f"{name}{number}": partial(life, number)
            for name, life, count in (
                ("desk", self._desk, 2),
                ("follower", self._follower, 2),
                ("dispatch", self._dispatch, 1),
                ("deliver", self._deliver, 2),
            )
            for number in range(count)
        }
        return several | {name: partial(also, self) for name, also in self.parts.also.items()}

    async def _desk(self, _number: int) -> None:
        runner = self.parts.desk(MemoryLog(self.broker), self.policy, await self.publisher(), self.now, Unwatched())
        await runner.run(asyncio.Event())

    async def _follower(self, _number: int) -> None:
        orders = self.broker.topics[topics.ORDERS]
        log, publisher = MemoryLog(self.broker), await self.publisher()
        newsroom = Newsroom(self.policy, self.templates)
        follower = self.parts.follower(log, newsroom, publisher, orders, Unwatched(), snapshot_every=_SNAPSHOT_EVERY)
        await follower.run(asyncio.Event())

    async def _dispatch(self, _number: int) -> None:
        """Orders in, outbox messages out, as dispatch makes them; Faust itself is not simulated."""
        publisher = await self.publisher()
        claims = MemoryLog(self.broker).holding("dispatch", topics.ORDERS)
        await claims.start()
        while True:
            claims.went.clear()
            while claims.came:
                partition = claims.came.pop()
                claims.begin(partition, await claims.committed(partition))
            for partition, records in (await claims.poll(0.2)).items():
                if claims.holds(partition) and not await self._expanded(publisher, records):
                    claims.again(partition)
                elif claims.holds(partition):
                    claims.finished(partition, records[-1].offset + 1)

    async def _expanded(self, publisher: Publisher, records: list[Record]) -> bool:
        for record in records:
            envelope = from_kafka(record.headers, record.value)
            bulletin = Order.model_validate_json(envelope.data or b"").bulletin
            found = list(chunks(self._roll(record.partition), bulletin, self.parts.matches))
            parcels = self.parts.parcels(bulletin, record.partition, found, envelope)
            try:
                await publisher.send_all(
                    [Outgoing(each.topic, each.key, each.envelope, each.partition) for each in parcels]
                )
            except NotAcknowledged:
                return False
        return True

    def _roll(self, partition: int) -> dict[bytes, Destination]:
        """The subscribers of one partition."""
        profiles = Profiles()
        mine = [each for each in self.subscriptions if self._partition_of(each) == partition]
        return {each.id.encode(): profiles.destination(each) for each in mine}

    def _partition_of(self, subscription: Subscription) -> int:
        place = self.broker.place(topics.ORDERS, subscription.id.encode(), None)
        return int(place.partition)

    async def _deliver(self, _number: int) -> None:
        connect = partial(MemoryConsumer, self.broker)
        publisher = await self.publisher()
        world = World(self.now, self.chance.random, _HELD_SECONDS)
        carriers = plain({self.destinations.name: self.destinations}, _PROVIDER)
        worker = self.parts.worker(carriers, publisher.send_all, world, Unseen(), _gone)
        receipts = Reader("memory", [topics.RECEIPTS], connect=connect)

        def later(partitions: Iterable[int]) -> Reader:
            return Reader("memory", [topics.LATER], partitions={topics.LATER: sorted(partitions)}, connect=connect)

        consumer = self.parts.consumer(
            "memory",
            "deliver",
            [topics.OUTBOX_URGENT, topics.OUTBOX_ROUTINE],
            worker.handle,
            concurrency=1000,
            lane_of=lane_of_its_own,
            drain_seconds=0.5,
            first=topics.OUTBOX_URGENT,
            beside=running.Agenda(worker, receipts, later),
            connect=connect,
        )
        await running.run(worker, consumer, receipts)


async def _gone(_message: OutboxMessage) -> None:
    """No destination of a story is gone for good."""


class Unwatched:
    """A desk or follower that nobody measures."""

    def decided(self, at: Instant, seconds: float) -> None:
        del at, seconds

    def dead_letter(self, topic: str) -> None:
        del topic

    def behind(self, records: int, oldest: Instant | None = None) -> None:
        del records, oldest


class Unseen:
    """A worker that nobody measures."""

    def receipted(self, message: OutboxMessage, told: Receipt, seconds: float) -> None:
        del message, told, seconds

    def dead_lettered(self, topic: str, reason: str) -> None:
        del topic, reason
