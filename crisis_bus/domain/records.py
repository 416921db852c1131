"""The other things that the office keeps: rumours, publications, plans, suspensions, timers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crisis_bus.domain.commands import Value
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.values import (
    UNANSWERED,
    ContradictionOutcome,
    InitiativeState,
    Priority,
    RumourState,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Rumour:
    """A claim that goes round; `series` counts its triages, `grown_at` is when it was logged or last grew."""

    id: str
    number: int
    claim: str
    reach: int
    harm: int
    topic: str
    grown_at: Instant
    incident: str | None = None
    state: RumourState = RumourState.OPEN
    priority: Priority | None = None
    series: int = 0
    triaged_at: Instant = 0
    verdict: Verdict | None = None

    @property
    def unanswered_high(self) -> bool:
        """HIGH and still without an answer."""
        return self.priority is Priority.HIGH and self.state in UNANSWERED


@dataclass(frozen=True, slots=True)
class Publication:
    """What somebody said about an incident; a government's that disagrees is a contradiction."""

    id: str
    incident: str
    source: str
    government: bool
    facts: Mapping[str, Value]
    contradiction: bool
    outcome: ContradictionOutcome | None = None

    @property
    def open_contradiction(self) -> bool:
        """A contradiction that nobody has settled."""
        return self.contradiction and self.outcome is None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Something planned; `number` is its place in the order of planning."""

    id: str
    number: int
    owner: str
    kind: str
    start: Instant
    audience: str | None = None
    state: InitiativeState = InitiativeState.PLANNED


@dataclass(frozen=True, slots=True)
class Suspension:
    """An entity's account on a channel, out of use since an instant."""

    channel: str
    entity: str
    since: Instant


class TimerKind(StrEnum):
    """What a timer is for."""

    EMBARGO = "embargo"
    EXPIRY = "expiry"
    ACKNOWLEDGE_1 = "ESC-01a"
    ACKNOWLEDGE_2 = "ESC-01b"
    FIRST_STATEMENT_A = "ESC-02a"
    FIRST_STATEMENT_B = "ESC-02b"
    FIRST_STATEMENT_C = "ESC-02c"
    CONFIRM = "ESC-03"
    CONTRADICTION = "ESC-06b"
    RUMOUR = "ESC-07b"
    KEY_1 = "ESC-09a"
    KEY_2 = "ESC-09b"
    CADENCE = "ESC-10"
    POST_REVIEW = "ESC-13"


_CLASSES = {TimerKind.EMBARGO: 0, TimerKind.EXPIRY: 1}


@dataclass(frozen=True, slots=True)
class Timer:
    """Fires once at `due`; `of` is the id of what it watches, `series` tells whether that has moved on."""

    number: int
    due: Instant
    kind: TimerKind
    of: str
    series: int = 0
    key: str = ""
    repeat: int = 0

    @property
    def turn(self) -> tuple[Instant, int, int]:
        """By due instant, then class, then the order of setting (`scenario-format.md` §2)."""
        return self.due, _CLASSES.get(self.kind, 2), self.number
