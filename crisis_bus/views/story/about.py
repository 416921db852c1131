"""Which facts concern an incident: those that name it, and those of its texts, rumours, publications and voices."""

from collections.abc import Iterator

from crisis_bus.domain import facts as f
from crisis_bus.domain.facts import Fact
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.values import Level
from crisis_bus.office import Office
from crisis_bus.views.story.scene import Scene

_ACCOUNTS = f.ChannelSuspended | f.ChannelRestored | f.VerificationFlagged


def concerns(scene: Scene, fact: Fact, entry: Entry) -> bool:
    """Whether the story of the scene's incident has to tell a fact."""
    if isinstance(fact, f.CommandRefused):
        return scene.incident in _asked_about(scene, fact)
    if isinstance(fact, _ACCOUNTS):
        return _speaks(scene, fact.entity)
    if isinstance(fact, f.InitiativePlanned):
        return any(_holds(scene, fact.initiative, told.type, told.data) for told in entry.facts)
    if isinstance(fact, f.PolicyAdopted):
        return scene.record.open
    if isinstance(fact, f.InitiativeReleased):
        return fact.initiative in scene.memory.held
    return scene.incident in _named(scene, fact)


def _named(scene: Scene, fact: Fact) -> set[str | None]:
    """The incidents that a fact names, or that its objects belong to."""
    names = {getattr(fact, field, None) for field in ("incident", "into", "because")}
    for office in (scene.after, scene.office):
        names |= set(
            _owners(
                office,
                statement=getattr(fact, "statement", None) or getattr(fact, "ref", None),
                rumour=getattr(fact, "rumour", None),
                publication=getattr(fact, "contradiction", None),
            )
        )
    return names


def _owners(
    office: Office, *, statement: object = None, rumour: object = None, publication: object = None
) -> Iterator[str | None]:
    if isinstance(statement, str) and statement in office.statements:
        yield office.statements[statement].incident
    if isinstance(rumour, str) and rumour in office.rumours:
        yield office.rumours[rumour].incident
    if isinstance(publication, str) and publication in office.publications:
        yield office.publications[publication].incident


def _asked_about(scene: Scene, fact: f.CommandRefused) -> set[str | None]:
    """What a refused command was about, as far as its data say."""
    asked = scene.asked
    names = {value for value in (asked.get("incident"), asked.get("into")) if isinstance(value, str)}
    if fact.command == "incident.report":
        names |= {value for value in (asked.get("id"), asked.get("supersedes")) if isinstance(value, str)}
    text = asked.get("statement") or (asked.get("id") if fact.command.startswith("statement.") else None)
    owners = _owners(scene.before, statement=text, rumour=asked.get("rumour"), publication=asked.get("contradiction"))
    return {*names, *owners}


def _speaks(scene: Scene, entity: str) -> bool:
    """Whether an entity's accounts carry what this open incident publishes."""
    incident, offices = scene.record, scene.policy.offices
    voices = {incident.lead}
    voices |= {offices.communication} if incident.level >= Level.CROSS_ENTITY else set()
    voices |= {offices.coordination} if incident.level == Level.NATIONAL else set()
    return incident.open and entity in voices


def _holds(scene: Scene, initiative: str, kind: str, data: dict[str, object]) -> bool:
    held = kind == f.InitiativeHeld.TYPE and data.get("initiative") == initiative
    return held and data.get("incident") == scene.incident
