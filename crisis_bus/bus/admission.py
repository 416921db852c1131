"""What has been fetched and may not be begun yet: until the owner is ready, and in the order of the topics."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from crisis_bus.bus.record import Record

_ASK_SECONDS = 1.0


class Admission:
    """Holds records back until they may be begun.

    After partitions have come, nothing is begun before `ready` returns. A record of another topic than `first`
    is begun when all of `first` is begun that stood on the partition of its number when it was fetched: whatever was
    written before it, there too, is known by then.
    """

    def __init__(self, first: str | None, ready: Callable[[], Awaitable[None]] | None) -> None:
        self._first = first
        self._ready = ready
        self._readying: asyncio.Future[None] | None = None
        self._held: dict[TopicPartition, list[Record]] = {}
        self._until: dict[TopicPartition, int] = {}

    @property
    def held(self) -> set[TopicPartition]:
        """Partitions of which something is held back: nothing more of them is wanted now."""
        return set(self._held)

    def renew(self) -> None:
        """Partitions have moved: what is held may be somebody else's, and the owner must be ready anew."""
        self.clear()
        if self._ready is not None:
            self._readying = asyncio.ensure_future(self._ready())

    def clear(self) -> None:
        """Forget what is held; it is read again by whoever has the partition next."""
        self._held.clear()
        self._until.clear()
        if self._readying is not None:
            self._readying.cancel()
            self._readying = None

    def hold(self, place: TopicPartition, records: list[Record]) -> None:
        """Take what was fetched."""
        self._held.setdefault(place, []).extend(records)
        self._until.pop(place, None)

    async def admitted(self, consumer: Any) -> dict[TopicPartition, list[Record]]:  # noqa: ANN401 aiokafka is untyped
        """What may be begun now; raises what kept the owner from being ready."""
        if self._readying is not None:
            if not self._readying.done():
                return {}
            self._readying.result()
        firsts = [place for place in self._held if self._first in {None, place.topic}]
        begun = {place: self._held.pop(place) for place in firsts}
        if self._held:
            for place in await self._followers(consumer):
                begun[place] = self._held.pop(place)
        return begun

    async def _followers(self, consumer: Any) -> list[TopicPartition]:  # noqa: ANN401 aiokafka is untyped
        """Held partitions whose first has been read far enough; none while Kafka does not say."""
        firsts = {place: TopicPartition(self._first, place.partition) for place in self._held}
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                if new := [place for place in firsts if place not in self._until]:
                    ends = await consumer.end_offsets([firsts[place] for place in new])
                    self._until |= {place: ends[firsts[place]] for place in new}
                return [place for place in firsts if await consumer.position(firsts[place]) >= self._until[place]]
        except (KafkaError, TimeoutError):
            return []
