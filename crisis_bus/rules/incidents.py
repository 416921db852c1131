"""The life of an incident: reported, acknowledged, updated, merged, stabilised, closed (`rules.md` §4.8)."""

from typing import Any

from crisis_bus.domain.commands import (
    IncidentAcknowledge,
    IncidentClose,
    IncidentMerge,
    IncidentReport,
    IncidentStabilise,
    IncidentUpdate,
    LeadTransfer,
)
from crisis_bus.domain.facts import (
    IncidentGraded,
    IncidentRegraded,
    IncidentStateChanged,
    IncidentUpdated,
    LeadChanged,
)
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import minutes
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.values import CloseOutcome, IncidentState, Level, StatementState
from crisis_bus.rules import (
    checking,
    deadlines,
    exercises,
    grading,
    initiatives,
    levels,
    notification,
    spokespersons,
)
from crisis_bus.rules.case import Case, Refused

_INFORMATION = "INF-"
_UPDATABLE = ("severity", "urgency", "certainty", "emirates", "fatalities", "injured", "next_of_kin_informed")
_GRADING = frozenset({"severity", "urgency", "certainty", "emirates", "fatalities"})
_UNFINISHED = frozenset({StatementState.IN_REVIEW, StatementState.BLOCKED, StatementState.SCHEDULED})


def report(case: Case, asked: IncidentReport, by: str) -> None:  # noqa: ARG001 anybody may report
    """Something happened (`scenario-format.md` §5, incident.report)."""
    if asked.id in case.office.incidents:
        raise Refused(Reason.DUPLICATE_ID)
    if asked.supersedes is not None:
        before = case.incident(asked.supersedes)
        checking.must_be_open(before)
        if before.exercise != asked.exercise:
            raise Refused(Reason.EXERCISE_MISMATCH)
    if asked.priority is not None and not asked.type.startswith(_INFORMATION):
        raise Refused(Reason.BAD_VALUE, "priority")
    open_incident(case, asked)


def open_incident(case: Case, asked: IncidentReport, rumour: str | None = None) -> None:
    """Effects (1) to (5) of a report, also for an incident opened from a rumour (`scenario-format.md` §5)."""
    row = case.policy.type_of[asked.type]
    by_topic = case.owner(asked.topic, None) if asked.type == case.policy.rumour_type else None
    incident = Incident(
        asked.id,
        case.number(),
        asked.type,
        asked.exercise,
        case.now,
        asked.severity,
        asked.urgency,
        asked.certainty,
        asked.emirates,
        asked.fatalities,
        asked.injured,
        by_topic or row.lead,
        row.supporting,
        topic=asked.topic,
        priority=asked.priority,
        depicted=asked.depicted,
        rumours=() if rumour is None else (rumour,),
        policy=case.policy.version,
    )
    case.put(incident)
    if asked.supersedes is not None:
        _move(case, asked.supersedes, asked.id)
    _grade_first(case, asked.id)


def _grade_first(case: Case, name: str) -> None:
    """Effects (2) to (5): grade, level and deadline, then those who must know, a voice, and the clocks."""
    incident = case.incident(name)
    floor = Level.CROSS_ENTITY if _has_unanswered_high_rumour(case, name) else Level.ENTITY
    grade = grading.grade(incident)
    incident = changed(incident, floor=int(floor), grade=grade, peak_grade=grade)
    level, deadline = grading.level(case, incident), minutes(deadlines.allowed(case, incident))
    worst = grading.extent(case, incident)
    incident = case.put(changed(incident, level=level, deadline=deadline, worst=worst))
    case.tell(
        IncidentGraded(
            incident=name, grade=grade, level=level, lead=incident.lead, first_statement_due=case.now + deadline
        )
    )
    notification.notify(case, incident)
    spokespersons.select(case, name)
    deadlines.start(case, name)
    initiatives.hold(case, name)
    exercises.suspend(case)


def _has_unanswered_high_rumour(case: Case, name: str) -> bool:
    """Part of ESC-07a: whether a HIGH rumour that nobody answered belongs to it."""
    return any(case.rumour(rumour).unanswered_high for rumour in case.incident(name).rumours)


def acknowledge(case: Case, asked: IncidentAcknowledge, by: str) -> None:
    """It is in hand; also on record when the Office had to take custody first."""
    incident = case.incident(asked.incident)
    checking.must_be_open(incident)
    checking.only_handling(case, by, incident)
    if incident.acknowledged:
        raise Refused(Reason.ALREADY_DONE)
    state = IncidentState.ACKNOWLEDGED if incident.state is IncidentState.REPORTED else incident.state
    case.change(incident.id, acknowledged=True, state=state)
    passed = case.minutes_since(incident.reported_at)
    case.tell(IncidentStateChanged(incident=incident.id, state=state, ack_minutes=passed))


def update(case: Case, asked: IncidentUpdate, by: str) -> None:
    """ESC-04, DR-7: what is known has changed, grade and level follow; a drill stays a drill."""
    incident = case.incident(asked.incident)
    checking.must_be_open(incident)
    if asked.next_of_kin_informed is not None:
        checking.only(by, case.policy_of(incident).offices.next_of_kin)
    given = {name: getattr(asked, name) for name in _UPDATABLE if getattr(asked, name) is not None}
    changed = {name: value for name, value in given.items() if value != getattr(incident, name)}
    case.change(incident.id, **changed)
    case.tell(IncidentUpdated(incident=incident.id, changed=changed))
    if _GRADING & changed.keys():
        _regrade(case, incident)


def _regrade(case: Case, before: Incident) -> None:
    """Part of ESC-04: grade anew, then the level unless the mark holds it back, then what follows from a rise."""
    incident = case.incident(before.id)
    grade, present = grading.grade(incident), grading.extent(case, incident)
    worst = present.worst(incident.worst or present)
    more: dict[str, Any] = {} if grade == before.grade else {"signatures": {}}
    incident = case.change(incident.id, grade=grade, peak_grade=max(grade, incident.peak_grade), worst=worst, **more)
    if grade != before.grade:
        case.tell(IncidentRegraded(incident=incident.id, grade=grade, was=before.grade))
    rose = False
    if grading.may_rise(incident, present):
        rose = levels.raise_to(case, incident.id, grading.level(case, incident), "ESC-04")
    if grade > before.grade:
        deadlines.tighten(case, incident.id)
    if rose or grade > before.grade:
        levels.back_from_stabilising(case, incident.id)
    exercises.suspend(case)


def merge(case: Case, asked: IncidentMerge, by: str) -> None:  # noqa: ARG001 anybody may merge
    """Part of DR-3: two incidents are one, but never a drill and a real one (`scenario-format.md` §5)."""
    incident, into = case.incident(asked.incident), case.incident(asked.into)
    checking.must_be_open(incident)
    checking.must_be_open(into)
    if incident.id == into.id:
        raise Refused(Reason.BAD_VALUE, "into")
    if incident.exercise != into.exercise:
        raise Refused(Reason.EXERCISE_MISMATCH)
    _move(case, incident.id, into.id)
    if _has_unanswered_high_rumour(case, into.id):
        levels.floor_for_high_rumour(case, into.id)


def _move(case: Case, name: str, into: str) -> None:
    """Part of INV-12: rumours, contradictions and open warnings go along, and texts under way are withdrawn."""
    incident, other = case.incident(name), case.incident(into)
    case.change(name, state=IncidentState.MERGED, rumours=(), contradictions=(), warnings=())
    case.tell(IncidentStateChanged(incident=name, state=IncidentState.MERGED, into=into))
    exercises.withdraw_pending(case, name, by=into)
    for rumour in incident.rumours:
        case.put(changed(case.rumour(rumour), incident=into))
    for publication in incident.contradictions:
        case.put(changed(case.publication(publication), incident=into))
    case.change(
        into,
        rumours=(*other.rumours, *incident.rumours),
        contradictions=(*other.contradictions, *incident.contradictions),
        warnings=(*other.warnings, *incident.warnings),
    )


def stabilise(case: Case, asked: IncidentStabilise, by: str) -> None:
    """The worst is over: reminders come more slowly."""
    incident = case.incident(asked.incident)
    checking.must_be_open(incident)
    checking.only_handling(case, by, incident)
    if incident.state is IncidentState.STABILISING:
        raise Refused(Reason.ALREADY_DONE)
    case.change(incident.id, state=IncidentState.STABILISING)
    case.tell(IncidentStateChanged(incident=incident.id, state=IncidentState.STABILISING))


def close(case: Case, asked: IncidentClose, by: str) -> None:
    """The file is closed: report filed, or nothing was the matter."""
    incident = case.incident(asked.incident)
    if asked.outcome is not CloseOutcome.AAR_FILED:
        checking.must_be_open(incident)
    checking.only_handling(case, by, incident)
    if asked.outcome is CloseOutcome.AAR_FILED:
        if incident.state is not IncidentState.STOOD_DOWN:
            raise Refused(Reason.WRONG_STATE)
        state = IncidentState.CLOSED
    else:
        if any(text.public_kind and text.is_out for text in map(case.statement, incident.statements)):
            raise Refused(Reason.ALREADY_PUBLIC)
        state = IncidentState(asked.outcome)
    case.change(incident.id, state=state)
    case.tell(IncidentStateChanged(incident=incident.id, state=state))
    exercises.withdraw_pending(case, incident.id, by=incident.id)


def transfer(case: Case, asked: LeadTransfer, by: str) -> None:
    """OV-1, INV-10: another entity leads; what the old lead had under way goes back to draft."""
    incident = case.incident(asked.incident)
    checking.must_be_open(incident)
    checking.only_centre(case, by, incident)
    if asked.to == incident.lead:
        raise Refused(Reason.ALREADY_DONE)
    supporting = (incident.lead, *(entity for entity in incident.supporting if entity != asked.to))
    voided = [text.id for text in map(case.statement, incident.statements) if text.state in _UNFINISHED]
    for name in voided:
        case.revise(name, state=StatementState.DRAFT, needed={}, given={}, fallback=())
    case.change(incident.id, lead=asked.to, supporting=supporting)
    case.tell(
        LeadChanged(incident=incident.id, lead=asked.to, was=incident.lead, voided=tuple(sorted(voided)), rule="OV-1")
    )
    spokespersons.select(case, incident.id, handover=True)
    initiatives.hold(case, incident.id)
    exercises.suspend(case)
