"""What the facts have told so far: the auditor's own picture of a space, folded without the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crisis_bus.audit.tables import Tables
from crisis_bus.domain.commands import Value
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import OPEN_INCIDENT, UNANSWERED, Certainty, Severity, Urgency

_GRAVE = frozenset({Severity.SEVERE, Severity.EXTREME})
_CERTAIN = frozenset({Certainty.OBSERVED, Certainty.LIKELY})


@dataclass(slots=True)
class SeenIncident:
    """An incident as told; `born` is its first record, for what never changes."""

    born: Incident
    lead: str
    level: int
    grade: int
    reported_at: Instant
    due: Instant
    severity: str
    urgency: str
    certainty: str
    next_of_kin: bool
    state: str = "REPORTED"
    sheet: dict[str, Value] = field(default_factory=dict)
    spokesperson: str | None = None
    confirmed: bool = False
    assignment: int = 0
    acknowledged: bool = False
    first_out: bool = False
    breached: bool = False
    cadence: int = 0
    signatures: dict[str, Instant] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Reported, acknowledged or stabilising."""
        return self.state in OPEN_INCIDENT

    @property
    def life_safety(self) -> bool:
        """`rules.md` §4.4: severe or extreme, immediate, observed or likely."""
        return self.severity in _GRAVE and self.urgency == Urgency.IMMEDIATE and self.certainty in _CERTAIN


@dataclass(slots=True)
class SeenText:
    """A statement as told; `written` is its record at the last submission."""

    written: Statement
    state: str
    submission: int = 0
    needed: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    fallback: set[str] = field(default_factory=set)
    waived: set[str] = field(default_factory=set)
    published_at: Instant | None = None
    channels: tuple[str, ...] = ()
    copied_to: tuple[str, ...] = ()
    rerouted_to: set[str] = field(default_factory=set)
    stale: bool = False
    reviewed: bool = False


@dataclass(slots=True)
class SeenRumour:
    """A rumour as told."""

    topic: str
    incident: str | None
    state: str = "OPEN"
    priority: str = "LOW"
    series: int = 0

    @property
    def unanswered(self) -> bool:
        """Open or verified."""
        return self.state in UNANSWERED


@dataclass(slots=True)
class SeenContradiction:
    """A contradiction as told."""

    incident: str
    open: bool = True


@dataclass(slots=True)
class Space:
    """One space as told; `clocks` maps (rule, what it watches, key) to when it last spoke.

    `warnings` maps each warning that nothing has answered to the incident that has it now; `corrections` are
    the published corrections, retractions and all-clears; `answered` maps the id of a command to its place in
    the command log.
    """

    name: str
    tables: Tables
    zero: Instant | None = None
    at: Instant = 0
    incidents: dict[str, SeenIncident] = field(default_factory=dict)
    texts: dict[str, SeenText] = field(default_factory=dict)
    rumours: dict[str, SeenRumour] = field(default_factory=dict)
    contradictions: dict[str, SeenContradiction] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    corrections: list[str] = field(default_factory=list)
    suspended: set[tuple[str, str]] = field(default_factory=set)
    answered: dict[str, int] = field(default_factory=dict)
    voices: dict[str, set[str]] = field(default_factory=dict)
    clocks: dict[tuple[str, str, str], Instant] = field(default_factory=dict)

    def speaks(self, incident: str, person: str | None) -> None:
        """From now on this person speaks for an incident, or nobody."""
        seen = self.incidents[incident]
        if seen.spokesperson is not None:
            self.voices[seen.spokesperson].discard(incident)
        if person is not None:
            self.voices.setdefault(person, set()).add(incident)
        seen.spokesperson, seen.confirmed = person, False

    def texts_of(self, incident: str) -> list[SeenText]:
        """The statements of an incident, in the order of arrival."""
        return [self.texts[name] for name in self.incidents[incident].texts]

    def policy(self, incident: str | None, now: Instant) -> Policy:
        """The tables of an incident; for what belongs to none, those in force."""
        seen = None if incident is None else self.incidents.get(incident)
        return self.tables.at(now) if seen is None else self.tables.of(seen.born)

    def suspended_incident(self, incident: str | None) -> bool:
        """Whether an incident is a suspended exercise."""
        return incident is not None and incident in self.incidents and self.incidents[incident].state == "SUSPENDED"


def same(one: object, other: object) -> bool:
    """Values of the fact sheet are compared strictly: `3`, `"3"` and `true` all differ."""
    return type(one) is type(other) and one == other


def differing(one: Mapping[str, Value], other: Mapping[str, Value]) -> list[str]:
    """Keys that both have, with different values; sorted."""
    return sorted(key for key in one.keys() & other.keys() if not same(one[key], other[key]))
