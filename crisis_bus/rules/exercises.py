"""Drills give way: DR-5 (`rules.md` §4.7, `scenario-format.md` §7, Suspend exercises)."""

from crisis_bus.domain.facts import ExerciseSuspended, StatementStateChanged
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.values import IncidentState, StatementState
from crisis_bus.rules.case import Case


def suspend(case: Case) -> None:
    """DR-5: a real crisis stops an exercise at once (`scenario-format.md` §7, Suspend exercises)."""
    for exercise in case.among(case.office.registers.drills):
        real = next((other for other in case.shared() if _stops(case, other, exercise)), None)
        if real is not None:
            case.change(exercise.id, state=IncidentState.SUSPENDED)
            case.tell(ExerciseSuspended(incident=exercise.id, because=real.id, rule="DR-5"))
            withdraw_pending(case, exercise.id, by=real.id)


def _stops(case: Case, real: Incident, exercise: Incident) -> bool:
    """Part of DR-5: in a shared emirate, or under the same lead."""
    shared = set(case.affected(real)) & set(case.affected(exercise))
    return bool(shared) or real.lead == exercise.lead


def withdraw_pending(case: Case, name: str, *, by: str) -> None:
    """Part of DR-5: texts in review or scheduled go no further when their incident ends or is suspended."""
    for text in map(case.statement, case.incident(name).statements):
        if text.pending:
            case.revise(text.id, state=StatementState.WITHDRAWN)
            case.tell(StatementStateChanged(statement=text.id, state=StatementState.WITHDRAWN, by=by))
