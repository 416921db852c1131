"""What has been fetched and may not be begun yet: until all is known that matters for its order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from crisis_bus.bus.record import Record

_ASK_SECONDS = 1.0
_PORTION = 65_536
"""Bytes that are begun of what is `first`, and of all others together, before one looks again for what is first."""
Ready = Callable[[frozenset[int]], Awaitable[None]]
"""Awaited with the numbers of the partitions that came."""
Held = dict[TopicPartition, list[Record]]


class Admission:
    """Holds records back until they may be begun; without a `first` topic nothing is held.

    After partitions have come, nothing of them is begun before `ready` has returned and all is there that somebody
    before us may have worked on: he may have begun with the newest of it. After that a record of another topic than
    `first` is begun when everything is that stood on `first` when it was fetched. Partitions of one number
    belong together. `ahead` bounds in bytes what anybody has begun of a partition and not committed.
    """

    def __init__(self, first: str | None, ready: Ready | None, ahead: int) -> None:
        self._first = first
        self._ready = ready
        self._ahead = ahead
        self._readying: asyncio.Future[None] | None = None
        self._held: Held = {}
        self._opening: dict[TopicPartition, int] | None = {}
        """How far a partition that came has to be read before anything is begun; None: nobody has asked yet."""
        self._unopened: set[TopicPartition] = set()
        """Partitions that came, of which not all is begun that somebody before us may have worked on."""
        self._until: dict[TopicPartition, int] = {}
        """How far `first` has to be read before what is held is begun."""
        self._turn = 0
        self.more = False
        """Whether there is more that may be begun at once, after what was admitted last."""

    @property
    def full(self) -> set[TopicPartition]:
        """Partitions of which nothing more is wanted now."""
        opening = self._held if self._opening is None else self._opening
        return set(self._held) - set(opening)

    @property
    def open(self) -> bool:
        """Whether all that somebody before us may have worked on has been given out."""
        ready = self._readying is None or self._readying.done()
        return ready and self._opening == {} and not self._unopened

    def renew(self, partitions: frozenset[int]) -> None:
        """Partitions have moved: what is held may be somebody else's, and the owner must be ready for these anew."""
        self.clear()
        self._opening = None if self._first else {}
        if self._ready is not None:
            self._readying = asyncio.ensure_future(self._ready(partitions))

    def clear(self) -> None:
        """Forget what is held; it is read again by whoever has the partition next."""
        self._held.clear()
        self._until.clear()
        self._unopened.clear()
        self.more = False
        if self._readying is not None:
            self._readying.cancel()
            self._readying = None

    def hold(self, place: TopicPartition, records: list[Record]) -> None:
        """Take what was fetched."""
        self._held.setdefault(place, []).extend(records)
        self._until.pop(place, None)

    async def admitted(self, consumer: Any, taken: Mapping[TopicPartition, int], *, enough: bool = False) -> Held:  # noqa: ANN401 aiokafka is untyped
        """A portion of what may be begun now, that of `first` first; raises what kept the owner from being ready.

        `taken` says what is begun of a partition and not committed, in bytes. With `enough`, only what is `first` and
        what somebody before us may have worked on.
        """
        self.more = False
        if self._readying is not None:
            if not self._readying.done():
                return {}
            self._readying.result()
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                places = await self._known(consumer)
        except (KafkaError, TimeoutError):
            return {}  # Kafka does not say now; it is asked again with the next records
        given: Held = {}
        left = _PORTION
        for place in self._in_turn(places):
            # What is left of `first` goes before the others.
            behind = TopicPartition(self._first, place.partition) in self._held
            if not self._waits(place):
                given[place] = self._portion(place, self._ahead - taken.get(place, 0), _PORTION)
            elif not behind and (not enough or place in self._unopened):
                given[place] = self._portion(place, self._ahead - taken.get(place, 0), left)
                left -= sum(record.weight for record in given[place])
        return {place: records for place, records in given.items() if records}

    def _in_turn(self, places: list[TopicPartition]) -> list[TopicPartition]:
        """What is `first` first, and of the others each as often as any."""
        self._turn += 1
        others = sorted(place for place in places if self._waits(place))
        turn = self._turn % len(others) if others else 0
        return [place for place in places if not self._waits(place)] + others[turn:] + others[:turn]

    def _portion(self, place: TopicPartition, room: int, most: int) -> list[Record]:
        held, portion = self._held[place], 0
        for count, record in enumerate(held):
            if portion >= min(room, most):
                self._held[place] = held[count:]
                self.more = self.more or portion < room
                break
            portion += record.weight
        else:
            count = len(held)
            del self._held[place]
        if portion >= room or place not in self._held:
            self._unopened.discard(place)
        return held[:count]

    async def _known(self, consumer: Any) -> list[TopicPartition]:  # noqa: ANN401 aiokafka is untyped
        """Held partitions before which nothing is unknown any more."""
        await self._look_whether_all_is_there(consumer)
        closed = {place.partition for place in self._opening or ()}
        places = [place for place in self._held if place.partition not in closed]
        firsts = {place: TopicPartition(self._first, place.partition) for place in places if self._waits(place)}
        if new := [place for place in firsts if place not in self._until]:
            ends = await consumer.end_offsets([firsts[place] for place in new])
            self._until |= {place: ends[firsts[place]] for place in new}
        late = {place for place in firsts if await consumer.position(firsts[place]) < self._until[place]}
        return [place for place in places if place not in late]

    async def _look_whether_all_is_there(self, consumer: Any) -> None:  # noqa: ANN401 aiokafka is untyped
        if self._opening is None:
            self._opening = dict(await consumer.end_offsets(list(consumer.assignment())))
        for place, end in list(self._opening.items()):
            held = self._held.get(place, [])
            if await consumer.position(place) >= end or sum(record.weight for record in held) >= self._ahead:
                del self._opening[place]
                if held:
                    self._unopened.add(place)

    def _waits(self, place: TopicPartition) -> bool:
        return self._first not in {None, place.topic}
