"""What aiokafka's producer does, towards the Kafka in memory; only what `bus/` uses of it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from crisis_bus.bus.record import Placed
from tests.simulation.kafka import Broker, Headers
from tests.simulation.loop import Process, current


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
            self._outside(self._broker.again_in(place), self._land, batch, place, pipe)
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
