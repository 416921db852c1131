"""What waits in `crisis.later.v1` and belongs to this worker: messages without a task, and when each is due."""

import asyncio
import heapq
from dataclasses import dataclass, field
from itertools import count

from crisis_bus.delivery.chains import Place
from crisis_bus.delivery.logbook import Pages
from crisis_bus.delivery.retries import Tried
from crisis_bus.domain.instants import Instant

_LOOK_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Laid:
    """A message that was laid by: its place in its chain stays taken; without one it waits to be confirmed.

    `turn` says that it waits for its turn only, so that it goes on when what is before it is done with.
    """

    pages: Pages
    tried: Tried
    place: Place | None
    due: Instant
    turn: bool = False


@dataclass(slots=True)
class Agenda:
    """All that was laid by, in the order of its time."""

    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _laid: dict[str, Laid] = field(default_factory=dict)
    _heap: list[tuple[Instant, int, Laid]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def __len__(self) -> int:
        return len(self._laid)

    def __contains__(self, message: str) -> bool:
        return message in self._laid

    def lay(self, laid: Laid) -> None:
        """Take a message in."""
        self._laid[laid.pages.message.id] = laid
        self._push(laid)

    def wake(self, laid: Laid, now: Instant) -> None:
        """Something happened to it: it is due now."""
        if self._laid.get(laid.pages.message.id) is laid and laid.due > now:
            laid.due = now
            self._push(laid)

    def wake_all(self, now: Instant) -> None:
        """Everything that wants to be sent looks again: a provider was resumed."""
        for laid in self._laid.values():
            if laid.place is not None:
                self.wake(laid, now)

    def heard(self, message: str, now: Instant) -> None:
        """Somebody said what became of a message: it waits to be confirmed no longer."""
        laid = self._laid.get(message)
        if laid is not None and laid.place is None:
            self.wake(laid, now)

    def due(self, now: Instant, at_most: int) -> list[Laid]:
        """Take out what is due; what waits to be confirmed stays until it is dropped."""
        found: list[Laid] = []
        while self._heap and self._heap[0][0] <= now and len(found) < at_most:
            due, _, laid = heapq.heappop(self._heap)
            if self._laid.get(laid.pages.message.id) is laid and laid.due == due:
                if laid.place is not None:
                    self.drop(laid)
                found.append(laid)
        return found

    def drop(self, laid: Laid) -> None:
        """Somebody else has it now, or it is done with."""
        if self._laid.get(laid.pages.message.id) is laid:
            del self._laid[laid.pages.message.id]

    def seconds(self, now: Instant) -> float | None:
        """Seconds until one should look again; None if nothing waits. Never long: clocks are set."""
        return min(_LOOK_SECONDS, max(0.0, (self._heap[0][0] - now) / 1000)) if self._heap else None

    def clear(self) -> list[Laid]:
        """Forget all; somebody else reads them from the topic."""
        gone = list(self._laid.values())
        self._laid.clear()
        self._heap.clear()
        return gone

    def _push(self, laid: Laid) -> None:
        heapq.heappush(self._heap, (laid.due, next(self._numbers), laid))
        self.changed.set()
