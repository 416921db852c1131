"""What is told about an attempt: a receipt for everybody, and a command for the desk when a channel has failed."""

from collections import OrderedDict

from crisis_bus.bus.record import Outgoing
from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Outcome, Receipt
from crisis_bus.domain.instants import Instant
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope

SOURCE = "/delivery"
_LOST = frozenset({Outcome.FAILED, Outcome.EXPIRED})


def receipt(message: OutboxMessage, outcome: Outcome, attempt: int, at: Instant, detail: str) -> Receipt:
    """Say how an attempt ended; the same attempt ending the same way has the same id."""
    bulletin = message.bulletin
    return Receipt(
        id=ids.derived("receipt", message.id, str(attempt), outcome),
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
        attempt=attempt,
        at=instants.text(at),
        detail=detail,
        chain=bulletin.chain,
        sequence=bulletin.sequence,
    )


def to_publish(message: OutboxMessage, told: Receipt, cause: Envelope) -> list[Outgoing]:
    """Give the records that follow from a receipt: itself, and `delivery.fail` if an outlet did not get the message."""
    at = instants.parse(told.at)
    envelope = messages.message_for(
        told, types.RECEIPT, id=told.id, source=SOURCE, at=at, subject=told.number, cause=cause
    )
    outgoing = [Outgoing(topics.RECEIPTS, message.subscription.encode(), envelope)]
    if message.outlet and told.outcome in _LOST:
        outgoing.append(_failure(message, at, cause))
    return outgoing


def _failure(message: OutboxMessage, at: Instant, cause: Envelope) -> Outgoing:
    bulletin = message.bulletin
    envelope = messages.command(
        bulletin.space,
        "delivery.fail",
        "delivery",
        {"statement": bulletin.statement, "channel": message.channel},
        id=ids.derived("delivery.fail", bulletin.space, bulletin.statement, message.channel),
        at=_desk_time(bulletin, at),
        source=SOURCE,
        cause=cause,
    )
    return Outgoing(topics.COMMANDS, bulletin.space.encode(), envelope)


def _desk_time(bulletin: Bulletin, at: Instant) -> Instant:
    """Choose the time of a command: a rehearsal lives in its own day, where our clock knows no time."""
    return instants.parse(bulletin.published_at) if bulletin.rehearsal else at


class Remembered:
    """What earlier receipts say of messages: which are done with, and how often the others were tried."""

    def __init__(self, kept: int = 200_000) -> None:
        self._kept = kept
        self._messages: OrderedDict[str, tuple[int, bool]] = OrderedDict()

    def note(self, told: Receipt) -> None:
        """Keep a receipt in mind, in whatever order they come."""
        attempts, final = self._messages.get(told.message, (0, False))
        self._messages[told.message] = (max(attempts, told.attempt), final or told.outcome is not Outcome.RETRYING)
        self._messages.move_to_end(told.message)
        if len(self._messages) > self._kept:
            self._messages.popitem(last=False)

    def attempts(self, message: str) -> int:
        """How often a message was tried."""
        return self._messages.get(message, (0, False))[0]

    def done(self, message: str) -> bool:
        """Whether a message has its final receipt."""
        return self._messages.get(message, (0, False))[1]
