"""The ladder of a person: the next way, when one has failed or was not confirmed in its time."""

from dataclasses import replace

from crisis_bus.delivery.retries import Tried
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.instants import Instant


def seconds_left(message: OutboxMessage, tried: Tried, now: Instant) -> float | None:
    """Seconds that are left for this step; None if there is no other one, or this one has not begun."""
    way = message.after(tried.step)
    if way is None or tried.stepped is None:
        return None
    return max(0.0, (tried.stepped - now) / 1000 + 60 * way.after_minutes)


def climbed(tried: Tried, now: Instant) -> Tried:
    """The next step, which has all its attempts before it."""
    return replace(tried, step=tried.step + 1, stepped=now, began=None)
