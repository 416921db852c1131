"""Wakes whoever waits for the views to change; nothing is queued, so a slow listener costs nothing."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rung once for each batch of records that the views have taken."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits; those who come later wait for the next ring."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def until(self, find: Callable[[], T | None], seconds: float) -> T | None:
        """What `find` finds, now or after a ring; None when the time is over."""
        deadline = asyncio.get_running_loop().time() + seconds
        while (found := find()) is None:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._rung.wait()
            except TimeoutError:
                return find()
        return found
