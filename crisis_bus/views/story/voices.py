"""The lines of the spokesperson: who was passed over and why, who speaks, who confirmed in time."""

from collections.abc import Iterator

from crisis_bus.domain import facts as f
from crisis_bus.domain.instants import minutes
from crisis_bus.views.story import whys
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event, Scene

Events = Iterator[Event]


def assigned(scene: Scene, fact: f.SpokespersonAssigned) -> Events:
    """Everybody who was tried before, then who it is."""
    yield from (whys.passed_over(scene, skipped) for skipped in fact.skipped)
    limit = scene.policy.grade_of[scene.record.grade].spokesperson
    scene.memory.assigned_at, scene.memory.confirm_minutes = scene.at, limit
    people = {person.id: person for person in scene.office.roster(scene.policy)}
    person = people[fact.spokesperson]
    yield scene.tell(
        Line.ASSIGNED,
        whys.SPOKESPERSON,
        person=person.id,
        role=person.role,
        entity=scene.entity(person.entity),
        minutes=limit,
        due=scene.at + minutes(limit),
    )
    if fact.co_speaker is not None:
        yield scene.tell(Line.CO_SPEAKER, "OV-5", person=fact.co_speaker, entity=people[fact.co_speaker].entity)


def unavailable(scene: Scene, fact: f.SpokespersonUnavailable) -> Events:
    """Nobody was left."""
    yield from (whys.passed_over(scene, skipped) for skipped in fact.skipped)
    yield scene.tell(Line.UNAVAILABLE, whys.SPOKESPERSON, skipped=fact.skipped, lead=scene.record.lead)


def ready(scene: Scene, fact: f.SpokespersonReady) -> Events:
    """The confirmation and its limit."""
    passed = scene.minutes_since(scene.memory.assigned_at)
    yield scene.tell(Line.READY, "§3.2", person=fact.spokesperson, minutes=passed, target=scene.memory.confirm_minutes)
