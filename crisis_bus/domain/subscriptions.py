"""Who wants what: a destination, and the statements that it asks for."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crisis_bus.domain.values import Kind

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$")]
"""The tag of a language, as BCP 47 writes it (`ar`, `en`, `pt-BR`); which ones there are is up to the policy pack."""
Transport = Literal[
    "webhook", "email", "web", "kafka", "sms", "x", "telegram", "mqtt", "push", "websub", "apprise", "handover"
]
"""How a destination is addressed; who carries it there is a provider (`domain/providers.py`)."""


def _printable(value: str) -> str:
    if not value.strip() or not value.isprintable():
        msg = "needs a character that is not blank, and no control character"
        raise ValueError(msg)
    return value


Name = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Address = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
"""A browser's push subscription takes hundreds of signs."""


class Filter(BaseModel):
    """Empty lists ask for everything; dimensions are joined by AND, values inside one by OR."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    types: tuple[str, ...] = ()
    emirates: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    audiences: tuple[str, ...] = ()
    min_grade: int = Field(1, ge=1, le=4)
    min_level: int = Field(1, ge=1, le=3)
    places: tuple["Shape", ...] = Field((), max_length=20)


class Circle(BaseModel):
    """A place: degrees (WGS 84), radius in kilometres; CAP 1.2 §3.2.4 writes it so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    km: float = Field(0, ge=0, le=20_000)


class Polygon(BaseModel):
    """A closed line of (latitude, longitude), first and last the same (CAP 1.2 §3.2.4)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    points: tuple[tuple[float, float], ...] = Field(min_length=4, max_length=1000)


Shape = Circle | Polygon
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day by the government's clock."""


class Quiet(BaseModel):
    """Hours without messages, over midnight if `begin` is later; a bulletin of at least `passes` (grade) comes anyway.

    What is urgent always comes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    begin: Clock
    end: Clock
    passes: int = Field(3, ge=1, le=4)


class Consent(BaseModel):
    """What a person agreed to, where and when (RFC 3339); nothing is sent before `confirmed_at`.

    `keep_until` is when the data go, even if nobody asks for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    asked_at: str
    source: Name
    confirmed_at: str | None = None
    keep_until: str | None = None


class Subscription(BaseModel):
    """One destination of one subscriber in one space.

    `channel` is the channel of the policy pack whose statements it takes (`WEB`, `MEDIA_WIRE`, …).
    An `outlet` is the channel itself (the site, the wire), not one of its many readers: when an outlet
    fails for good, the channel has failed and the desk is told (`delivery.fail`).
    `secret` signs what a webhook gets; it is never shown again; `old_secret` still signs beside it after a change.
    `quiet` and `digest` (the time of day when routine messages come together) hold back what is not urgent.
    Subscriptions of one `person` are a contact ladder: `rung` 1 first, the next when that was not delivered.
    A `consent` that is not confirmed yet gets nothing.
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
    secret: str | None = None
    old_secret: str | None = None
    quiet: Quiet | None = None
    digest: Clock | None = None
    person: Name | None = None
    rung: int = Field(1, ge=1, le=9)
    consent: Consent | None = None
