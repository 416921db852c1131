"""Who works beside the lanes of a consumer on what belongs to its partitions."""

import asyncio
from collections.abc import Collection
from typing import Protocol


class Beside(Protocol):
    """Works beside the lanes on what belongs to the partitions, and is told what becomes of them."""

    async def came(self, partitions: frozenset[int]) -> None:
        """Partitions with these numbers have come; nothing of them is begun before this returns."""

    def opened(self) -> None:
        """All is begun that somebody before us may have worked on."""

    def enough(self) -> bool:
        """Whether so much waits that nothing is wanted now but what goes `first`."""

    def closing(self) -> Collection[asyncio.Task[None]]:
        """The partitions go: begin nothing more, and give what is under way; it is ended together with the lanes."""

    def gone(self) -> None:
        """All has ended, and will be read again by whoever has the partitions next."""


class Nobody:
    """Nobody works beside the lanes."""

    async def came(self, partitions: frozenset[int]) -> None:
        """It is ready for anything."""

    def opened(self) -> None:
        """It waits for nothing."""

    def enough(self) -> bool:
        """It takes all."""
        return False

    def closing(self) -> Collection[asyncio.Task[None]]:
        """It has nothing under way."""
        return ()

    def gone(self) -> None:
        """It holds nothing."""
