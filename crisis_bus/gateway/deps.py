"""What the gateway is given by the assembly: nothing in it is fetched."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, cast

from prometheus_client import CollectorRegistry
from starlette.requests import Request

from crisis_bus.channels.callbacks import CallbackOptions
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.policy import Languages
from crisis_bus.gateway.accepted import Accepted
from crisis_bus.gateway.bell import Bell
from crisis_bus.gateway.keys import Keys
from crisis_bus.gateway.names import Names
from crisis_bus.gateway.operations import Operations
from crisis_bus.views.chain import Standing
from crisis_bus.views.gathered import Views
from crisis_bus.wire.envelope import Envelope

Taken = Literal["command", "report", "subscription", "callback", "control", "sign_up"]
Publish = Callable[[str, bytes, Envelope], Awaitable[object]]
"""(topic, key, envelope) → returns when all in-sync replicas have it; raises NotReachable or NotAcknowledged."""


class Meter(Protocol):
    """Counts what happens at the door; labels are closed lists."""

    def taken(self, what: Taken, name: str) -> None:
        """Something was acknowledged by the log; `name` is the command's."""

    def entry(self, standing: Standing, entry: Entry) -> None:
        """The views read a journal entry, and it counted or not."""

    def refused(self, code: str) -> None:
        """A request was answered with a problem of this code."""

    def denied(self, rule: str) -> None:
        """Somebody was kept out by this rule."""

    def listening(self, change: int) -> None:
        """A live page opened (1) or closed (-1)."""


class NoMeter:
    """Counts nothing."""

    def taken(self, what: Taken, name: str) -> None:
        """Nothing is counted."""

    def entry(self, standing: Standing, entry: Entry) -> None:
        """Nothing is counted."""

    def refused(self, code: str) -> None:
        """Nothing is counted."""

    def denied(self, rule: str) -> None:
        """Nothing is counted."""

    def listening(self, change: int) -> None:
        """Nothing is counted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Values of settings that bound what one client can cost."""

    max_body_bytes: int = 1_048_576
    ack_timeout_seconds: float = 30.0
    max_in_flight: int = 2_000
    max_listeners: int = 500
    settle_seconds: float = 2.0
    """How long an answer waits for the views to show what it just wrote."""
    beat_seconds: float = 5.0


def _ready() -> Mapping[str, bool]:
    return {}


LeadsInside = Callable[[str], Awaitable[bool]]
"""Whether a host leads into a network that no message may go to."""


SendOrder = Callable[[int, Envelope], Awaitable[object]]
"""Puts an order onto its partition; returns when it is acknowledged, raises NotReachable."""


Recall = Callable[[Callable[[bytes | None], None]], Awaitable[None]]
"""Hands the value of every record of the receipts' topic to a function, from the beginning; raises NotReachable."""


async def nothing_recalled(_look: Callable[[bytes | None], None]) -> None:
    """There is no topic."""


async def nobody_orders(_partition: int, _envelope: Envelope) -> None:
    """There are no partitions of subscribers."""


async def nowhere_inside(_host: str) -> bool:
    """Every host may be called."""
    return False


_LANGUAGES = Languages(internal=("ar",), public=("ar", "en"))


@dataclass(frozen=True, slots=True)
class GatewayDeps:
    """Everything that the gateway needs; `chance(n)` are n random bytes, `now()` milliseconds since 1970.

    `ready()` names what has to be up and whether it is (`views`, `publisher`). `keys()` is asked at every
    request, so that the assembly may read the file again. `hosts` are the host names that are served,
    `*` for any. `public` is the folder of the public pages.
    """

    publish: Publish
    keys: Callable[[], Keys]
    now: Callable[[], Instant]
    chance: Callable[[int], bytes]
    space: str
    public: Path
    registry: CollectorRegistry
    views: Views = field(default_factory=Views)
    bell: Bell = field(default_factory=Bell)
    accepted: Accepted = field(default_factory=Accepted)
    meter: Meter = field(default_factory=NoMeter)
    ready: Callable[[], Mapping[str, bool]] = _ready
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    limits: Limits = Limits()
    names: Names = field(default_factory=Names)
    offset_minutes: int = 240
    leads_inside: LeadsInside = nowhere_inside
    webhook_key: str | None = None
    link_secret: bytes | None = None
    public_url: str = ""
    signup: Mapping[str, str] = field(default_factory=dict)
    """Transport → channel, for those who sign up by themselves; nobody can without one."""
    signup_days: int = 730
    callbacks: Mapping[str, CallbackOptions] = field(default_factory=dict)
    """How those providers call back that do, by their names."""
    languages: Languages = _LANGUAGES
    recall: Recall = nothing_recalled
    operations: Operations = field(default_factory=Operations)
    order: SendOrder = nobody_orders
    order_partitions: int = 0
    testable: tuple[str, ...] = ()


def deps_of(request: Request) -> GatewayDeps:
    """What the app was made with."""
    return cast("GatewayDeps", request.app.state.deps)
