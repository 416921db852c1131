"""What the API takes and gives, as models: the OpenAPI document is made from them."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr

from crisis_bus.domain.commands import Maybe
from crisis_bus.domain.controls import Action
from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.domain.subscriptions import Address, Consent, Filter, Language, Name, Quiet, Step, Transport
from crisis_bus.domain.values import Certainty, IncidentState, Severity, StatementState, Urgency

LONGEST = 200


def _printable(value: str) -> str:
    if value and not value.isprintable():
        msg = "needs printable characters"
        raise ValueError(msg)
    return value


Line = Annotated[StrictStr, Field(max_length=LONGEST), AfterValidator(_printable)]
"""Text that may stand in a header: it may be blank, for the desk decides about that."""


class Shape(BaseModel):
    """Something that the API gives."""

    model_config = ConfigDict(frozen=True)


class ProblemShape(Shape):
    """RFC 9457, with the code and both languages; `id` is what to ask for if a command may be on the log."""

    type: str
    status: int
    code: str
    title: str
    detail: str
    titles: dict[Language, str]
    details: dict[Language, str]
    field: str | None = None
    request_id: str | None = None
    id: str | None = None


class CommandRequest(BaseModel):
    """A command: its shape is checked here, all else by the desk.

    Who plays everybody's part in a rehearsal may also play somebody who sends a senseless `by` or `id`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: Line
    data: Any = None
    space: Maybe[Name] = None
    by: Any = None
    id: Any = None
    at: Maybe[StrictInt | StrictStr] = None


class AcceptedCommand(Shape):
    """A command that is on the log with all in-sync replicas; what the desk makes of it is at `status_url`."""

    id: str
    space: str
    status: Literal["accepted"] = "accepted"
    status_url: str


class FactShape(Shape):
    """A fact as told; `at` is RFC 3339, or minutes since the start of a rehearsal."""

    at: int | str
    type: str
    data: dict[str, Any]


class CommandStatus(Shape):
    """What became of a command: `pending` has no facts yet, `unconfirmed` may not be on the log at all."""

    id: str
    space: str
    status: Literal["pending", "unconfirmed", "decided"]
    refused: bool | None = None
    cursor: str | None = None
    at: str | None = None
    facts: tuple[FactShape, ...] = ()


class AcceptedReport(Shape):
    """A report that is on the log; intake makes an incident of it, or finds that it belongs to one."""

    id: str
    space: str
    status: Literal["accepted"] = "accepted"


class IncidentShape(Shape):
    """Where an incident stands; times are RFC 3339 in UTC."""

    id: str
    space: str
    type: str
    exercise: bool
    state: IncidentState
    grade: int
    level: int
    lead: str
    supporting: tuple[str, ...]
    emirates: tuple[str, ...]
    severity: Severity | None
    urgency: Urgency | None
    certainty: Certainty | None
    fatalities: int
    injured: int
    topic: str | None
    spokesperson: str | None
    spokesperson_ready: bool
    sheet: dict[str, Any]
    reported_at: str
    first_statement_due: str
    first_statement: Literal["waiting", "met", "late", "breached"]
    policy: str
    statements: tuple[str, ...]


class StatementShape(Shape):
    """Where a statement stands; `keys` maps each key to the entity that gives it, `given` to who gave it."""

    id: str
    space: str
    incident: str
    kind: str
    author: str | None
    state: StatementState
    facts: dict[str, Any]
    refs: tuple[str, ...]
    text: dict[str, str] | None
    parts: dict[str, str] | None
    keys: dict[str, str]
    given: dict[str, str]
    published_at: str | None
    channels: tuple[str, ...]
    deliveries: dict[str, dict[Outcome, int]]


class JournalLine(Shape):
    """One answered command and its facts; `cursor` is its place."""

    cursor: str
    id: str
    type: Any
    by: Any
    data: Any
    at: str
    repeats: bool
    facts: tuple[FactShape, ...]


class IncidentPage(Shape):
    """Incidents by id; give `after` to get those that follow."""

    items: tuple[IncidentShape, ...]
    after: str | None
    more: bool


class StatementPage(Shape):
    """Statements by id; give `after` to get those that follow."""

    items: tuple[StatementShape, ...]
    after: str | None
    more: bool


class JournalPage(Shape):
    """The journal from the oldest line to the newest; give `after` to get those that follow, now or later."""

    items: tuple[JournalLine, ...]
    after: str | None
    more: bool


class ReceiptPage(Shape):
    """The latest receipt of each message by time; give `after` to get those that follow."""

    items: tuple[Receipt, ...]
    after: str | None
    more: bool


class SubscriptionRequest(BaseModel):
    """A subscription as somebody writes it; a webhook without a `secret` is given one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    channel: Name
    transport: Transport
    address: Address
    space: Maybe[Name] = None
    subscriber: Maybe[Name] = None
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=2)] = ("ar", "en")
    filter: Filter = Filter()
    outlet: bool = False
    paused: bool = False
    quiet: Quiet | None = None
    ladder: tuple[Step, ...] = ()
    secret: Maybe[StrictStr] = None


class SubscriptionPatch(BaseModel):
    """What changes of a subscription; `rotate_secret` makes a new secret, which is shown once."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    channel: Maybe[Name] = None
    address: Maybe[Address] = None
    languages: Maybe[Annotated[tuple[Language, ...], Field(min_length=1, max_length=2)]] = None
    filter: Maybe[Filter] = None
    paused: Maybe[bool] = None
    quiet: Quiet | None = None
    ladder: Maybe[tuple[Step, ...]] = None
    rotate_secret: bool = False


class ChannelTestRequest(BaseModel):
    """Which channels to test; all that may be, if left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    channels: Annotated[tuple[Name, ...], Field(max_length=100)] = ()


class ControlRequest(BaseModel):
    """Pause or resume a transport or a provider; an auditor reads the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    action: Literal[Action.PAUSE, Action.RESUME]
    target: Name
    reason: Name


class LetterRequest(BaseModel):
    """Put a dead letter back where it came from, or say that nobody will handle it; an auditor reads the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    action: Literal[Action.REPLAY, Action.DISCARD]
    reason: Name


class SubscriptionShape(Shape):
    """A subscription, without its secret."""

    id: str
    space: str
    subscriber: str
    channel: str
    transport: Transport
    address: str
    languages: tuple[Language, ...]
    filter: Filter
    outlet: bool
    paused: bool
    quiet: Quiet | None = None
    ladder: tuple[Step, ...] = ()
    consent: Consent | None = None
    has_secret: bool


class SubscriptionWritten(SubscriptionShape):
    """A subscription as it was just written; `secret` is there only if it is new, and never again."""

    secret: str | None = None


class SubscriptionPage(Shape):
    """Subscriptions by id; give `after` to get those that follow."""

    items: tuple[SubscriptionShape, ...]
    after: str | None
    more: bool


class Health(Shape):
    """Whether the process is up, and for readiness each thing that has to be."""

    status: Literal["ok", "waiting"]
    parts: dict[str, bool] = {}
