"""The order that a destination sees: nothing older after something newer of the same chain.

A chain is the statements of one incident at one destination. Its messages leave one after the other,
in the order of their sequence; one that a newer message replaces, or that is older than what was
delivered, never leaves. Nothing here waits or sends: places are told (`wake`) when something changed.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from crisis_bus.domain.delivery import OutboxMessage

ChainKey = tuple[str, str]
"""Destination (subscription) and chain."""


@dataclass(slots=True, eq=False)
class Place:
    """The place of one message in its chain, until it is done with."""

    message: OutboxMessage
    wake: Callable[[], None]
    replaced_by: str | None = None
    sending: bool = False

    @property
    def key(self) -> ChainKey:
        """The chain that it stands in."""
        return (self.message.subscription, self.message.bulletin.chain)

    @property
    def sequence(self) -> int:
        """Where the bulletin stands in the chain."""
        return self.message.bulletin.sequence


class Chains:
    """Every chain that has messages under way, and how far each destination has been told.

    `remembered` bounds what is kept of chains without messages under way; the longest unheard go first.
    """

    def __init__(self, remembered: int = 1_000_000) -> None:
        self._remembered = remembered
        self._pending: dict[ChainKey, list[Place]] = {}
        self._told: OrderedDict[ChainKey, tuple[int, str]] = OrderedDict()

    @property
    def pending(self) -> int:
        """How many messages are under way."""
        return sum(map(len, self._pending.values()))

    def join(self, place: Place) -> None:
        """Take a message in, behind what is older; what it replaces is woken."""
        others = self._pending.setdefault(place.key, [])
        bulletin = place.message.bulletin
        for other in others:
            if other.message.bulletin.number in bulletin.replaces:
                _replace(other, bulletin.number)
            if bulletin.number in other.message.bulletin.replaces or _overtakes(other, place):
                place.replaced_by = other.message.bulletin.number
        others.append(place)
        others.sort(key=lambda other: other.sequence)
        self._replace_older(place.key)

    def may_begin(self, place: Place) -> bool:
        """Whether it is a message's turn."""
        return place is self._first(place.key)

    def begin(self, place: Place) -> bool:
        """Let a message leave if it is its turn; it counts as being sent until `rest` or `leave`."""
        place.sending = self.may_begin(place)
        return place.sending

    def rest(self, place: Place) -> None:
        """Say that an attempt is over and another one will follow."""
        place.sending = False
        self._wake_all(place.key)

    def hurry(self, place: Place) -> None:
        """Wake those for which an urgent message waits."""
        for other in self._pending.get(place.key, []):
            if other is place:
                break
            other.wake()

    def leave(self, place: Place, *, delivered: bool) -> None:
        """Say that a message is done with, one way or the other."""
        others = self._pending[place.key]
        others.remove(place)
        place.sending = False
        if not others:
            del self._pending[place.key]
        if delivered:
            self.told(place.key, place.sequence, place.message.bulletin.number)
        self._wake_all(place.key)

    def told(self, key: ChainKey, sequence: int, number: str) -> None:
        """Remember that a destination has this bulletin: nothing older of the chain may follow."""
        if sequence >= self._told.get(key, (0, ""))[0]:
            self._told[key] = (sequence, number)
            self._told.move_to_end(key)
            if len(self._told) > self._remembered:
                self._told.popitem(last=False)
        self._replace_older(key)

    def _first(self, key: ChainKey) -> Place | None:
        """Find who may leave: the oldest that nothing replaces, and nobody while one is being sent."""
        others = self._pending.get(key, [])
        if any(other.sending for other in others):
            return None
        return next((other for other in others if other.replaced_by is None), None)

    def _replace_older(self, key: ChainKey) -> None:
        sequence, number = self._told.get(key, (0, ""))
        for other in self._pending.get(key, []):
            if other.sequence < sequence:
                _replace(other, number)

    def _wake_all(self, key: ChainKey) -> None:
        for other in self._pending.get(key, []):
            other.wake()


def _overtakes(urgent: Place, routine: Place) -> bool:
    """Whether an urgent message was there before an older routine one: it may have left already.

    What is urgent joins first (`crisis_bus.bus.admission`). So after a restart everything urgent that may have left
    before is there again when the first routine message joins, and a routine message overtakes nothing.
    """
    newer = urgent.sequence > routine.sequence
    return newer and urgent.message.bulletin.urgent and not routine.message.bulletin.urgent


def _replace(place: Place, number: str) -> None:
    if place.replaced_by is None:
        place.replaced_by = number
        place.wake()
