"""What others say: consistent, to be corrected, or a contradiction (OV-4, ESC-06)."""

from crisis_bus.domain.commands import ContradictionResolve, PublicationObserve
from crisis_bus.domain.facts import (
    ContradictionClosed,
    ContradictionDetected,
    CorrectionRequested,
    Disagreement,
    Escalated,
    PublicationObserved,
)
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Publication, Timer, TimerKind
from crisis_bus.domain.values import IncidentState
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, Refused, addresses, same_value


def observe(case: Case, asked: PublicationObserve, by: str) -> None:
    """OV-4: whoever disagrees with the sheet is asked to correct, a government is a contradiction."""
    incident = case.incident(asked.incident)
    if asked.id in case.office.publications:
        raise Refused(Reason.DUPLICATE_ID)
    checking.must_be_open(incident)
    checking.only_registry(case, by, incident)
    sheet = incident.sheet
    disagreement = {
        key: {"stated": value, "sheet": sheet[key]}
        for key, value in asked.facts.items()
        if key in sheet and not same_value(value, sheet[key])
    }
    contradiction = bool(disagreement) and asked.government
    case.put(Publication(asked.id, incident.id, asked.source, asked.government, asked.facts, contradiction))
    case.tell(
        PublicationObserved(
            publication=asked.id, incident=incident.id, source=asked.source, consistent=not disagreement
        )
    )
    if contradiction:
        _contradict(case, incident, asked, disagreement)
    elif disagreement:
        case.tell(CorrectionRequested(incident=incident.id, outlet=asked.source, facts=disagreement))


def _contradict(case: Case, incident: Incident, asked: PublicationObserve, disagreement: Disagreement) -> None:
    """ESC-06a, INV-7: a contradiction is open from now on, and the Office is to adjudicate it."""
    case.change(incident.id, contradictions=(*incident.contradictions, asked.id))
    case.tell(
        ContradictionDetected(contradiction=asked.id, incident=incident.id, source=asked.source, facts=disagreement)
    )
    due = case.after(case.policy_of(incident).numbers.contradiction)
    to = addresses(incident, [f"{case.policy_of(incident).offices.communication}.desk"])
    case.tell(Escalated(rule="ESC-06a", contradiction=asked.id, incident=incident.id, due=due, to=to))
    case.set_timer(TimerKind.CONTRADICTION, due, asked.id)


def resolve(case: Case, asked: ContradictionResolve, by: str) -> None:
    """Part of ESC-06a: the Office settles which text stands (AC02.2)."""
    publication = case.publication(asked.contradiction)
    checking.only_centre(case, by, case.incident(publication.incident))
    if publication.outcome is not None:
        raise Refused(Reason.ALREADY_DONE)
    case.put(changed(publication, outcome=asked.outcome))
    case.tell(ContradictionClosed(contradiction=publication.id, outcome=asked.outcome))


def still_open(case: Case, timer: Timer) -> None:
    """ESC-06b: not settled in time, then again and again."""
    publication = case.publication(timer.of)
    incident = case.incident(publication.incident)
    if not publication.open_contradiction or incident.state is IncidentState.SUSPENDED:
        return
    case.tell(
        Escalated(
            rule=timer.kind,
            contradiction=publication.id,
            incident=incident.id,
            repeat=timer.repeat,
            to=addresses(incident, [f"{case.policy_of(incident).offices.secretariat}.secretary_general"]),
        )
    )
    if timer.repeat < case.policy_of(incident).numbers.repeats:
        due = case.after(case.policy_of(incident).numbers.contradiction)
        case.set_timer(TimerKind.CONTRADICTION, due, publication.id, repeat=timer.repeat + 1)
