"""The outbox worker: for each message one delivery, each with exactly one final receipt.

`handle` returns when the messages of a record have their final receipts or are laid by in `crisis.later.v1`, so a
record that is committed is done with. It must be called for all records at once (`lanes.lane_of_its_own`): the
worker keeps the order of a chain itself, because a newer message has to be seen while an older one still waits.

One worker reads both outbox topics. With several workers, partitions of one number of all topics go to one member of
the group, so that a destination's messages meet in one worker. What was delivered before comes from the receipts
(`recall`), what waits from `crisis.later.v1` (`waiting.py`): all of it before the first record of a partition that came
(`bus/admission.py`), then as it comes. What may have left without a receipt, before a crash, is known too: everything
that somebody may have worked on joins before anything leaves. Only a worker that was frozen for longer than its
session, in the middle of a request, can still send what is old: nobody can call that back.
"""

from crisis_bus.bus.controls import REPLAY
from crisis_bus.bus.record import Record
from crisis_bus.channels.contract import Report
from crisis_bus.delivery.carriers import Carriers
from crisis_bus.delivery.chains import Chains
from crisis_bus.delivery.convoy import Convoy
from crisis_bus.delivery.journey import Journey
from crisis_bus.delivery.lines import Lines
from crisis_bus.delivery.logbook import Logbook, Pages
from crisis_bus.delivery.ports import Observer, OnGone, Publish, World
from crisis_bus.delivery.reading import Outbox, expiry
from crisis_bus.delivery.retries import Tried
from crisis_bus.delivery.road import Road, Stop
from crisis_bus.delivery.travelling import Journeys
from crisis_bus.delivery.waiting import WaitingRoom
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.errors import NotReachable, UnreadableMessage
from crisis_bus.wire.envelope import Envelope


class Worker:
    """Delivers what comes, through the providers that it is given."""

    def __init__(self, carriers: Carriers, publish: Publish, world: World, observer: Observer, on_gone: OnGone) -> None:
        self._outbox = Outbox()
        self._road = Road(carriers, Chains(), world, on_gone, Stop())
        self._book = Logbook(publish, world, observer)
        self._journeys = Journeys(self._road, self._book, Lines(carriers))
        self.room = WaitingRoom(self._journeys)

    @property
    def under_way(self) -> int:
        """How many messages are at work; those that were laid by are not."""
        return len(self._journeys.under_way)

    def busy(self, most: int) -> bool:
        """Whether so many messages stand in lines, and no line of routine messages could let one go at once."""
        return self._journeys.lines.busy(most)

    @property
    def waiting(self) -> int:
        """How many messages were laid by."""
        return len(self._journeys.agenda)

    def recall(self, told: Receipt) -> Report | None:
        """Learn from a receipt on the log; gives what its provider said of it before the receipt was there."""
        if told.outcome.reached:
            self._road.chains.told((told.subscription, told.chain), told.sequence, told.number)
        report = self._book.remembered.note(told)
        if told.outcome in {Outcome.DELIVERED, Outcome.FAILED}:
            self._journeys.agenda.heard(told.message, self._road.world.now())
        return report

    async def settle(self, provider: str, report: Report, *, keep: bool = True) -> bool:
        """Hear what a provider says later of a message that it has accepted; raises NotReachable.

        False if the message is not known; with `keep` the word waits in memory for its receipt.
        """
        return await self._book.settle(provider, report, keep=keep)

    async def bury(self, record: Record, reason: str) -> None:
        """Put a record that cannot be read into the dead letters; raises NotReachable."""
        await self._book.bury(record, reason)

    def pause(self, target: str, *, paused: bool) -> None:
        """Pause or resume a transport or a provider; what waits for it goes on at once."""
        self._road.carriers.pause(target, paused=paused)
        self._journeys.agenda.wake_all(self._road.world.now())

    def suppress(self, mark: str, *, suppressed: bool) -> None:
        """Put an address on the suppression list by its mark, or take it off."""
        marks = self._road.carriers.suppressed
        (marks.add if suppressed else marks.discard)(mark)

    def stop(self, failure: NotReachable | None = None) -> None:
        """Begin no attempt any more; what waits is abandoned, to be read again after the restart."""
        self._journeys.stop(failure)

    async def handle(self, record: Record) -> None:
        """Deliver a record's messages, or put the record into the dead letters; raises NotReachable."""
        try:
            cause, messages = self._outbox.read(record)
        except UnreadableMessage as error:
            await self._book.bury(record, str(error))
            return
        if self._road.stop.asked:
            await self._road.stop.abandon()
        again = any(name == REPLAY for name, _ in record.headers)
        begun = [
            self._begun(record, message, cause)
            for message in messages
            if not self._journeys.knows(message.id, again=again)
        ]
        await Convoy(self._journeys, begun).travel()

    def _begun(self, record: Record, message: OutboxMessage, cause: Envelope) -> tuple[Journey, Pages]:
        tried = Tried(self._book.remembered.attempts(message.id), expires=expiry(message))
        pages = Pages(self._book, message, cause, record.partition, record.offset)
        return self._journeys.begin(pages, tried), pages
