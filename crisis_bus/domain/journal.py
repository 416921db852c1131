"""What the journal holds: one entry a command, chained by hashes (`architecture.md`, idea 3)."""

import hashlib
from typing import Any

from pydantic import BaseModel, ConfigDict

GENESIS = "0" * 64
"""`previous` of the first entry of a partition."""

Changes = dict[str, dict[str, Any]]
"""Table → key → the record as it is now, or None where it is gone."""


class Asked(BaseModel):
    """The command that an entry answers, as it was sent; `offset` is its place in the command log."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    offset: int
    id: str
    type: Any
    by: Any
    data: Any
    at: str


class FactRecord(BaseModel):
    """A fact as told; `at` is RFC 3339 in a real space, minutes since its start in a rehearsal."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    at: int | str
    type: str
    data: dict[str, Any]


class Entry(BaseModel):
    """INV-14: one answered command: what was asked, the facts it led to, and the records that it changed.

    `facts` tell what was decided; `changes` keep the records as they are now, so that the office is
    the last record of each key and no rule is run to rebuild it. `zero` is
    minute 0 of a rehearsal. A command that repeats an id has no facts and no changes.
    Where very many clocks were due before a command, its answer is in parts: `more` says that another
    one follows; only the last answers the command itself and carries its data.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    space: str
    zero: str | None = None
    command: Asked
    part: int = 0
    more: bool = False
    facts: tuple[FactRecord, ...]
    changes: Changes
    previous: str

    @property
    def answered(self) -> str | None:
        """The id of the command, once it is answered: what an office remembers; None while more parts follow."""
        return None if self.more else self.command.id


def digest(value: bytes) -> str:
    """Part of INV-14: the hash by which the next entry names this one, SHA-256 of the record's bytes, in hex."""
    return hashlib.sha256(value).hexdigest()
