"""The story of one incident: the fold of the journal, and a line or several for each fact that concerns it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crisis_bus.domain import facts as f
from crisis_bus.domain.commands import CLOCK_TICK
from crisis_bus.domain.facts import FACTS, Fact
from crisis_bus.domain.instants import MINUTE, Instant, parse
from crisis_bus.domain.journal import Entry, FactRecord
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.values import IncidentState
from crisis_bus.office import Office
from crisis_bus.views.folding import folded
from crisis_bus.views.story import incidents, texts, voices, world
from crisis_bus.views.story.about import concerns
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event, Memory, Scene, named

TELLERS: Mapping[type[Fact], Callable[[Scene, Any], Iterator[Event]]] = {
    f.IncidentOpened: incidents.opened,
    f.IncidentGraded: incidents.graded,
    f.IncidentUpdated: incidents.updated,
    f.IncidentRegraded: incidents.regraded,
    f.IncidentStateChanged: incidents.state,
    f.LevelRaised: incidents.raised,
    f.LevelLowered: incidents.lowered,
    f.LeadChanged: incidents.lead_changed,
    f.Notified: incidents.notified,
    f.DeadlineTightened: incidents.tightened,
    f.DeadlineMet: incidents.met,
    f.DeadlineLate: incidents.late,
    f.DeadlineBreached: incidents.breached,
    f.ExerciseSuspended: incidents.exercise_suspended,
    f.FactsheetUpdated: incidents.sheet,
    f.StandDownSigned: incidents.signed,
    f.StandDownRefused: incidents.stand_down_refused,
    f.SpokespersonAssigned: voices.assigned,
    f.SpokespersonUnavailable: voices.unavailable,
    f.SpokespersonReady: voices.ready,
    f.StatementDrafted: texts.drafted,
    f.ApprovalRequested: texts.keys_asked,
    f.KeyGiven: texts.key_given,
    f.KeyRefused: texts.key_refused,
    f.KeysWaived: texts.keys_waived,
    f.StatementBlocked: texts.blocked,
    f.StatementScheduled: texts.scheduled,
    f.StatementPublished: texts.published,
    f.StatementReturned: texts.returned,
    f.StatementRejected: texts.rejected,
    f.StatementWithdrawn: texts.withdrawn,
    f.StatementStateChanged: texts.state,
    f.AmplifyRequested: texts.amplify,
    f.PostReviewDue: texts.review_due,
    f.PostReviewDone: texts.review_done,
    f.MediaStrike: texts.strike,
    f.PublicationObserved: world.observed,
    f.ContradictionDetected: world.contradiction,
    f.ContradictionClosed: world.settled,
    f.CorrectionRequested: world.correction_asked,
    f.RumourTriaged: world.triaged,
    f.RumourVerified: world.verdict,
    f.RumourAnswered: world.answered,
    f.RumourStateChanged: world.rumour_closed,
    f.ChannelSuspended: world.account_suspended,
    f.ChannelRestored: world.account_restored,
    f.VerificationFlagged: world.account_flagged,
    f.VerificationAnswered: world.official,
    f.InitiativePlanned: world.planned,
    f.InitiativeHeld: world.held,
    f.InitiativeReleased: world.released,
    f.CommandRefused: world.command_refused,
    f.PolicyProposed: world.policy_proposed,
    f.PolicyAdopted: world.policy_adopted,
    f.RehearsalOpened: world.rehearsal_opened,
    f.Escalated: world.escalated,
}
"""Each fact and what tells it."""


@dataclass(frozen=True, slots=True)
class Story:
    """One incident from its report to the last entry of the journal."""

    incident: str
    title: Event
    events: tuple[Event, ...]
    reported_at: Instant
    offset_minutes: int

    def minute(self, event: Event) -> int:
        """Whole minutes from the report to an event."""
        return (event.at - self.reported_at) // MINUTE


@dataclass(frozen=True, slots=True)
class Untold:
    """There is no such incident; `known` are those that there are."""

    known: tuple[str, ...]


def tell(entries: Iterable[Entry], policy: Policy, incident: str) -> Story | Untold:
    """The story of an incident from the entries of its space, all of them that count, in order."""
    office, memory, space = Office.opened(policy), Memory(), ""
    events: list[Event] = []
    for entry in entries:
        before, space = office, entry.space
        office = folded(office, entry)
        events += _told(entry, before, office, memory, incident)
    if incident not in office.incidents:
        return Untold(tuple(row.id for row in sorted(office.incidents.values(), key=lambda row: row.number)))
    return _bound(office, incident, space, tuple(events))


def _told(entry: Entry, before: Office, after: Office, memory: Memory, incident: str) -> Iterator[Event]:
    if incident not in after.incidents:
        return
    at, clocks = parse(entry.command.at), entry.more or entry.command.type == CLOCK_TICK
    for record in sorted(entry.facts, key=lambda fact: _merged_by_report(fact, entry)):
        kind = FACTS.get(record.type)
        if kind is None:
            continue
        when = after.clock.read(record.at)
        scene = Scene(incident, when, entry.command, clocks or when < at, before, after, memory)
        fact = kind.model_validate(record.data, context=after.clock)
        if concerns(scene, fact, entry):
            yield from TELLERS[kind](scene, fact)


def _merged_by_report(fact: FactRecord, entry: Entry) -> bool:
    """What a report merged into the new incident is told after the report, though it came first."""
    merged = fact.type == f.IncidentStateChanged.TYPE and fact.data.get("state") == IncidentState.MERGED
    return merged and entry.command.type == "incident.report"


def _bound(office: Office, name: str, space: str, events: tuple[Event, ...]) -> Story:
    record = office.incidents[name]
    policy = office.policy_called(record.policy)
    kind = named(policy.type_of[record.type])
    title = {"incident": name, "type": kind, "space": space, "pack": f"{policy.id} {policy.version}"}
    grade, level = policy.grade_of[record.grade], policy.level_of[record.level]
    stands = {
        "due": office.now,
        "state": record.state,
        "grade": named(grade, str(grade.grade)),
        "level": named(level, str(level.level)),
        "lead": record.lead,
    }
    return Story(
        name,
        Event(record.reported_at, Line.TITLE, title),
        (*events, Event(office.now, Line.STANDING, stands)),
        record.reported_at,
        office.clock.offset_minutes,
    )
