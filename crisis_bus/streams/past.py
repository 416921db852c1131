"""What a partition of the journal comes to: the chain, and the last record of each key of each space."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from crisis_bus.domain.instants import Instant, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.snapshot import KeptSpace
from crisis_bus.office import TIMERS
from crisis_bus.views.chain import Chain


@dataclass(slots=True)
class SpacePast:
    """What the journal says of a space, before an office is made of it; records are replaced, never changed.

    `chains` and `sequences` keep the order of its bulletins.
    """

    at: Instant = 0
    numbered: int = 0
    seen: list[str] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    chains: dict[str, str] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)

    def take(self, at: str, command: str | None, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """One more entry; it has no command to remember if another part follows."""
        self.at = max(self.at, parse(at))
        if command is not None:
            self.seen.append(command)
        for table, records in changes.items():
            kept = self.tables.setdefault(table, {})
            for key, record in records.items():
                if record is None:
                    kept.pop(key, None)
                else:
                    kept[key] = record
        if TIMERS in changes:
            self.numbered = max(self.numbered, *map(int, changes[TIMERS]))

    def lay(self, part: KeptSpace) -> None:
        """Lay a part of a snapshot over it."""
        self.at, self.numbered = max(self.at, part.at), max(self.numbered, part.numbered)
        self.seen += part.seen
        for table, records in part.tables.items():
            self.tables.setdefault(table, {}).update(records)
        self.chains.update(part.chains)
        self.sequences.update(part.sequences)

    def copied(self) -> "SpacePast":
        """The same, and it stays so."""
        tables = {table: dict(records) for table, records in self.tables.items()}
        return SpacePast(self.at, self.numbered, self.seen.copy(), tables, dict(self.chains), dict(self.sequences))


@dataclass(slots=True)
class Past:
    """A partition up to an entry; `next_entry` is where the journal goes on, `entry` the last one that counted."""

    chain: Chain = field(default_factory=Chain)
    spaces: dict[str, SpacePast] = field(default_factory=dict)
    next_entry: int = 0
    entry: int = -1

    def of(self, space: str) -> SpacePast:
        """The space of a name, begun when it is first asked for."""
        return self.spaces.setdefault(space, SpacePast())

    def take(self, offset: int, value: bytes | None) -> bool:
        """The next journal record, passed over if it does not count; says whether it is an entry at all."""
        self.next_entry = offset + 1
        try:
            entry = from_json(value or b"")
            command, previous, space = entry["command"], entry["previous"], entry["space"]
            part, more = entry.get("part", 0), entry.get("more", False)
            if self.chain.goes_on(command["offset"], previous, value or b"", part, more=more):
                self.entry = offset
                self.of(space).take(command["at"], None if more else command["id"], entry["changes"])
        except (ValueError, KeyError, TypeError):
            return False
        return True

    def counts(self, offset: int, entry: Entry, value: bytes) -> bool:
        """The same for an entry that was read already; says whether it counts."""
        self.next_entry = offset + 1
        if not self.chain.counts(entry, value):
            return False
        self.entry = offset
        self.of(entry.space).take(entry.command.at, entry.answered, entry.changes)
        return True

    @property
    def weight(self) -> int:
        """How many records it takes to write it down; thirty ids of commands take as much as one."""
        spaces: Iterable[SpacePast] = self.spaces.values()
        return sum(sum(map(len, one.tables.values())) + len(one.seen) // 30 for one in spaces)

    def copied(self) -> "Past":
        """The same, and it stays so while the journal goes on."""
        spaces = {name: space.copied() for name, space in self.spaces.items()}
        chain = Chain(self.chain.last, self.chain.tip, self.chain.part)
        return Past(chain, spaces, self.next_entry, self.entry)
