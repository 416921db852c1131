"""What comes from a topic, what goes to one, and where it was put."""

from dataclasses import dataclass
from typing import Any

from crisis_bus.wire.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands on the log; `timestamp` is in milliseconds, the broker's where the topic says so."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message and the place it is meant for; without a partition the key decides."""

    topic: str
    key: bytes
    envelope: Envelope
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an acknowledged record stands."""

    partition: int
    offset: int


def record_of(found: Any) -> Record:  # noqa: ANN401 aiokafka is untyped
    """Our record for aiokafka's."""
    return Record(
        found.topic, found.partition, found.offset, found.timestamp, found.key, tuple(found.headers), found.value
    )
