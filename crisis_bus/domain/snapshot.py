"""A snapshot: a partition of the journal as it stands at one of its entries, so that nobody has to read it all."""

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import Changes

VERSION = 1
"""The form of snapshots that this code writes and reads; another one is passed over."""
GENERATIONS = 2
"""Written in turn, so that one that is half written never destroys the last whole one."""


class KeptSpace(BaseModel):
    """Some of what is known of a space: parts of a snapshot are laid one over the other.

    `tables` are the last records; `numbered` is the highest number given to a timer; `seen` are the ids of answered
    commands; `chains` and `sequences` order the bulletins.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    at: Instant = 0
    numbered: int = 0
    seen: list[str] = []
    tables: Changes = {}
    chains: dict[str, str] = {}
    sequences: dict[str, int] = {}


class SnapshotPart(BaseModel):
    """One part of a snapshot; all of them together are the partition."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    spaces: dict[str, KeptSpace]


class Snapshot(BaseModel):
    """The last record of a snapshot, which makes it whole: where it stands, and what its parts must be.

    `entry` is the journal offset of the last entry that counted, whose hash is `tip`; `last` and `part` are its command
    offset and its next part. `parts` are the hashes of the parts, in their order.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    version: int
    partition: int
    generation: int
    entry: int
    last: int
    part: int
    tip: str
    spaces: tuple[str, ...]
    parts: tuple[str, ...]


def key_of(partition: int, generation: int, part: int | None = None) -> str:
    """The key of a snapshot, or of one of its parts."""
    key = f"{partition}/{generation}"
    return key if part is None else f"{key}/{part}"
