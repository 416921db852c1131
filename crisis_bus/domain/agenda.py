"""What is due when: an immutable queue of timers, so that a decision may be thrown away and setting one copies nothing.

A leftist heap of nested tuples holds the order, a map the timers that still stand; a timer that was
taken out stays in the heap, unseen, until its turn has come.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Optional

from immutables import Map

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.records import Timer

_Turn = tuple[Instant, int, int]
_Heap = Optional[tuple[int, _Turn, Timer, "_Heap", "_Heap"]]  # noqa: UP045 a name that stands for itself must be quoted
"""Rank, turn, timer, and the two heaps below it, of which the right one is the shorter."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Timers in the order of their turns; two are equal when the same timers stand in them."""

    timers: Map[int, Timer] = field(default_factory=Map)
    _heap: _Heap = field(default=None, compare=False, repr=False)

    @property
    def first(self) -> Timer | None:
        """The timer whose turn is next."""
        return None if self._heap is None else self._heap[2]

    def __len__(self) -> int:
        return len(self.timers)

    def __iter__(self) -> Iterator[Timer]:
        return iter(sorted(self.timers.values(), key=lambda timer: timer.turn))

    def having(self, timer: Timer) -> "Agenda":
        """The agenda with one more timer."""
        timers = self.timers.set(timer.number, timer)
        return Agenda(timers, _alive(_merged(self._heap, (1, timer.turn, timer, None, None)), timers))

    def without(self, numbers: Iterable[int]) -> "Agenda":
        """The agenda after timers were taken out; a number that is not there changes nothing."""
        with self.timers.mutate() as kept:
            for number in numbers:
                kept.pop(number, None)
            timers = kept.finish()
        return Agenda(timers, _alive(self._heap, timers))

    def after(self, numbers: Iterable[int], added: Iterable[Timer]) -> "Agenda":
        """The agenda after some were taken out and others set, all at once."""
        agenda = self.without(numbers)
        for timer in sorted(added, key=lambda timer: timer.turn, reverse=True):  # the first last: no heap is cheaper
            agenda = agenda.having(timer)
        return agenda


def _alive(heap: _Heap, timers: Map[int, Timer]) -> _Heap:
    """The heap, its first timer being one that stands."""
    while heap is not None and timers.get(heap[2].number) is not heap[2]:
        heap = _merged(heap[3], heap[4])
    return heap


def _merged(one: _Heap, other: _Heap) -> _Heap:
    if one is None or other is None:
        return one or other
    if other[1] < one[1]:
        one, other = other, one
    _, turn, timer, left, right = one
    right = _merged(right, other)
    left_rank, right_rank = left[0] if left else 0, right[0] if right else 0
    if left_rank < right_rank:
        left, right = right, left
    return min(left_rank, right_rank) + 1, turn, timer, left, right
