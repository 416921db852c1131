"""Why the rules decided as they did, from the records that they looked at: grade, level, keys, who was passed over."""

from collections.abc import Iterator
from typing import Any

from crisis_bus.domain.incident import Incident
from crisis_bus.domain.policy import Person
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import Certainty, Key, Kind, Level, Severity, Urgency
from crisis_bus.rules import grading, keys
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event, Scene, Values, nested

GRADE, LEVEL, SPOKESPERSON, KEYS_NEEDED, LIFE_SAFETY = "§3.1", "§3.3", "SPK", "§4.3", "§4.4"


def grade(scene: Scene, incident: Incident) -> Iterator[Event]:
    """The grade and the line of §3.1 that gives it."""
    grade = scene.grade(incident.grade)
    if incident.priority is not None:
        yield scene.tell(Line.GRADE_PRIORITY, GRADE, grade=grade, priority=incident.priority)
        return
    severity = Severity.MODERATE if incident.severity is Severity.UNKNOWN else incident.severity
    urgency = Urgency.EXPECTED if incident.urgency is Urgency.UNKNOWN else incident.urgency
    certainty = Certainty.POSSIBLE if incident.certainty is Certainty.UNKNOWN else incident.certainty
    counted = {"severity": severity, "urgency": urgency, "certainty": certainty}
    if (incident.severity, incident.urgency, incident.certainty) != (severity, urgency, certainty):
        yield scene.tell(Line.UNKNOWN, GRADE, **counted)
    yield scene.tell(_grade_line(severity, urgency, certainty), GRADE, grade=grade, **counted)


def _grade_line(severity: Severity, urgency: Urgency, certainty: Certainty) -> Line:
    if urgency is Urgency.PAST:
        return Line.GRADE_PAST
    if certainty is Certainty.UNLIKELY:
        return Line.GRADE_UNLIKELY
    if severity is Severity.MINOR:
        return Line.GRADE_MINOR
    hot = grading.of_triple(severity, Urgency.IMMEDIATE, Certainty.OBSERVED)
    return Line.GRADE_HOT if grading.of_triple(severity, urgency, certainty) == hot else Line.GRADE_NOT_HOT


def level_terms(scene: Scene, incident: Incident) -> list[Values]:
    """Each term of the level formula and what it gives; the highest is the level."""
    numbers, row = scene.policy.numbers, scene.policy.type_of[incident.type]
    spread = len(scene.policy.affected(incident.emirates))
    return [
        nested(Line.TERM_TYPE, term=row.base_level),
        nested(Line.TERM_GRADE, grade=incident.grade, term=_step(numbers.level_by_grade, incident.grade)),
        nested(Line.TERM_EMIRATES, emirates=spread, term=_step(numbers.level_by_emirates, spread)),
        nested(
            Line.TERM_DEATHS, fatalities=incident.fatalities, term=_step(numbers.level_by_deaths, incident.fatalities)
        ),
        nested(Line.TERM_FLOOR, term=incident.floor),
    ]


def _step(steps: dict[int, int], value: int) -> int:
    return max((level for at_least, level in steps.items() if value >= at_least), default=int(Level.ENTITY))


def key(scene: Scene, text: Statement, name: str, entity: str) -> Event:
    """Why a text needs a key, and why from this entity."""
    line, rule, values = _KEY_LINES[Key(name)](scene, text, entity)
    return scene.tell(line, rule, key=name, entity=entity, level=scene.level(scene.record.level), **values)


Why = tuple[Line, str, dict[str, Any]]


def _fact(scene: Scene, text: Statement, entity: str) -> Why:
    topics: list[str | None] = [*keys.answered_topics(scene.case, text)] or [scene.record.topic]
    by_topic = entity != scene.record.lead or text.kind is Kind.RUMOUR_RESPONSE
    topic = next((topic for topic in topics if topic and scene.policy.topic_owner.get(topic) == entity), None)
    if by_topic and topic is not None:
        return Line.KEY_FACT_TOPIC, KEYS_NEEDED, {"topic": topic}
    return (Line.KEY_FACT_LEAD if entity == scene.record.lead else Line.KEY_OTHER), KEYS_NEEDED, {}


def _release(scene: Scene, _: Statement, entity: str) -> Why:
    if scene.record.level == Level.ENTITY and entity == scene.record.lead:
        return Line.KEY_RELEASE_LEAD, KEYS_NEEDED, {}
    office = scene.policy.offices.communication
    return (Line.KEY_RELEASE_OFFICE if entity == office else Line.KEY_OTHER), KEYS_NEEDED, {}


def _coord(scene: Scene, text: Statement, _: str) -> Why:
    policy, incident = scene.policy, scene.record
    topics = [topic for topic in [incident.topic, *keys.answered_topics(scene.case, text)] if topic]
    topic = next((topic for topic in topics if topic in policy.topics_with_coordination), None)
    if incident.level == Level.NATIONAL:
        return Line.KEY_COORD_LEVEL, KEYS_NEEDED, {}
    if policy.type_of[incident.type].coord_always:
        return Line.KEY_COORD_TYPE, KEYS_NEEDED, {}
    if topic is not None:
        return Line.KEY_COORD_TOPIC, KEYS_NEEDED, {"topic": topic}
    broadcast = keys.answers_cell_broadcast(scene.case, text)
    return (Line.KEY_COORD_BROADCAST, "CH-1", {}) if broadcast else (Line.KEY_OTHER, KEYS_NEEDED, {})


def _originator(_: Scene, text: Statement, __: str) -> Why:
    if text.kind is Kind.RETRACTION:
        return Line.KEY_ORIGINATOR_RETRACTION, KEYS_NEEDED, {}
    return Line.KEY_ORIGINATOR, LIFE_SAFETY, {}


def _internal(_: Scene, __: Statement, ___: str) -> Why:
    return Line.KEY_INTERNAL, KEYS_NEEDED, {}


_KEY_LINES = {
    Key.FACT: _fact,
    Key.RELEASE: _release,
    Key.COORD: _coord,
    Key.ORIGINATOR: _originator,
    Key.INTERNAL: _internal,
}


def passed_over(scene: Scene, skipped: str) -> Event:
    """`<person>:<reason>` or `<entity>:NONE_REGISTERED` of the record, in words and with what was lacking."""
    name, _, reason = skipped.rpartition(":")
    line = Line(f"skipped_{reason.lower()}")
    person = next((row for row in scene.office.roster(scene.policy) if row.id == name), None)
    values = {"entity": name} if person is None else _lacking(scene, person, reason)
    return scene.tell(line, SPOKESPERSON, **{"person": name, **values})


def _lacking(scene: Scene, person: Person, reason: str) -> dict[str, Any]:
    level, numbers = scene.policy.level_of[scene.record.level], scene.policy.numbers
    asks = {"level": scene.level(level.level)}
    found: dict[str, dict[str, Any]] = {
        "SILENT": {"minutes": numbers.silent},
        "ACCREDITATION_EXPIRED": {"date": person.accredited_until.isoformat()},
        "TRAINING_LAPSED": {"date": person.trained.isoformat(), "days": numbers.training_days},
        "LANGUAGE": {**asks, "needs": list(level.languages), "has": list(person.languages)},
        "MEDIUM": {**asks, "needs": level.medium, "has": list(person.media)},
        "ENGAGED": {"other": _other_crises(scene, person.id)},
    }
    return found.get(reason, {})


def _other_crises(scene: Scene, person: str) -> list[str]:
    """The open real crises that keep somebody; in the entry that frees or takes a person, before or after it."""
    found = {
        incident.id: None
        for office in (scene.office, scene.before)
        for incident in map(office.incidents.__getitem__, office.live)
        if incident.spokesperson == person and incident.id != scene.incident and not incident.exercise
        if incident.open and incident.level >= Level.CROSS_ENTITY
    }
    return list(found)
