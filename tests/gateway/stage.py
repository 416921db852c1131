"""A whole system in memory: a log that answers commands at once with the real desk, and a gateway over it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from crisis_bus import packs
from crisis_bus.desk import decide_live
from crisis_bus.domain import instants
from crisis_bus.domain.journal import GENESIS, Asked, Entry, FactRecord, digest
from crisis_bus.domain.policy import Policy
from crisis_bus.errors import CrisisBusError
from crisis_bus.gateway.app import create_app
from crisis_bus.gateway.deps import GatewayDeps, Limits
from crisis_bus.gateway.feed import take
from crisis_bus.gateway.keys import ApiKey, Keys, Scope, make, of
from crisis_bus.gateway.names import Names
from crisis_bus.office import Office
from crisis_bus.views.gathered import Views
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope

START = instants.parse("2026-04-16T16:00:00+04:00")
SPACE = "uae"


@cache
def policy() -> Policy:
    return packs.load("uae")


@dataclass(frozen=True)
class Arrived:
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass
class Clock:
    """A clock that moves one second each time somebody looks."""

    now: int = START

    def __call__(self) -> int:
        self.now += 1_000
        return self.now


class Chance:
    """Bytes that are never the same twice, and the same in every run."""

    def __init__(self) -> None:
        self._turn = count(1)

    def __call__(self, length: int) -> bytes:
        return next(self._turn).to_bytes(length, "big")


@dataclass
class Counted:
    """A meter that remembers."""

    took: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)
    open: int = 0

    def taken(self, what: str, name: str) -> None:
        self.took.append((what, name))

    def entry(self, standing: object, entry: Entry) -> None:
        self.took.append((str(standing), str(entry.command.type)))

    def refused(self, code: str) -> None:
        self.refusals.append(code)

    def denied(self, rule: str) -> None:
        self.denials.append(rule)

    def listening(self, change: int) -> None:
        self.open += change


@dataclass
class MemoryLog:
    """Takes messages; `answers` is whether a desk is there, `fails` is what the log says instead of yes."""

    deps: GatewayDeps | None = None
    sent: list[tuple[str, bytes, Envelope]] = field(default_factory=list)
    answers: bool = True
    fails: CrisisBusError | None = None
    offices: dict[str, Office] = field(default_factory=dict)
    tip: str = GENESIS

    async def publish(self, topic: str, key: bytes, envelope: Envelope) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent.append((topic, key, envelope))
        if topic == topics.COMMANDS and self.answers:
            self.decide(envelope)
        if topic in {topics.SUBSCRIPTIONS, topics.CONTROLS}:
            self._arrive(Arrived(topic, 0, len(self.sent), key, envelope.data))

    def commands(self) -> list[Envelope]:
        return [envelope for topic, _, envelope in self.sent if topic == topics.COMMANDS]

    def decide(self, envelope: Envelope) -> None:
        """What the desk does with one command."""
        space, command = messages.read_command(envelope)
        before = self.offices.get(space) or Office.opened(policy())
        decision = decide_live(before, command, envelope.time)
        self.offices[space] = decision.office
        clock = decision.office.clock
        asked = Asked(
            offset=len(self.sent),
            id=envelope.id,
            type=command.type,
            by=command.by,
            data=command.data,
            at=instants.text(envelope.time),
        )
        entry = Entry(
            space=space,
            zero=None if clock.zero is None else instants.text(clock.zero),
            command=asked,
            facts=tuple(
                FactRecord(at=clock.write(told.at), type=told.fact.TYPE, data=told.data(clock))
                for told in decision.facts
            ),
            changes=decision.changes,
            previous=self.tip,
        )
        self.journal(entry)

    def journal(self, entry: Entry) -> None:
        value = entry.model_dump_json().encode()
        self.tip = digest(value)
        self._arrive(Arrived(topics.JOURNAL, 0, len(self.sent), entry.space.encode(), value))

    def _arrive(self, record: Arrived) -> None:
        assert self.deps is not None
        take(self.deps, [record])


@dataclass(frozen=True)
class Stage:
    """The gateway, its log, and keys by what they may do."""

    app: FastAPI
    deps: GatewayDeps
    log: MemoryLog
    meter: Counted
    tokens: Mapping[str, str]

    def client(self, key: str | None = "gco", **headers: str) -> httpx2.AsyncClient:
        if key is not None:
            headers["Authorization"] = f"Bearer {self.tokens[key]}"
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)


_KEYS: tuple[tuple[str, str, tuple[str, ...], tuple[Scope, ...]], ...] = (
    ("gco", "GCO.duty", (SPACE,), (Scope.READ, Scope.COMMAND, Scope.REPORT, Scope.SUBSCRIBE)),
    ("reader", "MOI.desk", (SPACE,), (Scope.READ,)),
    ("admin", "GCO.admin", (SPACE, "rehearsal-*"), (Scope.ADMIN,)),
    ("media", "WAM.desk", (SPACE,), (Scope.SUBSCRIBE,)),
    ("ministry", "MOI.chief", (SPACE,), (Scope.READ, Scope.COMMAND)),
    ("drill", "GCO.drill", ("rehearsal-*",), (Scope.ADMIN,)),
    ("player", "GCO.trainer", ("rehearsal-*", SPACE), (Scope.READ, Scope.COMMAND)),
)


def keys() -> tuple[Keys, dict[str, str]]:
    made: dict[str, tuple[str, ApiKey]] = {
        name: make(name, by, spaces, scopes, name.encode().ljust(32, b"."), may_speak_for_others=name == "player")
        for name, by, spaces, scopes in _KEYS
    }
    return of(record for _, record in made.values()), {name: token for name, (token, _) in made.items()}


def stage(public: Path, limits: Limits | None = None, views: Views | None = None, **more: Any) -> Stage:
    log, meter = MemoryLog(), Counted()
    accepted, tokens = keys()
    deps = GatewayDeps(
        publish=log.publish,
        keys=lambda: accepted,
        now=Clock(),
        chance=Chance(),
        space=SPACE,
        public=public,
        registry=CollectorRegistry(),
        views=views or Views(),
        meter=meter,
        limits=limits or Limits(settle_seconds=0.05, beat_seconds=0.05, ack_timeout_seconds=0.2),
        names=Names.of(policy()),
        **more,
    )
    log.deps = deps
    return Stage(create_app(deps), deps, log, meter, tokens)


FLOOD: Mapping[str, Any] = {
    "id": "FLOOD-1",
    "type": "MET-FLOOD",
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "emirates": ["AE-FU", "AE-SH"],
    "fatalities": 0,
    "injured": 3,
}


def raised(**changes: Any) -> dict[str, Any]:
    return {"type": "incident.report", "data": {**FLOOD, **changes}}


def field_names(value: Any) -> Iterator[str]:
    """Every field name anywhere in a JSON value."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield name
            yield from field_names(child)
    elif isinstance(value, list):
        for child in value:
            yield from field_names(child)
