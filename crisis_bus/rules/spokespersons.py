"""One official voice: SPK (`rules.md` §3.4, `scenario-format.md` §7, Select spokesperson)."""

from crisis_bus.domain import actors
from crisis_bus.domain.commands import SpokespersonConfirm, SpokespersonDecline
from crisis_bus.domain.facts import Escalated, SpokespersonAssigned, SpokespersonReady, SpokespersonUnavailable
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.policy import Person
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Timer, TimerKind
from crisis_bus.domain.values import Level
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, Refused, addresses

_ROLES = ("primary", "deputy")


def select(case: Case, name: str, *, handover: bool = False) -> None:
    """SPK: the first who can speak is assigned (`scenario-format.md` §7, Select spokesperson)."""
    incident = case.incident(name)
    skipped: list[str] = []
    for entity in _entities(case, incident):
        people = _people(case, incident, entity)
        if not people:
            skipped.append(f"{entity}:NONE_REGISTERED")
        for person in people:
            reason = _reason_to_skip(case, incident, person)
            if reason is None:
                _assign(case, incident, person, skipped, handover=handover)
                return
            skipped.append(f"{person.id}:{reason}")
    case.change(name, spokesperson=None, confirmed=False)
    case.tell(SpokespersonUnavailable(incident=name, skipped=tuple(skipped)))


def _entities(case: Case, incident: Incident) -> dict[str, None]:
    """Part of SPK: at level 3 the national voice first; then lead, Office, coordinator."""
    offices = case.policy_of(incident).offices
    national = [case.type_of(incident).national_voice] if incident.level == Level.NATIONAL else []
    return dict.fromkeys([*national, incident.lead, offices.communication, offices.coordination])


def _people(case: Case, incident: Incident, entity: str) -> list[Person]:
    """Part of SPK: primaries, then deputies, each in the order of the registry."""
    people = [person for person in case.office.roster(case.policy_of(incident)) if person.entity == entity]
    return sorted(people, key=lambda person: _ROLES.index(person.role))


def _reason_to_skip(case: Case, incident: Incident, person: Person) -> str | None:
    """Part of SPK: the first reason that holds is the one on record."""
    today = case.office.clock.day(case.now)
    numbers = case.policy_of(incident).numbers
    silent = incident.silent.get(person.id)
    reasons = {
        "DECLINED": person.id in incident.declined,
        "SILENT": silent is not None and case.within(numbers.silent, silent),
        "OFF_ROTA": not person.on_rota,
        "ACCREDITATION_EXPIRED": person.accredited_until < today,
        "TRAINING_LAPSED": (today - person.trained).days > numbers.training_days,
        "LANGUAGE": not speaks(case, incident, person),
        "MEDIUM": not appears(case, incident, person),
        "CONFLICT": person.id == incident.depicted,
        "ENGAGED": engaged(case, incident, person.id),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def speaks(case: Case, incident: Incident, person: Person) -> bool:
    """Part of SPK: whether a person has the languages of a level."""
    return set(person.languages) >= set(case.policy_of(incident).level_of[incident.level].languages)


def appears(case: Case, incident: Incident, person: Person) -> bool:
    """Part of SPK: whether a person has the medium of a level."""
    return case.policy_of(incident).level_of[incident.level].medium in person.media


def engaged(case: Case, incident: Incident, person: str) -> bool:
    """INV-10: assigned to another open real incident at level 2 or more."""
    return any(name != incident.id for name in case.office.registers.voices.get(person, {}).values())


def _assign(case: Case, incident: Incident, person: Person, skipped: list[str], *, handover: bool) -> None:
    """OV-5: at a handover the former voice stays on as co-speaker."""
    if incident.spokesperson == person.id:
        return
    assignment = incident.assignment + 1
    case.change(incident.id, spokesperson=person.id, confirmed=False, assignment=assignment)
    case.tell(
        SpokespersonAssigned(
            incident=incident.id,
            spokesperson=person.id,
            skipped=tuple(skipped),
            co_speaker=incident.spokesperson if handover else None,
        )
    )
    due = case.after(case.grade_of(incident).spokesperson)
    case.set_timer(TimerKind.CONFIRM, due, incident.id, series=assignment)


def replace_if_unfit(case: Case, name: str) -> None:
    """Part of SPK: on a rise to level 2, whoever lacks its languages or medium, or is engaged, hands on."""
    incident = case.incident(name)
    person = next((p for p in case.office.roster(case.policy_of(incident)) if p.id == incident.spokesperson), None)
    fit = (
        person is not None
        and speaks(case, incident, person)
        and appears(case, incident, person)
        and (incident.exercise or not engaged(case, incident, person.id))
    )
    if not fit:
        select(case, name)


def confirm(case: Case, asked: SpokespersonConfirm, by: str) -> None:
    """The assigned person is ready."""
    incident = _assigned_to(case, asked.incident, by)
    if incident.confirmed:
        raise Refused(Reason.ALREADY_DONE)
    case.change(incident.id, confirmed=True)
    case.tell(SpokespersonReady(incident=incident.id, spokesperson=str(incident.spokesperson)))


def decline(case: Case, asked: SpokespersonDecline, by: str) -> None:
    """Part of ESC-03: the assigned person cannot, and is out for this incident."""
    incident = _assigned_to(case, asked.incident, by)
    person = str(incident.spokesperson)
    case.change(incident.id, declined=(*incident.declined, person))
    _next(case, incident, person, "DECLINED")


def _assigned_to(case: Case, name: str, by: str) -> Incident:
    incident = case.incident(name)
    checking.must_be_open(incident)
    if incident.spokesperson is None or actors.person(by) != incident.spokesperson:
        raise Refused(Reason.NOT_ASSIGNED)
    return incident


def not_confirmed(case: Case, timer: Timer) -> None:
    """Part of ESC-03: nothing was heard from the assigned person, who is out for a while."""
    incident = case.incident(timer.of)
    person = incident.spokesperson
    if incident.assignment != timer.series or person is None or incident.confirmed or not incident.open:
        return
    case.change(incident.id, silent={**incident.silent, person: case.now})
    _next(case, incident, person, "SILENT")


def _next(case: Case, incident: Incident, person: str, cause: str) -> None:
    """ESC-03: nobody is assigned, the lead hears of it, and the next candidate is looked for."""
    case.change(incident.id, spokesperson=None, confirmed=False)
    to = addresses(incident, [f"{incident.lead}.duty"])
    case.tell(Escalated(rule="ESC-03", incident=incident.id, spokesperson=person, cause=cause, to=to))
    select(case, incident.id)
