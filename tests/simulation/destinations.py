"""Where messages arrive; outside of every process, so that they arrive even when the sender dies."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Subscription, Transport
from crisis_bus.errors import TransientDelivery
from tests.simulation.kafka import Weather
from tests.simulation.loop import SeededLoop
from tests.simulation.story import Arrival

_CHANNELS = ("WEB", "SOCIAL", "GOV_INTERNAL", "EX_SANDBOX", "EX_INTERNAL", "CELL_BROADCAST", "LEADERSHIP_BRIEF")


def subscriptions(spaces: list[str]) -> list[Subscription]:
    """A few destinations in each space: real ones and those of drills."""
    return [
        Subscription(
            id=f"{space}-{channel.lower()}",
            space=space,
            subscriber="somebody",
            channel=channel,
            transport="webhook",
            address=f"memory:{space}-{channel}",
        )
        for space in spaces
        for channel in _CHANNELS
    ]


@dataclass
class Destinations:
    """The channel behind all of them; what is sent arrives after a moment, and the answer needs another one."""

    loop: SeededLoop
    weather: Weather
    now: Callable[[], Instant]
    note: Callable[..., None]
    arrivals: list[Arrival] = field(default_factory=list)
    name: Transport = "webhook"
    traits: ClassVar[Traits] = MemoryChannel.traits

    def prepare(self, message: OutboxMessage) -> Prepared:
        return Prepared(message, b"")

    async def send(self, prepared: Prepared) -> Taken:
        """Refused, taken, or taken with an answer that is lost."""
        if self.weather.strikes(2):
            await asyncio.sleep(self.weather.moment())
            msg = "busy"
            raise TransientDelivery(msg)
        arrived = self.loop.create_future()
        self.loop.call_later(
            self.weather.moment(), self._arrive, prepared.message, arrived, context=self.loop.outside.context
        )
        await arrived
        await asyncio.sleep(self.weather.moment())
        if self.weather.strikes():
            msg = "the answer was lost"
            raise TransientDelivery(msg)
        return Taken("taken")

    def _arrive(self, message: OutboxMessage, arrived: "asyncio.Future[None]") -> None:
        self.arrivals.append(Arrival(self.now(), message))
        self.note("arrive", message.subscription, message.bulletin.number, message.bulletin.sequence, message.id)
        if not arrived.done():
            arrived.set_result(None)

    async def close(self) -> None:
        """Nothing is held."""
