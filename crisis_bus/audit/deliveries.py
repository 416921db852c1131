"""What the receipts say against the journal: INV-1, INV-4, INV-5 and INV-15 as far as deliveries show them.

Receipts of a text that the journal does not know yet wait for it, because two topics have no common order.
A destination that left, paused or asked for less in the meantime is not missed: only one that still asks is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisis_bus.audit.findings import Breach, Finding, found
from crisis_bus.audit.seen import SeenText, Space
from crisis_bus.domain.delivery import Receipt
from crisis_bus.domain.instants import MINUTE, Instant, parse
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.domain.values import ChannelClass

SKEW = MINUTE
"""So much may the clock of a sender differ from the broker's."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    receipt: Receipt
    partition: int
    offset: int
    since: Instant


def channel_of_its_class(space: Space, text: SeenText, receipt: Receipt) -> Iterator[Breach]:
    """INV-5: an exercise is delivered on EXERCISE channels only, a real text on none of them."""
    row = space.policy(text.written.incident, 0).channel_of.get(receipt.channel)
    drill = row is not None and row.reaches is ChannelClass.EXERCISE
    if drill != text.written.exercise:
        code = "drill_leaked" if text.written.exercise else "real_on_drill"
        yield Breach(code, receipt.statement, {"channels": receipt.channel})


def delivered_where_published(text: SeenText, receipt: Receipt) -> Iterator[Breach]:
    """INV-1, ESC-11: a text is delivered on the channels of its publication, their alternates, or as embargoed copy."""
    if receipt.channel not in {*text.channels, *text.copied_to, *text.rerouted_to}:
        yield Breach("delivered_elsewhere", receipt.statement, {"channel": receipt.channel})


def delivered_after_publication(space: Space, text: SeenText, receipt: Receipt) -> Iterator[Breach]:
    """INV-15: nothing is delivered before its publication; a rehearsal has a time of its own."""
    early = text.published_at is not None and parse(receipt.at) + SKEW < text.published_at
    if early and space.zero is None and receipt.channel not in text.copied_to:
        yield Breach("delivered_early", receipt.statement, {"channel": receipt.channel})


def asks_for(subscription: Subscription | None, space: Space, text: SeenText) -> bool:
    """Whether a destination certainly still asks for a correction; in doubt it does not."""
    if subscription is None or subscription.paused or subscription.channel not in text.channels:
        return False
    incident, wish = space.incidents[text.written.incident], subscription.filter
    kinds = not wish.kinds or text.written.kind in wish.kinds
    return kinds and not wish.emirates and wish.min_grade <= incident.grade and wish.min_level <= incident.level


@dataclass(slots=True)
class Deliveries:
    """The fold of receipts; it keeps one name a destination and text, as the views do."""

    patience: int
    """So long may the journal be behind a receipt, in milliseconds."""
    arrival: int
    """So long may a correction take to a destination, in milliseconds."""
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    _waiting: list[_Waiting] = field(default_factory=list)
    _reached: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _heard: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _arrived: set[tuple[str, str]] = field(default_factory=set)
    """Corrections that every destination of their texts has heard of: nobody asks again."""

    def take(self, receipt: Receipt, partition: int, offset: int, now: Instant) -> None:
        """Keep the next receipt until it is judged."""
        key = (receipt.space, receipt.statement)
        self._heard.setdefault(key, set()).add(receipt.subscription)
        if receipt.outcome.reached:
            self._reached.setdefault(key, set()).add(receipt.subscription)
            self._waiting.append(_Waiting(receipt, partition, offset, now))

    def judge(self, spaces: dict[str, Space], now: Instant) -> list[Finding]:
        """Judge what has waited: each receipt once, when its text is known or the patience is over."""
        waiting, self._waiting = self._waiting, []
        findings: list[Finding] = []
        for one in waiting:
            space = spaces.get(one.receipt.space)
            text = None if space is None else space.texts.get(one.receipt.statement)
            if space is None or text is None or not (text.published_at is not None or text.copied_to):
                findings += self._unknown(one, now)
                continue
            breaches = self._against(space, text, one.receipt)
            findings += [found(breach, space.name, one.partition, one.offset) for breach in breaches]
        return findings

    def missed(self, spaces: Iterable[Space], now: Instant) -> Iterator[Finding]:
        """INV-4: destinations that got a text and, in time, nothing of what corrects, retracts or ends it."""
        for space in spaces:
            late = [] if space.zero is not None else space.corrections
            for name in late:
                published = space.texts[name].published_at
                due = published is not None and published + self.arrival < now
                if due and (space.name, name) not in self._arrived:
                    yield from self._missed(space, name)

    def _missed(self, space: Space, name: str) -> Iterator[Finding]:
        text, heard = space.texts[name], self._heard.get((space.name, name), set())
        missed = {ref: self._reached.get((space.name, ref), set()) - heard for ref in text.written.refs}
        if not any(missed.values()):
            self._arrived.add((space.name, name))
        for ref, missing in missed.items():
            asking = {self.subscriptions[each].channel for each in missing if self._asks(each, space, text)}
            for channel in sorted(asking):
                details = {"channel": channel, "ref": ref, "minutes": self.arrival // MINUTE}
                yield found(Breach("destination_missed", name, details), space.name, -1, -1)

    def _asks(self, name: str, space: Space, text: SeenText) -> bool:
        return asks_for(self.subscriptions.get(name), space, text)

    def _unknown(self, one: _Waiting, now: Instant) -> list[Finding]:
        if one.since + self.patience >= now:
            self._waiting.append(one)
            return []
        receipt = one.receipt
        breach = Breach("delivered_unpublished", receipt.statement, {"channel": receipt.channel})
        return [found(breach, receipt.space, one.partition, one.offset)]

    def _against(self, space: Space, text: SeenText, receipt: Receipt) -> Iterator[Breach]:
        yield from channel_of_its_class(space, text, receipt)
        yield from delivered_where_published(text, receipt)
        yield from delivered_after_publication(space, text, receipt)
