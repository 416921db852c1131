"""What a line of the story may look at: one fact, the command behind it, the office before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import MINUTE, Instant
from crisis_bus.domain.journal import Asked
from crisis_bus.domain.policy import Grade, LevelRow, Named, Policy
from crisis_bus.domain.statement import Statement
from crisis_bus.office import Office
from crisis_bus.rules.case import Case
from crisis_bus.views.story.lines import Line

CLOCK = "clock"
_TOLD_IN = ("ar", "en")
"""The languages of the operators, whatever those of the pack are."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story as data; `rule` is where the rule book decides it."""

    at: Instant
    line: Line
    values: Values
    rule: str | None = None


@dataclass(slots=True)
class Memory:
    """What earlier facts of the story said, where no record keeps it."""

    acknowledge_minutes: int = 0
    assigned_at: Instant = 0
    confirm_minutes: int = 0
    needed: dict[str, dict[str, str]] = field(default_factory=dict)
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    reviews_due: dict[str, Instant] = field(default_factory=dict)
    contradicted_at: dict[str, Instant] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    signed: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Scene:
    """One fact of the journal; `timer` says that a clock led to it and not the command of its entry."""

    incident: str
    at: Instant
    command: Asked
    timer: bool
    before: Office
    after: Office
    memory: Memory

    @property
    def by(self) -> str:
        """Who asked for it."""
        return CLOCK if self.timer else str(self.command.by)

    @property
    def asked(self) -> Values:
        """The data of the command."""
        return self.command.data if isinstance(self.command.data, dict) else {}

    @property
    def office(self) -> Office:
        """The office as the fact found it: clocks strike before the command of their entry has changed anything."""
        return self.before if self.timer and self.incident in self.before.incidents else self.after

    @property
    def policy(self) -> Policy:
        """The tables that the incident is handled by."""
        return self.office.policy_called(self.record.policy)

    @property
    def case(self) -> Case:
        """The same as the rules see it."""
        return Case(self.office, self.at)

    @property
    def record(self) -> Incident:
        """The incident of the story."""
        return self.office.incidents[self.incident]

    def text(self, name: str) -> Statement:
        """A statement, as it stands after the entry."""
        return self.after.statements[name]

    def tell(self, line: Line, rule: str | None = None, **values: Any) -> Event:  # noqa: ANN401 any JSON value
        """A line of the story, as of now."""
        return Event(self.at, line, values, rule)

    def grade(self, number: int) -> Values:
        """A grade and its names."""
        return named(self.policy.grade_of[number], str(number))

    def level(self, number: int) -> Values:
        """A level and its names."""
        return named(self.policy.level_of[number], str(number))

    def entity(self, code: str) -> Values | str:
        """An entity and its names; an address that is none stands for itself."""
        return _row(self.policy.entity_of.get(code), code)

    def type_of(self, code: str) -> Values | str:
        """An incident type and its names."""
        return _row(self.policy.type_of.get(code), code)

    def channels(self, codes: tuple[str, ...]) -> list[Values | str]:
        """Channels by name only."""
        return [_name_only(_row(self.policy.channel_of.get(code), code)) for code in codes]

    def places(self, codes: tuple[str, ...]) -> list[Values | str]:
        """Emirates by name only; the whole country by its name."""
        if self.policy.nationwide in codes:
            name, first = self.policy.name, next(iter(self.policy.name.values()))
            return [{language: name.get(language, first) for language in _TOLD_IN}]
        rows = {row.code: row for row in self.policy.emirates}
        return [_name_only(_row(rows.get(code), code)) for code in codes]

    def minutes_since(self, instant: Instant) -> int:
        """Whole minutes passed."""
        return (self.at - instant) // MINUTE


def nested(line: Line, **values: Any) -> Values:  # noqa: ANN401 any JSON value
    """A line inside another one."""
    return {"line": line, "values": values}


def named(row: Named | Grade | LevelRow, code: str | None = None) -> Values:
    """A row of the pack by its code and names; an explanation in brackets has no place in a story."""
    own = code if code is not None else getattr(row, "code", "")
    return {"code": own, **{language: row.called(language).partition(" (")[0] for language in _TOLD_IN}}


def _row(row: Named | None, code: str) -> Values | str:
    return code if row is None else named(row)


def _name_only(row: Values | str) -> Values | str:
    return row if isinstance(row, str) else {"ar": row["ar"], "en": row["en"]}
