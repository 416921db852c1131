"""Lanes of records: one lane is handled in its order, all lanes at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from crisis_bus.bus.contiguous import Contiguous
from crisis_bus.bus.record import Record

Handle = Callable[[Record], Awaitable[None]]
Lane = tuple[object, ...]
"""Records of one lane are handled one after the other."""


def lane_by_key(record: Record) -> Lane:
    """Put records of one topic, partition and key into one lane."""
    return (record.topic, record.partition, record.key)


def lane_of_its_own(record: Record) -> Lane:
    """Put every record into its own lane, for handlers that keep an order themselves."""
    return (record.topic, record.partition, record.offset)


class Lanes:
    """The lanes of a consumer; at most `concurrency` records are handled at once."""

    def __init__(self, handle: Handle, lane_of: Callable[[Record], Lane], concurrency: int) -> None:
        self._handle = handle
        self._lane_of = lane_of
        self._slots = asyncio.Semaphore(concurrency)
        self._queues: dict[Lane, deque[Record]] = {}
        self._tasks: dict[Lane, asyncio.Task[None]] = {}
        self.failure: BaseException | None = None
        """What left a handler first."""

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The lanes in which there is something."""
        return list(self._tasks.values())

    def begin(self, record: Record, progress: Contiguous) -> None:
        """Put a record into its lane."""
        progress.begin(record.offset, record.weight)
        lane = self._lane_of(record)
        self._queues.setdefault(lane, deque()).append(record)
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.create_task(self._walk(lane, progress))

    async def _walk(self, lane: Lane, progress: Contiguous) -> None:
        """Handle the records of one lane, one after the other, until none is left."""
        queue = self._queues[lane]
        try:
            while queue:
                async with self._slots:
                    await self._handle(queue[0])
                progress.finish(queue.popleft().offset)
        except Exception as error:  # noqa: BLE001 the consumer raises it again
            self.failure = self.failure or error
        finally:
            del self._queues[lane], self._tasks[lane]
