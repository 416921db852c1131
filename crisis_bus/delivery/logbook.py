"""What a worker puts on the log, and what it remembers of it."""

from dataclasses import dataclass, field

from crisis_bus.bus.record import Record, buried
from crisis_bus.channels.contract import Report
from crisis_bus.delivery import receipts
from crisis_bus.delivery.ports import Observer, Publish, World
from crisis_bus.delivery.receipts import Remembered
from crisis_bus.delivery.retries import Attempt, Laying, Tried
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Sheaf, settled
from crisis_bus.errors import NotReachable
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope, to_kafka


@dataclass(slots=True)
class Logbook:
    """Receipts, waiting messages and dead letters; everything returns when Kafka has it, and raises NotReachable."""

    publish: Publish
    world: World
    observer: Observer
    remembered: Remembered = field(default_factory=Remembered)

    async def settle(self, provider: str, report: Report, *, keep: bool = True) -> bool:
        """Write down what a provider says later of a message, once; false if nobody knows of the message (yet)."""
        carried = self.remembered.carried(provider, report, keep=keep)
        if carried is None or carried.outcome is not Outcome.ACCEPTED:
            return carried is not None
        told = settled(carried, report.outcome, self.world.now(), report.detail)
        self.remembered.carry(told)
        try:
            await self.publish(receipts.settling(told))
        except NotReachable:
            self.remembered.carry(carried)
            raise
        return True

    async def bury(self, record: Record, reason: str) -> None:
        """Put a record into the dead letters."""
        await self.publish([buried(record, reason, self.world.now())])
        self.observer.dead_lettered(record.topic, reason)


@dataclass(slots=True)
class Pages:
    """The log of one message that came from `offset`; `laid` says whether it stands among those that wait."""

    book: Logbook
    message: OutboxMessage
    cause: Envelope
    partition: int
    offset: int
    laid: bool = False

    async def tell(self, outcome: Outcome, attempt: Attempt, why: str, *, goes_on: bool = False) -> None:
        """Put a receipt on the log; with the last one the message waits no more, unless it still `goes_on`."""
        book, now = self.book, self.book.world.now()
        told = receipts.receipt(self.message.at(attempt.step), outcome, attempt, now, why)
        await book.publish(receipts.to_publish(self.message, told, self.cause))
        if outcome is not Outcome.RETRYING and not goes_on:
            # Not before the receipt is there: the outbox does not have the message any more.
            await self.take_out()
        report = book.remembered.note(told)
        book.observer.receipted(self.message, told, attempt.seconds)
        if report is not None and told.provider is not None:
            await book.settle(told.provider, report)

    async def take_out(self) -> None:
        """Say that the message waits no more."""
        if self.laid:
            now = self.book.world.now()
            await self.book.publish([receipts.to_take_out(self.message.id, self.partition, now, self.cause)])

    async def lay_by(self, tried: Tried, laying: Laying) -> None:
        """Put the message among those that wait."""
        now = self.book.world.now()
        waiting = receipts.waiting(self.message, tried, laying, now)
        await self.book.publish([receipts.to_lay_by(waiting, self.partition, now, self.cause)])
        self.laid = True

    async def bury(self, reason: str) -> None:
        """Put the message into the dead letters, as the outbox would carry it alone."""
        now, message = self.book.world.now(), self.message
        alone = Sheaf(bulletin=message.bulletin, messages=(message.model_dump(mode="json", exclude={"bulletin"}),))
        source = receipts.SOURCE
        envelope = messages.message_for(alone, types.OUTBOX, id=message.id, source=source, at=now, cause=self.cause)
        headers, value = to_kafka(envelope)
        topic = topics.OUTBOX_URGENT if message.bulletin.urgent else topics.OUTBOX_ROUTINE
        key = message.subscription.encode()
        await self.book.bury(Record(topic, self.partition, self.offset, now, key, tuple(headers), value), reason)
