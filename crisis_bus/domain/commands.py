"""What can be asked of a space: one model a command, fields in the order of `scenario-format.md` §5.

The order of the fields is the order in which they are checked. A field that names something that
must exist carries a `Ref`. Optional fields are left out, never null.
"""
# size: a table of models, one for each command

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, ClassVar, Final, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from crisis_bus.domain.instants import When
from crisis_bus.domain.values import (
    Certainty,
    CloseOutcome,
    ContradictionOutcome,
    InitiativeKind,
    Key,
    Kind,
    Level,
    Priority,
    Severity,
    Urgency,
    Verdict,
)

T = TypeVar("T")


class Absent(Enum):
    """What is not there, where null would be something."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was sent: nothing in it is checked yet, except that it is JSON."""

    type: object
    by: object
    data: object
    id: object = ABSENT


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field whose values must exist; `of` is the last word of the refusal `UNKNOWN_…`."""

    of: str


def _text(value: str) -> str:
    if not value.strip():
        msg = "a text needs a character that is not blank"
        raise ValueError(msg)
    return value


def _present(value: Any) -> Any:  # noqa: ANN401 any JSON value comes by
    if value is None:
        msg = "an optional field is left out, never null"
        raise ValueError(msg)
    return value


def _member(value: Any) -> Any:  # noqa: ANN401 any JSON value comes by
    if not isinstance(value, str):
        msg = "must be text"
        raise ValueError(msg)  # noqa: TRY004 pydantic turns ValueError, not TypeError, into an error
    return value


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _not_empty(value: dict[str, Any]) -> dict[str, Any]:
    if not value:
        msg = "must not be empty"
        raise ValueError(msg)
    return value


def _not_reserved(value: str) -> str:
    if value.startswith("INC-"):
        msg = "ids that start with INC- are kept for incidents opened from rumours"
        raise ValueError(msg)
    return value


Maybe = Annotated[T | None, BeforeValidator(_present)]
"""An optional field: absent is fine, null is not."""
Text = Annotated[StrictStr, AfterValidator(_text)]
Count = Annotated[StrictInt, Field(ge=0)]
Value = StrictBool | StrictInt | StrictStr
FactsMap = dict[Text, Value]
FullFactsMap = Annotated[FactsMap, AfterValidator(_not_empty)]
TextMap = dict[Text, StrictStr]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v), AfterValidator(_once)
]

IncidentId = Annotated[Text, Ref("INCIDENT")]
StatementId = Annotated[Text, Ref("STATEMENT")]
RumourId = Annotated[Text, Ref("RUMOUR")]
ContradictionId = Annotated[Text, Ref("CONTRADICTION")]
InitiativeId = Annotated[Text, Ref("INITIATIVE")]
TypeCode = Annotated[Text, Ref("TYPE")]
EntityCode = Annotated[Text, Ref("ENTITY")]
ChannelId = Annotated[Text, Ref("CHANNEL")]
TopicCode = Annotated[Text, Ref("TOPIC")]
Emirates = Annotated[Texts, Ref("EMIRATE")]
StatementIds = Annotated[Texts, Ref("STATEMENT")]
RumourIds = Annotated[Texts, Ref("RUMOUR")]
ChannelIds = Annotated[Texts, Ref("CHANNEL")]

AnySeverity = Annotated[Severity, BeforeValidator(_member)]
AnyUrgency = Annotated[Urgency, BeforeValidator(_member)]
AnyCertainty = Annotated[Certainty, BeforeValidator(_member)]
AnyPriority = Annotated[Priority, BeforeValidator(_member)]
LevelNumber = Annotated[StrictInt, Field(ge=1, le=3), AfterValidator(Level)]


class Asked(BaseModel):
    """The checked data of a command."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    TYPE: ClassVar[str]


class IncidentReport(Asked):
    """Something happened: grade it, find who leads and who speaks, start the clocks."""

    TYPE: ClassVar[str] = "incident.report"
    id: Annotated[Text, AfterValidator(_not_reserved)]
    type: TypeCode
    severity: AnySeverity
    urgency: AnyUrgency
    certainty: AnyCertainty
    emirates: Emirates
    fatalities: Count = 0
    injured: Count = 0
    exercise: StrictBool = False
    topic: Maybe[TopicCode] = None
    priority: Maybe[AnyPriority] = None
    depicted: Maybe[Text] = None
    supersedes: Maybe[IncidentId] = None


class IncidentAcknowledge(Asked):
    """The lead has it in hand."""

    TYPE: ClassVar[str] = "incident.acknowledge"
    incident: IncidentId


class IncidentUpdate(Asked):
    """What is known of an incident has changed."""

    TYPE: ClassVar[str] = "incident.update"
    incident: IncidentId
    severity: Maybe[AnySeverity] = None
    urgency: Maybe[AnyUrgency] = None
    certainty: Maybe[AnyCertainty] = None
    emirates: Maybe[Emirates] = None
    fatalities: Maybe[Count] = None
    injured: Maybe[Count] = None
    next_of_kin_informed: Maybe[StrictBool] = None


class IncidentMerge(Asked):
    """Two incidents are one."""

    TYPE: ClassVar[str] = "incident.merge"
    incident: IncidentId
    into: IncidentId


class IncidentStabilise(Asked):
    """The worst is over."""

    TYPE: ClassVar[str] = "incident.stabilise"
    incident: IncidentId


class IncidentStandDown(Asked):
    """One signature under the end of the crisis."""

    TYPE: ClassVar[str] = "incident.stand_down"
    incident: IncidentId


class IncidentClose(Asked):
    """The file is closed."""

    TYPE: ClassVar[str] = "incident.close"
    incident: IncidentId
    outcome: Annotated[CloseOutcome, BeforeValidator(_member)]


class LevelOverride(Asked):
    """The Office or the coordinator sets the level by hand."""

    TYPE: ClassVar[str] = "level.override"
    incident: IncidentId
    level: LevelNumber


class LeadTransfer(Asked):
    """Another entity takes the lead."""

    TYPE: ClassVar[str] = "lead.transfer"
    incident: IncidentId
    to: EntityCode


class SpokespersonConfirm(Asked):
    """The assigned spokesperson is ready."""

    TYPE: ClassVar[str] = "spokesperson.confirm"
    incident: IncidentId


class SpokespersonDecline(Asked):
    """The assigned spokesperson cannot."""

    TYPE: ClassVar[str] = "spokesperson.decline"
    incident: IncidentId
    reason: Text


class FactsheetSet(Asked):
    """Values that public texts may use."""

    TYPE: ClassVar[str] = "factsheet.set"
    incident: IncidentId
    facts: FullFactsMap


class StatementText(Asked):
    """A whole text, as drafted or submitted."""

    id: Text
    incident: IncidentId
    kind: Annotated[Kind, BeforeValidator(_member)]
    facts: Maybe[FactsMap] = None
    refs: StatementIds = ()
    answers: RumourIds = ()
    channels: ChannelIds = ()
    marker: StrictBool = False
    names_victims: StrictBool = False
    originator: Maybe[EntityCode] = None
    embargo_until: Maybe[When] = None
    expires: Maybe[When] = None
    text: Maybe[TextMap] = None
    parts: Maybe[TextMap] = None


class StatementDraft(StatementText):
    """A text to keep."""

    TYPE: ClassVar[str] = "statement.draft"


class StatementSubmit(StatementText):
    """A text to approve."""

    TYPE: ClassVar[str] = "statement.submit"


class StatementApprove(Asked):
    """One key."""

    TYPE: ClassVar[str] = "statement.approve"
    statement: StatementId
    key: Annotated[Key, BeforeValidator(_member)]


class StatementReturn(Asked):
    """Back to the drafter."""

    TYPE: ClassVar[str] = "statement.return"
    statement: StatementId
    reason: Text


class StatementReject(Asked):
    """The end of this text."""

    TYPE: ClassVar[str] = "statement.reject"
    statement: StatementId
    reason: Text


class StatementWithdraw(Asked):
    """The author's side takes it back."""

    TYPE: ClassVar[str] = "statement.withdraw"
    statement: StatementId


class StatementReview(Asked):
    """The review after a warning that left on one key."""

    TYPE: ClassVar[str] = "statement.review"
    statement: StatementId


class EmbargoBreak(Asked):
    """An outlet published before time."""

    TYPE: ClassVar[str] = "embargo.break"
    statement: StatementId
    outlet: Text


class PublicationObserve(Asked):
    """Somebody said something about an incident."""

    TYPE: ClassVar[str] = "publication.observe"
    id: Text
    incident: IncidentId
    source: Text
    government: StrictBool
    facts: FullFactsMap


class ContradictionResolve(Asked):
    """The Office settles which text stands."""

    TYPE: ClassVar[str] = "contradiction.resolve"
    contradiction: ContradictionId
    outcome: Annotated[ContradictionOutcome, BeforeValidator(_member)]


class RumourLog(Asked):
    """A claim goes round."""

    TYPE: ClassVar[str] = "rumour.log"
    id: Text
    claim: Text
    reach: Count
    harm: Annotated[StrictInt, Field(ge=1, le=3)]
    topic: TopicCode
    incident: Maybe[IncidentId] = None


class RumourGrow(Asked):
    """The claim reaches more people."""

    TYPE: ClassVar[str] = "rumour.grow"
    rumour: RumourId
    reach: Count


class RumourVerify(Asked):
    """What is true of it."""

    TYPE: ClassVar[str] = "rumour.verify"
    rumour: RumourId
    verdict: Annotated[Verdict, BeforeValidator(_member)]


class RumourClose(Asked):
    """It is over."""

    TYPE: ClassVar[str] = "rumour.close"
    rumour: RumourId


class ChannelSuspend(Asked):
    """An account is not in our hands any more."""

    TYPE: ClassVar[str] = "channel.suspend"
    channel: ChannelId
    entity: EntityCode


class ChannelRestore(Asked):
    """The account is ours again."""

    TYPE: ClassVar[str] = "channel.restore"
    channel: ChannelId
    entity: EntityCode


class DeliveryFail(Asked):
    """A channel did not take a statement."""

    TYPE: ClassVar[str] = "delivery.fail"
    statement: StatementId
    channel: ChannelId


class VerificationAsk(Asked):
    """Is this text official?"""

    TYPE: ClassVar[str] = "verification.ask"
    ref: Text


class InitiativePlan(Asked):
    """Something is planned."""

    TYPE: ClassVar[str] = "initiative.plan"
    id: Text
    owner: EntityCode
    kind: Annotated[InitiativeKind, BeforeValidator(_member)]
    start: When
    audience: Maybe[Text] = None
    notice_at: Maybe[When] = None


class InitiativeRelease(Asked):
    """A held plan may go on."""

    TYPE: ClassVar[str] = "initiative.release"
    initiative: InitiativeId


class LiveOnly(Asked):
    """The checked data of a command that no scenario file may hold."""


class PolicyPropose(LiveOnly):
    """Another version of the policy, whole, so that the journal alone explains what is decided by it."""

    TYPE: ClassVar[str] = "policy.propose"
    version: Text
    effective: Text
    tables: dict[Text, Any]
    templates: dict[Text, Any]


class PolicyAdopt(LiveOnly):
    """A proposed version shall hold, says a second person."""

    TYPE: ClassVar[str] = "policy.adopt"
    version: Text


CLOCK_TICK = "clock.tick"
"""Fires what is due; of the live system only (`scenario-format.md` §2, Live)."""
REHEARSAL_OPEN = "rehearsal.open"
"""Makes an empty space a rehearsal, with its start and its changes to people; of the live system only."""


def _all(base: type[Asked]) -> dict[str, type[Asked]]:
    found = {base.TYPE: base} if "TYPE" in vars(base) else {}
    for child in base.__subclasses__():
        found |= _all(child)
    return found


LIVE_COMMANDS: dict[str, type[Asked]] = _all(LiveOnly)
"""The commands with data that only the live system knows."""
COMMANDS: dict[str, type[Asked]] = {name: model for name, model in _all(Asked).items() if name not in LIVE_COMMANDS}
"""Every command of the rule book by its name."""
