"""Rumours: scored, owned, answered, closed (`rules.md` §3.8, ESC-07)."""

from crisis_bus.domain.commands import IncidentReport, RumourClose, RumourGrow, RumourLog, RumourVerify
from crisis_bus.domain.facts import (
    Escalated,
    IncidentOpened,
    RumourAnswered,
    RumourStateChanged,
    RumourTriaged,
    RumourVerified,
)
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.policy import Numbers
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Rumour, Timer, TimerKind
from crisis_bus.domain.values import (
    UNANSWERED,
    Certainty,
    IncidentState,
    Priority,
    RumourState,
    Severity,
    Urgency,
)
from crisis_bus.rules import checking, incidents, levels
from crisis_bus.rules.case import Case, Refused, addresses


def incident_of(case: Case, rumour: Rumour) -> Incident | None:
    """The incident that a rumour belongs to now."""
    return None if rumour.incident is None else case.incident(rumour.incident)


def opened_id(rumour: str) -> str:
    """The id of the incident that a rumour opens."""
    return f"INC-{rumour}"


def log(case: Case, asked: RumourLog, by: str) -> None:
    """A claim goes round."""
    taken = asked.id in case.office.rumours
    if taken or (asked.incident is None and opened_id(asked.id) in case.office.incidents):
        raise Refused(Reason.DUPLICATE_ID)
    incident = None if asked.incident is None else case.incident(asked.incident)
    checking.must_be_open(incident)
    checking.only_registry(case, by, incident)
    case.put(
        Rumour(asked.id, case.number(), asked.claim, asked.reach, asked.harm, asked.topic, case.now, asked.incident)
    )
    if incident is not None:
        case.change(incident.id, rumours=(*incident.rumours, asked.id))
    _triage(case, asked.id)


def grow(case: Case, asked: RumourGrow, by: str) -> None:
    """It reaches more people: scored again, its clock restarts, and it is open again (`rules.md` §3.8)."""
    rumour = case.rumour(asked.rumour)
    incident = incident_of(case, rumour)
    checking.must_not_be_suspended(incident)
    checking.only_registry(case, by, incident)
    if asked.reach <= rumour.reach:
        raise Refused(Reason.BAD_VALUE, "reach")
    state = rumour.state if rumour.state in UNANSWERED else RumourState.OPEN
    case.put(changed(rumour, reach=asked.reach, state=state, grown_at=case.now))
    _triage(case, rumour.id)


def _triage(case: Case, name: str) -> None:
    """Score, priority, owner and due time (`scenario-format.md` §7, Triage)."""
    before = case.rumour(name)
    policy = case.policy_of(before)
    numbers = policy.numbers
    tier = 1 + sum(before.reach >= bound for bound in numbers.rumour_tiers)
    score = before.harm * tier
    priority = _priority(numbers, score)
    series, due = before.series + 1, case.after(policy.rumour_due[priority])
    rumour = case.put(changed(before, priority=priority, series=series, triaged_at=case.now))
    case.tell(
        RumourTriaged(
            rumour=name,
            score=score,
            priority=priority,
            owner=str(case.owner(rumour.topic, rumour)),
            response_due=due,
        )
    )
    if priority is not Priority.LOW:
        case.set_timer(TimerKind.RUMOUR, due, name, series=series)
    if priority is Priority.HIGH and before.priority is not Priority.HIGH:
        _became_high(case, rumour)


def _priority(numbers: Numbers, score: int) -> Priority:
    if score >= numbers.rumour_high:
        return Priority.HIGH
    return Priority.MEDIUM if score >= numbers.rumour_medium else Priority.LOW


def _became_high(case: Case, rumour: Rumour) -> None:
    """ESC-07a: newly HIGH, it calls the lead and the Office and lifts its incident; without one it opens one."""
    incident = incident_of(case, rumour)
    if incident is None:
        _open_incident(case, rumour)
        return
    to = addresses(incident, [f"{incident.lead}.duty", f"{case.policy_of(incident).offices.communication}.desk"])
    case.tell(Escalated(rule="ESC-07a", rumour=rumour.id, to=to))
    levels.floor_for_high_rumour(case, incident.id)


def _open_incident(case: Case, rumour: Rumour) -> None:
    name, kind = opened_id(rumour.id), case.policy.rumour_type
    case.put(changed(rumour, incident=name))
    case.tell(IncidentOpened(incident=name, type=kind, rumour=rumour.id))
    asked = IncidentReport.model_construct(
        id=name,
        type=kind,
        severity=Severity.UNKNOWN,
        urgency=Urgency.UNKNOWN,
        certainty=Certainty.UNKNOWN,
        emirates=(),
        topic=rumour.topic,
        priority=Priority.HIGH,
    )
    incidents.open_incident(case, asked, rumour.id)


def verify(case: Case, asked: RumourVerify, by: str) -> None:
    """What is true of it."""
    rumour = case.rumour(asked.rumour)
    incident = incident_of(case, rumour)
    checking.must_not_be_suspended(incident)
    offices = case.policy_of(incident).offices
    lead = None if incident is None else incident.lead
    checking.only(by, case.owner(rumour.topic, rumour), offices.communication, offices.coordination, lead)
    if rumour.state is RumourState.CLOSED:
        raise Refused(Reason.WRONG_STATE)
    state = RumourState.VERIFIED if rumour.state is RumourState.OPEN else rumour.state
    case.put(changed(rumour, state=state, verdict=asked.verdict))
    case.tell(RumourVerified(rumour=rumour.id, verdict=asked.verdict))


def close(case: Case, asked: RumourClose, by: str) -> None:  # noqa: ARG001 anybody may close
    """It is over, an hour after it last grew; a HIGH one only when it was answered."""
    rumour = case.rumour(asked.rumour)
    checking.must_not_be_suspended(incident_of(case, rumour))
    if rumour.state is RumourState.CLOSED:
        raise Refused(Reason.ALREADY_DONE)
    if rumour.priority is Priority.HIGH and rumour.state is not RumourState.ANSWERED:
        raise Refused(Reason.RUMOUR_UNANSWERED)
    if case.within(case.policy_of(rumour).numbers.rumour_close, rumour.grown_at):
        raise Refused(Reason.TOO_EARLY)
    case.put(changed(rumour, state=RumourState.CLOSED))
    case.tell(RumourStateChanged(rumour=rumour.id, state=RumourState.CLOSED))


def answer(case: Case, name: str) -> None:
    """A published text answers it."""
    rumour = case.rumour(name)
    if rumour.state not in UNANSWERED or rumour.priority is None:
        return
    case.put(changed(rumour, state=RumourState.ANSWERED))
    target = case.policy_of(rumour).rumour_due[rumour.priority]
    case.tell(RumourAnswered(rumour=name, minutes=case.minutes_since(rumour.triaged_at), target=target))


def answer_due(case: Case, timer: Timer) -> None:
    """ESC-07b: HIGH or MEDIUM and not answered by its target, then again and again."""
    rumour = case.rumour(timer.of)
    incident = incident_of(case, rumour)
    waits = rumour.series == timer.series and rumour.state in UNANSWERED and rumour.priority is not Priority.LOW
    if not waits or (incident is not None and incident.state is IncidentState.SUSPENDED):
        return
    policy = case.policy_of(rumour)
    to = addresses(incident, [f"{policy.offices.communication}.director"])
    case.tell(Escalated(rule=timer.kind, rumour=rumour.id, repeat=timer.repeat, to=to))
    if timer.repeat < policy.numbers.repeats:
        due = case.after(policy.numbers.rumour_repeat)
        case.set_timer(TimerKind.RUMOUR, due, rumour.id, series=timer.series, repeat=timer.repeat + 1)
