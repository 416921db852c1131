"""Work of one key happens one at a time, in the order in which it came; other keys do not wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Who is next, for each key that somebody works on or waits for."""

    def __init__(self) -> None:
        self._last: dict[bytes, asyncio.Event] = {}

    @asynccontextmanager
    async def of(self, key: bytes) -> AsyncIterator[None]:
        """Wait until everybody who came before has finished with the key."""
        before = self._last.get(key)
        mine = self._last[key] = asyncio.Event()
        try:
            if before is not None:
                await before.wait()
            yield
        finally:
            mine.set()
            if self._last[key] is mine:
                del self._last[key]
