"""What the receipts of some messages come to: counts, shares and waits; exact for a message at hand, 1 % for the rest.

A message that is folded away leaves counters and two sketches of waits (DDSketch: buckets that grow by 2 %).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, log

from crisis_bus.domain.delivery import Outcome, Receipt
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
_KEPT_REASONS = 200
"""Different sentences that are counted apart; what comes after them is counted among the lost only."""
_GROWTH = 1.02
_SHARES = (0.5, 0.95)
Weight = tuple[bool, bool, int, int, Instant, str, str]


def weight(outcome: Outcome, attempt: int, at: Instant, detail: str) -> Weight:
    """Order the receipts of a message by how much they say of its end, in whatever order they came.

    What has arrived has arrived; what is over says more than what is tried again; what was lost may be tried once more
    from the dead letters, and what a peer accepted it may give back in the same attempt.
    """
    over = outcome is not Outcome.RETRYING
    return (outcome is Outcome.DELIVERED, over, attempt, _RANK[outcome], at, outcome, detail)


@dataclass(slots=True)
class Told:
    """What became of one message; times in milliseconds, None while it did not happen."""

    message: str
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

    def take(self, receipt: Receipt, at: Instant, due: Instant) -> None:
        """Take a receipt of this message, and its times."""
        self.due = min(self.due, due)
        self.sent = self.sent or receipt.attempt > 0
        if receipt.outcome.reached:
            self.accepted = at if self.accepted is None else min(self.accepted, at)
        if receipt.outcome is Outcome.DELIVERED:
            self.delivered = at if self.delivered is None else min(self.delivered, at)
        said = (receipt.outcome, receipt.attempt, at, receipt.detail)
        if weight(*said) >= weight(self.outcome, self.attempt, self.ended, self.why):
            self.outcome, self.attempt, self.ended, self.why = said

    @property
    def lost(self) -> bool:
        """Whether it is over and did not arrive."""
        return _RANK[self.outcome] == _RANK[Outcome.FAILED]


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
    people: int
    """The audience (KPI-07): who is on the way by several messages counts once."""
    reached_within: dict[int, float]
    """Minutes → share of the people in percent who have at least one delivery that is confirmed (KPI-07)."""


@dataclass(slots=True)
class Waits:
    """Milliseconds: those at hand one by one, those folded away by bucket."""

    exact: list[Instant] = field(default_factory=list)
    buckets: Counter[int] = field(default_factory=Counter)

    def fold(self) -> None:
        """Keep no single wait any more."""
        self.buckets.update(ceil(log(max(wait, 1), _GROWTH)) for wait in self.exact)
        self.exact.clear()

    def percentiles(self) -> tuple[float, float] | None:
        """Median and 95th percentile in seconds, by the nearest rank."""
        if self.buckets:
            self.fold()
        ordered = sorted(self.exact)
        count = len(ordered) or self.buckets.total()
        if not count:
            return None
        median, p95 = (self._at(ordered, ceil(share * count)) for share in _SHARES)
        return median, p95

    def _at(self, ordered: Sequence[Instant], rank: int) -> float:
        if ordered:
            return ordered[rank - 1] / 1000
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                break
        return float(round(2 * _GROWTH**bucket / (_GROWTH + 1))) / 1000


@dataclass(slots=True)
class Tally:
    """Counts over messages, each counted once."""

    messages: int = 0
    sent: int = 0
    accepted: int = 0
    delivered: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    accepts: Waits = field(default_factory=Waits)
    delivers: Waits = field(default_factory=Waits)
    kept_within: Counter[int] = field(default_factory=Counter)
    delivered_within: Counter[int] = field(default_factory=Counter)
    people: int = 0
    reached_within: Counter[int] = field(default_factory=Counter)

    def add(self, told: Told) -> None:
        """Count a message."""
        self.messages += 1
        self.sent += told.sent
        self.outcomes[told.outcome] += 1
        if told.accepted is not None:
            self.accepted += 1
            self.accepts.exact.append(told.accepted - told.due)
            if told.outcome.reached:
                self.kept_within.update(_windows(told.accepted - told.due))
        if told.delivered is not None:
            self.arrived(told.delivered - told.due)
        if told.lost:
            self.reason(told.why)

    def arrived(self, wait: Instant) -> None:
        """Count a delivery."""
        self.delivered += 1
        self.delivers.exact.append(wait)
        self.delivered_within.update(_windows(wait))

    def reason(self, why: str) -> None:
        """Count why something was lost."""
        if why in self.reasons or len(self.reasons) < _KEPT_REASONS:
            self.reasons[why] += 1

    def person(self, messages: Iterable[Told]) -> None:
        """Count somebody of the audience, by all messages to him."""
        waits = [each.delivered - each.due for each in messages if each.delivered is not None]
        self.people += 1
        if waits:
            self.reached_within.update(_windows(min(waits)))

    def later(self, receipt: Receipt, wait: Instant) -> None:
        """Take what a provider says, so long after it was due, of a message that was counted as accepted."""
        self.outcomes[Outcome.ACCEPTED] -= 1
        self.outcomes[receipt.outcome] += 1
        if receipt.outcome is Outcome.DELIVERED:
            self.arrived(wait)
            self.reached_within.update(_windows(wait))
        else:
            self.reason(receipt.detail)
            self.kept_within.subtract(minutes for minutes in WINDOWS if self.kept_within[minutes] > 0)

    def fold(self) -> None:
        """Keep no single wait."""
        self.accepts.fold()
        self.delivers.fold()

    def line(self, channel: str, expected: int, audience: int) -> Line:
        """The figures, where so many messages to so many people were due as far as dispatch has told."""
        total, people = max(expected, self.messages), max(audience, self.people)
        lost = {
            str(outcome): n for outcome, n in self.outcomes.items() if n and _RANK[outcome] == _RANK[Outcome.FAILED]
        }
        return Line(
            channel=channel,
            due=total,
            sent=self.sent,
            accepted=self.accepted,
            delivered=self.delivered,
            waiting=total - self.messages + self.outcomes[Outcome.RETRYING],
            lost=lost,
            reasons=dict(sorted(self.reasons.items(), key=lambda each: (-each[1], each[0]))[:_MOST_REASONS]),
            accept_seconds=self.accepts.percentiles(),
            deliver_seconds=self.delivers.percentiles(),
            accepted_within=_shares(self.kept_within, total),
            delivered_within=_shares(self.delivered_within, total),
            people=people,
            reached_within=_shares(self.reached_within, people),
        )


def _windows(wait: Instant) -> list[int]:
    return [minutes for minutes in WINDOWS if wait <= minutes * MINUTE]


def _shares(counted: Counter[int], of: int) -> dict[int, float]:
    return {minutes: round(100 * min(counted[minutes], of) / of, 1) if of else 0.0 for minutes in WINDOWS}
