"""The lines of an incident's own life: report, grade, level, lead, clocks, fact sheet, end."""

from collections.abc import Iterator

from crisis_bus.domain import actors
from crisis_bus.domain import facts as f
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import MINUTE, minutes
from crisis_bus.domain.values import IncidentState, Level
from crisis_bus.rules import grading
from crisis_bus.views.story import whys
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event, Scene, nested

NOTIFICATION, DEADLINES, MATRIX, LIFE, SHEET = "N-1", "§3.2", "§3.6", "§4.8", "OV-3"
_MAJOR = 3
_SCALES = frozenset({"severity", "urgency", "certainty"})
Events = Iterator[Event]


def opened(scene: Scene, fact: f.IncidentOpened) -> Events:
    """A rumour opened it."""
    rumour = scene.after.rumours[fact.rumour]
    yield scene.tell(Line.OPENED, "§3.8", rumour=rumour.id, claim=rumour.claim, reach=rumour.reach)


def graded(scene: Scene, fact: f.IncidentGraded) -> Events:
    """What was reported, and what follows from it before anybody has done anything."""
    incident = scene.record
    if scene.command.type == "incident.report":
        yield from _reported(scene, incident)
    if incident.exercise:
        yield scene.tell(Line.EXERCISE, "DR-1")
    yield from whys.grade(scene, incident)
    yield scene.tell(Line.LEVEL, whys.LEVEL, level=scene.level(fact.level), terms=whys.level_terms(scene, incident))
    yield _led(scene, incident)
    yield from _clocks(scene, incident, fact)


def _reported(scene: Scene, incident: Incident) -> Events:
    yield scene.tell(
        Line.REPORTED if incident.emirates else Line.REPORTED_NOWHERE,
        by=scene.by,
        type=scene.type_of(incident.type),
        places=scene.places(incident.emirates),
        severity=incident.severity,
        urgency=incident.urgency,
        certainty=incident.certainty,
        fatalities=incident.fatalities,
        injured=incident.injured,
    )


def _led(scene: Scene, incident: Incident) -> Event:
    values = {"lead": scene.entity(incident.lead), "supporting": incident.supporting}
    policy = scene.policy
    if incident.type == policy.rumour_type and incident.topic is not None:
        return scene.tell(Line.LEAD_BY_TOPIC, MATRIX, **values, topic=incident.topic)
    return scene.tell(Line.LEAD_BY_TYPE, MATRIX, **values)


def _clocks(scene: Scene, incident: Incident, fact: f.IncidentGraded) -> Events:
    grade, row = scene.policy.grade_of[incident.grade], scene.policy.type_of[incident.type]
    yield scene.tell(
        Line.FIRST_STATEMENT_DUE,
        DEADLINES,
        due=fact.first_statement_due,
        minutes=(fact.first_statement_due - scene.at) // MINUTE,
        grade=grade.grade,
        by_grade=grade.first_statement,
        by_type=row.first_statement,
    )
    scene.memory.acknowledge_minutes = grade.acknowledge
    yield scene.tell(
        Line.ACKNOWLEDGE_DUE,
        DEADLINES,
        lead=incident.lead,
        minutes=grade.acknowledge,
        due=scene.at + minutes(grade.acknowledge),
    )


def notified(scene: Scene, fact: f.Notified) -> Events:
    """Who was told, and why the coordinator is told of an incident of one entity."""
    incident, coordinator = scene.record, scene.policy.offices.coordination
    level = scene.level(incident.level)
    yield scene.tell(Line.NOTIFIED, NOTIFICATION, to=fact.to, level=level)
    if incident.level > Level.ENTITY or not any(name.endswith(f"{coordinator}.ops") for name in fact.to):
        return
    line = Line.COORDINATOR_BY_GRADE if incident.grade >= _MAJOR else Line.COORDINATOR_BY_TYPE
    yield scene.tell(
        line, NOTIFICATION, coordinator=coordinator, level=incident.level, grade=scene.grade(incident.grade)
    )


def updated(scene: Scene, fact: f.IncidentUpdated) -> Events:
    """What is known now; and when a lowered level holds although the formula asks for more."""
    before = scene.before.incidents[scene.incident]
    changes = [_change(scene, before, field) for field in fact.changed]
    if not changes:
        yield scene.tell(Line.UPDATED_NOTHING, LIFE, by=scene.by)
        return
    rule = "INV-9" if set(fact.changed) == {"next_of_kin_informed"} else "ESC-04"
    yield scene.tell(Line.UPDATED, rule, by=scene.by, changes=changes)
    incident = scene.record
    would = grading.level(scene.case, incident)
    if incident.mark is not None and would > incident.level:
        yield scene.tell(Line.LEVEL_HELD, whys.LEVEL, would=would, level=scene.level(incident.level))


def _change(scene: Scene, before: Incident, field: str) -> object:
    after = scene.record
    if field == "next_of_kin_informed":
        return nested(Line.CHANGE_KIN_INFORMED if after.next_of_kin_informed else Line.CHANGE_KIN_NOT_INFORMED)
    if field == "emirates":
        return nested(Line.CHANGE_EMIRATES, was=scene.places(before.emirates), places=scene.places(after.emirates))
    was = f"was_{field}" if field in _SCALES else "was"
    return nested(Line(f"change_{field}"), **{was: getattr(before, field), field: getattr(after, field)})


def regraded(scene: Scene, fact: f.IncidentRegraded) -> Events:
    """From which grade to which, and why."""
    yield scene.tell(Line.REGRADED, "ESC-04", was=scene.grade(fact.was), grade=scene.grade(fact.grade))
    yield from whys.grade(scene, scene.record)


def raised(scene: Scene, fact: f.LevelRaised) -> Events:
    """By the formula, by a rumour or by hand."""
    incident = scene.record
    levels = {"was": scene.level(fact.was), "level": scene.level(fact.level)}
    if fact.rule == "ESC-12":
        yield scene.tell(Line.LEVEL_RAISED_BY_HAND, fact.rule, by=scene.by, **levels)
    elif fact.rule == "ESC-07a":
        high = [name for name in incident.rumours if scene.after.rumours[name].unanswered_high]
        yield scene.tell(Line.LEVEL_RAISED_BY_RUMOUR, fact.rule, rumours=high, **levels)
    else:
        yield scene.tell(Line.LEVEL_RAISED, fact.rule, terms=whys.level_terms(scene, incident), **levels)


def lowered(scene: Scene, fact: f.LevelLowered) -> Events:
    """By hand, with the mark that holds it."""
    levels = {"was": scene.level(fact.was), "level": scene.level(fact.level)}
    yield scene.tell(Line.LEVEL_LOWERED, fact.rule, by=scene.by, **levels)


def lead_changed(scene: Scene, fact: f.LeadChanged) -> Events:
    """Another entity leads, and what it means for texts under way."""
    yield scene.tell(Line.LEAD_CHANGED, fact.rule, by=scene.by, was=fact.was, lead=scene.entity(fact.lead))
    if fact.voided:
        yield scene.tell(Line.LEAD_VOIDED, fact.rule, voided=fact.voided)


def tightened(scene: Scene, fact: f.DeadlineTightened) -> Events:
    """The first statement is due sooner."""
    was = scene.before.incidents[scene.incident]
    yield scene.tell(Line.DEADLINE_TIGHTENED, DEADLINES, due=fact.due, before=was.reported_at + was.deadline)


def met(scene: Scene, fact: f.DeadlineMet) -> Events:
    """In time."""
    yield scene.tell(Line.DEADLINE_MET, DEADLINES, minutes=fact.minutes, target=fact.target)


def late(scene: Scene, fact: f.DeadlineLate) -> Events:
    """Too late."""
    yield scene.tell(Line.DEADLINE_LATE, DEADLINES, minutes=fact.minutes, target=fact.target)


def breached(scene: Scene, _: f.DeadlineBreached) -> Events:
    """Nothing was out in time."""
    yield scene.tell(Line.DEADLINE_BREACHED, "ESC-02c")


def state(scene: Scene, fact: f.IncidentStateChanged) -> Events:
    """Where it stands now; a merge is told in both stories."""
    if fact.into == scene.incident:
        yield from _merged_here(scene, fact.incident)
    elif fact.ack_minutes is not None:
        limit = scene.memory.acknowledge_minutes
        in_time = scene.at - scene.record.reported_at <= minutes(limit)
        line = Line.ACKNOWLEDGED_IN_TIME if in_time else Line.ACKNOWLEDGED_LATE
        yield scene.tell(line, DEADLINES, by=scene.by, minutes=fact.ack_minutes, target=limit)
    else:
        yield _stands(scene, fact)


def _stands(scene: Scene, fact: f.IncidentStateChanged) -> Event:
    stands = IncidentState(fact.state)
    if stands is IncidentState.ACKNOWLEDGED:
        return scene.tell(Line.BACK_FROM_STABILISING, whys.LEVEL)
    if stands is IncidentState.STOOD_DOWN:
        return scene.tell(Line.STOOD_DOWN, "INV-12", days=fact.aar_days)
    if stands is IncidentState.MERGED:
        return scene.tell(Line.MERGED_INTO, LIFE, by=scene.by, into=fact.into)
    if stands is IncidentState.STABILISING:
        factor = scene.policy.numbers.stabilising_cadence_factor
        return scene.tell(Line.STABILISING, "ESC-10", by=scene.by, factor=factor)
    return scene.tell(Line(stands.lower()), LIFE, by=scene.by)


def _merged_here(scene: Scene, other: str) -> Events:
    yield scene.tell(Line.MERGED_HERE, LIFE, by=scene.by, other=other)
    before = scene.before.incidents[other]
    open_ones = [name for name in before.contradictions if scene.before.publications[name].open_contradiction]
    if before.rumours or open_ones or before.warnings:
        yield scene.tell(
            Line.CAME_ALONG, LIFE, rumours=before.rumours, contradictions=open_ones, warnings=before.warnings
        )


def exercise_suspended(scene: Scene, fact: f.ExerciseSuspended) -> Events:
    """A drill gives way, told in both stories."""
    if fact.incident == scene.incident:
        yield scene.tell(Line.EXERCISE_SUSPENDED, fact.rule, because=fact.because)
    else:
        yield scene.tell(Line.SUSPENDS_EXERCISE, fact.rule, other=fact.incident)


def sheet(scene: Scene, fact: f.FactsheetUpdated) -> Events:
    """What the public may be told, and what was told otherwise."""
    yield scene.tell(Line.SHEET, SHEET, by=scene.by, facts=dict(fact.facts))
    if fact.changed:
        yield scene.tell(Line.SHEET_CHANGED, SHEET, facts=dict(fact.changed))
    if fact.stale:
        yield scene.tell(Line.STALE, "INV-7", statements=fact.stale)


def signed(scene: Scene, fact: f.StandDownSigned) -> Events:
    """One signature, and those still wanted."""
    line = Line.SIGNED if fact.missing else Line.SIGNED_LAST
    yield scene.tell(line, "INV-12", by=fact.by, missing=fact.missing)
    lapsed = [entity for entity in fact.missing if entity in scene.memory.signed]
    yield from (scene.tell(Line.SIGNATURE_LAPSED, "INV-12", entity=entity) for entity in lapsed)
    scene.memory.signed = {actors.entity(fact.by), *scene.memory.signed} - set(lapsed)


def stand_down_refused(scene: Scene, fact: f.StandDownRefused) -> Events:
    """One line for each reason."""
    for reason in fact.reasons:
        data = {"incident": fact.incident, "by": fact.by, "reasons": [reason]}
        yield scene.tell(Line.REFUSED, refused={"type": fact.TYPE, "data": data})
