"""A world for the worker: a loop whose hours pass in no time, and a Kafka in memory."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from random import Random
from typing import Any, TypeVar

from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.channels.contract import Channel
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery.carriers import Carriers, plain
from crisis_bus.delivery.ports import World
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.domain.providers import Limits, Provider
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import to_kafka
from tests.channels.samples import sheaf

T = TypeVar("T")

START = 1_776_340_800_000
"""2026-04-16T12:00:00Z."""


class _Leaping(selectors.SelectSelector):
    """Does not wait: it tells how long it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            msg = "nothing will ever happen in this story any more"
            raise RuntimeError(msg)
        self.waited += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """When nothing is ready, the clock jumps to what is due next."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.waited


def play(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(asyncio.wait_for(story(), 1_000_000))
    finally:
        loop.run_until_complete(_ended(asyncio.all_tasks(loop)))
        loop.close()


async def _ended(tasks: "set[asyncio.Task[Any]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Seen:
    """Keeps what an observer is told."""

    def __init__(self) -> None:
        self.receipts: list[tuple[Outcome, float]] = []
        self.buried: list[tuple[str, str]] = []

    def receipted(self, _message: OutboxMessage, told: Receipt, seconds: float) -> None:
        self.receipts.append((told.outcome, seconds))

    def dead_lettered(self, topic: str, reason: str) -> None:
        self.buried.append((topic, reason))


class Stage:
    """A worker between an outbox and topics in memory; build it inside `play`."""

    def __init__(
        self,
        channel: MemoryChannel,
        limits: Limits | None = None,
        seed: int = 0,
        channels: Mapping[Transport, Channel] | None = None,
        carriers: Carriers | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.channel = channel
        self.log: list[Outgoing] = []
        self.gone: list[str] = []
        self.seen = Seen()
        self.publish_fails: Exception | None = None
        self.publish_seconds = 0.001
        self.tasks: list[asyncio.Task[None]] = []
        self._offset = 0
        world = World(now=lambda: START + round(loop.time() * 1000), chance=Random(seed).random)
        kinds = channels if channels is not None else {channel.name: channel}
        carriers = carriers or plain(kinds, Provider(name="any", kind="any", limits=limits or Limits()))
        self.worker = Worker(carriers, self.publish, world, self.seen, self.on_gone)
        self.keeping = asyncio.create_task(self.worker.room.keep())

    async def publish(self, batch: Any) -> None:
        await asyncio.sleep(self.publish_seconds)
        if self.publish_fails is not None:
            raise self.publish_fails
        self.log.extend(batch)

    async def on_gone(self, message: OutboxMessage) -> None:
        self.gone.append(message.subscription)

    def record(self, *together: OutboxMessage) -> Record:
        message = together[0]
        envelope = messages.message_for(sheaf(*together), types.OUTBOX, id=message.id, source="/dispatch", at=START)
        headers, value = to_kafka(envelope)
        topic = topics.OUTBOX_URGENT if message.bulletin.urgent else topics.OUTBOX_ROUTINE
        self._offset += 1
        return Record(topic, 0, self._offset, START, message.subscription.encode(), tuple(headers), value)

    def give(self, *given: OutboxMessage) -> list[asyncio.Task[None]]:
        """Hand messages over as the consumer does: each at once, in a task of its own."""
        return [self.give_together(message) for message in given]

    def give_together(self, *given: OutboxMessage) -> asyncio.Task[None]:
        """Hand over messages of one record."""
        task = asyncio.create_task(self.worker.handle(self.record(*given)))
        self.tasks.append(task)
        return task

    async def all_done(self) -> None:
        """Wait until every message has its final receipt."""
        for task in self.tasks:
            await task
        while self.worker.waiting or self.worker.under_way:  # noqa: ASYNC110 time is virtual, and a test may look again
            await asyncio.sleep(0.1)

    @property
    def later(self) -> list[Record]:
        """What waits, as a compacted topic keeps it."""
        return latest(self.log)

    @property
    def receipts(self) -> list[Receipt]:
        return [
            Receipt.model_validate_json(out.envelope.data or b"") for out in self.log if out.topic == topics.RECEIPTS
        ]

    def outcomes(self, message: str) -> list[Outcome]:
        return [told.outcome for told in self.receipts if told.message == message]

    def on(self, topic: str) -> list[Outgoing]:
        return [out for out in self.log if out.topic == topic]

    @property
    def taken(self) -> list[str]:
        return [message.id for message in self.channel.taken]


def latest(log: list[Outgoing]) -> list[Record]:
    """The records of those that wait, the last one of each key; what is done with is gone."""
    kept: dict[bytes, Record] = {}
    for offset, out in enumerate(log):
        if out.topic == topics.LATER:
            headers, value = to_kafka(out.envelope)
            assert out.partition is not None
            kept[out.key] = Record(out.topic, out.partition, offset, START, out.key, tuple(headers), value)
    return [record for record in kept.values() if record.value is not None]
