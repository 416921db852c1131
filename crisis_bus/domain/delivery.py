"""From a published statement to a receipt: bulletin → order → outbox message → receipt."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain import ids, instants
from crisis_bus.domain.hazard import Hazard
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language, Step, Transport
from crisis_bus.domain.values import REFERRING_KINDS, Kind

_URGENT = frozenset({Kind.PUBLIC_WARNING, *REFERRING_KINDS})
"""A correction that is overtaken would never arrive, so that all of them go by one topic, in their order."""


Form = Literal["sms", "post", "push", "sign", "broadcast"]
"""A short wording of a statement: text message, social post, notification, road sign, cell broadcast."""


class Bulletin(BaseModel):
    """A published statement with everything that a destination may need; the same for all of them.

    `number` is unique over spaces (`<space>/<statement>`); `chain` is what must keep its order at a
    destination (`<space>/<incident>`) and `sequence` the place in it (from 1); `replaces` are the
    numbers that this text corrects, retracts, ends or supersedes; times are RFC 3339. A `test` looks whether channels
    and liaisons work: it is of no incident, and never public.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    number: str
    space: str
    statement: str
    incident: str
    incident_type: str
    kind: Kind
    exercise: bool
    rehearsal: bool
    emirates: tuple[str, ...]
    grade: int
    level: int
    lead: str
    audiences: tuple[str, ...]
    channels: tuple[str, ...]
    facts: dict[str, Any]
    headline: dict[Language, str]
    text: dict[Language, str]
    forms: dict[Form, dict[Language, str]] = {}
    refs: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    chain: str
    sequence: int
    published_at: str
    expires: str | None = None
    voice: str | None = None
    hazard: Hazard | None = None
    policy: str = ""
    test: bool = False

    def worded(self, form: Form, language: Language) -> str:
        """The short wording of the pack; the whole text where a statement has none."""
        return self.forms.get(form, {}).get(language) or self.text[language]

    @property
    def urgent(self) -> bool:
        """Life safety and its corrections do not wait behind routine texts."""
        return self.kind in _URGENT or self.grade >= 3  # noqa: PLR2004 major and critical


class Order(BaseModel):
    """One bulletin for the subscribers of one partition."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    partition: int
    bulletin: Bulletin


class Expansion(BaseModel):
    """How many messages an order led to, by channel: the audience of a bulletin in one partition of subscribers."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    order: str
    partition: int
    number: str
    space: str
    statement: str
    channels: dict[str, int]


class OutboxMessage(BaseModel):
    """One bulletin for one destination; `id` stays the same over every attempt and every crash.

    `not_before` (RFC 3339) is when the quiet hours of its destination end.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    subscription: str
    subscriber: str
    channel: str
    transport: Transport
    address: str
    languages: tuple[Language, ...]
    outlet: bool
    secret: str | None = None
    old_secret: str | None = None
    old_until: str | None = None
    not_before: str | None = None
    ladder: tuple[Step, ...] | None = None
    bulletin: Bulletin

    def at(self, step: int) -> "OutboxMessage":
        """The message on a step of its ladder; 0 is the way that the subscription asks for first."""
        if step == 0:
            return self
        way = (self.ladder or ())[step - 1]
        return self.model_copy(update={"transport": way.transport, "address": way.address})

    def after(self, step: int) -> Step | None:
        """The way after this one; None if it is the last."""
        ladder = self.ladder or ()
        return ladder[step] if step < len(ladder) else None


class Waiting(BaseModel):
    """A message that waits for a later attempt, or only for its `turn`; `began` (first attempt), `due`: RFC 3339.

    With `confirm` it has been accepted, and waits to be confirmed. It is on this `step` of its ladder since `stepped`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    message: OutboxMessage
    attempts: int
    began: str
    due: str
    why: str
    turn: bool = False
    confirm: bool = False
    step: int = 0
    stepped: str | None = None


class Sheaf(BaseModel):
    """One record of the outbox: a bulletin, and some of the messages of its partition, each without the bulletin."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    bulletin: Bulletin
    messages: tuple[dict[str, Any], ...]


class Outcome(StrEnum):
    """How a delivery ended, as far as it has; ACCEPTED becomes DELIVERED or FAILED if the peer says more later."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    RETRYING = "retrying"
    FAILED = "failed"
    EXPIRED = "expired"
    REPLACED = "replaced"

    @property
    def reached(self) -> bool:
        """Whether the destination has it, as far as anybody knows: nothing older may follow."""
        return self in {Outcome.ACCEPTED, Outcome.DELIVERED}


class Receipt(BaseModel):
    """What a destination answered to one attempt; RETRYING is followed by more, ACCEPTED may be. `at` is RFC 3339.

    `detail` is a sentence for the person who looks at it, without address or secret; `chain` and `sequence`
    are the bulletin's place, so that a worker that starts knows what nothing older may follow. `provider` made the
    attempt and calls the message `provider_id`; `payload` is the SHA-256 (hex) of the bytes that left; `due` is when
    the message was to leave; `languages` are those of the text, in their order.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    message: str
    space: str
    number: str
    statement: str
    incident: str
    subscription: str
    subscriber: str
    channel: str
    transport: Transport
    outlet: bool
    outcome: Outcome
    attempt: int
    at: str
    detail: str
    chain: str = ""
    sequence: int = 0
    provider: str | None = None
    provider_id: str | None = None
    payload: str | None = None
    due: str | None = None
    test: bool = False
    languages: tuple[Language, ...] = ()


def settled(accepted: Receipt, outcome: Outcome, at: Instant, detail: str) -> Receipt:
    """Say what a peer said later of a message that it had accepted; the same word twice has the same id."""
    made = _later(accepted, outcome)
    return accepted.model_copy(update={"id": made, "outcome": outcome, "at": instants.text(at), "detail": detail})


def is_later_word(told: Receipt) -> bool:
    """Whether a receipt is what a peer said later, so that there is one before it that says ACCEPTED."""
    return told.provider_id is not None and told.id == _later(told, told.outcome)


def _later(told: Receipt, outcome: Outcome) -> str:
    return ids.derived("receipt", told.message, str(told.attempt), outcome, "later")
