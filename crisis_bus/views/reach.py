"""The ledger of deliveries: for each statement and channel what was due, sent, accepted, delivered and lost, and when.

The same answer whatever the order of receipts and however often they come: of each message the earliest acceptance and
delivery, and the best that became of it, count. KPI-05, KPI-07, KPI-08, KPI-09 and KPI-18 are read from it.

Only so many messages are at hand, those of the statements that were heard of last. The others are folded into their
statement's tallies, where a later word of a provider still counts; what is tried again is heard of again.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Expansion, Outcome, Receipt, is_later_word
from crisis_bus.domain.instants import Instant
from crisis_bus.views.tally import Line, Tally, Told

AT_HAND = 100_000
"""Messages; each takes half a kilobyte."""
_ALL = ""
"""The name of the tally of all channels together."""


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
    people: dict[str, tuple[Told, ...]] = field(default_factory=dict)
    """Subscription → its messages that are at hand."""
    expansions: dict[str, dict[str, int]] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    """Of what is not at hand any more, by channel and of all."""
    first: Instant | None = None
    fastest: Instant | None = None
    """The shortest wait from when a message was due."""
    first_in: dict[str, Instant] = field(default_factory=dict)
    """Language → when the first destination had it."""

    def arrived(self, languages: Iterable[str], at: Instant, wait: Instant) -> None:
        """Take when a destination had it, and how long after it was due."""
        self.first = at if self.first is None else min(self.first, at)
        self.fastest = wait if self.fastest is None else min(self.fastest, wait)
        for language in languages:
            self.first_in[language] = min(at, self.first_in.get(language, at))

    def fold(self, subscriptions: Iterable[str]) -> int:
        """Keep only counts of what was sent to these; gives how many messages are not at hand any more."""
        gone = 0
        for subscription in subscriptions:
            messages = self.people.pop(subscription)
            gone += len(messages)
            _count(self.tallies, [each for each in messages if each.outcome is not Outcome.RETRYING])
        for tally in self.tallies.values():
            tally.fold()
        return gone

    def counted(self) -> dict[str, Tally]:
        """Tallies of everything, by channel and of all."""
        tallies = deepcopy(self.tallies)
        for messages in self.people.values():
            _count(tallies, messages)
        return tallies


@dataclass(slots=True)
class Reach:
    """The fold of receipts and expansions."""

    at_hand: int = AT_HAND
    _statements: OrderedDict[tuple[str, str], _Statement] = field(default_factory=OrderedDict)
    """The one that was heard of last comes last."""
    _held: int = 0

    def receipt(self, receipt: Receipt) -> None:
        """Take a receipt."""
        one = self._of(receipt.space, receipt.statement)
        self._statements.move_to_end((receipt.space, receipt.statement))
        at = instants.parse(receipt.at)
        due = at if receipt.due is None else instants.parse(receipt.due)
        if receipt.outcome.reached:
            one.arrived(receipt.languages, at, at - due)
        known = one.people.get(receipt.subscription, ())
        told = next((each for each in known if each.message == receipt.message), None)
        if told is None and one.tallies and is_later_word(receipt):
            for channel in (receipt.channel, _ALL):
                one.tallies.setdefault(channel, Tally()).later(receipt, at - due)
            return
        if told is None:
            told = Told(receipt.message, receipt.subscription, receipt.channel, due)
            one.people[receipt.subscription] = (*known, told)
            self._held += 1
        told.take(receipt, at, due)
        if self._held > self.at_hand:
            self._make_room()

    def expansion(self, expansion: Expansion) -> None:
        """Take how many messages an order led to; said again after a crash, the last word counts."""
        self._of(expansion.space, expansion.statement).expansions[expansion.order] = expansion.channels

    def lines(self, space: str, statement: str) -> list[Line]:
        """The ledger of a statement, channel by channel."""
        expected, tallies = self._due(space, statement), self._find(space, statement).counted()
        channels = sorted({*expected, *tallies} - {_ALL})
        return [
            tallies.get(channel, Tally()).line(channel, expected[channel], expected[channel]) for channel in channels
        ]

    def total(self, space: str, statement: str) -> Line:
        """All channels of a statement together: who is on two of them has two messages, and is one of the people."""
        tallies, expected = self._find(space, statement).counted(), self._due(space, statement)
        every = tallies.pop(_ALL, Tally())
        seen = Counter({channel: tally.messages for channel, tally in tallies.items()})
        return every.line(_ALL, (expected | seen).total(), expected.total())

    def statements(self, space: str, prefix: str) -> list[str]:
        """The statements of a space whose names begin so."""
        return sorted(name for where, name in self._statements if where == space and name.startswith(prefix))

    def folded(self, space: str, statement: str) -> bool:
        """Whether some messages of a statement are not at hand any more."""
        return bool(self._find(space, statement).tallies)

    def first(self, space: str, statement: str) -> Instant | None:
        """When the first destination had it (KPI-05, KPI-19)."""
        return self._find(space, statement).first

    def fastest(self, space: str, statement: str) -> Instant | None:
        """How long after it was due the first destination had it: a rehearsal's day is not ours."""
        return self._find(space, statement).fastest

    def lags(self, space: str, statement: str, languages: Sequence[str]) -> dict[str, float | None]:
        """KPI-09: for each language after the first, the authority text, how many seconds later somebody had it.

        None while nobody has it; a version that came before the authority text does not lag.
        """
        had = self._find(space, statement).first_in
        if not languages or languages[0] not in had:
            return {}
        return {each: max(0, had[each] - had[languages[0]]) / 1000 if each in had else None for each in languages[1:]}

    def corrected(self, space: str, statement: str, correction: str) -> Corrected:
        """KPI-18: who has a statement, and who of them has not got what corrects it."""
        had, have = self._arrived(space, statement), self._arrived(space, correction)
        corrected = {each.subscription for each in have}
        missing = [each for each in had if each.subscription not in corrected]
        dark = {each.channel for each in had} - {each.channel for each in have}
        return Corrected(len(had), missing, sorted(dark))

    def outcomes(self, space: str, statement: str) -> dict[str, Outcome]:
        """What became of a statement at each destination that is at hand."""
        return {each.subscription: each.outcome for each in self._told(space, statement)}

    def _arrived(self, space: str, statement: str) -> list[Told]:
        """Who has it; what a peer accepted and gave back later did not arrive."""
        return [each for each in self._told(space, statement) if each.outcome.reached]

    def _told(self, space: str, statement: str) -> list[Told]:
        return [each for messages in self._find(space, statement).people.values() for each in messages]

    def _due(self, space: str, statement: str) -> Counter[str]:
        """Channel → how many messages all orders led to."""
        expected: Counter[str] = Counter()
        for channels in self._find(space, statement).expansions.values():
            expected.update(channels)
        return expected

    def _make_room(self) -> None:
        """Fold what was heard of longest ago, a tenth of the room at a time."""
        for one in self._statements.values():
            wanted = self._held - self.at_hand + self.at_hand // 10
            if wanted <= 0:
                return
            self._held -= one.fold(list(one.people)[:wanted])

    def _find(self, space: str, statement: str) -> _Statement:
        return self._statements.get((space, statement)) or _Statement()

    def _of(self, space: str, statement: str) -> _Statement:
        found = self._statements.get((space, statement))
        if found is None:
            found = self._statements[space, statement] = _Statement()
        return found


def _count(tallies: dict[str, Tally], messages: Sequence[Told]) -> None:
    """Count what was sent to one destination."""
    by_channel: dict[str, list[Told]] = {}
    for told in messages:
        by_channel.setdefault(told.channel, []).append(told)
        tallies.setdefault(told.channel, Tally()).add(told)
        tallies.setdefault(_ALL, Tally()).add(told)
    for channel, some in by_channel.items():
        tallies[channel].person(some)
    if messages:
        tallies[_ALL].person(messages)
