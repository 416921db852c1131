"""Who carries messages: a configured instance of a channel, with its limits. Each transport has one or more."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain.subscriptions import Name, Transport

Positive = Annotated[float, Field(gt=0)]


class Limits(BaseModel):
    """What a provider takes. Seconds; `per_second` and `per_day` without a number are unlimited.

    Of `per_day` the share `reserve` is for urgent messages only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    per_second: Positive | None = None
    burst: int = Field(10, ge=1)
    per_day: int | None = Field(None, ge=1)
    reserve: float = Field(0.2, ge=0, le=1)
    at_once: int = Field(200, ge=1)
    timeout: Positive = 15.0


class Schedule(BaseModel):
    """When a message is tried again: seconds after each failed attempt, with jitter; after the last one it has failed.

    Waits up to `held` are waited where the message is; longer ones in `crisis.later.v1`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    waits: tuple[Positive, ...] = (0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14400, 28800)
    jitter: float = Field(0.5, ge=0, le=1)
    longest_asked: Positive = 3600.0
    held: Positive = 10.0


class Breaker(BaseModel):
    """A provider (or a host) is not asked for `open_seconds` after so many failures in a row; then one probe is let."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    failures: int = Field(10, ge=1)
    open_seconds: Positive = 30.0


class Provider(BaseModel):
    """One entry of `providers.yaml`: the channel file `kind`, its options, and how it may be used.

    Providers of one transport are tried in the order of the file: the next one when the breaker of the first is open.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    kind: Name
    transport: Transport
    options: dict[str, Any] = {}
    limits: Limits = Limits()
    schedule: Schedule = Schedule()
    breaker: Breaker = Breaker()
