"""The end of a crisis, signed by the right authority (INV-12, `scenario-format.md` §5, incident.stand_down)."""

from crisis_bus.domain import actors
from crisis_bus.domain.commands import IncidentStandDown
from crisis_bus.domain.facts import IncidentStateChanged, StandDownRefused, StandDownSigned
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.values import IncidentState, Level
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, Refused


def sign(case: Case, asked: IncidentStandDown, by: str) -> None:
    """INV-12: one signature; the crisis ends when all that are needed stand."""
    incident = case.incident(asked.incident)
    if incident.state is not IncidentState.SUSPENDED:
        checking.must_be_open(incident)
    entity = actors.entity(by)
    reasons = _authority(case, incident, entity) + _unfinished(case, incident)
    if reasons:
        case.tell(StandDownRefused(incident=incident.id, by=by, reasons=tuple(reasons)))
        return
    if stands(case, incident, entity):
        raise Refused(Reason.ALREADY_DONE)
    incident = case.change(incident.id, signatures={**incident.signatures, entity: case.now})
    missing = () if incident.level < Level.NATIONAL else tuple(_unsigned(case, incident))
    case.tell(StandDownSigned(incident=incident.id, by=by, missing=missing))
    if not missing:
        case.change(incident.id, state=IncidentState.STOOD_DOWN)
        days = case.policy_of(incident).grade_of[incident.peak_grade].aar_days
        case.tell(IncidentStateChanged(incident=incident.id, state=IncidentState.STOOD_DOWN, aar_days=days))


def stands(case: Case, incident: Incident, entity: str) -> bool:
    """Part of INV-12: whether the signature of an entity still counts (`scenario-format.md` §2, 6)."""
    since = incident.signatures.get(entity)
    return since is not None and case.within(case.policy_of(incident).numbers.signature, since)


def _unsigned(case: Case, incident: Incident) -> list[str]:
    """Part of INV-12: who has still to sign at level 3."""
    offices = case.policy_of(incident).offices
    needed = (offices.communication, offices.coordination)
    return [entity for entity in needed if not stands(case, incident, entity)]


def _authority(case: Case, incident: Incident, entity: str) -> list[str]:
    """Part of INV-12: who may sign at the level of the moment."""
    offices = case.policy_of(incident).offices
    needed, joined = {
        Level.ENTITY: (list(dict.fromkeys([incident.lead, offices.communication])), "|"),
        Level.CROSS_ENTITY: ([offices.communication], "|"),
        Level.NATIONAL: ([offices.communication, offices.coordination], "+"),
    }[Level(incident.level)]
    return [] if entity in needed else [f"AUTHORITY:{joined.join(needed)}"]


def _unfinished(case: Case, incident: Incident) -> list[str]:
    """Part of INV-12: what must be over before, each with its code."""
    high = sorted(name for name in incident.rumours if case.rumour(name).unanswered_high)
    conditions = {
        "OPEN_HIGH_RUMOUR:" + ",".join(high): bool(high),
        "OPEN_CONTRADICTION": any(case.publication(name).open_contradiction for name in incident.contradictions),
        "STATEMENT_IN_REVIEW": any(case.statement(name).pending for name in incident.statements),
        "NO_ALL_CLEAR_AFTER_WARNING": bool(incident.warnings),
    }
    return [reason for reason, holds in conditions.items() if holds]
