"""What is told about an attempt: a receipt for everybody, and a command for the desk when a channel has failed."""

from collections import OrderedDict
from typing import TypeVar

from crisis_bus.bus.record import Outgoing
from crisis_bus.channels.contract import Report
from crisis_bus.delivery.retries import Attempt, Laying, Tried
from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Outcome, Receipt, Waiting
from crisis_bus.domain.instants import Instant
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, following

SOURCE = "/delivery"
K = TypeVar("K")
V = TypeVar("V")
_EARLY = 10_000
"""Words of providers about messages of which no receipt is known yet."""
_LOST = frozenset({Outcome.FAILED, Outcome.EXPIRED})
_OPEN = frozenset({Outcome.RETRYING, Outcome.ACCEPTED, *_LOST})
"""Outcomes after which another may follow."""


def receipt(message: OutboxMessage, outcome: Outcome, attempt: Attempt, at: Instant, detail: str) -> Receipt:
    """Say how an attempt ended; the same attempt ending the same way has the same id."""
    bulletin = message.bulletin
    return Receipt(
        id=ids.derived("receipt", message.id, str(attempt.number), outcome),
        message=message.id,
        space=bulletin.space,
        number=bulletin.number,
        statement=bulletin.statement,
        incident=bulletin.incident,
        subscription=message.subscription,
        subscriber=message.subscriber,
        channel=message.channel,
        transport=message.transport,
        outlet=message.outlet,
        outcome=outcome,
        attempt=attempt.number,
        at=instants.text(at),
        detail=detail,
        chain=bulletin.chain,
        sequence=bulletin.sequence,
        provider=attempt.provider,
        provider_id=attempt.provider_id,
        payload=attempt.payload,
        due=_due(message, attempt, at),
        test=bulletin.test,
        languages=message.languages,
    )


def _due(message: OutboxMessage, attempt: Attempt, at: Instant) -> str:
    """When a message was to leave; a rehearsal's day is not ours, so that its first attempt is when it was due."""
    if message.bulletin.rehearsal:
        return instants.text(at - round(attempt.seconds * 1000))
    return message.not_before or message.bulletin.published_at


def to_publish(message: OutboxMessage, told: Receipt, cause: Envelope) -> list[Outgoing]:
    """Give the records that follow from a receipt: itself, and `delivery.fail` if an outlet did not get the message."""
    outgoing = [_recorded(told, cause)]
    if message.outlet and told.outcome in _LOST and not told.test:
        outgoing.append(_failure(told, _desk_time(message.bulletin, instants.parse(told.at)), cause))
    return outgoing


def settling(told: Receipt) -> list[Outgoing]:
    """Give the records that follow from a provider's later word of an accepted message."""
    outgoing = [_recorded(told, None)]
    if told.outlet and told.outcome in _LOST and not told.test:
        outgoing.append(_failure(told, instants.parse(told.at), None))
    return outgoing


def waiting(message: OutboxMessage, tried: Tried, laying: Laying, now: Instant) -> Waiting:
    """Say what waits, and how far it has come."""
    began = instants.text(now if tried.began is None else tried.began)
    due = instants.text(laying.due)
    stepped = None if tried.stepped is None else instants.text(tried.stepped)
    return Waiting(
        message=message,
        attempts=tried.attempts,
        began=began,
        due=due,
        why=laying.why,
        turn=laying.turn,
        confirm=laying.confirm,
        step=tried.step,
        stepped=stepped,
    )


def to_lay_by(laid: Waiting, partition: int, now: Instant, cause: Envelope) -> Outgoing:
    """Give the record of a message that waits; its partition has the number that it had in the outbox."""
    name = ids.derived("waiting", laid.message.id, str(laid.attempts), laid.due)
    envelope = messages.message_for(
        laid, types.WAITING, id=name, source=SOURCE, at=now, subject=laid.message.bulletin.number, cause=cause
    )
    return Outgoing(topics.LATER, laid.message.id.encode(), envelope, partition)


def to_take_out(message: str, partition: int, now: Instant, cause: Envelope | None) -> Outgoing:
    """Give the tombstone of a message that waits no more."""
    name = ids.derived("waiting", message, "done")
    come_from = cause or Envelope(message, SOURCE, types.OUTBOX, now, None)
    envelope = following(come_from, id=name, source=SOURCE, type=types.WAITING, time=now, data=None)
    return Outgoing(topics.LATER, message.encode(), envelope, partition)


def _recorded(told: Receipt, cause: Envelope | None) -> Outgoing:
    at = instants.parse(told.at)
    envelope = messages.message_for(
        told, types.RECEIPT, id=told.id, source=SOURCE, at=at, subject=told.number, cause=cause
    )
    return Outgoing(topics.RECEIPTS, told.subscription.encode(), envelope)


def _failure(told: Receipt, at: Instant, cause: Envelope | None) -> Outgoing:
    envelope = messages.command(
        told.space,
        "delivery.fail",
        "delivery",
        {"statement": told.statement, "channel": told.channel},
        id=ids.derived("delivery.fail", told.space, told.statement, told.channel),
        at=at,
        source=SOURCE,
        cause=cause,
    )
    return Outgoing(topics.COMMANDS, told.space.encode(), envelope)


def _desk_time(bulletin: Bulletin, at: Instant) -> Instant:
    """Choose the time of a command: a rehearsal lives in its own day, where our clock knows no time."""
    return instants.parse(bulletin.published_at) if bulletin.rehearsal else at


class Remembered:
    """What receipts say of messages: which are done with, how often the others were tried, who carries what on."""

    def __init__(self, kept: int = 200_000) -> None:
        self._kept = kept
        self._messages: OrderedDict[str, tuple[int, Outcome]] = OrderedDict()
        self._carried: OrderedDict[tuple[str, str], Receipt] = OrderedDict()
        self._early: OrderedDict[tuple[str, str], Report] = OrderedDict()

    def note(self, told: Receipt) -> Report | None:
        """Keep a receipt in mind, in whatever order they come; gives what was said of it before it was known."""
        attempts, outcome = self._messages.get(told.message, (0, Outcome.RETRYING))
        if outcome in _OPEN:  # what was lost may be tried again from the dead letters, a ladder climbed
            outcome = told.outcome if told.attempt >= attempts else outcome
        _keep(self._messages, told.message, (max(attempts, told.attempt), outcome), self._kept)
        if told.provider is None or told.provider_id is None:
            return None
        carried = (told.provider, told.provider_id)
        known = self._carried.get(carried)
        if told.outcome is Outcome.ACCEPTED:
            if known is None or (known.message, known.attempt) != (told.message, told.attempt):
                self.carry(told)
            return self._early.pop(carried, None)
        if known is not None and told.outcome in {Outcome.DELIVERED, Outcome.FAILED}:
            self.carry(told)
        return None

    def attempts(self, message: str) -> int:
        """How often a message was tried."""
        return self._messages.get(message, (0, Outcome.RETRYING))[0]

    def outcome(self, message: str) -> Outcome:
        """What the last receipt of a message says; RETRYING if there is none."""
        return self._messages.get(message, (0, Outcome.RETRYING))[1]

    def done(self, message: str, *, again: bool = False) -> bool:
        """Whether a message has its final receipt; one that was lost is tried `again` if somebody asks for it."""
        outcome = self.outcome(message)
        return outcome is not Outcome.RETRYING and not (again and outcome in _LOST)

    def carried(self, provider: str, report: Report, *, keep: bool) -> Receipt | None:
        """Find the last receipt of what a provider speaks of; its word may be kept for one that is still to come."""
        carried = (provider, report.provider_id)
        if (found := self._carried.get(carried)) is None and keep:
            _keep(self._early, carried, report, _EARLY)
        return found

    def carry(self, told: Receipt) -> None:
        """Keep in mind what became of a message that a provider has accepted."""
        _keep(self._carried, (told.provider or "", told.provider_id or ""), told, self._kept)


def _keep(among: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    among[key] = value
    among.move_to_end(key)
    if len(among) > most:
        among.popitem(last=False)
