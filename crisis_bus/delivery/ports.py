"""What the outbox worker needs of the world, and is given."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crisis_bus.bus.record import Outgoing
from crisis_bus.delivery.retries import Retries
from crisis_bus.domain.delivery import OutboxMessage, Receipt
from crisis_bus.domain.instants import Instant

Publish = Callable[[Sequence[Outgoing]], Awaitable[object]]
"""Returns when all are acknowledged, raises NotReachable if not: `bus.Publisher.send_all`."""

OnGone = Callable[[OutboxMessage], Awaitable[None]]
"""Called when a destination says that it wants nothing more: pause its subscription."""


class Observer(Protocol):
    """Told what happens, for metrics and logs."""

    def receipted(self, message: OutboxMessage, told: Receipt, seconds: float) -> None:
        """Note a receipt that is on the log, and how long its attempt took (0 if nothing was sent)."""

    def dead_lettered(self, topic: str, reason: str) -> None:
        """Note a record that went to the dead letters."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is under way at once, and how long it may take."""

    concurrency: int = 200
    attempt_seconds: float = 15.0
    retries: Retries = field(default_factory=Retries)


@dataclass(frozen=True, slots=True)
class World:
    """Clock and chance; `chance` is from 0 to 1."""

    now: Callable[[], Instant]
    chance: Callable[[], float]


class Slots:
    """Who may make an attempt now.

    Slots bound the attempts under way, not the waits between them. Urgent and routine messages have
    slots of their own, and so have destinations whose last attempt failed: neither many routine
    messages nor many dead destinations hold up an urgent one.
    """

    def __init__(self, concurrency: int) -> None:
        kinds = ((urgent, ailing) for urgent in (True, False) for ailing in (True, False))
        self._slots = {kind: asyncio.Semaphore(concurrency) for kind in kinds}
        self._ailing: set[str] = set()

    def of(self, message: OutboxMessage) -> asyncio.Semaphore:
        """Choose the slots that a message takes from."""
        return self._slots[message.bulletin.urgent, message.subscription in self._ailing]

    def answered(self, message: OutboxMessage, *, well: bool) -> None:
        """Note whether the last attempt at a destination went well."""
        if well:
            self._ailing.discard(message.subscription)
        else:
            self._ailing.add(message.subscription)
