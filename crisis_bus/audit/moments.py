"""What an invariant looks at: one fact with all that was told before it, or an entry at its end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from crisis_bus.audit.findings import Breach
from crisis_bus.audit.seen import SeenIncident, Space
from crisis_bus.domain import actors
from crisis_bus.domain.commands import CLOCK_TICK
from crisis_bus.domain.facts import CommandRefused, Told
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import Changes, Entry
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.records import Rumour, Timer
from crisis_bus.domain.statement import Statement

_INCIDENT, _STATEMENT = TypeAdapter(Incident), TypeAdapter(Statement)
_RUMOUR, _TIMER = TypeAdapter(Rumour), TypeAdapter(Timer)


@dataclass(frozen=True, slots=True)
class Records:
    """The records that an entry changed; a timer that is gone is None."""

    incidents: dict[str, Incident] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    rumours: dict[str, Rumour] = field(default_factory=dict)
    timers: dict[str, Timer | None] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Changes) -> "Records":
        """Read them; raises pydantic's ValidationError."""
        return cls(
            _read(_INCIDENT, changes.get("incidents", {})),
            _read(_STATEMENT, changes.get("statements", {})),
            _read(_RUMOUR, changes.get("rumours", {})),
            {key: _TIMER.validate_python(value) if value else None for key, value in changes.get("timers", {}).items()},
        )


def _read(adapter: TypeAdapter[Any], table: dict[str, Any]) -> dict[str, Any]:
    return {key: adapter.validate_python(value) for key, value in table.items() if value is not None}


def shown(entity: str, policy: Policy) -> str:
    """An entity of the registry; for any other actor a question mark, for it may be a person."""
    return entity if entity in policy.entity_of else "?"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: `facts` as typed values, `records` as they are after it, `before` the texts as they were.

    `at` is the instant of the command.
    """

    space: Space
    entry: Entry
    facts: tuple[Told, ...]
    records: Records
    before: dict[str, Statement]
    at: Instant
    repeats: bool = False
    """Whether the id of the command was answered before, at another place of the command log."""

    @property
    def by(self) -> str:
        """The entity that asked, empty where the actor is no text."""
        asked = self.entry.command.by
        return actors.entity(asked) if isinstance(asked, str) else ""

    @property
    def office(self) -> str:
        """The entity that asked, as it may be shown: what is in no registry may be a person."""
        return shown(self.by, self.space.tables.base)

    @property
    def ticks(self) -> bool:
        """Whether the command is the clock's, which has no facts of its own."""
        asked = self.entry.command
        return (asked.type, asked.by, asked.data) == (CLOCK_TICK, "clock", {})

    @property
    def more(self) -> bool:
        """Whether another entry goes on with the answer to the same command."""
        return self.entry.more

    @property
    def refused(self) -> bool:
        """Whether the command was refused."""
        return any(isinstance(told.fact, CommandRefused) for told in self.facts)

    def asked(self, name: str) -> Any:  # noqa: ANN401 a command's data are whatever was sent
        """A field of the command's data, None where there is none."""
        data = self.entry.command.data
        return data.get(name) if isinstance(data, dict) else None

    def policy(self, incident: Incident) -> Policy:
        """The tables of the version that an incident began with."""
        return self.space.tables.of(incident)


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact of an entry; the picture of the space is that before it."""

    step: Step
    told: Told

    @property
    def space(self) -> Space:
        """What was told before."""
        return self.step.space

    @property
    def by_command(self) -> bool:
        """Whether the command told it and no clock: clocks speak before the instant of the command."""
        return self.told.at == self.step.at and not self.step.ticks and not self.step.more

    def incident(self, name: str) -> SeenIncident:
        """The incident of this id."""
        return self.space.incidents[name]


AtFact = Callable[[Moment, Any], Iterator[Breach]]
AtEnd = Callable[[Step], Iterator[Breach]]
