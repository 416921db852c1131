"""All that was sent to each destination, with every answer: a recipient's history, and the proof for an auditor.

The same answer whatever the order of receipts and however often they come. It shares the receipts that the other views
keep, and has two names more for each message. Only so many messages are at hand; when the first one had to go, whoever
wants all that was ever sent reads the topic. Receipts that are older than their topic keeps them are nowhere.
"""

from bisect import insort
from dataclasses import dataclass, field
from itertools import islice

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Receipt
from crisis_bus.views.paging import Page, page
from crisis_bus.views.receipts import AT_HAND
from crisis_bus.views.tally import Weight, weight


@dataclass(frozen=True, slots=True)
class Sent:
    """One message, and everything that was answered to it, the oldest first; there is at least one answer."""

    receipts: tuple[Receipt, ...]

    @property
    def latest(self) -> Receipt:
        """What became of it."""
        return max(self.receipts, key=_weight)

    @property
    def due(self) -> str:
        """When it was to leave, as far as its receipts say."""
        return min((told.due or told.at for told in self.receipts), key=instants.parse)

    @property
    def key(self) -> str:
        """Its place in a history, which later answers do not move."""
        return f"{self.due}|{self.receipts[0].message}"


def _weight(receipt: Receipt) -> Weight:
    return weight(receipt.outcome, receipt.attempt, instants.parse(receipt.at), receipt.detail)


def _order(receipt: Receipt) -> tuple[int, int, str, str]:
    return (instants.parse(receipt.at), receipt.attempt, receipt.id, receipt.detail)


@dataclass(slots=True)
class Histories:
    """The fold of all receipts; `complete` while nothing had to go."""

    at_hand: int = AT_HAND
    complete: bool = True
    _answers: dict[str, list[Receipt]] = field(default_factory=dict)
    _messages: dict[str, list[str]] = field(default_factory=dict)
    """Subscription → its messages."""

    def apply(self, receipt: Receipt) -> None:
        """Take a receipt."""
        answers = self._answers.get(receipt.message)
        if answers is None:
            self._answers[receipt.message] = [receipt]
            self._messages.setdefault(receipt.subscription, []).append(receipt.message)
            if len(self._answers) > self.at_hand:
                self._let_go(self.at_hand // 10 + 1)
        elif receipt not in answers:
            insort(answers, receipt, key=_order)

    def _let_go(self, many: int) -> None:
        """Forget what was first heard of longest ago."""
        self.complete = False
        for message in list(islice(self._answers, many)):
            subscription = self._answers.pop(message)[0].subscription
            self._messages[subscription].remove(message)
            if not self._messages[subscription]:
                del self._messages[subscription]

    def find(self, message: str) -> Sent | None:
        """One message."""
        answers = self._answers.get(message)
        return None if answers is None else Sent(tuple(answers))

    def page(self, subscription: str, space: str, subscriber: str | None, after: str | None, limit: int) -> Page[Sent]:
        """What was sent by way of a subscription from the oldest to the newest, those after the cursor.

        Only what was sent to this subscriber, if that is asked: the id may have been somebody else's before.
        """
        sent = [Sent(tuple(self._answers[message])) for message in self._messages.get(subscription, [])]
        mine = [
            each
            for each in sent
            if each.latest.space == space and (subscriber is None or each.latest.subscriber == subscriber)
        ]
        return page(sorted(mine, key=_key), _key, after, limit)


def _key(sent: Sent) -> str:
    return sent.key
