"""What all journeys of a worker share, and how it stops."""

import asyncio
from dataclasses import dataclass

from crisis_bus.delivery.carriers import Carriers
from crisis_bus.delivery.chains import Chains
from crisis_bus.delivery.ports import OnGone, World
from crisis_bus.errors import NotReachable


@dataclass(slots=True)
class Stop:
    """Whether the worker stops, and what made it; nobody who comes later may miss that."""

    asked: bool = False
    failure: NotReachable | None = None

    async def abandon(self) -> None:
        """End this task without an answer, so that its record is read again after the restart."""
        if self.failure is not None:
            raise self.failure
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Road:
    """What all journeys of a worker share."""

    carriers: Carriers
    chains: Chains
    world: World
    on_gone: OnGone
    stop: Stop
