"""The messages of one record travel together: the record is done with when each of them is."""

import asyncio
from collections.abc import Sequence
from functools import partial

from crisis_bus.delivery.journey import Journey
from crisis_bus.delivery.lines import Passenger
from crisis_bus.delivery.logbook import Pages
from crisis_bus.delivery.travelling import Journeys


class Convoy:
    """Messages that were begun together; each goes in a task of its own when its turn in its line comes."""

    def __init__(self, journeys: Journeys, members: Sequence[tuple[Journey, Pages]]) -> None:
        self._journeys = journeys
        self._left = len(members)
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: list[BaseException] = []
        for journey, pages in members:
            journey.passenger = Passenger(partial(self._go, journey, pages))
        self._members = [journey for journey, _ in members]

    async def travel(self) -> None:
        """Go until all are done with or laid by; raises NotReachable, and CancelledError if one was abandoned."""
        for journey in self._members:
            self._journeys.stand(journey)
        try:
            if self._left:
                await self._over
        except asyncio.CancelledError:
            await self._break_off()
            raise
        # A message that was abandoned is not done with, and its record must be read again.
        for end in sorted(self._ends, key=lambda end: isinstance(end, asyncio.CancelledError)):
            raise end

    def _go(self, journey: Journey, pages: Pages) -> None:
        task = asyncio.create_task(self._journeys.go(journey, pages))
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, journey))

    def _ended(self, journey: Journey, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        journey.make_room()
        journey.passenger = None  # it leads back here: without this only the garbage collector would free them
        self._journeys.break_off(journey)
        if task.cancelled():
            self._ends.append(asyncio.CancelledError())
        elif (failure := task.exception()) is not None:
            self._ends.append(failure)
        self._left -= 1
        if not self._left and not self._over.done():
            self._over.set_result(None)

    async def _break_off(self) -> None:
        """Nobody waits for the record any more: whoever has the partition next reads it again."""
        for journey in self._members:
            if journey.passenger is not None and journey.passenger.give_up():
                journey.passenger = None
                self._journeys.break_off(journey)
        tasks = self._tasks.copy()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
