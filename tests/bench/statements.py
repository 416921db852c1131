"""Statements that wait for their last key, so that one command publishes each."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import to_json

from crisis_bus.bus.record import Outgoing
from crisis_bus.wire import messages, topics

_TYPE = {"type": "MET-WARN", "severity": "Severe", "urgency": "Expected", "certainty": "Likely", "emirates": ["AE-FU"]}
_RED = {"colour": "red"}


def prepared(space: str, names: Iterable[str]) -> Iterator[Outgoing]:
    """The commands that bring a statement of each name so far."""
    for name in names:
        yield from (_outgoing(space, name, *step) for step in _steps(name))


def in_a_row(space: str, incident: str, names: Iterable[str]) -> Iterator[Outgoing]:
    """The commands that bring reports on one incident so far: each statement wants its last key only."""
    (reported, facts, *_) = _steps(incident)
    yield _outgoing(space, incident, *reported)
    yield _outgoing(space, incident, *facts)
    for name in names:
        statement = f"H-{name}"
        text = {"id": statement, "incident": f"I-{incident}", "kind": "PRESS_RELEASE"}
        yield _outgoing(space, name, "statement.submit", "NCM.comms", text)
        key = {"key": "FACT", "statement": statement}
        yield _outgoing(space, name, "statement.approve", "NCM.chief_forecaster", key)


def last_key(name: str) -> bytes:
    """The body of the request that gives the last key."""
    data = {"key": "RELEASE", "statement": f"H-{name}"}
    return to_json({"type": "statement.approve", "data": data})


def number(space: str, name: str) -> str:
    """The number of the bulletin."""
    return f"{space}/H-{name}"


def _steps(name: str) -> list[tuple[str, str, dict[str, Any]]]:
    incident, statement = f"I-{name}", f"H-{name}"
    text = {"id": statement, "incident": incident, "kind": "HOLDING", "facts": _RED}
    return [
        ("incident.report", "NCM.forecaster", {"id": incident, **_TYPE}),
        ("factsheet.set", "NCM.forecaster", {"incident": incident, "facts": _RED}),
        ("statement.submit", "NCM.comms", text),
        ("statement.approve", "NCM.chief_forecaster", {"key": "FACT", "statement": statement}),
    ]


def _outgoing(space: str, name: str, type_: str, by: str, data: dict[str, Any]) -> Outgoing:
    at = time.time_ns() // 1_000_000
    envelope = messages.command(space, type_, by, data, id=f"{type_}-{name}-{by}", at=at, source="/bench")
    return Outgoing(topics.COMMANDS, space.encode(), envelope)
