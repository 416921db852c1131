"""Who may make an attempt now, and how those that wait for a slow answer make room for the others."""

import asyncio
from collections.abc import Callable

from crisis_bus.domain.delivery import OutboxMessage

PATIENCE_SECONDS = 0.5
"""Who has no answer by then gives his slot to the next one, and goes on waiting without."""
_OUR_OWN_SECONDS = 0.05
"""When we look so much too late, it is we who are slow: more attempts would make it worse."""
_LENT = 10
"""So many times the slots may be lent: a bound on open connections."""


class Slots:
    """Slots bound the attempts under way, not the waits between them.

    Urgent and routine messages have slots of their own, and so have destinations whose last attempt failed: neither
    many routine messages nor many dead destinations hold up an urgent one. Where nobody carries, a slot is `lent`
    while its destination does not answer: thousands that hang do not hold up those that are well.
    """

    def __init__(self, concurrency: int, *, lent: bool = False) -> None:
        kinds = ((urgent, ailing) for urgent in (True, False) for ailing in (True, False))
        self._slots = {kind: asyncio.Semaphore(concurrency) for kind in kinds}
        self._ailing: set[str] = set()
        self._free_to_lend = _LENT * concurrency if lent else 0

    def of(self, message: OutboxMessage, make_room: Callable[[], None] = lambda: None) -> "Slot":
        """Choose the slot that a message takes; `make_room` is called when it is lent."""
        return Slot(self, self._slots[message.bulletin.urgent, self.ailing(message)], make_room)

    def ailing(self, message: OutboxMessage) -> bool:
        """Whether the last attempt at a destination failed."""
        return message.subscription in self._ailing

    def answered(self, message: OutboxMessage, *, well: bool) -> None:
        """Note whether the last attempt at a destination went well."""
        if well:
            self._ailing.discard(message.subscription)
        else:
            self._ailing.add(message.subscription)

    def borrow(self) -> bool:
        """Take the right to go on without a slot; false if too many do."""
        if self._free_to_lend == 0:
            return False
        self._free_to_lend -= 1
        return True

    def give_back(self) -> None:
        """Somebody who went on without a slot has his answer."""
        self._free_to_lend += 1


class Slot:
    """One slot, for as long as an attempt takes: `async with`."""

    def __init__(self, slots: Slots, semaphore: asyncio.Semaphore, make_room: Callable[[], None]) -> None:
        self._slots = slots
        self._semaphore = semaphore
        self._make_room = make_room
        self._lent = False
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        """Wait until it is free."""
        await self._semaphore.acquire()
        self._wait()

    async def __aexit__(self, *_: object) -> None:
        """Let the next one have it."""
        if self._timer is not None:
            self._timer.cancel()
        if self._lent:
            self._slots.give_back()
        else:
            self._semaphore.release()

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(PATIENCE_SECONDS, self._lend, loop.time() + PATIENCE_SECONDS)

    def _lend(self, due: float) -> None:
        if asyncio.get_running_loop().time() - due > _OUR_OWN_SECONDS:
            self._wait()
        elif self._slots.borrow():
            self._lent = True
            self._semaphore.release()
            self._make_room()
