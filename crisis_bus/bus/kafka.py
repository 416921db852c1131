"""Apache Kafka as the log of the desk: who holds its partitions, and how they are read from the beginning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crisis_bus.bus.claims import Claims
from crisis_bus.bus.reader import Place, Reader


@dataclass(frozen=True, slots=True)
class Kafka:
    """A cluster, by its bootstrap servers."""

    bootstrap: str

    def holding(self, group: str, topic: str) -> Claims:
        """A member of a group that holds partitions of one topic."""
        return Claims(self.bootstrap, group, topic, group)

    def reading(self, topic: str, partitions: Sequence[int], offsets: Mapping[Place, int] | None = None) -> Reader:
        """A reader of some partitions of a topic, from the beginning or from the given places."""
        return Reader(self.bootstrap, [topic], partitions={topic: partitions}, offsets=offsets)
