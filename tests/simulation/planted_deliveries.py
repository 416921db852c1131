"""Faults of delivery that are put in on purpose."""

from dataclasses import replace
from typing import Any

from crisis_bus.bus.admission import Admission
from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.delivery.chains import Chains, Place
from crisis_bus.delivery.receipts import Remembered
from crisis_bus.delivery.travelling import Journeys
from crisis_bus.delivery.waiting import WaitingRoom
from crisis_bus.delivery.worker import Worker
from crisis_bus.errors import NotReachable


class _Impatient(Chains):
    """Lets everybody leave at once."""

    def may_begin(self, place: Place) -> bool:
        return place.replaced_by is None


class ImpatientWorker(Worker):
    """Does not wait for the predecessor of a message."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._journeys.road = self._road = replace(self._road, chains=_Impatient())


class _Careless(Chains):
    def join(self, place: Place) -> None:
        super().join(place)
        number = place.message.bulletin.number
        others = [other.message.bulletin for other in self._pending[place.key]]
        named = {bulletin.number for bulletin in others if number in bulletin.replaces}
        if place.replaced_by not in named and place.sequence >= self._told.get(place.key, (0, ""))[0]:
            place.replaced_by = None


class _Unstopped(Journeys):
    def stop(self, failure: NotReachable | None = None) -> None: ...


class CarelessWorker(Worker):
    """Goes on when a receipt cannot be written, and forgets in a crash what it had sent."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._road = replace(self._road, chains=_Careless())
        self._journeys = _Unstopped(self._road, self._book, self._journeys.lines)
        self.room = WaitingRoom(self._journeys)


class _Forgets(Remembered):
    def done(self, message: str, *, again: bool = False) -> bool:
        del message, again
        return False


class ForgetfulWorker(Worker):
    """Does not remember what has a final receipt."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._book.remembered = _Forgets()


class HastyConsumer(ContiguousConsumer):
    """Begins whatever comes first, before the receipts are known and before what is urgent is read."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **{**more, "first": None})
        self._admission = Admission(None, None, ahead=4_194_304)
