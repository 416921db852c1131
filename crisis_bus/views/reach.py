"""The ledger of deliveries: for each statement and channel what was due, sent, accepted, delivered and lost, and when.

The same answer whatever the order of receipts and however often they come: of each message the earliest acceptance and
delivery, and the best that became of it, count. KPI-07, KPI-08 and KPI-18 are read from it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Expansion, Outcome, Receipt
from crisis_bus.domain.instants import MINUTE, Instant

WINDOWS = (5, 15, 60)
"""Minutes after which reach is told (KPI-07)."""
_RANK = {
    Outcome.RETRYING: 0,
    Outcome.ACCEPTED: 1,
    Outcome.REPLACED: 2,
    Outcome.EXPIRED: 2,
    Outcome.FAILED: 2,
    Outcome.DELIVERED: 3,
}
_MOST_REASONS = 10
Weight = tuple[bool, bool, int, int, Instant, str, str]


def weight(outcome: Outcome, attempt: int, at: Instant, detail: str) -> Weight:
    """Order the receipts of a message by how much they say of its end, in whatever order they came.

    What has arrived has arrived; what is over says more than what is tried again; what was lost may be tried once more
    from the dead letters, and what a peer accepted it may give back in the same attempt.
    """
    over = outcome is not Outcome.RETRYING
    return (outcome is Outcome.DELIVERED, over, attempt, _RANK[outcome], at, outcome, detail)


def _due(receipt: Receipt) -> Instant:
    return instants.parse(receipt.due or receipt.at)


@dataclass(slots=True)
class Told:
    """What became of one message; times in milliseconds, None while it did not happen."""

    subscription: str
    channel: str
    due: Instant
    sent: bool = False
    accepted: Instant | None = None
    delivered: Instant | None = None
    outcome: Outcome = Outcome.RETRYING
    attempt: int = 0
    ended: Instant = 0
    why: str = ""

    def take(self, receipt: Receipt) -> None:
        """Take a receipt of this message."""
        at = instants.parse(receipt.at)
        self.due = min(self.due, _due(receipt))
        self.sent = self.sent or receipt.attempt > 0
        if receipt.outcome.reached:
            self.accepted = at if self.accepted is None else min(self.accepted, at)
        if receipt.outcome is Outcome.DELIVERED:
            self.delivered = at if self.delivered is None else min(self.delivered, at)
        said = (receipt.outcome, receipt.attempt, at, receipt.detail)
        if weight(*said) >= weight(self.outcome, self.attempt, self.ended, self.why):
            self.outcome, self.attempt, self.ended, self.why = said


@dataclass(frozen=True, slots=True)
class Line:
    """One channel of one statement; seconds are from when a message was due, shares are of those due."""

    channel: str
    due: int
    sent: int
    accepted: int
    delivered: int
    waiting: int
    lost: dict[str, int]
    """How many were not delivered, by outcome."""
    reasons: dict[str, int]
    """The most frequent sentences about what was lost."""
    accept_seconds: tuple[float, float] | None
    """Median and 95th percentile."""
    deliver_seconds: tuple[float, float] | None
    accepted_within: dict[int, float]
    """Minutes → share in percent, without what a peer accepted and gave back later."""
    delivered_within: dict[int, float]


@dataclass(frozen=True, slots=True)
class Corrected:
    """How far a correction has followed its statement."""

    had: int
    """How many destinations have the statement."""
    missing: list[Told]
    """The messages of those that have not got the correction."""
    dark: list[str]
    """The channels of the statement on which nobody has it."""

    @property
    def share(self) -> float:
        """Percent of those who have the statement (KPI-18)."""
        return round(100 * (self.had - len(self.missing)) / self.had, 1) if self.had else 100.0


@dataclass(slots=True)
class _Statement:
    messages: dict[str, Told] = field(default_factory=dict)
    expansions: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Reach:
    """The fold of receipts and expansions."""

    _statements: dict[tuple[str, str], _Statement] = field(default_factory=dict)

    def receipt(self, receipt: Receipt) -> None:
        """Take a receipt."""
        told = self._of(receipt.space, receipt.statement).messages
        if receipt.message not in told:
            told[receipt.message] = Told(receipt.subscription, receipt.channel, _due(receipt))
        told[receipt.message].take(receipt)

    def expansion(self, expansion: Expansion) -> None:
        """Take how many messages an order led to; said again after a crash, the last word counts."""
        self._of(expansion.space, expansion.statement).expansions[expansion.order] = expansion.channels

    def lines(self, space: str, statement: str) -> list[Line]:
        """The ledger of a statement, channel by channel."""
        due, told = self._due(space, statement), self._told(space, statement)
        channels: dict[str, list[Told]] = {channel: [] for channel in due}
        for message in told:
            channels.setdefault(message.channel, []).append(message)
        return [_line(channel, messages, due[channel]) for channel, messages in sorted(channels.items())]

    def total(self, space: str, statement: str) -> Line:
        """All channels of a statement together: who is on two of them counts twice."""
        return _line("", self._told(space, statement), sum(line.due for line in self.lines(space, statement)))

    def statements(self, space: str, prefix: str) -> list[str]:
        """The statements of a space whose names begin so."""
        return [name for where, name in self._statements if where == space and name.startswith(prefix)]

    def first(self, space: str, statement: str) -> Instant | None:
        """When the first destination had it (KPI-05, KPI-19)."""
        return min((each.accepted for each in self._told(space, statement) if each.accepted is not None), default=None)

    def corrected(self, space: str, statement: str, correction: str) -> Corrected:
        """KPI-18: who has a statement, and who of them has not got what corrects it."""
        had, have = self._arrived(space, statement), self._arrived(space, correction)
        corrected = {each.subscription for each in have}
        missing = [each for each in had if each.subscription not in corrected]
        dark = {each.channel for each in had} - {each.channel for each in have}
        return Corrected(len(had), missing, sorted(dark))

    def outcomes(self, space: str, statement: str) -> dict[str, Outcome]:
        """What became of a statement at each destination."""
        return {each.subscription: each.outcome for each in self._told(space, statement)}

    def _arrived(self, space: str, statement: str) -> list[Told]:
        """Who has it; what a peer accepted and gave back later did not arrive."""
        return [each for each in self._told(space, statement) if each.outcome.reached]

    def _told(self, space: str, statement: str) -> list[Told]:
        return list(self._statements.get((space, statement), _Statement()).messages.values())

    def _due(self, space: str, statement: str) -> Counter[str]:
        """Channel → how many messages all orders led to."""
        due: Counter[str] = Counter()
        for channels in self._statements.get((space, statement), _Statement()).expansions.values():
            due.update(channels)
        return due

    def _of(self, space: str, statement: str) -> _Statement:
        return self._statements.setdefault((space, statement), _Statement())


def _line(channel: str, messages: list[Told], expected: int) -> Line:
    due = max(expected, len(messages))
    accepted = sorted(each.accepted - each.due for each in messages if each.accepted is not None)
    kept = [each.accepted - each.due for each in messages if each.accepted is not None and each.outcome.reached]
    delivered = sorted(each.delivered - each.due for each in messages if each.delivered is not None)
    lost = [each for each in messages if _RANK[each.outcome] == _RANK[Outcome.FAILED]]
    reasons = Counter(each.why for each in lost)
    return Line(
        channel=channel,
        due=due,
        sent=sum(each.sent for each in messages),
        accepted=len(accepted),
        delivered=len(delivered),
        waiting=due - len([each for each in messages if each.outcome is not Outcome.RETRYING]),
        lost=dict(Counter(str(each.outcome) for each in lost)),
        reasons=dict(sorted(reasons.items(), key=lambda each: (-each[1], each[0]))[:_MOST_REASONS]),
        accept_seconds=_percentiles(accepted),
        deliver_seconds=_percentiles(delivered),
        accepted_within=_within(kept, due),
        delivered_within=_within(delivered, due),
    )


def _percentiles(waits: list[Instant]) -> tuple[float, float] | None:
    """Median and 95th percentile in seconds, by the nearest rank."""
    if not waits:
        return None
    median, p95 = (waits[ceil(share * len(waits)) - 1] for share in (0.5, 0.95))
    return median / 1000, p95 / 1000


def _within(waits: Sequence[Instant], due: int) -> dict[int, float]:
    return {
        minutes: round(100 * sum(wait <= minutes * MINUTE for wait in waits) / due, 1) if due else 0.0
        for minutes in WINDOWS
    }
