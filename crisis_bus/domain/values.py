"""The closed lists of the rule book (`scenario-format.md` §3). Scales run from worst to mildest."""

from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """CAP severity, letter for letter."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Urgency(StrEnum):
    """CAP urgency, letter for letter."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """CAP certainty, letter for letter."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class Priority(StrEnum):
    """How much a rumour matters."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Level(IntEnum):
    """Who handles an incident: one entity, several, or the nation."""

    ENTITY = 1
    CROSS_ENTITY = 2
    NATIONAL = 3


class Kind(StrEnum):
    """What a statement is (`rules.md` §2.3)."""

    PUBLIC_WARNING = "PUBLIC_WARNING"
    HOLDING = "HOLDING"
    SITREP = "SITREP"
    RUMOUR_RESPONSE = "RUMOUR_RESPONSE"
    CORRECTION = "CORRECTION"
    RETRACTION = "RETRACTION"
    ALL_CLEAR = "ALL_CLEAR"
    PRESS_RELEASE = "PRESS_RELEASE"
    LINES_TO_TAKE = "LINES_TO_TAKE"
    INTERNAL_BRIEFING = "INTERNAL_BRIEFING"


INTERNAL_KINDS = frozenset({Kind.LINES_TO_TAKE, Kind.INTERNAL_BRIEFING})
PUBLIC_KINDS = frozenset(Kind) - INTERNAL_KINDS
FIRST_KINDS = frozenset(
    {
        Kind.HOLDING,
        Kind.SITREP,
        Kind.PRESS_RELEASE,
        Kind.RUMOUR_RESPONSE,
        Kind.PUBLIC_WARNING,
        Kind.RETRACTION,
    }
)
"""Kinds that meet the deadline of the first statement (`scenario-format.md` §6)."""
REFERRING_KINDS = frozenset({Kind.CORRECTION, Kind.RETRACTION, Kind.ALL_CLEAR})


class Key(StrEnum):
    """An approval key."""

    FACT = "FACT"
    COORD = "COORD"
    RELEASE = "RELEASE"
    ORIGINATOR = "ORIGINATOR"
    INTERNAL = "INTERNAL"


ANY = "ANY"
"""The need of a key that any entity may give."""


class IncidentState(StrEnum):
    """Where an incident stands (`rules.md` §4.8)."""

    REPORTED = "REPORTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    STABILISING = "STABILISING"
    SUSPENDED = "SUSPENDED"
    MERGED = "MERGED"
    STOOD_DOWN = "STOOD_DOWN"
    CLOSED = "CLOSED"
    FALSE_ALARM = "FALSE_ALARM"
    DUPLICATE = "DUPLICATE"


OPEN_INCIDENT = frozenset({IncidentState.REPORTED, IncidentState.ACKNOWLEDGED, IncidentState.STABILISING})


class StatementState(StrEnum):
    """Where a statement stands (`rules.md` §4.1)."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    BLOCKED = "BLOCKED"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"
    CORRECTED = "CORRECTED"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"
    RETRACTED = "RETRACTED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


PUBLIC_STATES = frozenset(
    {
        StatementState.PUBLISHED,
        StatementState.CORRECTED,
        StatementState.SUPERSEDED,
        StatementState.EXPIRED,
        StatementState.RETRACTED,
        StatementState.FAILED,
    }
)
PENDING_STATES = frozenset({StatementState.IN_REVIEW, StatementState.SCHEDULED})


class RumourState(StrEnum):
    """Where a rumour stands (`rules.md` §3.8)."""

    OPEN = "OPEN"
    VERIFIED = "VERIFIED"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


UNANSWERED = frozenset({RumourState.OPEN, RumourState.VERIFIED})


class Verdict(StrEnum):
    """What a rumour turned out to be."""

    TRUE = "TRUE"
    FALSE = "FALSE"
    UNVERIFIABLE = "UNVERIFIABLE"


class ContradictionOutcome(StrEnum):
    """How a contradiction between two government publications was settled."""

    RETRACT_OTHER = "RETRACT_OTHER"
    UPDATE_FACTSHEET = "UPDATE_FACTSHEET"
    NO_CONFLICT = "NO_CONFLICT"


class CloseOutcome(StrEnum):
    """Why an incident is closed."""

    AAR_FILED = "AAR_FILED"
    FALSE_ALARM = "FALSE_ALARM"
    DUPLICATE = "DUPLICATE"


class InitiativeKind(StrEnum):
    """What is planned."""

    ANNOUNCEMENT = "ANNOUNCEMENT"
    CAMPAIGN = "CAMPAIGN"
    EXERCISE = "EXERCISE"


class InitiativeState(StrEnum):
    """Where a plan stands."""

    PLANNED = "PLANNED"
    HELD = "HELD"
    RELEASED = "RELEASED"


class ChannelClass(StrEnum):
    """Whom a channel reaches."""

    PUBLIC = "PUBLIC"
    MEDIA = "MEDIA"
    INTERNAL = "INTERNAL"
    EXERCISE = "EXERCISE"
