"""What the desk and its follower ask of the log; Kafka is behind it in the live system, memory in a simulation."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from crisis_bus.bus.reader import Place
from crisis_bus.bus.record import Outgoing, Placed, Record


class Sending(Protocol):
    """Sends records and believes nothing before they are safe; raises NotAcknowledged."""

    async def send(self, outgoing: Outgoing) -> Placed:
        """Send one record and wait until it is safe."""

    async def send_all(self, batch: Sequence[Outgoing]) -> list[Placed]:
        """Send records in their order and wait until all are safe."""


class Holding(Protocol):
    """A group member that holds whole partitions: `came` and `went` are taken by the caller between two polls."""

    came: set[int]
    went: set[int]

    async def start(self) -> None:
        """Join the group."""

    async def stop(self) -> None:
        """Leave the group."""

    def holds(self, partition: int) -> bool:
        """Whether what the caller knows of the partition still stands."""

    def again(self, partition: int) -> None:
        """Treat a held partition as if it had just come."""

    def begin(self, partition: int, offset: int) -> None:
        """Read a partition from here."""

    async def poll(self, seconds: float) -> dict[int, list[Record]]:
        """The next records by partition; empty when nothing comes in time."""

    async def committed(self, partition: int) -> int:
        """Where the group has come to, 0 at first."""

    def finished(self, partition: int, offset: int) -> None:
        """Note that all before an offset is done."""

    def backlog(self, partition: int, offset: int) -> int:
        """How many records stand on the log after an offset."""


class Reading(Protocol):
    """Reads partitions from a place to their end."""

    async def start(self) -> None:
        """Connect and look where the topics end."""

    async def stop(self) -> None:
        """Disconnect."""

    def batches(self, at_most: int = 1000, *, for_ever: bool = True) -> AsyncIterator[list[Record]]:
        """Batches as they come, until what was there at the start is read."""


class Log(Protocol):
    """Where commands and the journal stand."""

    def holding(self, group: str, topic: str) -> Holding:
        """A member of a group that holds partitions of one topic."""

    def reading(self, topic: str, partitions: Sequence[int], offsets: Mapping[Place, int] | None = None) -> Reading:
        """A reader of some partitions of a topic, from the beginning or from the given places."""
