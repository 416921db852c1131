"""Messages on their way: those that are at work, and those that were laid by."""

from dataclasses import dataclass, field
from functools import partial

from crisis_bus.delivery.agenda import Agenda, Laid
from crisis_bus.delivery.chains import Place
from crisis_bus.delivery.journey import Journey
from crisis_bus.delivery.lines import Lines
from crisis_bus.delivery.logbook import Logbook, Pages
from crisis_bus.delivery.retries import Attempt, Tried
from crisis_bus.delivery.road import Road
from crisis_bus.domain.delivery import Outcome
from crisis_bus.errors import NotReachable


@dataclass(slots=True)
class Journeys:
    """Every message is here once: under way, or on the agenda."""

    road: Road
    book: Logbook
    lines: Lines
    agenda: Agenda = field(default_factory=Agenda)
    under_way: dict[str, Journey] = field(default_factory=dict)

    def knows(self, message: str, *, again: bool) -> bool:
        """Whether a message is here, or done with; what was lost is not if it comes `again` from the dead letters."""
        here = message in self.under_way or message in self.agenda
        return here or self.book.remembered.done(message, again=again)

    def begin(self, pages: Pages, tried: Tried, place: Place | None = None) -> Journey:
        """Let a message join its chain; from now on nobody else does. `go` has to follow, or `break_off`."""
        if place is None:
            place = Place(pages.message, _asleep)
            self.road.chains.join(place)
        journey = Journey(pages.message, self.road, pages, tried, place)
        journey.perhaps_sent = self.lines.are_shut
        self.under_way[pages.message.id] = journey
        return journey

    def stand(self, journey: Journey) -> None:
        """Put a message into its line; it goes before its turn when something replaces it or waits for it."""
        passenger = journey.passenger
        assert passenger is not None
        journey.place.wake = partial(self.lines.hurry, passenger)
        self.lines.stand(journey.message, passenger)
        if journey.place.replaced_by is not None:
            self.lines.hurry(passenger)

    async def go(self, journey: Journey, pages: Pages) -> None:
        """Go with a message as far as its last receipt, or as far as a long wait; raises NotReachable."""
        try:
            await journey.run()
            if (laying := journey.laid_for) is not None:
                place = None if laying.confirm else journey.place
                self.lay(Laid(pages, journey.tried, place, laying.due, laying.turn))
        except NotReachable as failure:
            # Whatever comes after it in its chain must not go before it: it is read again after the restart.
            self.stop(failure)
            raise
        except Exception as error:  # noqa: BLE001 a message that breaks the code must not stop the others
            await pages.bury(f"{type(error).__name__}: {error}")
            detail = "the message broke the sender; it is in the dead letters"
            await pages.tell(Outcome.FAILED, Attempt(self.book.remembered.attempts(pages.message.id)), detail)
        finally:
            del self.under_way[pages.message.id]

    def break_off(self, journey: Journey) -> None:
        """Note that a message was begun and never went; one that has been laid by may be on its way again already."""
        if self.under_way.get(journey.message.id) is journey:
            del self.under_way[journey.message.id]
            self.road.chains.leave(journey.place, delivered=False)

    def lay(self, laid: Laid) -> None:
        """Take a message onto the agenda; it goes on before its time when something replaces it, or its turn comes."""
        chains, now, place = self.road.chains, self.road.world.now, laid.place
        self.agenda.lay(laid)
        if place is None:
            return

        def look() -> None:
            if place.replaced_by is not None or (laid.turn and chains.may_begin(place)):
                self.agenda.wake(laid, now())

        place.wake = look
        look()

    def stop(self, failure: NotReachable | None = None) -> None:
        """Begin no attempt any more; what waits is abandoned, to be read again after the restart."""
        self.road.stop.asked = True
        self.road.stop.failure = self.road.stop.failure or failure
        for journey in self.under_way.values():
            journey.stop()
        self.lines.dissolve()
        self.agenda.changed.set()


def _asleep() -> None:
    """Nobody is there yet who could look."""
