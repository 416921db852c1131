"""When a timer is due and nothing else comes, the desk asks itself: `clock.tick`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisis_bus.desk import CLOCK
from crisis_bus.domain import ids
from crisis_bus.domain.commands import CLOCK_TICK
from crisis_bus.domain.instants import Instant
from crisis_bus.streams.seat import Seat
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import Envelope

_SOURCE = "/crisis-bus/desk"
_LONGEST_SECONDS = 0.2
_SHORTEST_SECONDS = 0.005
_WAITS = (50, 200, 1_000, 5_000)
"""Milliseconds between ticks for one timer: a broker whose clock is behind ours is not stormed."""


@dataclass(slots=True)
class _Sent:
    """The ticks for one timer of a space: how many, and when the next may follow."""

    due: Instant
    count: int = 0
    not_before: Instant = 0


@dataclass(slots=True)
class Ticks:
    """Which ticks were sent, and which are wanted now."""

    _sent: dict[str, _Sent] = field(default_factory=dict)

    def wanted(self, seat: Seat, now: Instant) -> Iterator[tuple[Envelope, str]]:
        """A tick, and its space, for each real space with a timer that is due by this clock."""
        for space, due in seat.due(now):
            sent = self._sent.get(space)
            if sent is None or sent.due != due:
                sent = self._sent[space] = _Sent(due)
            if now >= sent.not_before:
                name = ids.derived("tick", space, str(due), str(sent.count))
                sent.not_before = now + _WAITS[min(sent.count, len(_WAITS) - 1)]
                sent.count += 1
                yield messages.command(space, CLOCK_TICK, CLOCK, {}, id=name, at=now, source=_SOURCE), space

    @staticmethod
    def patience(seats: Iterable[Seat], now: Instant) -> float:
        """How many seconds a poll may wait: not past the next timer."""
        offices = (office for seat in seats for office in seat.offices.values() if office.clock.zero is None)
        left = [office.next_due - now for office in offices if office.next_due is not None]
        return min(_LONGEST_SECONDS, max(_SHORTEST_SECONDS, min(left, default=1_000) / 1000))
