"""Planned initiatives: clashes, notices, and the hold during a crisis (`rules.md` §3.10, OV-7)."""

from crisis_bus.domain.commands import InitiativePlan, InitiativeRelease
from crisis_bus.domain.facts import InitiativeHeld, InitiativePlanned, InitiativeReleased
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.instants import minutes
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Initiative
from crisis_bus.domain.registers import in_order
from crisis_bus.domain.values import InitiativeKind, InitiativeState, Level
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, Refused


def plan(case: Case, asked: InitiativePlan, by: str) -> None:
    """Something is planned; clashes are told, and a crisis holds it at once (`scenario-format.md` §5)."""
    if asked.id in case.office.initiatives:
        raise Refused(Reason.DUPLICATE_ID)
    checking.only(by, asked.owner, case.policy.offices.communication)
    if asked.start < case.now:
        raise Refused(Reason.BAD_VALUE, "start")
    clashes = tuple(sorted(other.id for other in case.office.initiatives.values() if _clash(case, asked, other)))
    flags = ("NO_NOTICE_24H",) if _unannounced(case, asked) else ()
    case.put(Initiative(asked.id, case.number(), asked.owner, asked.kind, asked.start, asked.audience))
    case.tell(
        InitiativePlanned(initiative=asked.id, owner=asked.owner, start=asked.start, clashes=clashes, flags=flags)
    )
    for incident in case.shared():
        hold(case, incident.id)


def _clash(case: Case, asked: InitiativePlan, other: Initiative) -> bool:
    """Within the hour, or within a day for the same audience (`rules.md` §3.10)."""
    numbers = case.policy.numbers
    apart = abs(asked.start - other.start)
    same_audience = asked.audience is not None and asked.audience == other.audience
    return apart < minutes(numbers.clash) or (same_audience and apart < minutes(numbers.clash_same_audience))


def _unannounced(case: Case, asked: InitiativePlan) -> bool:
    """DR-8: an exercise without a notice a day ahead is flagged."""
    if asked.kind is not InitiativeKind.EXERCISE:
        return False
    notice = asked.notice_at
    return notice is None or asked.start - notice < minutes(case.policy.numbers.exercise_notice)


def hold(case: Case, name: str) -> None:
    """OV-7: plans of those who handle a real crisis wait (`scenario-format.md` §7, Hold initiatives)."""
    incident = case.incident(name)
    if incident.exercise or not incident.open or incident.level < Level.CROSS_ENTITY:
        return
    involved = {incident.lead, *incident.supporting}
    planned = case.office.registers.planned
    plans = {number: plan for owner in involved for number, plan in planned.get(owner, {}).items()}
    for initiative in map(case.initiative, in_order(plans)):
        if initiative.start >= case.now:
            case.put(changed(initiative, state=InitiativeState.HELD))
            case.tell(InitiativeHeld(initiative=initiative.id, incident=name, owner=initiative.owner, rule="OV-7"))


def release(case: Case, asked: InitiativeRelease, by: str) -> None:
    """OV-7: only the Office lets a held plan go on."""
    checking.only(by, case.policy.offices.communication)
    initiative = case.initiative(asked.initiative)
    if initiative.state is not InitiativeState.HELD:
        raise Refused(Reason.WRONG_STATE)
    case.put(changed(initiative, state=InitiativeState.RELEASED))
    case.tell(InitiativeReleased(initiative=initiative.id))
