"""The clocks of an incident: acknowledgement (ESC-01), first statement (ESC-02), cadence (ESC-10)."""

from crisis_bus.domain.facts import (
    DeadlineBreached,
    DeadlineLate,
    DeadlineMet,
    DeadlineTightened,
    Escalated,
    StatementDrafted,
)
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import MINUTE, minutes, rounded_up, whole_minutes
from crisis_bus.domain.records import Timer, TimerKind
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import FIRST_KINDS, IncidentState, Kind, StatementState
from crisis_bus.rules.case import Case, addresses

_STEPS = (TimerKind.FIRST_STATEMENT_A, TimerKind.FIRST_STATEMENT_B, TimerKind.FIRST_STATEMENT_C)
_WAITING = frozenset({StatementState.DRAFT, StatementState.IN_REVIEW, StatementState.SCHEDULED})
SYSTEM = "system"
"""The author of automatic drafts."""


def start(case: Case, name: str) -> None:
    """Part of ESC-01a, ESC-01b, ESC-02a, ESC-02b and ESC-02c: the clocks of a new incident, in their order."""
    incident = case.incident(name)
    acknowledge = case.grade_of(incident).acknowledge
    case.set_timer(TimerKind.ACKNOWLEDGE_1, case.after(acknowledge), name)
    case.set_timer(TimerKind.ACKNOWLEDGE_2, case.after(2 * acknowledge), name)
    for step, percent in zip(_STEPS, case.policy_of(incident).numbers.hot_marks, strict=True):
        case.set_timer(step, case.now + _share(incident.deadline, percent), name)


def allowed(case: Case, incident: Incident) -> int:
    """The time to the first statement, in minutes: the smaller of grade's and type's (`rules.md` §3.2)."""
    return min(case.grade_of(incident).first_statement, case.type_of(incident).first_statement)


def _share(duration: int, percent: int) -> int:
    """So many per cent of a duration, rounded up to the minute (`rules.md` §3.5)."""
    return -(-duration * percent // (100 * MINUTE)) * MINUTE


def tighten(case: Case, name: str) -> None:
    """A worse grade leaves less time, if nothing is out yet (`scenario-format.md` §7, Tighten deadline)."""
    incident = case.incident(name)
    new = minutes(allowed(case, incident))
    elapsed = case.now - incident.reported_at
    if incident.first_out or incident.breached or new >= incident.deadline:
        return
    new = max(new, elapsed + rounded_up(new // 2))
    if new >= incident.deadline:
        return
    series = incident.deadline_series + 1
    case.change(name, deadline=new, deadline_series=series)
    case.tell(DeadlineTightened(incident=name, due=incident.reported_at + new))
    for step, percent in zip(_STEPS, case.policy_of(incident).numbers.hot_marks, strict=True):
        due = case.now + _share(new - elapsed, percent) if percent < 100 else incident.reported_at + new  # noqa: PLR2004 all of it
        case.set_timer(step, due, name, series=series)


def deputy_is_called(case: Case, timer: Timer) -> None:
    """ESC-01a: nobody has acknowledged in time, so the lead's deputy is called."""
    incident = _unacknowledged(case, timer)
    if incident is not None:
        _escalate(case, timer, incident, f"{incident.lead}.duty.deputy")


def office_takes_custody(case: Case, timer: Timer) -> None:
    """ESC-01b: nobody has acknowledged in twice that time, so the Office has it in hand."""
    incident = _unacknowledged(case, timer)
    if incident is None:
        return
    if incident.state is IncidentState.REPORTED:
        case.change(incident.id, state=IncidentState.ACKNOWLEDGED)
    _escalate(case, timer, incident, f"{case.policy_of(incident).offices.communication}.desk")


def _unacknowledged(case: Case, timer: Timer) -> Incident | None:
    incident = case.incident(timer.of)
    return incident if incident.open and not incident.acknowledged else None


def remind(case: Case, timer: Timer) -> None:
    """ESC-02a: half of the time is gone and no text is under way, so one is drafted."""
    incident = _step(case, timer)
    if incident is None:
        return
    texts = map(case.statement, incident.statements)
    if any(text.kind in FIRST_KINDS and text.state in _WAITING for text in texts):
        return
    _escalate(case, timer, incident, f"{incident.lead}.duty")
    _draft_holding(case, incident)


def call_deputies(case: Case, timer: Timer) -> None:
    """ESC-02b: most of the time is gone, so whoever can release a text is called."""
    incident = _step(case, timer)
    if incident is not None:
        _escalate(case, timer, incident, "approver.deputies", f"{case.policy_of(incident).offices.communication}.desk")


def breach(case: Case, timer: Timer) -> None:
    """ESC-02c: all of the time is gone, so it is on record and the director hears of it."""
    incident = _step(case, timer)
    if incident is None:
        return
    case.change(incident.id, breached=True)
    case.tell(DeadlineBreached(incident=incident.id, due=incident.reported_at + incident.deadline))
    _escalate(case, timer, incident, f"{case.policy_of(incident).offices.communication}.director")


def _step(case: Case, timer: Timer) -> Incident | None:
    """Part of ESC-02a, ESC-02b and ESC-02c: while nothing is out, each step is taken once an incident."""
    incident = case.incident(timer.of)
    fires = incident.open and not incident.first_out and timer.series == incident.deadline_series
    if not fires or timer.kind in incident.steps_used:
        return None
    return case.change(incident.id, steps_used=(*incident.steps_used, timer.kind))


def _escalate(case: Case, timer: Timer, incident: Incident, *to: str) -> None:
    case.tell(Escalated(rule=timer.kind, incident=incident.id, to=addresses(incident, to)))


def _draft_holding(case: Case, incident: Incident) -> None:
    """Part of ESC-02a: what the sheet holds is drafted as a holding statement, once."""
    name = f"AUTO-{incident.id}"
    if name in case.office.statements:
        return
    draft = Statement(
        name,
        case.number(),
        incident.id,
        incident.exercise,
        Kind.HOLDING,
        SYSTEM,
        StatementState.DRAFT,
        facts=incident.sheet,
        marker=incident.exercise,
    )
    case.put(draft)
    case.change(incident.id, statements=(*incident.statements, name))
    case.tell(
        StatementDrafted(statement=name, incident=incident.id, kind=Kind.HOLDING, by=SYSTEM, facts=incident.sheet)
    )


def first_statement_out(case: Case, name: str) -> None:
    """The first of a first kind meets the deadline, or is late (`scenario-format.md` §7, Publish, 6)."""
    incident = case.incident(name)
    if incident.first_out:
        return
    elapsed = case.now - incident.reported_at
    fact = DeadlineMet if elapsed <= incident.deadline else DeadlineLate
    case.tell(fact(incident=name, minutes=whole_minutes(elapsed), target=whole_minutes(incident.deadline)))
    case.change(name, first_out=True)


def restart_cadence(case: Case, name: str, *, ends: bool) -> None:
    """Part of ESC-10: a public statement ends earlier reminders and, unless it ends all, begins its own."""
    incident = case.incident(name)
    series = incident.cadence_series + 1
    case.change(name, cadence_series=series)
    if not ends and not incident.exercise:
        case.set_timer(TimerKind.CADENCE, _next_update(case, incident), name, series=series)


def _next_update(case: Case, incident: Incident) -> int:
    """Part of ESC-10: the cadence of the grade, longer while the incident is stabilising."""
    factor = 1
    if incident.state is IncidentState.STABILISING:
        factor = case.policy_of(incident).numbers.stabilising_cadence_factor
    return case.after(factor * case.grade_of(incident).cadence)


def update_due(case: Case, timer: Timer) -> None:
    """ESC-10: nothing new by the cadence; from the second time on the director hears of it too."""
    incident = case.incident(timer.of)
    if not incident.open or timer.series != incident.cadence_series:
        return
    office = case.policy_of(incident).offices.communication
    to = [f"{incident.lead}.duty", f"{office}.desk"]
    if timer.repeat > 0:
        to.append(f"{office}.director")
    case.tell(Escalated(rule=timer.kind, incident=incident.id, repeat=timer.repeat, to=addresses(incident, to)))
    if timer.repeat < case.policy_of(incident).numbers.repeats:
        due = _next_update(case, incident)
        case.set_timer(TimerKind.CADENCE, due, incident.id, series=timer.series, repeat=timer.repeat + 1)
