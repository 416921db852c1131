"""The journal as numbers: what an entry decided, counted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from prometheus_client import Gauge

from crisis_bus.domain.journal import Entry, FactRecord
from crisis_bus.domain.values import OPEN_INCIDENT
from crisis_bus.telemetry.labels import Deadline, Mode
from crisis_bus.telemetry.metrics import Metrics, Standing

_DEADLINES = {f"deadline.{outcome}": outcome for outcome in Deadline}


def observe_entry(metrics: Metrics, entry: Entry, *, counting: bool = True) -> None:
    """Fold one entry into the metrics.

    A reader that catches up with old entries passes `counting=False`: gauges must know them, but
    counters that jump by the past at each start would set off every alert.
    """
    for fact in entry.facts:
        _stand(metrics, entry, fact)
        if counting:
            _count(metrics, entry, fact)
    if counting:
        metrics.entries.inc()
    if counting and not entry.more:
        metrics.decided.labels(command=str(entry.command.type)).inc()


def restore(metrics: Metrics, standing: Mapping[tuple[str, str], Standing]) -> None:
    """Begin with the open incidents of a snapshot: (space, incident) → what it counts as."""
    for key in tuple(metrics.standing):
        _move(metrics, key, None)
    for key, each in standing.items():
        _move(metrics, key, each)


def _move(metrics: Metrics, key: tuple[str, str], after: Standing | None) -> None:
    before = metrics.standing.pop(key, None)
    if before is not None:
        _series(metrics, before).dec()
    if after is not None:
        metrics.standing[key] = after
        _series(metrics, after).inc()


def _series(metrics: Metrics, each: Standing) -> Gauge:
    return metrics.incidents.labels(grade=str(each.grade), level=str(each.level), mode=each.mode)


def _stand(metrics: Metrics, entry: Entry, fact: FactRecord) -> None:
    key = (entry.space, str(fact.data.get("incident")))
    before = metrics.standing.get(key)
    after = _after(before, entry, fact)
    if after != before:
        _move(metrics, key, after)


def _after(before: Standing | None, entry: Entry, fact: FactRecord) -> Standing | None:
    if fact.type == "incident.graded":
        return Standing(fact.data["grade"], fact.data["level"], _mode_of(entry, fact.data["incident"]))
    if before is None or _ends(fact):
        return None
    if fact.type == "incident.regraded":
        return replace(before, grade=fact.data["grade"])
    if fact.type in {"level.raised", "level.lowered"}:
        return replace(before, level=fact.data["level"])
    return before


def _ends(fact: FactRecord) -> bool:
    """Count a suspended exercise as over: no command opens it again."""
    return fact.type == "exercise.suspended" or (
        fact.type == "incident.state" and fact.data["state"] not in OPEN_INCIDENT
    )


def _mode_of(entry: Entry, incident: str) -> Mode:
    """DR-6: figures of drills and rehearsals are kept apart from those of real incidents."""
    if entry.zero is not None:
        return Mode.REHEARSAL
    asked = entry.command.data
    drill = isinstance(asked, dict) and asked.get("exercise") is True and asked.get("id") == incident
    return Mode.EXERCISE if drill else Mode.REAL


def _count(metrics: Metrics, entry: Entry, fact: FactRecord) -> None:
    if fact.type == "command.refused":
        metrics.refused.labels(reason=fact.data["reason"]).inc()
    elif fact.type == "escalation":
        mode = _mode_of_escalation(entry, fact.data)
        metrics.escalations.labels(rule=fact.data["rule"], mode=mode).inc()
    elif fact.type in _DEADLINES:
        standing = metrics.standing.get((entry.space, fact.data["incident"]))
        mode = standing.mode if standing else _mode_of(entry, "")
        metrics.deadlines.labels(outcome=_DEADLINES[fact.type], mode=mode).inc()


def _mode_of_escalation(entry: Entry, data: Mapping[str, Any]) -> Mode:
    """Part of DR-6: an escalation of a drill is known by its addresses."""
    if entry.zero is not None:
        return Mode.REHEARSAL
    to: Iterable[str] = data["to"]
    return Mode.EXERCISE if any(address.startswith("EX:") for address in to) else Mode.REAL
