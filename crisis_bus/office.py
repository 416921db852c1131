"""The state of one space: immutable, rebuilt from the records that the journal keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from immutables import Map
from pydantic import TypeAdapter

from crisis_bus.domain.agenda import Agenda
from crisis_bus.domain.editions import Edition
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import Clock, Instant, parse
from crisis_bus.domain.journal import Changes
from crisis_bus.domain.known import Known
from crisis_bus.domain.policy import Person, PersonChange, Policy
from crisis_bus.domain.records import Initiative, Publication, Rumour, Suspension, Timer
from crisis_bus.domain.registers import Registers, in_order
from crisis_bus.domain.statement import Statement

T = TypeVar("T", bound="Office")
R = TypeVar("R", Incident, Statement, Rumour, Publication, Initiative, Suspension, Edition)

TABLES: dict[type, str] = {
    Edition: "policies",
    Incident: "incidents",
    Statement: "statements",
    Rumour: "rumours",
    Publication: "publications",
    Initiative: "initiatives",
    Suspension: "suspensions",
}
TIMERS = "timers"
REHEARSAL = "rehearsal"
"""The table of the one record that makes a space a rehearsal."""


_ADAPTERS: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (*TABLES, Timer)}


def key_of(record: object) -> str:
    """The key of a record in its table."""
    if isinstance(record, Suspension):
        return f"{record.channel}/{record.entity}"
    if isinstance(record, Edition):
        return record.version
    return str(record.id)  # type: ignore[attr-defined] # every other record has an id


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that decisions depend on.

    `base` are the tables that the space began with; `people` is what a rehearsal changes about them.
    """

    base: Policy
    clock: Clock
    people: Mapping[str, PersonChange] = field(default_factory=dict)
    now: Instant = 0
    policies: Map[str, Edition] = field(default_factory=Map)
    incidents: Map[str, Incident] = field(default_factory=Map)
    statements: Map[str, Statement] = field(default_factory=Map)
    rumours: Map[str, Rumour] = field(default_factory=Map)
    publications: Map[str, Publication] = field(default_factory=Map)
    initiatives: Map[str, Initiative] = field(default_factory=Map)
    suspensions: Map[str, Suspension] = field(default_factory=Map)
    timers: Agenda = field(default_factory=Agenda)
    registers: Registers = field(default_factory=Registers)
    seen: Known = field(default_factory=Known)
    numbered: int = 0

    @classmethod
    def opened(cls, policy: Policy) -> Self:
        """A real space in which nothing has happened."""
        return cls(policy, Clock(policy.utc_offset_minutes))

    @property
    def policy(self) -> Policy:
        """The tables in force now: of the adopted versions whose time has come the latest."""
        if len(self.policies) < 2:  # noqa: PLR2004 the one that it began with
            return self.base
        return max((one for one in self.policies.values() if one.holds(self.now)), key=_rank).policy

    def policy_called(self, version: str) -> Policy:
        """The tables of a version that the space has; those that it began with, where a record names none."""
        edition = self.policies.get(version)
        return self.base if edition is None else edition.policy

    def roster(self, policy: Policy) -> tuple[Person, ...]:
        """The people of a version, as a rehearsal may have changed them."""
        if not self.people:
            return policy.roster
        return tuple(_changed(person, self.people.get(person.id)) for person in policy.roster)

    def rehearsing(self, start: str, changes: Mapping[str, PersonChange]) -> Self:
        """The same space as a rehearsal from `start` (RFC 3339), with changed people; raises ValueError."""
        zero = parse(start)
        known = {person.id for person in self.base.roster}
        for name in changes:
            if name not in known:
                msg = f"roster names {name!r}, who is not in the pack"
                raise ValueError(msg)
        return changed(self, clock=Clock(_offset(start), zero), people=changes, now=max(self.now, zero))

    @property
    def untouched(self) -> bool:
        """Whether no command was answered yet."""
        return not self.seen and not self.numbered

    @property
    def begun(self) -> bool:
        """Whether it is on record what the space began with."""
        return any(edition.proposed_by is None for edition in self.policies.values())

    @property
    def next_due(self) -> Instant | None:
        """When the next timer is due."""
        first = self.timers.first
        return None if first is None else first.due

    @property
    def live(self) -> tuple[str, ...]:
        """The incidents that have not ended, in the order of opening."""
        return tuple(in_order(self.registers.live))

    def put(self, record: R) -> Self:
        """The office with this record in place of the one with its key."""
        table, key = TABLES[type(record)], key_of(record)
        records = getattr(self, table)
        registers = self.registers.after(records.get(key), record)
        return changed(self, **{table: records.set(key, record)}, registers=registers)

    def without(self, suspension: Suspension) -> Self:
        """The office after an account is in use again."""
        return changed(self, suspensions=self.suspensions.delete(key_of(suspension)))

    def with_timer(self, timer: Timer) -> Self:
        """The office with one more timer, in its turn (`scenario-format.md` §2, 3)."""
        return changed(self, timers=self.timers.having(timer), numbered=max(self.numbered, timer.number))

    def without_timer(self, timer: Timer) -> Self:
        """The office after a timer was taken out to fire."""
        return changed(self, timers=self.timers.without((timer.number,)))

    def remembering(self, command_id: str) -> Self:
        """The office after a command of this id was answered."""
        return self if command_id in self.seen else changed(self, seen=self.seen.having(command_id))

    def fold(self, at: Instant, command_id: str | None, changes: Changes) -> Self:
        """INV-13: one entry of the journal, without running a rule, gives the same office again."""
        after = changed(self, now=max(self.now, at))
        if command_id is not None:
            after = after.remembering(command_id)
        for value in changes.get(TABLES[Edition], {}).values():
            after = _with_edition(after, value)
        if REHEARSAL in changes:
            opened = changes[REHEARSAL][REHEARSAL]
            people = {name: PersonChange.model_validate(change) for name, change in opened["roster"].items()}
            after = after.rehearsing(opened["start"], people)
        for kind, table in TABLES.items():
            if table in changes and kind is not Edition:
                after = after._with_records(kind, table, changes[table])  # noqa: SLF001 our own class
        return after._with_timers(changes.get(TIMERS, {}))  # noqa: SLF001 our own class

    @classmethod
    def restored(cls, policy: Policy, at: Instant, seen: Iterable[str], tables: Changes, numbered: int = 0) -> Self:
        """The fold of all entries from the last record of each key; `numbered` tells of timers that are gone."""
        office = cls.opened(policy).fold(at, None, tables)
        return changed(office, seen=Known.of(seen), numbered=max(office.numbered, numbered))

    def _with_records(self, kind: type, table: str, changes: Mapping[str, Any]) -> Self:
        records, numbered, registers = getattr(self, table).mutate(), self.numbered, self.registers
        for key, value in changes.items():
            if value is None:
                records.pop(key, None)
                continue
            record = _ADAPTERS[kind].validate_python(value)
            registers = registers.after(records.get(key), record)
            records[key] = record
            numbered = max(numbered, getattr(record, "number", 0))
        return changed(self, **{table: records.finish()}, numbered=numbered, registers=registers)

    def _with_timers(self, changes: Mapping[str, Any]) -> Self:
        if not changes:
            return self
        numbers = [int(number) for number in changes]
        added = [_ADAPTERS[Timer].validate_python(value) for value in changes.values() if value is not None]
        return changed(self, timers=self.timers.after(numbers, added), numbered=max(self.numbered, *numbers))


def record_as_json(record: object) -> dict[str, Any]:
    """A record as the journal keeps it: fields that hold their default are kept too."""
    dumped: dict[str, Any] = _ADAPTERS[type(record)].dump_python(record, mode="json")
    return dumped


def _with_edition(office: T, value: Mapping[str, Any]) -> T:
    """A space goes on with the tables that it began with, whatever has become of its pack since."""
    if value["proposed_by"] is None and value["digest"] == office.base.digest:
        return office.put(Edition.begun(office.base))
    edition = _ADAPTERS[Edition].validate_python(value)
    after = changed(office.put(edition), numbered=max(office.numbered, edition.number))
    if edition.proposed_by is not None:
        return after
    clock = office.clock if office.clock.zero is not None else Clock(edition.policy.utc_offset_minutes)
    return changed(after, base=edition.policy, clock=clock)


def _rank(edition: Edition) -> tuple[Instant, int]:
    return edition.rank


def _changed(person: Person, change: PersonChange | None) -> Person:
    return person if change is None else person.model_copy(update=change.model_dump(exclude_none=True))


def _offset(start: str) -> int:
    if start.endswith("Z"):
        return 0
    sign = -1 if start[-6] == "-" else 1
    return sign * (int(start[-5:-3]) * 60 + int(start[-2:]))
