"""What waits in `crisis.later.v1`: taken over with its partitions, and let go on when it is due."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial

from crisis_bus.bus.record import Record
from crisis_bus.delivery import confirming, receipts
from crisis_bus.delivery.agenda import Laid
from crisis_bus.delivery.chains import Place
from crisis_bus.delivery.journey import Journey
from crisis_bus.delivery.logbook import Pages
from crisis_bus.delivery.reading import expiry, read_waiting
from crisis_bus.delivery.retries import Tried
from crisis_bus.delivery.travelling import Journeys
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Outcome, Waiting
from crisis_bus.errors import NotReachable, UnreadableMessage
from crisis_bus.wire.envelope import Envelope

_RESUMED = 5_000
"""Messages that go on at the same moment; the others follow when one of them is done with."""


@dataclass(slots=True)
class WaitingRoom:
    """Keeps the agenda of a worker; nobody leaves it before `open`."""

    journeys: Journeys
    _resumed: set[asyncio.Task[None]] = field(default_factory=set)
    _open: bool = True

    async def adopt(self, records: Iterable[Record]) -> None:
        """Take over what waits in the partitions that came, the latest record of each key; raises NotReachable.

        None of it goes on before `open`: what is older and came from the outbox has to join before.
        """
        self.let_go()
        self._open = False
        self.journeys.lines.shut()
        for record in records:
            try:
                cause, waiting = read_waiting(record)
            except UnreadableMessage as error:
                await self.journeys.book.bury(record, str(error))
            else:
                await self._take_over(record, cause, waiting)

    async def _take_over(self, record: Record, cause: Envelope, waiting: Waiting) -> None:
        book, message, now = self.journeys.book, waiting.message, self.journeys.road.world.now()
        known = book.remembered
        if known.done(message.id) and not waiting.confirm:
            await book.publish([receipts.to_take_out(message.id, record.partition, now, cause)])
            return
        # Of an acceptance that is not on the log nobody knows: it is tried again, by the same way.
        accepted = waiting.confirm and known.attempts(message.id) >= waiting.attempts
        place = None if accepted else Place(message, lambda: None)
        if place is not None:
            self.journeys.road.chains.join(place)
        waits = not waiting.confirm or (accepted and known.outcome(message.id) is Outcome.ACCEPTED)
        due = instants.parse(waiting.due) if waits else now
        pages = Pages(book, message, cause, record.partition, record.offset, laid=True)
        self.journeys.lay(Laid(pages, _tried(waiting, known.attempts(message.id)), place, due, waiting.turn))

    def open(self) -> None:
        """All that somebody before us may have worked on has joined: what waits may go on."""
        self._open = True
        self.journeys.lines.open()
        self.journeys.agenda.changed.set()

    def close(self) -> Collection[asyncio.Task[None]]:
        """Let nothing that waits go on any more; gives what is under way of it."""
        self._open = False
        return self._resumed.copy()

    def let_go(self) -> None:
        """Forget all that waits: the partitions have gone, or will be read anew."""
        for laid in self.journeys.agenda.clear():
            if laid.place is not None:
                self.journeys.road.chains.leave(laid.place, delivered=False)

    async def keep(self) -> None:
        """Let go on what is due, for ever; raises NotReachable if something could not be written down."""
        stop, agenda = self.journeys.road.stop, self.journeys.agenda
        while stop.failure is None:
            agenda.changed.clear()
            now = self.journeys.road.world.now()
            if self._open and not stop.asked:
                for laid in agenda.due(now, _RESUMED - len(self._resumed)):
                    self._resume(laid)
            # Whoever is done with, or opens, or stops, says so by `changed`.
            going = self._open and not stop.asked and len(self._resumed) < _RESUMED
            try:
                async with asyncio.timeout(agenda.seconds(now) if going else None):
                    await agenda.changed.wait()
            except TimeoutError:
                continue
        raise stop.failure

    def _resume(self, laid: Laid) -> None:
        if laid.place is None:
            journey, work = None, confirming.conclude(self.journeys, laid)
        else:
            journey = self.journeys.begin(laid.pages, laid.tried, laid.place)
            work = self.journeys.go(journey, laid.pages)
        task = asyncio.create_task(work)
        self._resumed.add(task)
        task.add_done_callback(partial(self._ended, journey or laid))

    def _ended(self, what: Journey | Laid, task: asyncio.Task[None]) -> None:
        self._resumed.discard(task)
        if isinstance(what, Laid):
            self.journeys.agenda.drop(what)
        else:
            self.journeys.break_off(what)
        self.journeys.agenda.changed.set()
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, NotReachable):
            self.journeys.stop(failure)
        elif failure is not None:
            raise failure  # a defect: asyncio logs what leaves a callback


def _tried(waiting: Waiting, known: int) -> Tried:
    return Tried(
        max(waiting.attempts, known),
        instants.parse(waiting.began) if waiting.attempts else None,
        expiry(waiting.message),
        waiting.step,
        None if waiting.stepped is None else instants.parse(waiting.stepped),
    )
