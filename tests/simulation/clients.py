"""What aiokafka's consumer and producer do, towards the Kafka in memory; only what `bus/` uses of them."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaTimeoutError

from crisis_bus.bus.record import Placed, Record
from tests.simulation.kafka import Broker, Headers, Member
from tests.simulation.loop import Process, current

HASTE = 4.0
"""Sessions and heartbeats are so much shorter here, that more of them go into a short story."""


class MemoryConsumer:
    """One consumer of one process."""

    def __init__(
        self, broker: Broker, *, group_id: str | None = None, session_timeout_ms: int = 6000, **_settings: object
    ) -> None:
        self._broker = broker
        self._group = None if group_id is None else broker.group(group_id)
        self._session = session_timeout_ms / 1000 / HASTE
        self._member: Member | None = None
        self._generation = 0
        self.topics: tuple[str, ...] = ()
        self._listener: Any = None
        self._positions: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()
        self._assigned = asyncio.Event()
        self._expelled = asyncio.Event()
        self._waiter: asyncio.Future[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._way()
        self._broker.readers.append(self)
        if self._group is not None:
            self._member = self._group.enter(self.topics, self._session)
            self._tasks = [asyncio.create_task(self._coordinate(self._member))]

    async def stop(self) -> None:
        if self in self._broker.readers:
            self._broker.readers.remove(self)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._member is not None and self._group is not None:
            self._group.leave(self._member)

    def subscribe(self, topics: Any, listener: Any) -> None:
        self.topics, self._listener = tuple(topics), listener

    def assign(self, places: list[TopicPartition]) -> None:
        self._positions = dict.fromkeys(places, 0)
        self.topics = tuple(sorted({place.topic for place in places}))
        self._assigned.set()

    def assignment(self) -> set[TopicPartition]:
        return set(self._positions)

    def seek(self, place: TopicPartition, offset: int) -> None:
        self._positions[place] = offset

    async def position(self, place: TopicPartition) -> int:
        return self._positions[place]

    def pause(self, *places: TopicPartition) -> None:
        self._paused.update(places)

    def resume(self, *places: TopicPartition) -> None:
        self._paused.difference_update(places)
        self.wake()

    def paused(self) -> set[TopicPartition]:
        return set(self._paused)

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self._broker.topics[topic]))

    def highwater(self, place: TopicPartition) -> int:
        return len(self._broker.logs[place])

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        await self._way()
        for place in sorted(places):
            while self._broker.is_away(place):  # noqa: ASYNC110 it may be away again by then
                await asyncio.sleep(self._broker.there_at(place) - self._broker.loop.time())
        return {place: len(self._broker.logs[place]) for place in places}

    async def committed(self, place: TopicPartition) -> int | None:
        assert self._group is not None
        await self._way()
        return self._group.committed.get(place)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Raises CommitFailedError; an answer that is lost takes as long as the caller waits."""
        assert self._group is not None
        assert self._member is not None
        weather = self._broker.weather
        await self._way()
        if weather.strikes(0.5):
            raise CommitFailedError
        done = self._group.commit(self._member, self._generation, offsets)
        if weather.strikes(0.5):
            await asyncio.sleep(weather.long())
        await self._way()
        if not done:
            raise CommitFailedError

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        until = self._broker.loop.time() + timeout_ms / 1000
        while True:
            # As in aiokafka: while partitions move this waits, however long it takes.
            await self._assigned.wait()
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
        for place in chance.sample(places, len(places)):
            number = min(at_most, chance.choice((1, 3, 500)))
            begin = self._positions[place]
            found[place] = self._broker.logs[place][begin : begin + number]
            self._positions[place] = begin + len(found[place])
        return found

    def _readable(self, place: TopicPartition) -> bool:
        left = len(self._broker.logs[place]) - self._positions[place]
        return left > 0 and place not in self._paused and not self._broker.is_away(place)

    async def _coordinate(self, member: Member) -> None:
        assert self._group is not None
        while True:
            await self._way()
            self._generation, mine = await self._group.join(member)
            await self._way()
            self._positions = {place: self._group.committed.get(place, 0) for place in mine}
            self._paused.clear()
            self._expelled.clear()
            await self._listener.on_partitions_assigned(set(mine))
            self._assigned.set()
            beating = asyncio.create_task(self._beat(member))
            try:
                await self._expelled.wait()
                self._assigned.clear()
                await self._listener.on_partitions_revoked(set(mine))
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)

    async def _beat(self, member: Member) -> None:
        """Heartbeats go on while partitions are given back."""
        assert self._group is not None
        while True:
            await asyncio.sleep(self._session / 4)
            await self._way()
            if not self._group.heartbeat(member, self._generation):
                self._expelled.set()
                self.wake()

    async def _way(self) -> None:
        await asyncio.sleep(self._broker.weather.moment())


@dataclass
class _Pipe:
    """What a producer has for one partition: one request under way at a time, in order."""

    waiting: "deque[_Sent]" = field(default_factory=deque)
    busy: bool = False


@dataclass
class _Sent:
    key: bytes
    headers: Headers
    value: bytes | None
    done: "asyncio.Future[Placed]"


class MemoryProducer:
    """An idempotent producer: per partition everything in order and once, however often a request is repeated.

    What it has taken may still land when nobody waits for it any more, and after the end of its process.
    """

    def __init__(self, broker: Broker, **_settings: object) -> None:
        self._broker = broker
        self._process: Process = current() or broker.loop.outside
        self._pipes: dict[TopicPartition, _Pipe] = {}

    async def start(self) -> None:
        await asyncio.sleep(self._broker.weather.moment())

    async def stop(self) -> None:
        await asyncio.sleep(self._broker.weather.moment())

    async def send(
        self, topic: str, *, value: bytes | None, key: bytes, partition: int | None, headers: Headers
    ) -> "asyncio.Future[Placed]":
        place = self._broker.place(topic, key, partition)
        sent = _Sent(key, headers, value, self._broker.loop.create_future())
        pipe = self._pipes.setdefault(place, _Pipe())
        pipe.waiting.append(sent)
        if not pipe.busy:
            pipe.busy = True
            self._broker.loop.call_soon(self._request, place, pipe)
        return sent.done

    def _request(self, place: TopicPartition, pipe: _Pipe) -> None:
        """Send what waits, or the first part of it; a request under way outlives the process."""
        weather = self._broker.weather
        number = len(pipe.waiting) if weather.chance.random() < 0.8 else weather.chance.randint(1, len(pipe.waiting))
        batch = [pipe.waiting.popleft() for _ in range(number)]
        if weather.strikes(0.3):
            self._later(weather.long(), self._lose, batch, place, pipe)
            return
        delay = weather.moment() + (weather.long() if weather.strikes() else 0.0)
        self._outside(delay, self._land, batch, place, pipe)

    def _land(self, batch: list[_Sent], place: TopicPartition, pipe: _Pipe) -> None:
        if self._broker.is_away(place):
            self._outside(self._broker.there_at(place) - self._broker.loop.time(), self._land, batch, place, pipe)
            return
        weather = self._broker.weather
        if not self._process.alive and weather.chance.random() < 0.5:
            return  # it died before the request had left its machine
        offsets = [self._broker.append(place, sent.key, sent.headers, sent.value) for sent in batch]
        delay = weather.moment() + (weather.long() if weather.strikes() else 0.0)
        self._later(delay, self._acknowledge, list(zip(batch, offsets, strict=True)), place, pipe)

    def _acknowledge(self, landed: list[tuple[_Sent, int]], place: TopicPartition, pipe: _Pipe) -> None:
        for sent, offset in landed:
            if not sent.done.done():
                sent.done.set_result(Placed(place.partition, offset))
        self._next(place, pipe)

    def _lose(self, batch: list[_Sent], place: TopicPartition, pipe: _Pipe) -> None:
        """The batch is given up, and what waits behind it with it: nothing may overtake."""
        self._broker.note("lost", place.topic, place.partition, len(batch) + len(pipe.waiting))
        for sent in (*batch, *pipe.waiting):
            if not sent.done.done():
                sent.done.set_exception(KafkaTimeoutError())
                sent.done.exception()  # whoever sent it may have stopped waiting
        pipe.waiting.clear()
        self._next(place, pipe)

    def _next(self, place: TopicPartition, pipe: _Pipe) -> None:
        pipe.busy = bool(pipe.waiting)
        if pipe.busy:
            self._request(place, pipe)

    def _later(self, delay: float, act: Callable[..., None], *args: Any) -> None:
        self._broker.loop.call_later(delay, act, *args, context=self._process.context)

    def _outside(self, delay: float, act: Callable[..., None], *args: Any) -> None:
        self._broker.loop.call_later(delay, act, *args, context=self._broker.loop.outside.context)
