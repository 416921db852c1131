"""Levels: they rise by themselves and fall only by hand (`rules.md` §3.3, ESC-04, ESC-07a, ESC-12)."""

from crisis_bus.domain.commands import LevelOverride
from crisis_bus.domain.facts import IncidentStateChanged, LevelLowered, LevelRaised
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.values import IncidentState, Level
from crisis_bus.rules import checking, exercises, initiatives, notification, spokespersons
from crisis_bus.rules.case import Case, Refused


def raise_to(case: Case, name: str, level: int, rule: str) -> bool:
    """INV-11: to a higher level only (`scenario-format.md` §7, Raise level); says whether it rose."""
    incident = case.incident(name)
    if level <= incident.level:
        return False
    incident_now = case.change(name, level=level, signatures={})
    case.tell(LevelRaised(incident=name, level=level, was=incident.level, rule=rule))
    notification.notify(case, incident_now)
    if level == Level.NATIONAL:
        spokespersons.select(case, name, handover=True)
    else:
        spokespersons.replace_if_unfit(case, name)
    initiatives.hold(case, name)
    return True


def back_from_stabilising(case: Case, name: str) -> None:
    """What gets worse is not stabilising any more."""
    if case.incident(name).state is IncidentState.STABILISING:
        case.change(name, state=IncidentState.ACKNOWLEDGED)
        case.tell(IncidentStateChanged(incident=name, state=IncidentState.ACKNOWLEDGED))


def override(case: Case, asked: LevelOverride, by: str) -> None:
    """ESC-12, INV-11: by hand, up or down, by the Office or the coordinator; a lowering leaves a mark."""
    incident = case.incident(asked.incident)
    checking.must_be_open(incident)
    checking.only_centre(case, by, incident)
    if asked.level == incident.level:
        raise Refused(Reason.ALREADY_DONE)
    case.change(incident.id, floor=int(asked.level))
    if raise_to(case, incident.id, int(asked.level), "ESC-12"):
        back_from_stabilising(case, incident.id)
        exercises.suspend(case)
    else:
        case.change(incident.id, level=int(asked.level), mark=incident.worst, signatures={})
        case.tell(LevelLowered(incident=incident.id, level=asked.level, was=incident.level, rule="ESC-12"))


def floor_for_high_rumour(case: Case, name: str) -> None:
    """Part of ESC-07a: a HIGH rumour lifts its open incident to level 2 and no further."""
    incident = case.incident(name)
    if not incident.open:
        return
    case.change(name, floor=max(incident.floor, int(Level.CROSS_ENTITY)))
    raise_to(case, name, Level.CROSS_ENTITY, "ESC-07a")
    exercises.suspend(case)
