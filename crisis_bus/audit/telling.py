"""How each fact changes the picture: the fold of the auditor, one function a fact that matters."""

from collections.abc import Callable, Mapping
from typing import Any

from crisis_bus.audit import texts
from crisis_bus.audit.moments import Moment
from crisis_bus.audit.seen import SeenContradiction, SeenIncident, SeenRumour, Space, same
from crisis_bus.domain import actors
from crisis_bus.domain import facts as f

_REOPENS = frozenset({"ANSWERED", "CLOSED"})


def _graded(moment: Moment, fact: f.IncidentGraded) -> None:
    born = moment.step.records.incidents.get(fact.incident)
    if born is not None:
        moment.space.incidents[fact.incident] = SeenIncident(
            born,
            fact.lead,
            fact.level,
            fact.grade,
            moment.told.at,
            fact.first_statement_due,
            born.severity,
            born.urgency,
            born.certainty,
            born.next_of_kin_informed,
        )


def _updated(moment: Moment, fact: f.IncidentUpdated) -> None:
    incident = moment.incident(fact.incident)
    for name in ("severity", "urgency", "certainty"):
        setattr(incident, name, fact.changed.get(name, getattr(incident, name)))
    incident.next_of_kin = fact.changed.get("next_of_kin_informed", incident.next_of_kin)


def _state(moment: Moment, fact: f.IncidentStateChanged) -> None:
    incident = moment.incident(fact.incident)
    incident.state = fact.state
    incident.acknowledged = incident.acknowledged or fact.ack_minutes is not None
    if fact.into is not None:
        _move(moment.space, fact.incident, fact.into)


def _move(space: Space, name: str, into: str) -> None:
    """A merge carries rumours, contradictions and open warnings along; the sheet stays behind."""
    for rumour in space.rumours.values():
        rumour.incident = into if rumour.incident == name else rumour.incident
    for contradiction in space.contradictions.values():
        contradiction.incident = into if contradiction.incident == name else contradiction.incident
    for warning, incident in space.warnings.items():
        space.warnings[warning] = into if incident == name else incident


def _regraded(moment: Moment, fact: f.IncidentRegraded) -> None:
    moment.incident(fact.incident).grade = fact.grade
    moment.incident(fact.incident).signatures.clear()


def _levelled(moment: Moment, fact: f.LevelRaised | f.LevelLowered) -> None:
    moment.incident(fact.incident).level = fact.level
    moment.incident(fact.incident).signatures.clear()


def _led(moment: Moment, fact: f.LeadChanged) -> None:
    moment.incident(fact.incident).lead = fact.lead
    for name in fact.voided:
        texts.void(moment.space.texts[name], "DRAFT")


def _tightened(moment: Moment, fact: f.DeadlineTightened) -> None:
    moment.incident(fact.incident).due = fact.due


def _breached(moment: Moment, fact: f.DeadlineBreached) -> None:
    moment.incident(fact.incident).breached = True


def _assigned(moment: Moment, fact: f.SpokespersonAssigned) -> None:
    moment.space.speaks(fact.incident, fact.spokesperson)
    moment.incident(fact.incident).assignment += 1


def _unavailable(moment: Moment, fact: f.SpokespersonUnavailable) -> None:
    moment.space.speaks(fact.incident, None)


def _ready(moment: Moment, fact: f.SpokespersonReady) -> None:
    moment.incident(fact.incident).confirmed = True


def _sheet(moment: Moment, fact: f.FactsheetUpdated) -> None:
    incident = moment.incident(fact.incident)
    if any(key not in incident.sheet or not same(incident.sheet[key], value) for key, value in fact.facts.items()):
        incident.signatures.clear()
    incident.sheet.update(fact.facts)
    for name in fact.stale:
        moment.space.texts[name].stale = True


def _contradicted(moment: Moment, fact: f.ContradictionDetected) -> None:
    moment.space.contradictions[fact.contradiction] = SeenContradiction(fact.incident)


def _resolved(moment: Moment, fact: f.ContradictionClosed) -> None:
    moment.space.contradictions[fact.contradiction].open = False


def _triaged(moment: Moment, fact: f.RumourTriaged) -> None:
    record = moment.step.records.rumours.get(fact.rumour)
    rumour = moment.space.rumours.get(fact.rumour)
    if rumour is None:
        if record is None:
            return
        asked = moment.step.asked("incident")
        rumour = SeenRumour(record.topic, asked if isinstance(asked, str) else None)
        moment.space.rumours[fact.rumour] = rumour
    rumour.state = "OPEN" if rumour.state in _REOPENS else rumour.state
    rumour.priority = fact.priority
    rumour.series += 1


def _opened(moment: Moment, fact: f.IncidentOpened) -> None:
    moment.space.rumours[fact.rumour].incident = fact.incident


def _verified(moment: Moment, fact: f.RumourVerified) -> None:
    rumour = moment.space.rumours[fact.rumour]
    rumour.state = "VERIFIED" if rumour.state == "OPEN" else rumour.state


def _answered(moment: Moment, fact: f.RumourAnswered) -> None:
    moment.space.rumours[fact.rumour].state = "ANSWERED"


def _rumour_state(moment: Moment, fact: f.RumourStateChanged) -> None:
    moment.space.rumours[fact.rumour].state = fact.state


def _suspended(moment: Moment, fact: f.ExerciseSuspended) -> None:
    moment.incident(fact.incident).state = "SUSPENDED"


def _signed(moment: Moment, fact: f.StandDownSigned) -> None:
    moment.incident(fact.incident).signatures[actors.entity(fact.by)] = moment.told.at


def _channel_out(moment: Moment, fact: f.ChannelSuspended) -> None:
    moment.space.suspended.add((fact.channel, fact.entity))


def _channel_back(moment: Moment, fact: f.ChannelRestored) -> None:
    moment.space.suspended.discard((fact.channel, fact.entity))


def _escalated(moment: Moment, fact: f.Escalated) -> None:
    about = fact.statement or fact.rumour or fact.contradiction or fact.incident or ""
    moment.space.clocks[fact.rule, about, fact.key or ""] = moment.told.at
    if fact.rule == "ESC-01b" and moment.incident(about).state == "REPORTED":
        moment.incident(about).state = "ACKNOWLEDGED"
    if fact.rule == "ESC-03":
        moment.space.speaks(about, None)
    if fact.rule == "ESC-09b":
        moment.space.texts[about].fallback.add(fact.key or "")
    if fact.rule == "ESC-11":
        moment.space.texts[about].rerouted_to.update(fact.reroute_to or ())


TELLING: Mapping[type[f.Fact], Callable[[Moment, Any], None]] = {
    f.IncidentGraded: _graded,
    f.IncidentUpdated: _updated,
    f.IncidentStateChanged: _state,
    f.IncidentRegraded: _regraded,
    f.LevelRaised: _levelled,
    f.LevelLowered: _levelled,
    f.LeadChanged: _led,
    f.DeadlineTightened: _tightened,
    f.DeadlineBreached: _breached,
    f.SpokespersonAssigned: _assigned,
    f.SpokespersonUnavailable: _unavailable,
    f.SpokespersonReady: _ready,
    f.FactsheetUpdated: _sheet,
    f.StatementDrafted: texts.drafted,
    f.ApprovalRequested: texts.requested,
    f.StatementBlocked: texts.blocked,
    f.KeyGiven: texts.key_given,
    f.KeysWaived: texts.waived,
    f.StatementScheduled: texts.scheduled,
    f.StatementPublished: texts.published,
    f.StatementReturned: texts.returned,
    f.StatementRejected: texts.rejected,
    f.StatementWithdrawn: texts.withdrawn,
    f.StatementStateChanged: texts.state_changed,
    f.PostReviewDone: texts.reviewed,
    f.ContradictionDetected: _contradicted,
    f.ContradictionClosed: _resolved,
    f.RumourTriaged: _triaged,
    f.IncidentOpened: _opened,
    f.RumourVerified: _verified,
    f.RumourAnswered: _answered,
    f.RumourStateChanged: _rumour_state,
    f.ExerciseSuspended: _suspended,
    f.StandDownSigned: _signed,
    f.ChannelSuspended: _channel_out,
    f.ChannelRestored: _channel_back,
    f.Escalated: _escalated,
}
"""Each fact and what it tells; the others change nothing that is checked."""


def tell(moment: Moment) -> None:
    """Put the fact into the picture."""
    handler = TELLING.get(type(moment.told.fact))
    if handler is not None:
        handler(moment, moment.told.fact)
