"""How bad an incident is: grade (`rules.md` §3.1) and level (§3.3)."""

from crisis_bus.domain.incident import Extent, Incident
from crisis_bus.domain.values import Certainty, Priority, Severity, Urgency
from crisis_bus.rules.case import Case

_BY_PRIORITY = {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1}
_BY_SEVERITY = {
    Severity.EXTREME: (3, 4),
    Severity.SEVERE: (2, 3),
    Severity.MODERATE: (1, 2),
    Severity.MINOR: (1, 1),
}
"""Grade of a severity: not hot, hot."""
_LIFE_SAFETY_SEVERITIES = frozenset({Severity.SEVERE, Severity.EXTREME})
_SURE = frozenset({Certainty.OBSERVED, Certainty.LIKELY})


def of_triple(severity: Severity, urgency: Urgency, certainty: Certainty) -> int:
    """The grade of a CAP triple, 1 to 4 (`rules.md` §3.1, 1 to 4)."""
    severity = Severity.MODERATE if severity is Severity.UNKNOWN else severity
    urgency = Urgency.EXPECTED if urgency is Urgency.UNKNOWN else urgency
    certainty = Certainty.POSSIBLE if certainty is Certainty.UNKNOWN else certainty
    if urgency is Urgency.PAST or certainty is Certainty.UNLIKELY:
        return 1
    hot = urgency in {Urgency.IMMEDIATE, Urgency.EXPECTED} and certainty in _SURE
    return _BY_SEVERITY[severity][hot]


def grade(incident: Incident) -> int:
    """A rumour's priority, where an incident carries one, else the triple (`rules.md` §3.1, 5)."""
    if incident.priority is not None:
        return _BY_PRIORITY[incident.priority]
    return of_triple(incident.severity, incident.urgency, incident.certainty)


def level(case: Case, incident: Incident) -> int:
    """The level formula over the present values and the floor (`rules.md` §3.3)."""
    numbers = case.policy_of(incident).numbers
    emirates = len(case.affected(incident))
    terms = [case.type_of(incident).base_level, incident.floor]
    terms += [level for at_least, level in numbers.level_by_grade.items() if incident.grade >= at_least]
    terms += [level for at_least, level in numbers.level_by_emirates.items() if emirates >= at_least]
    terms += [level for at_least, level in numbers.level_by_deaths.items() if incident.fatalities >= at_least]
    return max(terms)


def extent(case: Case, incident: Incident) -> Extent:
    """The five values that the mark compares (`scenario-format.md` §7, Mark)."""
    return Extent.of(incident, len(case.affected(incident)))


def may_rise(incident: Incident, present: Extent) -> bool:
    """Part of ESC-04: after a lowering, only what is worse than the mark counts (`scenario-format.md` §7, Mark)."""
    return incident.mark is None or present.worse_than(incident.mark)


def life_safety(incident: Incident) -> bool:
    """Whether a pre-approved warning may leave on one key (`scenario-format.md` §7, Life-safety rule)."""
    return threatens_life(incident.severity, incident.urgency, incident.certainty)


def threatens_life(severity: str | None, urgency: str | None, certainty: str | None) -> bool:
    """The life-safety rule over a CAP triple (`scenario-format.md` §7, Life-safety rule; KPI-05)."""
    return severity in _LIFE_SAFETY_SEVERITIES and urgency == Urgency.IMMEDIATE and certainty in _SURE
