"""What can be known of a space from its commands and facts alone, in plain dictionaries.

Nothing here decides anything: a fact is taken, and the assertions of the chapters say whether the rule book
allows it. Times are milliseconds; the tables are those of the pack.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from crisis_bus.domain.policy import Person, Policy

MINUTE = 60_000
OPEN = {"REPORTED", "ACKNOWLEDGED", "STABILISING"}
ENDED = {"MERGED", "STOOD_DOWN", "CLOSED", "FALSE_ALARM", "DUPLICATE"}
PUBLIC_STATES = {"PUBLISHED", "CORRECTED", "SUPERSEDED", "EXPIRED", "RETRACTED", "FAILED"}
PENDING = {"IN_REVIEW", "SCHEDULED"}
INTERNAL = {"LINES_TO_TAKE", "INTERNAL_BRIEFING"}
FIRST = {"HOLDING", "SITREP", "PRESS_RELEASE", "RUMOUR_RESPONSE", "PUBLIC_WARNING", "RETRACTION"}
REFERRING = {"CORRECTION", "RETRACTION", "ALL_CLEAR"}
SCALES = {
    "severity": ["Extreme", "Severe", "Moderate", "Minor", "Unknown"],
    "urgency": ["Immediate", "Expected", "Future", "Past", "Unknown"],
    "certainty": ["Observed", "Likely", "Possible", "Unlikely", "Unknown"],
}
Record = dict[str, Any]
_CLASSES = {"embargo": 0, "expiry": 1}


class Clock(NamedTuple):
    """A timer that the rule book sets: when it is due, its rule, what it watches, and which of several."""

    due: int
    rule: str
    of: str
    series: object = 0


@dataclass
class World:
    """One space; `kind`, `by` and `data` are those of the command in hand, `kind` is empty while timers fire."""

    policy: Policy
    zero: int | None
    offset: timedelta
    roster: tuple[Person, ...]
    now: int = 0
    kind: str = ""
    by: str = ""
    data: Record = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    owed: list[tuple[str, Record]] = field(default_factory=list)
    incidents: dict[str, Record] = field(default_factory=dict)
    statements: dict[str, Record] = field(default_factory=dict)
    rumours: dict[str, Record] = field(default_factory=dict)
    publications: dict[str, Record] = field(default_factory=dict)
    plans: dict[str, Record] = field(default_factory=dict)
    suspended: set[tuple[str, str]] = field(default_factory=set)
    clocks: list[Clock] = field(default_factory=list)
    turn: tuple[int, int] = (0, 0)

    def instant(self, value: object) -> int:
        """An instant as the space writes it: minutes of a rehearsal, RFC 3339 of a real space."""
        if self.zero is not None:
            assert type(value) is int, value
            return self.zero + value * MINUTE
        assert isinstance(value, str), value
        return (datetime.fromisoformat(value) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    def owe(self, kind: str, /, **data: object) -> None:
        """This fact must still come in the same answer."""
        self.owed.append((kind, data))

    def owes(self, kind: str, incident: str) -> bool:
        return any(kind == owed and data["incident"] == incident for owed, data in self.owed)

    def pay(self, kind: str, data: Record) -> None:
        """A fact that comes only where it is owed, and is then exactly this one."""
        assert (kind, data) in self.owed, f"{kind} {data} came, and only these were owed: {self.owed}"
        self.owed.remove((kind, data))

    def written(self, instant: int) -> int | str:
        """An instant as the space writes it."""
        if self.zero is not None:
            return (instant - self.zero) // MINUTE
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def today(self) -> date:
        return (
            (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self.now))
            .astimezone(timezone(self.offset))
            .date()
        )

    def set_clock(self, due: int, rule: str, of: str, series: object = 0) -> None:
        self.clocks.append(Clock(max(due, self.now), rule, of, series))

    def fired(self, rule: str, of: str, series: object = 0) -> None:
        """A timer of this rule was due at this instant: take it."""
        clock, turn = Clock(self.now, rule, of, series), (self.now, _CLASSES.get(rule, 2))
        assert self.kind or self.turn <= turn, "embargo ends come first, then expiries, then the others (§2, 3)"
        assert clock in self.clocks, f"{clock} fired, and only these are set: {self.clocks}"
        self.clocks.remove(clock)
        self.turn = max(self.turn, turn)

    def stop(self, rule: str, of: str) -> None:
        self.clocks = [clock for clock in self.clocks if (clock.rule, clock.of) != (rule, of)]

    def open_incidents(self) -> Iterator[Record]:
        """In the order of opening."""
        return (incident for incident in self.incidents.values() if incident["state"] in OPEN)

    def texts(self, incident: Record) -> Iterator[Record]:
        return (text for text in self.statements.values() if text["incident"] == incident["id"])

    def incident_of(self, thing: Record) -> Record | None:
        return self.incidents.get(thing["incident"])

    def rumours_of(self, incident: Record) -> Iterator[Record]:
        return (rumour for rumour in self.rumours.values() if rumour["incident"] == incident["id"])

    def affected(self, emirates: Iterable[str]) -> list[str]:
        named = set(emirates)
        return [code for code in self.policy.emirate_codes if code in named or "AE" in named]


def person(by: str) -> str:
    return by.removeprefix("EX:")


def entity(by: str) -> str:
    return person(by).split(".")[0]


def same(one: object, other: object) -> bool:
    """Equality of fact values is strict (§3)."""
    return type(one) is type(other) and one == other


def differing(stated: Record, sheet: Record) -> dict[str, Record]:
    """Keys that both have, with another value."""
    return {
        key: {"stated": value, "sheet": sheet[key]}
        for key, value in stated.items()
        if key in sheet and not same(value, sheet[key])
    }


def prefixed(incident: Record | None, names: Iterable[str]) -> list[str]:
    """Addresses; those of an exercise begin with `EX:` (DR-4)."""
    return [("EX:" if incident is not None and incident["exercise"] else "") + name for name in names]


def unanswered_high(rumour: Record) -> bool:
    return rumour["priority"] == "HIGH" and rumour["state"] in {"OPEN", "VERIFIED"}
