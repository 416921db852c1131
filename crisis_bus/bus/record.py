"""What comes from a topic, what goes to one, and where it was put."""

from dataclasses import dataclass
from typing import Any

from crisis_bus.domain.instants import Instant
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope, to_kafka

_LEAST_WEIGHT = 1024


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

    @property
    def weight(self) -> int:
        """What it takes to hold it, in bytes."""
        return _LEAST_WEIGHT + len(self.value or b"")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message and the place it is meant for; without a partition the key decides."""

    topic: str
    key: bytes
    envelope: Envelope
    partition: int | None = None

    def as_kafka(self) -> tuple[list[tuple[str, bytes]], bytes | None]:
        """Headers and value."""
        return to_kafka(self.envelope)


@dataclass(frozen=True, slots=True)
class Again:
    """A record as it once was, byte by byte, with one more header."""

    topic: str
    partition: int
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None

    def as_kafka(self) -> tuple[list[tuple[str, bytes]], bytes | None]:
        """Headers and value."""
        return list(self.headers), self.value


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


def buried(record: Record, reason: str, at: Instant) -> Outgoing:
    """A record that could not be read or handled, on its way to the dead letters with its bytes and the reason."""
    letter = messages.dead_letter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        headers=record.headers,
        value=record.value,
        reason=reason,
        at=at,
    )
    return Outgoing(topics.DEAD_LETTERS, record.topic.encode(), letter)
