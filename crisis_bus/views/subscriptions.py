"""Who wants what, as the compacted topic has it."""

from dataclasses import dataclass, field

from crisis_bus.domain import instants
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.views.paging import Page, page


def _id(subscription: Subscription) -> str:
    return subscription.id


@dataclass(slots=True)
class Subscriptions:
    """The latest record of each subscription id; a tombstone removes it."""

    _known: dict[str, Subscription] = field(default_factory=dict)

    def apply(self, key: str, subscription: Subscription | None) -> None:
        """Take the next record of the topic."""
        if subscription is None:
            self._known.pop(key, None)
        else:
            self._known[key] = subscription

    def find(self, key: str) -> Subscription | None:
        """One subscription, secret included: the caller decides who may see what."""
        return self._known.get(key)

    def over(self, now: Instant) -> list[Subscription]:
        """Those of people whose consent holds no longer."""
        agreed = [item for item in self._known.values() if item.consent is not None]
        return [item for item in agreed if item.consent and instants.parse(item.consent.keep_until) <= now]

    def all(self) -> list[Subscription]:
        """Every subscription of every space."""
        return list(self._known.values())

    def page(self, space: str, after: str | None, limit: int, subscriber: str | None = None) -> Page[Subscription]:
        """Subscriptions of a space by id, those after the cursor, of one subscriber if that is asked."""
        found = [
            item
            for item in self._known.values()
            if item.space == space and (subscriber is None or item.subscriber == subscriber)
        ]
        return page(sorted(found, key=_id), _id, after, limit)
