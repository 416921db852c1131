"""The outbox worker: for each record one delivery, each with exactly one final receipt.

`handle` returns when the final receipt is on the log, so a record that is committed is done with.
It must be called for all records at once (`consumer.lane_of_its_own`): the worker keeps the order of
a chain itself, because a newer message has to be seen while an older one still waits.

One worker reads both outbox topics. With several workers, partitions of one number of both topics go to
one member of the group, so that a destination's urgent and routine messages meet in one worker. What
was delivered before comes from the receipts (`recall`): all of them before the first record of a
partition that came (`bus/admission.py`), then as they come. What may have left without a receipt,
before a crash, is known too: everything that somebody may have worked on joins before anything
leaves. Only a worker that was frozen for longer than its session, in the middle of a request, can
still send what is old: nobody can call that back.
"""

import asyncio
from collections.abc import Mapping
from functools import partial

from crisis_bus.bus.record import Record, buried
from crisis_bus.channels.contract import Channel
from crisis_bus.delivery import receipts
from crisis_bus.delivery.chains import Chains
from crisis_bus.delivery.journey import Journey, Road, Stop
from crisis_bus.delivery.ports import Limits, Observer, OnGone, Publish, Slots, World
from crisis_bus.delivery.reading import Outbox
from crisis_bus.delivery.receipts import Remembered
from crisis_bus.delivery.retries import Tried
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import NotReachable, UnreadableMessage
from crisis_bus.wire.envelope import Envelope


class Worker:
    """Delivers what comes, through the channels that it is given."""

    def __init__(
        self,
        channels: Mapping[Transport, Channel],
        publish: Publish,
        world: World,
        observer: Observer,
        on_gone: OnGone,
        limits: Limits,
    ) -> None:
        self._publish = publish
        self._world = world
        self._observer = observer
        self._outbox = Outbox()
        self._remembered = Remembered()
        self._under_way: dict[str, Journey] = {}
        self._road = Road(channels, Chains(), Slots(limits.concurrency), limits, world, on_gone, Stop())

    @property
    def under_way(self) -> int:
        """How many messages have no final receipt yet."""
        return len(self._under_way)

    def recall(self, told: Receipt) -> None:
        """Learn from a receipt on the log."""
        self._remembered.note(told)
        if told.outcome.reached:
            self._road.chains.told((told.subscription, told.chain), told.sequence, told.number)

    def stop(self, failure: NotReachable | None = None) -> None:
        """Begin no attempt any more; what waits is abandoned, to be read again after the restart."""
        self._road.stop.asked = True
        self._road.stop.failure = self._road.stop.failure or failure
        for journey in self._under_way.values():
            journey.stop()

    async def handle(self, record: Record) -> None:
        """Deliver a record's message, or put the record into the dead letters; raises NotReachable."""
        try:
            cause, messages = self._outbox.read(record)
        except UnreadableMessage as error:
            await self._bury(record, str(error))
            return
        if len(messages) == 1:
            await self._handle(record, messages[0], cause)
            return
        # Not a TaskGroup: it would count a message that was abandoned as done, and its record would be committed.
        ends = await asyncio.gather(*(self._handle(record, each, cause) for each in messages), return_exceptions=True)
        for end in sorted(filter(None, ends), key=lambda end: isinstance(end, asyncio.CancelledError)):
            raise end

    async def _handle(self, record: Record, message: OutboxMessage, cause: Envelope) -> None:
        try:
            await self._deliver(message, cause)
        except NotReachable as failure:
            # Whatever comes after it in its chain must not go before it: it is read again after the restart.
            self.stop(failure)
            raise
        except Exception as error:  # noqa: BLE001 a message that breaks the code must not stop the others
            await self._bury(record, f"{type(error).__name__}: {error}")
            detail = "the message broke the sender; it is in the dead letters"
            await self._tell(message, cause, Outcome.FAILED, self._remembered.attempts(message.id), detail, 0.0)

    async def _deliver(self, message: OutboxMessage, cause: Envelope) -> None:
        if self._remembered.done(message.id) or message.id in self._under_way:
            return
        now = self._world.now()
        tried = Tried(self._remembered.attempts(message.id), began=now, now=now, expires=_expiry(message))
        journey = Journey(message, self._road, partial(self._tell, message, cause), tried)
        self._under_way[message.id] = journey
        try:
            await journey.run()
        finally:
            del self._under_way[message.id]

    async def _tell(
        self, message: OutboxMessage, cause: Envelope, outcome: Outcome, attempt: int, detail: str, seconds: float
    ) -> None:
        told = receipts.receipt(message, outcome, attempt, self._world.now(), detail)
        await self._publish(receipts.to_publish(message, told, cause))
        self._remembered.note(told)
        self._observer.receipted(message, told, seconds)

    async def _bury(self, record: Record, reason: str) -> None:
        await self._publish([buried(record, reason, self._world.now())])
        self._observer.dead_lettered(record.topic, reason)


def _expiry(message: OutboxMessage) -> int | None:
    """When a bulletin expires by our clock; a rehearsal's day is not ours."""
    bulletin = message.bulletin
    return None if bulletin.expires is None or bulletin.rehearsal else instants.parse(bulletin.expires)
