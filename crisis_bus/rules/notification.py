"""Who has to know: N-1 (`rules.md` §3.3, `scenario-format.md` §7, Notify)."""

from crisis_bus.domain.facts import Notified
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.values import Level
from crisis_bus.rules.case import Case, addresses

_MAJOR = 3


def notify(case: Case, incident: Incident) -> None:
    """N-1: those concerned at the level of the moment (`scenario-format.md` §7, Notify)."""
    case.tell(Notified(incident=incident.id, to=addresses(incident, _concerned(case, incident))))


def _concerned(case: Case, incident: Incident) -> list[str]:
    """Part of N-1: the higher the level, the more of them."""
    offices = case.policy_of(incident).offices
    concerned = [f"{incident.lead}.duty", f"{offices.communication}.desk"]
    shared = incident.level >= Level.CROSS_ENTITY
    if shared or incident.grade >= _MAJOR or case.type_of(incident).coord_always:
        concerned.append(f"{offices.coordination}.ops")
    if shared:
        concerned += _liaisons(case, incident)
    if incident.level >= Level.NATIONAL:
        concerned += ["all-ministries.liaison", "leadership.brief"]
    return concerned


def _liaisons(case: Case, incident: Incident) -> list[str]:
    """Part of N-1: liaisons of the supporting, then media offices of the affected; nobody is named twice."""
    offices = case.policy_of(incident).offices
    told_otherwise = {incident.lead, offices.coordination, offices.communication}
    liaisons = [f"{entity}.liaison" for entity in incident.supporting if entity not in told_otherwise]
    involved = {incident.lead, *incident.supporting}
    media_offices = [case.policy_of(incident).media_office(code) for code in case.affected(incident)]
    return liaisons + [office for office in media_offices if office is not None and office not in involved]
