"""Who wants what: a destination, and the statements that it asks for."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crisis_bus.domain.values import Kind

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$")]
"""The tag of a language, as BCP 47 writes it (`ar`, `en`, `pt-BR`); which ones there are is up to the policy pack."""
Transport = Literal["webhook", "email", "web", "kafka", "sms", "mqtt", "push", "apprise"]
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
    """Empty lists ask for everything; dimensions are joined by AND, values inside one by OR."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    types: tuple[str, ...] = ()
    emirates: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    audiences: tuple[str, ...] = ()
    min_grade: int = Field(1, ge=1, le=4)
    min_level: int = Field(1, ge=1, le=3)


class Subscription(BaseModel):
    """One destination of one subscriber in one space.

    `channel` is the channel of the policy pack whose statements it takes (`WEB`, `MEDIA_WIRE`, …).
    An `outlet` is the channel itself (the site, the wire), not one of its many readers: when an outlet
    fails for good, the channel has failed and the desk is told (`delivery.fail`).
    `secret` signs what a webhook gets; it is never shown again. After a change `old_secret` signs beside it for what
    is published until `old_until` (RFC 3339).
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
    old_until: str | None = None
