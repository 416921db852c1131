"""A worker between its topics: first what the receipts say, then what waits, then the outbox."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from crisis_bus.bus import controls
from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Record
from crisis_bus.delivery.reading import read_receipt
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.controls import Action
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import topics

_ENOUGH = 2_000
"""Messages in lines; each stands for about 2 kB, and for a little work of the loop."""
Later = Callable[[Iterable[int]], Reader]
"""A reader of those partitions of `crisis.later.v1`."""


async def run(worker: Worker, consumer: ContiguousConsumer, told: Reader) -> None:
    """Deliver until `consumer.stop`, knowing all receipts and pauses before the first record; raises NotReachable.

    `told` reads receipts and controls. The consumer handles `worker.handle`, each record in its own lane, with an
    `Agenda` beside. To stop: `worker.stop`, then `consumer.stop`.
    """
    await told.start()
    following = asyncio.create_task(_follow(worker, told))
    agenda = asyncio.create_task(worker.room.keep())
    try:
        await _while([following, agenda], told.until_caught_up())
        await _while([following, agenda], consumer.run())
    finally:
        worker.stop()
        await told.stop()
        for task in (following, agenda):
            task.cancel()
        await asyncio.gather(following, agenda, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What waits in `crisis.later.v1`, while its partitions are here: the worker beside the lanes of its consumer."""

    worker: Worker
    told: Reader
    later: Later

    async def came(self, partitions: frozenset[int]) -> None:
        """Know all receipts, and take over what waits in the partitions."""
        await self.told.catch_up()
        latest = await self._latest(partitions) if partitions else {}
        await self.worker.room.adopt(latest.values())

    async def _latest(self, partitions: frozenset[int]) -> dict[bytes | None, Record]:
        reader, latest = self.later(partitions), dict[bytes | None, Record]()
        await reader.start()
        try:
            async for batch in reader.batches(for_ever=False):
                latest.update((record.key, record) for record in batch)
        finally:
            await reader.stop()
        return {key: record for key, record in latest.items() if record.value is not None}

    def opened(self) -> None:
        """What waits may go on."""
        self.worker.room.open()

    def enough(self) -> bool:
        """So many stand in lines that the providers have work for a while, and none of those that are used idles."""
        return self.worker.busy(_ENOUGH)

    def closing(self) -> Collection[asyncio.Task[None]]:
        """Nothing more goes on."""
        return self.worker.room.close()

    def gone(self) -> None:
        """Let go of all that waits."""
        self.worker.room.let_go()


async def _follow(worker: Worker, told: Reader) -> None:
    """Take in receipts, and what operators pause and resume."""
    async for batch in told.batches():
        for record in batch:
            try:
                await _hear(worker, record)
            except UnreadableMessage:
                # It says nothing about a delivery; whoever shows receipts meets it too.
                continue


async def _hear(worker: Worker, record: Record) -> None:
    if record.topic == topics.CONTROLS:
        act = controls.read(record)
        if act.action in {Action.PAUSE, Action.RESUME}:
            worker.pause(act.target, paused=act.action is Action.PAUSE)
        elif act.action in {Action.SUPPRESS, Action.ALLOW}:
            worker.suppress(act.target, suppressed=act.action is Action.SUPPRESS)
        return
    told = read_receipt(record)
    report = worker.recall(told)
    if report is not None and told.provider is not None:
        await worker.settle(told.provider, report)


async def _while(others: "list[asyncio.Task[None]]", work: Coroutine[Any, Any, None]) -> None:
    """Do the work; if one of the others ends before it, end with what ended it."""
    working = asyncio.create_task(work)
    try:
        await asyncio.wait({*others, working}, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            if other.done():
                await other
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
