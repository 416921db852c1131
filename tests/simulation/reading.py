"""A history as the journal tells it: what counts, what was published when, and what that means for destinations."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crisis_bus.domain.delivery import Bulletin, Receipt
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.rules import subscribing
from crisis_bus.streams.bulletins import Newsroom
from crisis_bus.streams.past import SpacePast
from crisis_bus.views import chain
from crisis_bus.wire import topics
from crisis_bus.wire.messages import DeadLetter
from tests.simulation.story import Arrival, History


@dataclass(frozen=True, slots=True)
class Counted:
    """An entry that counts, and when the log took it."""

    partition: int
    at: Instant
    entry: Entry


@dataclass(frozen=True, slots=True)
class Published:
    """A bulletin that follows from the journal, and when its entry was there."""

    at: Instant
    bulletin: Bulletin


@dataclass(frozen=True)
class Reading:
    """Everything that is read out of a history, once."""

    history: History

    @cached_property
    def counted(self) -> list[Counted]:
        """The entries that count, partition by partition in their order."""
        chains, found = chain.Chains(), []
        for partition, records in enumerate(self.history.log[topics.JOURNAL]):
            for record in records:
                entry = chain.read(record.value)
                if chains.of(partition).counts(entry, record.value or b""):
                    found.append(Counted(partition, record.timestamp, entry))
        return found

    @cached_property
    def published(self) -> dict[str, Published]:
        """The bulletins that must go out, by number."""
        newsroom = Newsroom(self.history.policy, self.history.templates)
        spaces: defaultdict[str, SpacePast] = defaultdict(SpacePast)
        found: dict[str, Published] = {}
        for one in self.counted:
            space, entry = spaces[one.entry.space], one.entry
            space.take(entry.command.at, entry.answered, entry.changes)
            for made in newsroom.bulletins(entry, space):
                found.setdefault(made.number, Published(one.at, made))
        return found

    @cached_property
    def arrivals(self) -> dict[tuple[str, str], list[Arrival]]:
        """What arrived, by destination and number."""
        found: dict[tuple[str, str], list[Arrival]] = {}
        for one in self.history.arrivals:
            found.setdefault((one.message.subscription, one.message.bulletin.number), []).append(one)
        return found

    @cached_property
    def due(self) -> list[tuple[Subscription, Bulletin]]:
        """Which destination must get which bulletin."""
        return [
            (subscription, one.bulletin)
            for one in self.published.values()
            for subscription in self.history.subscriptions
            if subscribing.matches(subscription, one.bulletin)
        ]

    @cached_property
    def receipts(self) -> dict[tuple[str, str], list[Receipt]]:
        """The receipts by destination and number."""
        found: dict[tuple[str, str], list[Receipt]] = {}
        for value in self.values(topics.RECEIPTS):
            told = Receipt.model_validate_json(value)
            found.setdefault((told.subscription, told.number), []).append(told)
        return found

    @cached_property
    def buried(self) -> dict[tuple[str, int, int], str]:
        """What is in the dead letters: where it stood, and why."""
        letters = map(DeadLetter.model_validate_json, self.values(topics.DEAD_LETTERS))
        return {(one.topic, one.partition, one.offset): one.reason for one in letters}

    def lasted(self, at: Instant) -> int:
        """Milliseconds that processes have lived through until an instant: without the leaps of the clock."""
        return at - sum(far for when, far in self.history.leaps if when <= at)

    def values(self, topic: str) -> Iterator[bytes]:
        """The values of a topic, partition by partition."""
        for records in self.history.log[topic]:
            yield from (record.value or b"" for record in records)
