"""What the destinations answered: the latest receipt of every message; the newest are at hand, the others counted."""

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field

from crisis_bus.domain.delivery import Outcome, Receipt, is_later_word
from crisis_bus.views.paging import Page, page

AT_HAND = 50_000
"""Messages whose receipts are at hand."""
Summary = dict[str, Counter[Outcome]]
"""Channel → outcome → how many destinations."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which receipts somebody asks for; None asks for all."""

    statement: str | None = None
    channel: str | None = None
    outcome: Outcome | None = None
    subscription: str | None = None

    def fits(self, receipt: Receipt) -> bool:
        """Whether a receipt is among them."""
        return (
            self.statement in {None, receipt.statement}
            and self.channel in {None, receipt.channel}
            and self.outcome in {None, receipt.outcome}
            and self.subscription in {None, receipt.subscription}
        )


def _follows(receipt: Receipt, known: Receipt) -> bool:
    """Whether a receipt says more than the one known: only a peer's later word follows what was accepted.

    What was lost may be tried once more, from the dead letters.
    """
    if known.outcome is Outcome.ACCEPTED:
        return receipt.outcome in {Outcome.DELIVERED, Outcome.FAILED}
    if known.outcome in {Outcome.FAILED, Outcome.EXPIRED}:
        return receipt.attempt > known.attempt
    return known.outcome is Outcome.RETRYING and receipt.attempt >= known.attempt and receipt.id != known.id


def _key(receipt: Receipt) -> str:
    return f"{receipt.at}|{receipt.message}"


@dataclass(slots=True)
class _Space:
    latest: dict[str, Receipt] = field(default_factory=dict)
    ordered: list[Receipt] = field(default_factory=list)
    summaries: dict[str, Summary] = field(default_factory=dict)
    counted: bool = False
    """Whether some of them are only counted."""

    def count(self, receipt: Receipt, by: int) -> None:
        """Add to the summary of the receipt's statement."""
        channels = self.summaries.setdefault(receipt.statement, {})
        channels.setdefault(receipt.channel, Counter())[receipt.outcome] += by

    def let_go(self, many: int) -> int:
        """Keep only the counts of the oldest; what is tried again is heard of again."""
        gone, self.ordered, self.counted = self.ordered[:many], self.ordered[many:], True
        for receipt in gone:
            del self.latest[receipt.message]
            if receipt.outcome is Outcome.RETRYING:
                self.count(receipt, -1)
        return len(gone)


def _held(space: _Space) -> int:
    return len(space.ordered)


@dataclass(slots=True)
class Receipts:
    """The fold of all receipts; nothing that arrives late or twice moves a message back."""

    at_hand: int = AT_HAND
    _spaces: dict[str, _Space] = field(default_factory=dict)
    _held: int = 0

    def apply(self, receipt: Receipt) -> None:
        """Take a receipt; a final one stays, and a later attempt replaces an earlier one."""
        space = self._spaces.setdefault(receipt.space, _Space())
        known = space.latest.get(receipt.message)
        if known is not None:
            if not _follows(receipt, known):
                return
            space.count(known, -1)
            self._held -= 1
            del space.ordered[bisect_left(space.ordered, _key(known), key=_key)]
        elif space.counted and is_later_word(receipt):
            space.count(receipt.model_copy(update={"outcome": Outcome.ACCEPTED}), -1)
        space.latest[receipt.message] = receipt
        insort(space.ordered, receipt, key=_key)
        space.count(receipt, 1)
        self._held += 1
        if self._held > self.at_hand:
            largest = max(self._spaces.values(), key=_held)
            self._held -= largest.let_go(self.at_hand // 10 + 1)

    def summary(self, space: str, statement: str) -> Summary:
        """How a statement fares: channel → outcome → how many destinations."""
        known = self._spaces.get(space)
        counted = known.summaries.get(statement, {}) if known else {}
        return {channel: Counter({key: n for key, n in found.items() if n}) for channel, found in counted.items()}

    def page(self, space: str, wanted: Wanted, after: str | None, limit: int) -> Page[Receipt]:
        """Receipts from the oldest to the newest, those after the cursor."""
        known = self._spaces.get(space)
        ordered = known.ordered if known else []
        return page([receipt for receipt in ordered if wanted.fits(receipt)], _key, after, limit)
