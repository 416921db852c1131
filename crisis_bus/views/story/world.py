"""The lines of what comes from outside: publications, rumours, accounts, questions, plans, refusals, escalations."""

from collections.abc import Iterator
from typing import Any

from crisis_bus.domain import facts as f
from crisis_bus.domain.instants import minutes
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event, Scene

RUMOURS, CHECKING = "§3.8", "AC11.2"
Events = Iterator[Event]


def observed(scene: Scene, fact: f.PublicationObserved) -> Events:
    """Whether it agrees with the sheet."""
    line = Line.OBSERVED_CONSISTENT if fact.consistent else Line.OBSERVED_DIFFERS
    yield scene.tell(line, "OV-4", by=scene.by, source=fact.source, publication=fact.publication)


def contradiction(scene: Scene, fact: f.ContradictionDetected) -> Events:
    """Two government publications disagree."""
    scene.memory.contradicted_at[fact.contradiction] = scene.at
    yield scene.tell(Line.CONTRADICTION, "OV-4", contradiction=fact.contradiction, facts=dict(fact.facts))


def settled(scene: Scene, fact: f.ContradictionClosed) -> Events:
    """How, and whether in time."""
    since = scene.memory.contradicted_at.get(fact.contradiction, scene.at)
    in_time = scene.at - since <= minutes(scene.policy.numbers.contradiction)
    line = Line.CONTRADICTION_CLOSED_IN_TIME if in_time else Line.CONTRADICTION_CLOSED_LATE
    values = {"contradiction": fact.contradiction, "outcome": fact.outcome}
    yield scene.tell(line, "ESC-06b", by=scene.by, minutes=scene.minutes_since(since), **values)


def correction_asked(scene: Scene, fact: f.CorrectionRequested) -> Events:
    """Media and companies are asked."""
    yield scene.tell(Line.CORRECTION_ASKED, "OV-4", outlet=fact.outlet, facts=dict(fact.facts))


def triaged(scene: Scene, fact: f.RumourTriaged) -> Events:
    """Where it comes from, and the sum behind its priority."""
    rumour = scene.after.rumours[fact.rumour]
    if scene.command.type == "rumour.log":
        yield scene.tell(Line.RUMOUR_LOGGED, RUMOURS, by=scene.by, rumour=rumour.id, claim=rumour.claim)
    else:
        yield scene.tell(Line.RUMOUR_GREW, RUMOURS, by=scene.by, rumour=rumour.id, reach=rumour.reach)
    yield scene.tell(
        Line.RUMOUR_TRIAGED,
        RUMOURS,
        rumour=rumour.id,
        priority=fact.priority,
        harm=rumour.harm,
        tier=fact.score // rumour.harm,
        reach=rumour.reach,
        score=fact.score,
        owner=fact.owner,
        due=fact.response_due,
    )


def verdict(scene: Scene, fact: f.RumourVerified) -> Events:
    """What is true of it."""
    yield scene.tell(Line.RUMOUR_VERDICT, RUMOURS, by=scene.by, rumour=fact.rumour, verdict=fact.verdict)


def answered(scene: Scene, fact: f.RumourAnswered) -> Events:
    """In time or not."""
    since = scene.after.rumours[fact.rumour].triaged_at
    line = Line.RUMOUR_ANSWERED_IN_TIME if scene.at - since <= minutes(fact.target) else Line.RUMOUR_ANSWERED_LATE
    yield scene.tell(line, RUMOURS, rumour=fact.rumour, minutes=fact.minutes, target=fact.target)


def rumour_closed(scene: Scene, fact: f.RumourStateChanged) -> Events:
    """Its end."""
    yield scene.tell(Line.RUMOUR_CLOSED, RUMOURS, by=scene.by, rumour=fact.rumour)


def account_suspended(scene: Scene, fact: f.ChannelSuspended) -> Events:
    """Out of use."""
    yield _account(scene, Line.ACCOUNT_SUSPENDED, fact, by=scene.by)


def account_restored(scene: Scene, fact: f.ChannelRestored) -> Events:
    """In use again."""
    yield _account(scene, Line.ACCOUNT_RESTORED, fact, by=scene.by)


def account_flagged(scene: Scene, fact: f.VerificationFlagged) -> Events:
    """What it says is not official."""
    yield _account(scene, Line.ACCOUNT_FLAGGED, fact, due=fact.since)


def _account(
    scene: Scene,
    line: Line,
    fact: f.ChannelSuspended | f.ChannelRestored | f.VerificationFlagged,
    **values: Any,  # noqa: ANN401 any JSON value
) -> Event:
    (channel,) = scene.channels((fact.channel,))
    return scene.tell(line, "CH-2", entity=fact.entity, channel=channel, **values)


def official(scene: Scene, fact: f.VerificationAnswered) -> Events:
    """Somebody wanted to know."""
    yield scene.tell(Line.ASKED_OFFICIAL, CHECKING, by=scene.by, ref=fact.ref, verdict=fact.verdict)


def planned(scene: Scene, fact: f.InitiativePlanned) -> Events:
    """A plan that this crisis holds at once."""
    values = {"initiative": fact.initiative, "entity": fact.owner}
    yield scene.tell(Line.INITIATIVE_PLANNED, "§3.10", by=scene.by, start=fact.start, **values)


def held(scene: Scene, fact: f.InitiativeHeld) -> Events:
    """It waits while the crisis runs."""
    scene.memory.held.add(fact.initiative)
    yield scene.tell(Line.INITIATIVE_HELD, fact.rule, initiative=fact.initiative, entity=fact.owner)


def released(scene: Scene, fact: f.InitiativeReleased) -> Events:
    """It may go on."""
    yield scene.tell(Line.INITIATIVE_RELEASED, "OV-7", by=scene.by, initiative=fact.initiative)


def policy_proposed(scene: Scene, fact: f.PolicyProposed) -> Events:
    """Another version waits for a second person."""
    yield scene.tell(Line.POLICY_PROPOSED, "AC10.2", by=fact.by, version=fact.version)


def policy_adopted(scene: Scene, fact: f.PolicyAdopted) -> Events:
    """Another version holds, but not for what has begun."""
    values = {"version": fact.version, "own": scene.policy.version}
    yield scene.tell(Line.POLICY_ADOPTED, "AC10.1", by=fact.by, due=fact.in_force_from, **values)


def rehearsal_opened(scene: Scene, _: f.RehearsalOpened) -> Events:
    """The space is none of the government's."""
    yield scene.tell(Line.REHEARSAL_OPENED)


def command_refused(scene: Scene, fact: f.CommandRefused) -> Events:
    """What somebody asked in vain."""
    data = fact.model_dump(mode="json", exclude_none=True)
    yield scene.tell(Line.REFUSED, refused={"type": fact.TYPE, "data": data})


def escalated(scene: Scene, fact: f.Escalated) -> Events:
    """What fired, because of what, to whom; a reminder says which one it is."""
    fields = ("contradiction", "rumour", "statement", "key", "due", "to")
    values: dict[str, Any] = {field: getattr(fact, field) for field in fields if getattr(fact, field) is not None}
    if fact.channel is not None:
        values |= {"channel": scene.channels((fact.channel,)), "channels": scene.channels(fact.reroute_to or ())}
    if fact.spokesperson is not None:
        values |= {"person": fact.spokesperson, "reason": scene.asked.get("reason")}
    yield scene.tell(_ladder_line(fact), fact.rule, **values)
    if fact.repeat:
        yield scene.tell(Line.REPEAT, fact.rule, repeat=fact.repeat)


def _ladder_line(fact: f.Escalated) -> Line:
    step = fact.rule.removeprefix("ESC-").lower()
    name = f"esc_{step}_{fact.cause.lower()}" if fact.cause else f"esc_{step}"
    return Line(name) if name in set(Line) else Line.ESC_OTHER
