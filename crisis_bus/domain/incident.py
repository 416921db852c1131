"""An incident as the office keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crisis_bus.domain.commands import Value
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.values import (
    OPEN_INCIDENT,
    Certainty,
    IncidentState,
    Priority,
    Severity,
    Urgency,
)

_SEVERITIES, _URGENCIES, _CERTAINTIES = list(Severity), list(Urgency), list(Certainty)


@dataclass(frozen=True, slots=True)
class Extent:
    """How bad an incident is, each scale by itself; ranks count from the worst (0)."""

    severity: int
    urgency: int
    certainty: int
    emirates: int
    fatalities: int

    @classmethod
    def of(cls, incident: "Incident", emirates: int) -> "Extent":
        """The present values of an incident that touches so many emirates."""
        return cls(
            _SEVERITIES.index(incident.severity),
            _URGENCIES.index(incident.urgency),
            _CERTAINTIES.index(incident.certainty),
            emirates,
            incident.fatalities,
        )

    def worst(self, other: "Extent") -> "Extent":
        """The worse of both, scale by scale."""
        return Extent(
            min(self.severity, other.severity),
            min(self.urgency, other.urgency),
            min(self.certainty, other.certainty),
            max(self.emirates, other.emirates),
            max(self.fatalities, other.fatalities),
        )

    def worse_than(self, mark: "Extent") -> bool:
        """Whether at least one scale is worse than the mark's; equal is not worse."""
        return self.worst(mark) != mark


@dataclass(frozen=True, slots=True)
class Incident:
    """Instants and durations are milliseconds; ids of what belongs to it are in the order of arrival.

    `policy` is the version that it began with; records that are older than versions have none, and mean the first.
    """

    id: str
    number: int
    type: str
    exercise: bool
    reported_at: Instant
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    emirates: tuple[str, ...]
    fatalities: int
    injured: int
    lead: str
    supporting: tuple[str, ...]
    state: IncidentState = IncidentState.REPORTED
    topic: str | None = None
    priority: Priority | None = None
    depicted: str | None = None
    next_of_kin_informed: bool = False
    grade: int = 1
    peak_grade: int = 1
    level: int = 1
    floor: int = 1
    worst: Extent | None = None
    mark: Extent | None = None
    acknowledged: bool = False
    deadline: int = 0
    deadline_series: int = 0
    steps_used: tuple[str, ...] = ()
    breached: bool = False
    first_out: bool = False
    cadence_series: int = 0
    spokesperson: str | None = None
    confirmed: bool = False
    assignment: int = 0
    declined: tuple[str, ...] = ()
    silent: Mapping[str, Instant] = field(default_factory=dict)
    sheet: Mapping[str, Value] = field(default_factory=dict)
    statements: tuple[str, ...] = ()
    rumours: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    signatures: Mapping[str, Instant] = field(default_factory=dict)
    policy: str = ""

    @property
    def open(self) -> bool:
        """Reported, acknowledged or stabilising."""
        return self.state in OPEN_INCIDENT

    @property
    def live(self) -> bool:
        """Open, or a suspended exercise."""
        return self.open or self.state is IncidentState.SUSPENDED
