"""Who wants what: a destination, and the statements that it asks for."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crisis_bus.domain.places import Shape
from crisis_bus.domain.values import Kind

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$")]
"""The tag of a language, as BCP 47 writes it (`ar`, `en`, `pt-BR`); which ones there are is up to the policy pack."""
Transport = Literal["webhook", "email", "web", "kafka", "sms", "x", "telegram", "mqtt", "push", "apprise", "handover"]
"""How a destination is reached: one file of `channels/` each."""


def _printable(value: str) -> str:
    if not value.strip() or not value.isprintable():
        msg = "needs a character that is not blank, and no control character"
        raise ValueError(msg)
    return value


Name = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Address = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
"""A browser's push subscription takes hundreds of signs."""


class Filter(BaseModel):
    """Empty lists ask for everything; dimensions are joined by AND, values inside one by OR.

    Where somebody wants to know what happens is one dimension: `emirates`, and `places` that are drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    types: tuple[str, ...] = ()
    emirates: tuple[str, ...] = ()
    places: tuple[Shape, ...] = Field((), max_length=20)
    kinds: tuple[Kind, ...] = ()
    audiences: tuple[str, ...] = ()
    min_grade: int = Field(1, ge=1, le=4)
    min_level: int = Field(1, ge=1, le=3)


Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day."""


class Quiet(BaseModel):
    """Hours in which what can wait waits, over midnight if `begin` is later than `end`; at `offset_minutes` from UTC.

    A bulletin of at least the grade `passes` comes at once, and whatever is urgent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    begin: Clock
    end: Clock
    passes: int = Field(3, ge=1, le=4)
    offset_minutes: int = Field(240, ge=-720, le=840)

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.begin == self.end:
            msg = "begin and end are the same: say from when to when"
            raise ValueError(msg)
        return self


class Step(BaseModel):
    """Another way to somebody who has not confirmed, or was not reached, `after_minutes` on the way before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    transport: Transport
    address: Address
    after_minutes: float = Field(5.0, gt=0, le=1440)


class Consent(BaseModel):
    """What a person agreed to: when it was asked, where, and when confirmed (RFC 3339); it holds until `keep_until`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    asked_at: str
    source: Name
    confirmed_at: str
    keep_until: str


class Subscription(BaseModel):
    """One destination of one subscriber in one space.

    `channel` is the channel of the policy pack whose statements it takes (`WEB`, `MEDIA_WIRE`, …).
    An `outlet` is the channel itself (the site, the wire), not one of its many readers: when an outlet
    fails for good, the channel has failed and the desk is told (`delivery.fail`).
    `secret` signs what a webhook gets; it is never shown again. After a change `old_secret` signs beside it for what
    is published until `old_until` (RFC 3339). An outlet knows no `quiet` hours.
    A person's other ways are a `ladder`, climbed until a message has arrived.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Name
    space: Name
    subscriber: Name
    channel: Name
    transport: Transport
    address: Address
    languages: tuple[Language, ...] = ("ar", "en")
    filter: Filter = Filter()
    outlet: bool = False
    paused: bool = False
    quiet: Quiet | None = None
    ladder: tuple[Step, ...] = Field((), max_length=5)
    consent: Consent | None = None
    secret: str | None = None
    old_secret: str | None = None
    old_until: str | None = None

    @model_validator(mode="after")
    def _a_person_climbs(self) -> Self:
        if self.ladder and self.outlet:
            msg = "an outlet has no ladder: its alternates are those of the policy pack (ESC-11)"
            raise ValueError(msg)
        return self
