"""What becomes of a message that was accepted, when its time to be confirmed is over or somebody has said something."""

from crisis_bus.delivery import ladder
from crisis_bus.delivery.agenda import Laid
from crisis_bus.delivery.chains import Place
from crisis_bus.delivery.retries import Attempt
from crisis_bus.delivery.travelling import Journeys
from crisis_bus.domain.delivery import Outcome


async def conclude(journeys: Journeys, laid: Laid) -> None:
    """Climb to the next way, or say that nobody has confirmed it; nothing if it has arrived. Raises NotReachable."""
    pages, tried, now = laid.pages, laid.tried, journeys.road.world.now()
    outcome = journeys.book.remembered.outcome(pages.message.id)
    expired = tried.expires is not None and tried.expires <= now
    if outcome is Outcome.DELIVERED or expired:
        await pages.take_out()
    elif pages.message.after(tried.step) is not None:
        await _climb(journeys, laid)
    elif outcome is Outcome.ACCEPTED:
        attempt = Attempt(tried.attempts, step=tried.step)
        await pages.tell(Outcome.FAILED, attempt, "nobody has confirmed in time that it arrived")
    else:
        await pages.take_out()


async def _climb(journeys: Journeys, laid: Laid) -> None:
    pages, chains, now = laid.pages, journeys.road.chains, journeys.road.world.now()
    place = Place(pages.message, lambda: None)
    chains.join(place)
    if place.replaced_by is not None:  # whoever has the older text by one way has or will have the newer one
        chains.leave(place, delivered=False)
        await pages.take_out()
        return
    journeys.agenda.drop(laid)
    await journeys.go(journeys.begin(pages, ladder.climbed(laid.tried, now), place), pages)
