"""Who leads, who speaks, who lowers, who ends, and what the trail says of it: INV-10 to INV-14."""

from collections.abc import Iterator
from itertools import pairwise

from crisis_bus.audit.findings import Breach
from crisis_bus.audit.moments import Moment, Step
from crisis_bus.audit.seen import SeenIncident
from crisis_bus.domain.facts import (
    CommandRefused,
    IncidentStateChanged,
    KeyRefused,
    KeysWaived,
    LeadChanged,
    LevelLowered,
    LevelRaised,
    StatementBlocked,
)
from crisis_bus.domain.instants import MINUTE, text
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.values import Level


def _centre(moment: Moment, incident: SeenIncident) -> set[str]:
    offices = moment.step.policy(incident.born).offices
    return {offices.communication, offices.coordination}


def lead_changed_by_the_centre(moment: Moment, fact: LeadChanged) -> Iterator[Breach]:
    """INV-10, OV-1: one lead at a time; only GCO or NCEMA transfers it."""
    incident, step = moment.incident(fact.incident), moment.step
    if step.by not in _centre(moment, incident) or step.entry.command.type != "lead.transfer":
        yield Breach("lead_by", fact.incident, {"entity": step.office})
    if fact.was != incident.lead:
        yield Breach("lead_untold", fact.incident, {"entity": fact.was, "told": incident.lead})


def one_lead_one_voice(step: Step) -> Iterator[Breach]:
    """INV-10: the record has the lead and the spokesperson that the facts told."""
    for name, record in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        if seen is not None and record.lead != seen.lead:
            yield Breach("lead_untold", name, {"entity": record.lead, "told": seen.lead})
        if seen is not None and record.spokesperson != seen.spokesperson:
            yield Breach("voice_untold", name)


def one_crisis_a_voice(step: Step) -> Iterator[Breach]:
    """INV-10: a spokesperson holds at most one open real incident at level 2 or 3."""
    space = step.space
    for name in step.records.incidents:
        seen = space.incidents.get(name)
        if seen is None or seen.spokesperson is None or not _engages(seen):
            continue
        others = [each for each in space.voices[seen.spokesperson] if each != name and _engages(space.incidents[each])]
        if others:
            yield Breach("voice_engaged", name, {"other": ", ".join(sorted(others))})


def _engages(incident: SeenIncident) -> bool:
    return incident.open and not incident.born.exercise and incident.level >= Level.CROSS_ENTITY


def lowered_by_the_centre(moment: Moment, fact: LevelLowered | LevelRaised) -> Iterator[Breach]:
    """INV-11: a level never decreases without an actor of GCO or NCEMA."""
    incident, step = moment.incident(fact.incident), moment.step
    by_hand = step.entry.command.type == "level.override" and step.asked("incident") == fact.incident
    allowed = by_hand and moment.by_command and step.by in _centre(moment, incident)
    if fact.level < incident.level and not (allowed and isinstance(fact, LevelLowered)):
        yield Breach("lowered_by", fact.incident, {"was": incident.level, "level": fact.level})


def levels_are_told(step: Step) -> Iterator[Breach]:
    """INV-11: the record has the level that the facts told."""
    for name, record in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        if seen is not None and record.level != seen.level:
            yield Breach("level_untold", name, {"level": record.level, "told": seen.level})


def signed_by_the_right_authority(moment: Moment, fact: IncidentStateChanged) -> Iterator[Breach]:
    """INV-12: L1 lead or GCO, L2 GCO, L3 GCO and NCEMA, each by its own command and within 60 minutes."""
    if fact.state != "STOOD_DOWN":
        return
    incident = moment.incident(fact.incident)
    policy = moment.step.policy(incident.born)
    limit = policy.numbers.signature * MINUTE
    standing = {entity for entity, since in incident.signatures.items() if moment.told.at - since < limit}
    needed = _authorities(policy, incident)
    if not any(each <= standing for each in needed):
        yield Breach("unsigned", fact.incident, {"entities": " | ".join("+".join(sorted(each)) for each in needed)})


def _authorities(policy: Policy, incident: SeenIncident) -> list[set[str]]:
    """The sets of entities of which one has to have signed."""
    office, coordination = policy.offices.communication, policy.offices.coordination
    return {
        Level.ENTITY: [{incident.lead}, {office}],
        Level.CROSS_ENTITY: [{office}],
        Level.NATIONAL: [{office, coordination}],
    }[Level(incident.level)]


def nothing_left_open(moment: Moment, fact: IncidentStateChanged) -> Iterator[Breach]:
    """INV-12: no HIGH rumour or contradiction open, nothing in review or scheduled, every warning answered."""
    if fact.state != "STOOD_DOWN":
        return
    space, name = moment.space, fact.incident
    open_things = {
        "HIGH rumour": any(
            r.incident == name and r.priority == "HIGH" and r.unanswered for r in space.rumours.values()
        ),
        "contradiction": any(each.incident == name and each.open for each in space.contradictions.values()),
        "statement in review": any(text.state in {"IN_REVIEW", "SCHEDULED"} for text in space.texts_of(name)),
        "warning": name in space.warnings.values(),
    }
    what = [each for each, there in open_things.items() if there]
    if what:
        yield Breach("unfinished", name, {"what": ", ".join(what)})


def states_of_incidents_agree(step: Step) -> Iterator[Breach]:
    """INV-12: an incident ends, or goes on, only as the facts tell."""
    for name, record in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        if seen is not None and record.state != seen.state:
            yield Breach("state_untold", name, {"state": record.state, "told": seen.state})


def extents_are_told(step: Step) -> Iterator[Breach]:
    """INV-14: how bad an incident is changes only as the facts tell."""
    for name, record in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        names = ("severity", "urgency", "certainty", "grade")
        what = [] if seen is None else [each for each in names if getattr(record, each) != getattr(seen, each)]
        if what:
            yield Breach("extent_untold", name, {"what": ", ".join(what)})


def once_is_enough(step: Step) -> Iterator[Breach]:
    """INV-13: a command id that was answered before changes nothing; clocks may have spoken before it."""
    if step.repeats and not step.ticks and any(told.at >= step.at for told in step.facts):
        yield Breach("twice")


def time_goes_on(step: Step) -> Iterator[Breach]:
    """INV-13: time goes on, from entry to entry and inside of each."""
    instants = [step.space.at, *(told.at for told in step.facts), step.at]
    for earlier, later in pairwise(instants):
        if later < earlier:
            yield Breach("time_back", "", {"what": f"{text(earlier)} → {text(later)}"})
            return


def every_command_leaves_a_trace(step: Step) -> Iterator[Breach]:
    """INV-14: a new command gives at least one fact or a refusal, at its own instant."""
    if not step.ticks and not step.repeats and not step.more and all(told.at < step.at for told in step.facts):
        yield Breach("unanswered")


_SAYS = {
    CommandRefused: ("reason",),
    KeyRefused: ("by", "reason"),
    StatementBlocked: ("reason", "rule"),
    KeysWaived: ("rule",),
    LevelRaised: ("rule",),
    LevelLowered: ("rule",),
    LeadChanged: ("rule",),
}
"""What a refusal, block, waiver or override has to say."""


def the_trail_says_who_and_why(moment: Moment, fact: CommandRefused) -> Iterator[Breach]:
    """INV-14: every refusal, block, waiver and override says its rule or reason, and who asked."""
    silent = [name for name in _SAYS[type(fact)] if not getattr(fact, name).strip()]
    if isinstance(fact, CommandRefused | KeyRefused):
        asked = moment.step.entry.command.by
        silent += ["by"] if fact.by != (asked if isinstance(asked, str) and asked.strip() else "") else []
    if silent:
        yield Breach("anonymous", fact.TYPE, {"what": ", ".join(silent)})
