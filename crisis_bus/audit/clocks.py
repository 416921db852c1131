"""Clocks that should have fired, and incidents whose clock is gone: CLOCK and LIVE.

Two witnesses are compared: what the facts promise, and the table of timers as the records keep it.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisis_bus.audit.findings import Breach
from crisis_bus.audit.moments import Moment, Records
from crisis_bus.audit.promises import Promise, promised, stands
from crisis_bus.audit.seen import Space
from crisis_bus.domain.instants import Instant, text
from crisis_bus.domain.records import Timer

Place = tuple[str, str, str, Instant]
"""Kind, what it watches, key, due."""


def _place(clock: Timer | Promise) -> Place:
    return clock.kind, clock.of, clock.key, clock.due


def _breach(code: str, clock: Timer | Promise) -> Breach:
    return Breach(code, clock.of, {"clock": str(clock.kind), "due": text(clock.due)})


@dataclass(slots=True)
class Clocks:
    """The promises and the timers of one space."""

    timers: dict[str, Timer] = field(default_factory=dict)
    _places: Counter[Place] = field(default_factory=Counter)
    _due: list[tuple[Instant, str]] = field(default_factory=list)
    _promises: list[Promise] = field(default_factory=list)
    _new: list[Promise] = field(default_factory=list)

    def promise(self, moment: Moment) -> None:
        """Take what a fact promises; it is in the picture already."""
        for each in promised(moment):
            heapq.heappush(self._promises, each)
            self._new.append(each)

    def until(self, space: Space, at: Instant) -> Iterator[Breach]:
        """CLOCK: promises that were due before an instant and still stand then."""
        while self._promises and self._promises[0].due < at:
            promise = heapq.heappop(self._promises)
            if stands(space, promise):
                yield _breach("clock_silent", promise)

    def settle(self, space: Space, records: Records, at: Instant) -> Iterator[Breach]:
        """Take the timers of an entry; LIVE: a promise without its timer. CLOCK: a timer left behind."""
        gone = [timer for key in records.timers if (timer := self._put(key, records.timers[key])) is not None]
        new, self._new = self._new, []
        yield from self._without_timer(space, new, at)
        yield from self._without_timer(space, self._matching(gone, at), at)
        while self._due and self._due[0][0] < at:
            _, number = heapq.heappop(self._due)
            if number in self.timers:
                yield _breach("clock_left", self.timers[number])

    def overdue(self, now: Instant, patience: int) -> Iterator[Breach]:
        """CLOCK: timers that the clock on the wall has passed by more than the patience."""
        for timer in self.timers.values():
            if timer.due + patience < now:
                yield _breach("clock_late", timer)

    def _put(self, number: str, timer: Timer | None) -> Timer | None:
        """Keep a timer or take it away; gives the one that is gone."""
        before = self.timers.pop(number, None)
        if before is not None:
            self._places[_place(before)] -= 1
        if timer is not None:
            self.timers[number] = timer
            self._places[_place(timer)] += 1
            heapq.heappush(self._due, (timer.due, number))
        return before

    def _without_timer(self, space: Space, promises: Iterable[Promise], at: Instant) -> Iterator[Breach]:
        for promise in promises:
            if promise.due > at and not self._places[_place(promise)] and stands(space, promise):
                yield _breach("clock_missing", promise)

    def _matching(self, gone: list[Timer], at: Instant) -> list[Promise]:
        """The promises of timers that went before their time."""
        early = {_place(timer) for timer in gone if timer.due > at}
        return [promise for promise in self._promises if _place(promise) in early] if early else []
