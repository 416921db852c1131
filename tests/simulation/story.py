"""What a seed tells, as data: who was told what, what stands on the log, what destinations have received."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crisis_bus.bus.record import Record
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.text.forms import Templates


@dataclass(frozen=True, slots=True)
class Accepted:
    """A command of which a client was told that it stands on the log."""

    space: str
    id: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message at its destination."""

    at: Instant
    message: OutboxMessage


@dataclass(slots=True)
class History:
    """Everything that the checker looks at; `log` is topic → partition → records."""

    log: dict[str, list[list[Record]]]
    accepted: list[Accepted]
    arrivals: list[Arrival]
    subscriptions: Sequence[Subscription]
    policy: Policy
    templates: Templates
    ended: Instant
    """The time of the broker at the end."""
    leaps: Sequence[tuple[Instant, Instant]] = ()
    """When the clock on the wall leapt, and how far."""
    broken: list[str] = field(default_factory=list)
    """What went wrong on the way: a story that finds no end, a listener that raised."""
    trace: list[str] = field(default_factory=list)
