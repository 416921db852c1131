"""What aiokafka's consumer does, towards the Kafka in memory; only what `bus/` uses of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from crisis_bus.bus.record import Record
from tests.simulation.kafka import Broker, Group, Member

HASTE = 4.0
"""Sessions and heartbeats are so much shorter here, that more of them go into a short story."""


class Membership:
    """A consumer in its group: it joins, beats, and joins anew when it is told to."""

    def __init__(self, broker: Broker, group: Group, session: float, consumer: "MemoryConsumer") -> None:
        self._broker = broker
        self._group = group
        self._consumer = consumer
        self._session = session
        self._member: Member = group.enter(consumer.topics, session)
        self._generation = 0
        self._expelled = asyncio.Event()
        self._task = asyncio.create_task(self._coordinate())

    async def stop(self) -> None:
        """Leave."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._group.leave(self._member)

    async def committed(self, place: TopicPartition) -> int | None:
        """Where the group has come to."""
        await self._broker.way()
        return self._group.committed.get(place)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Raises CommitFailedError; an answer that is lost takes as long as the caller waits."""
        weather = self._broker.weather
        await self._broker.way()
        if weather.strikes(0.5):
            raise CommitFailedError
        done = self._group.commit(self._member, self._generation, offsets)
        if weather.strikes(0.5):
            await asyncio.sleep(weather.long())
        await self._broker.way()
        if not done:
            raise CommitFailedError

    async def _coordinate(self) -> None:
        consumer = self._consumer
        while True:
            await self._broker.way()
            self._generation, mine = await self._group.join(self._member)
            await self._broker.way()
            consumer.assign(mine, {place: self._group.committed.get(place, 0) for place in mine})
            self._expelled.clear()
            await consumer.listener.on_partitions_assigned(set(mine))
            consumer.assigned.set()
            beating = asyncio.create_task(self._beat())
            try:
                await self._expelled.wait()
                consumer.assigned.clear()
                await consumer.listener.on_partitions_revoked(set(mine))
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)

    async def _beat(self) -> None:
        """Heartbeats go on while partitions are given back."""
        while True:
            await asyncio.sleep(self._session / 4)
            await self._broker.way()
            if not self._group.heartbeat(self._member, self._generation):
                self._expelled.set()
                self._consumer.wake()


class MemoryConsumer:
    """One consumer of one process."""

    def __init__(
        self, broker: Broker, *, group_id: str | None = None, session_timeout_ms: int = 6000, **_settings: object
    ) -> None:
        self._broker = broker
        self._group = group_id
        self._session = session_timeout_ms / 1000 / HASTE
        self._membership: Membership | None = None
        self._positions: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()
        self._waiter: asyncio.Future[None] | None = None
        self.topics: tuple[str, ...] = ()
        self.listener: Any = None
        self.assigned = asyncio.Event()

    async def start(self) -> None:
        await self._broker.way()
        self._broker.readers.append(self)
        if self._group is not None:
            self._membership = Membership(self._broker, self._broker.group(self._group), self._session, self)

    async def stop(self) -> None:
        if self in self._broker.readers:
            self._broker.readers.remove(self)
        if self._membership is not None:
            await self._membership.stop()

    def subscribe(self, topics: Any, listener: Any) -> None:
        self.topics, self.listener = tuple(topics), listener

    def assign(self, places: list[TopicPartition], positions: Mapping[TopicPartition, int] | None = None) -> None:
        self._positions = dict(positions or dict.fromkeys(places, 0))
        self._paused.clear()
        if self._group is None:
            self.topics = tuple(sorted({place.topic for place in places}))
            self.assigned.set()

    def assignment(self) -> set[TopicPartition]:
        return set(self._positions)

    def seek(self, place: TopicPartition, offset: int) -> None:
        self._must_have(place)
        self._positions[place] = offset

    async def position(self, place: TopicPartition) -> int:
        self._must_have(place)
        return self._positions[place]

    def _must_have(self, *places: TopicPartition) -> None:
        if not self._positions.keys() >= set(places):
            raise IllegalStateError

    def pause(self, *places: TopicPartition) -> None:
        self._must_have(*places)
        self._paused.update(places)

    def resume(self, *places: TopicPartition) -> None:
        self._must_have(*places)
        self._paused.difference_update(places)
        self.wake()

    def paused(self) -> set[TopicPartition]:
        return set(self._paused)

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self._broker.topics[topic]))

    def highwater(self, place: TopicPartition) -> int:
        return len(self._broker.logs[place])

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        await self._broker.way()
        for place in sorted(places):
            while self._broker.is_away(place):  # noqa: ASYNC110 it may be away again by then
                await asyncio.sleep(self._broker.again_in(place))
        return {place: len(self._broker.logs[place]) for place in places}

    async def committed(self, place: TopicPartition) -> int | None:
        assert self._membership is not None
        return await self._membership.committed(place)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        assert self._membership is not None
        await self._membership.commit(offsets)

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        until = self._broker.loop.time() + timeout_ms / 1000
        while True:
            # As in aiokafka: while partitions move this waits, however long it takes.
            await self.assigned.wait()
            found = self._taken(max_records)
            left = until - self._broker.loop.time()
            if found or left <= 0:
                return found
            await self._wait(left)

    def wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self, seconds: float) -> None:
        self._waiter = self._broker.loop.create_future()
        timer = self._broker.loop.call_later(seconds, self.wake)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _taken(self, at_most: int) -> dict[TopicPartition, list[Record]]:
        chance = self._broker.weather.chance
        found: dict[TopicPartition, list[Record]] = {}
        places = [place for place in sorted(self._positions) if self._readable(place)]
        # What comes with one answer is some of it: a partition, or several, and not all of each.
        for place in chance.sample(places, chance.randint(1, len(places)) if places else 0):
            number = min(at_most, chance.choice((1, 3, 500)))
            begin = self._positions[place]
            found[place] = self._broker.logs[place][begin : begin + number]
            self._positions[place] = begin + len(found[place])
        return found

    def _readable(self, place: TopicPartition) -> bool:
        left = len(self._broker.logs[place]) - self._positions[place]
        return left > 0 and place not in self._paused and not self._broker.is_away(place)
