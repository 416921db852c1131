"""The office as it stood at an instant, from the journal alone.

Entries up to the instant are folded. What was due by then but stands only in a later entry, because a
timer is journalled with the next command, is computed: the desk strikes the clocks as it would have done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crisis_bus.desk import tick
from crisis_bus.domain.agenda import Agenda
from crisis_bus.domain.facts import Told
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import Instant, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.records import Timer
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import UNANSWERED, InitiativeState, StatementState
from crisis_bus.office import Office
from crisis_bus.views.folding import folded

Row = dict[str, Any]
UNDER_WAY = frozenset(
    {StatementState.DRAFT, StatementState.IN_REVIEW, StatementState.BLOCKED, StatementState.SCHEDULED}
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An office at an instant; `computed` are the facts that no entry up to it holds yet."""

    at: Instant
    office: Office
    entries: int
    computed: tuple[Told, ...]


def at(entries: Iterable[Entry], policy: Policy, instant: Instant) -> Moment:
    """The office after everything of an instant, commands and clocks; empty before the first entry."""
    office, count = Office.opened(policy), 0
    for entry in entries:
        when = parse(entry.command.at)
        if when > instant:
            break
        office, count = folded(office, entry), count + 1
    decision = tick(office, instant)
    return Moment(instant, decision.office, count, decision.facts)


def picture(moment: Moment) -> dict[str, list[Row]]:
    """What a duty officer asks of that moment, table by table; times as the space writes them."""
    office = moment.office
    return {
        "incidents": [_incident(office, office.incidents[name]) for name in office.live],
        "statements": [
            _statement(text)
            for text in sorted(office.statements.values(), key=lambda text: text.number)
            if text.state in UNDER_WAY and office.incidents[text.incident].live
        ],
        "clocks": [_clock(office, timer) for timer in office.timers if _would_strike(office, timer)],
        "rumours": _rumours(office),
        "contradictions": [
            {"id": row.id, "incident": row.incident, "source": row.source}
            for row in sorted(office.publications.values(), key=lambda row: (row.incident, row.id))
            if row.open_contradiction
        ],
        "initiatives": [
            {"id": row.id, "owner": row.owner, "start": office.clock.write(row.start)}
            for row in sorted(office.initiatives.values(), key=lambda row: row.number)
            if row.state is InitiativeState.HELD
        ],
        "accounts": [
            {"channel": row.channel, "entity": row.entity, "since": office.clock.write(row.since)}
            for row in sorted(office.suspensions.values(), key=lambda row: (row.since, row.channel, row.entity))
        ],
        "computed": [
            {"at": office.clock.write(told.at), "type": told.fact.TYPE, "data": told.data(office.clock)}
            for told in moment.computed
        ],
    }


def _incident(office: Office, incident: Incident) -> Row:
    return {
        "id": incident.id,
        "type": incident.type,
        "exercise": incident.exercise,
        "state": incident.state,
        "grade": incident.grade,
        "level": incident.level,
        "lead": incident.lead,
        "spokesperson": incident.spokesperson,
        "confirmed": incident.confirmed,
        "first_statement": "out" if incident.first_out else "missed" if incident.breached else "due",
        "first_statement_due": office.clock.write(incident.reported_at + incident.deadline),
        "warnings": list(incident.warnings),
        "policy": office.policy_called(incident.policy).version,
    }


def _statement(text: Statement) -> Row:
    return {
        "id": text.id,
        "incident": text.incident,
        "kind": text.kind,
        "state": text.state,
        "author": text.author,
        "given": dict(text.given),
        "missing": {key: text.needed[key] for key in text.missing},
    }


def _rumours(office: Office) -> list[Row]:
    return [
        {"id": row.id, "incident": row.incident, "priority": row.priority, "state": row.state, "reach": row.reach}
        for row in sorted(office.rumours.values(), key=lambda row: row.number)
        if row.state in UNANSWERED
    ]


def _clock(office: Office, timer: Timer) -> Row:
    return {
        "due": office.clock.write(timer.due),
        "kind": timer.kind,
        "of": timer.of,
        "key": timer.key or None,
        "repeat": timer.repeat,
    }


def _would_strike(office: Office, timer: Timer) -> bool:
    """Whether a clock that runs would still tell something, if nothing else happened: many run out in silence."""
    alone = tick(changed(office, timers=Agenda().having(timer)), timer.due)
    return bool(alone.facts)
