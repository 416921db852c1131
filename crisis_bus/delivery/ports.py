"""What the outbox worker needs of the world, and is given."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from crisis_bus.bus.record import Outgoing
from crisis_bus.domain.delivery import OutboxMessage, Receipt
from crisis_bus.domain.instants import Instant

Publish = Callable[[Sequence[Outgoing]], Awaitable[object]]
"""Returns when all are acknowledged, raises NotReachable if not: `bus.Publisher.send_all`."""

OnGone = Callable[[OutboxMessage], Awaitable[None]]
"""Called when a destination says that it wants nothing more: pause its subscription."""


class Observer(Protocol):
    """Told what happens, for metrics and logs."""

    def receipted(self, message: OutboxMessage, told: Receipt, seconds: float) -> None:
        """Note a receipt that is on the log, and how long its attempt took (0 if nothing was sent)."""

    def dead_lettered(self, topic: str, reason: str) -> None:
        """Note a record that went to the dead letters."""


@dataclass(frozen=True, slots=True)
class World:
    """Clock and chance (from 0 to 1); who waits longer than `held` seconds is laid by and costs no task."""

    now: Callable[[], Instant]
    chance: Callable[[], float]
    held: float = 10.0
