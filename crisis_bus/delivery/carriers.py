"""Who can carry a message now: the providers of its transport in their order, each with its slots and gates."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crisis_bus.channels.contract import Channel, Composing, Prepared
from crisis_bus.delivery.gates import Bucket, Circuits, Quota
from crisis_bus.delivery.slots import Slots
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.providers import Provider
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import PermanentDelivery

PAUSED_SECONDS = 3600.0
"""A message behind a paused provider looks again after this, if nobody wakes it before."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody can carry it for so many seconds, and why."""

    seconds: float
    why: str


class Carrier:
    """A provider at work: its channel, and when it may be asked."""

    def __init__(self, provider: Provider, channel: Channel) -> None:
        self.provider = provider
        self.channel = channel
        self._compose = channel.compose if isinstance(channel, Composing) else None
        self.slots = Slots(provider.limits.at_once, lent=not channel.traits.carrier)
        self.quota = Quota(provider.limits)
        self.circuits = Circuits(provider.breaker)
        self.paused = False
        self._bucket = Bucket(provider.limits)

    async def prepared(self, message: OutboxMessage) -> Prepared:
        """Work out what would leave; raises PermanentDelivery."""
        prepared = self.channel.prepare(message)
        return prepared if self._compose is None else await self._compose(prepared)

    def holds(self, message: OutboxMessage, now: Instant) -> Hold | None:
        """Why it cannot be asked for a while; None if it can."""
        if self.paused:
            return Hold(PAUSED_SECONDS, "the provider is paused")
        if (seconds := self.circuits.wait(self._circuit(message), now)) > 0:
            return Hold(seconds, "the breaker is open: too many attempts failed")
        if (seconds := self.quota.wait(now, urgent=message.bulletin.urgent)) > 0:
            return Hold(seconds, "the day's quota is used up")
        return None

    def rate_wait(self, message: OutboxMessage, now: Instant) -> float:
        """Seconds until its rate allows one more."""
        return self._bucket.wait(now, urgent=message.bulletin.urgent)

    def take(self, message: OutboxMessage, now: Instant) -> None:
        """An attempt begins."""
        self._bucket.take()
        self.quota.take(now)
        self.circuits.ask(self._circuit(message))

    def answered(self, message: OutboxMessage, now: Instant, *, well: bool) -> None:
        """An attempt has ended with an answer, or with none that came in time."""
        self.slots.answered(message, well=well)
        self.circuits.answered(self._circuit(message), now, well=well)

    def broke_off(self, message: OutboxMessage) -> None:
        """An attempt has ended, and nobody knows how."""
        self.circuits.give_back(self._circuit(message))

    def _circuit(self, message: OutboxMessage) -> str:
        """What fails together: everything behind a carrier, otherwise a host, otherwise one address."""
        if self.channel.traits.carrier:
            return ""
        return urlsplit(message.address).netloc or message.address if "://" in message.address else message.address


@dataclass(slots=True)
class Carriers:
    """All providers, by transport."""

    of: Mapping[Transport, list[Carrier]]
    paused: set[str] = field(default_factory=set)
    """Transports and providers that an operator has paused."""
    suppressed: set[str] = field(default_factory=set)
    """Marks of addresses that nothing is sent to."""
    marks: Callable[[OutboxMessage], frozenset[str]] | None = None
    """Gives the marks of a message's address; without it there is no such list."""

    def choose(self, message: OutboxMessage, now: Instant) -> Carrier | Hold:
        """Take the first provider that can be asked, or say how long none can; raises PermanentDelivery."""
        if self.suppressed and self.marks is not None and not self.suppressed.isdisjoint(self.marks(message)):
            msg = "the address is on the suppression list: nothing is sent to it"
            raise PermanentDelivery(msg)
        found = self.of.get(message.transport)
        if not found:
            msg = f"no channel serves {message.transport} here"
            raise PermanentDelivery(msg)
        holds = []
        for carrier in found:
            hold = carrier.holds(message, now)
            if hold is None:
                return carrier
            holds.append(hold)
        return min(holds, key=lambda hold: hold.seconds)

    def at_once(self, transport: Transport) -> int:
        """How many attempts all providers of a transport make together."""
        return sum(carrier.provider.limits.at_once for carrier in self.of.get(transport, [])) or 1

    def ailing(self, message: OutboxMessage) -> bool:
        """Whether the last attempt at a destination failed, at any provider."""
        return any(carrier.slots.ailing(message) for carrier in self.of.get(message.transport, []))

    def pause(self, target: str, *, paused: bool) -> None:
        """Pause or resume a transport or one provider, by its name."""
        (self.paused.add if paused else self.paused.discard)(target)
        for transport, found in self.of.items():
            for carrier in found:
                carrier.paused = not self.paused.isdisjoint({transport, carrier.provider.name})

    def open_breakers(self, transport: Transport, now: Instant) -> int:
        """How many breakers of a transport are open."""
        return sum(len(carrier.circuits.open(now)) for carrier in self.of.get(transport, []))

    def paused_providers(self, transport: Transport) -> int:
        """How many providers of a transport are paused."""
        return sum(carrier.paused for carrier in self.of.get(transport, []))

    def all(self) -> Iterable[Carrier]:
        """Every provider."""
        return (carrier for found in self.of.values() for carrier in found)


def plain(channels: Mapping[Transport, Channel], usual: Provider) -> Carriers:
    """Make one provider for each channel, named after its transport, and otherwise as the usual one."""
    made = {name: usual.model_copy(update={"name": name, "kind": name}) for name in channels}
    return Carriers({name: [Carrier(made[name], channel)] for name, channel in channels.items()})
