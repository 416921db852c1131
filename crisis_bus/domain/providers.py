"""Who carries messages: a channel as an operator has set it up, and how it may be used."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain.subscriptions import Name

Positive = Annotated[float, Field(gt=0)]


class Limits(BaseModel):
    """What a provider takes of one worker; without a number it is unlimited.

    `at_once` attempts are under way, and more where nobody carries and destinations are slow (`delivery/slots.py`);
    each takes at most `timeout` seconds; `per_second` with `burst` is a token bucket,
    `per_day` a quota by the day of UTC. The share `reserve` of burst and quota is for urgent messages only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_once: int = Field(200, ge=1)
    timeout: Positive = 15.0
    per_second: Positive | None = None
    burst: int = Field(10, ge=1)
    per_day: int | None = Field(None, ge=1)
    reserve: float = Field(0.2, ge=0, lt=1)


class Retries(BaseModel):
    """How patient one is with a provider, in seconds; one that asks for more than `longest_asked` is not obeyed.

    The wait doubles from `first_wait` to `longest_wait`, with full jitter; after `give_up` the message has failed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    first_wait: Positive = 0.5
    longest_wait: Positive = 60.0
    longest_asked: Positive = 300.0
    give_up: Positive = 900.0


class Breaker(BaseModel):
    """A provider (or a single destination, where nobody carries) is left alone when too many attempts fail.

    Of the last `window` answers the share `failing` were failures, and there were at least `least`: then nobody asks
    for `open_seconds`; one probe is let through, and its answer decides.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    window: int = Field(20, ge=1, le=1000)
    least: int = Field(5, ge=1)
    failing: float = Field(0.5, gt=0, le=1)
    open_seconds: Positive = 30.0


class Provider(BaseModel):
    """One entry of `providers.yaml`: the channel file `kind`, its options, and how it may be used.

    Providers of one transport are asked in the order of the file: the next one when the first cannot take a message.
    What it has accepted and not confirmed within `confirm_within` seconds has failed; without it nobody looks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    kind: Name
    options: dict[str, Any] = {}
    limits: Limits = Limits()
    retries: Retries = Retries()
    breaker: Breaker = Breaker()
    confirm_within: Positive | None = None
