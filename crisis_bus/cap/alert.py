"""What a CAP alert says, as frozen values; names as in the standard."""

from dataclasses import dataclass
from enum import StrEnum

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.values import Certainty, Severity, Urgency


class Status(StrEnum):
    """Whether the alert is meant."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    """What the alert does to earlier ones."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """Whom the alert is for."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    """The kind of hazard."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier alert."""

    sender: str
    identifier: str
    sent: Instant


@dataclass(frozen=True, slots=True)
class Coded:
    """A value of somebody's code list: an event code or a geocode."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Area:
    """Where; shapes are not read yet."""

    description: str
    geocodes: tuple[Coded, ...]


@dataclass(frozen=True, slots=True)
class Info:
    """What, how bad and where, in one language."""

    language: str
    categories: tuple[Category, ...]
    event: str
    event_codes: tuple[Coded, ...]
    response_types: tuple[str, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    headline: str
    description: str
    instruction: str
    expires: Instant | None
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class CapAlert:
    """One alert of CAP 1.0, 1.1 or 1.2."""

    version: str
    identifier: str
    sender: str
    sent: Instant
    sent_text: str
    status: Status
    msg_type: MsgType
    scope: Scope
    note: str
    references: tuple[Reference, ...]
    infos: tuple[Info, ...]
