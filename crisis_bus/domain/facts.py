"""What was decided: one model a fact, fields as in `scenario-format.md` §6.

A field that does not apply is None here and left out when the fact is told.
"""
# size: a table of models, one for each fact

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain.commands import Value
from crisis_bus.domain.instants import Clock, Instant, When

Values = Mapping[str, Value]
Disagreement = Mapping[str, Mapping[str, Value]]
"""Fact key → `{"stated": value, "sheet": value}`."""


class Fact(BaseModel):
    """Something that was decided, in the past tense."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    TYPE: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact and the instant at which it became one."""

    at: Instant
    fact: Fact

    def data(self, clock: Clock) -> dict[str, Any]:
        """The fields as JSON values, instants as the space writes them."""
        told: dict[str, Any] = self.fact.model_dump(mode="json", exclude_none=True, context=clock)
        return told


class CommandRefused(Fact):
    """A command that changed nothing, and why."""

    TYPE: ClassVar[str] = "command.refused"
    command: str
    by: str
    ref: str
    reason: str
    field: str | None = None


class IncidentOpened(Fact):
    """A rumour became an incident."""

    TYPE: ClassVar[str] = "incident.opened"
    incident: str
    type: str
    rumour: str


class IncidentGraded(Fact):
    """How bad, who handles it, who leads, and until when something must be said."""

    TYPE: ClassVar[str] = "incident.graded"
    incident: str
    grade: int
    level: int
    lead: str
    first_statement_due: When


class IncidentUpdated(Fact):
    """What is known has changed."""

    TYPE: ClassVar[str] = "incident.updated"
    incident: str
    changed: Mapping[str, Any]


class IncidentRegraded(Fact):
    """The grade has changed."""

    TYPE: ClassVar[str] = "incident.regraded"
    incident: str
    grade: int
    was: int


class IncidentStateChanged(Fact):
    """The incident stands elsewhere."""

    TYPE: ClassVar[str] = "incident.state"
    incident: str
    state: str
    ack_minutes: int | None = None
    into: str | None = None
    aar_days: int | None = None


class LevelRaised(Fact):
    """More have to handle it."""

    TYPE: ClassVar[str] = "level.raised"
    incident: str
    level: int
    was: int
    rule: str


class LevelLowered(Fact):
    """Fewer have to handle it."""

    TYPE: ClassVar[str] = "level.lowered"
    incident: str
    level: int
    was: int
    rule: str


class LeadChanged(Fact):
    """Another entity leads."""

    TYPE: ClassVar[str] = "lead.changed"
    incident: str
    lead: str
    was: str
    voided: tuple[str, ...]
    rule: str


class Notified(Fact):
    """These have to know."""

    TYPE: ClassVar[str] = "notify"
    incident: str
    to: tuple[str, ...]


class DeadlineTightened(Fact):
    """The first statement is due sooner."""

    TYPE: ClassVar[str] = "deadline.tightened"
    incident: str
    due: When


class DeadlineMet(Fact):
    """The first statement was in time."""

    TYPE: ClassVar[str] = "deadline.met"
    incident: str
    minutes: int
    target: int


class DeadlineLate(Fact):
    """The first statement was late."""

    TYPE: ClassVar[str] = "deadline.late"
    incident: str
    minutes: int
    target: int


class DeadlineBreached(Fact):
    """The deadline passed with nothing out."""

    TYPE: ClassVar[str] = "deadline.breached"
    incident: str
    due: When


class SpokespersonAssigned(Fact):
    """This person speaks; those tried before could not."""

    TYPE: ClassVar[str] = "spokesperson.assigned"
    incident: str
    spokesperson: str
    skipped: tuple[str, ...]
    co_speaker: str | None = None


class SpokespersonUnavailable(Fact):
    """Nobody can speak."""

    TYPE: ClassVar[str] = "spokesperson.unavailable"
    incident: str
    skipped: tuple[str, ...]


class SpokespersonReady(Fact):
    """The spokesperson confirmed."""

    TYPE: ClassVar[str] = "spokesperson.ready"
    incident: str
    spokesperson: str


class FactsheetUpdated(Fact):
    """Public values were set; these statements now say another value."""

    TYPE: ClassVar[str] = "factsheet.updated"
    incident: str
    facts: Values
    changed: Values
    stale: tuple[str, ...]


class StatementDrafted(Fact):
    """A text is kept."""

    TYPE: ClassVar[str] = "statement.drafted"
    statement: str
    incident: str
    kind: str
    by: str
    facts: Values


class ApprovalRequested(Fact):
    """These keys are wanted, from these entities."""

    TYPE: ClassVar[str] = "approval.requested"
    statement: str
    keys: Mapping[str, str]
    why: str | None = None


class KeyGiven(Fact):
    """One key."""

    TYPE: ClassVar[str] = "key.given"
    statement: str
    key: str
    by: str


class KeyRefused(Fact):
    """A key that does not count, and why."""

    TYPE: ClassVar[str] = "key.refused"
    statement: str
    key: str
    by: str
    reason: str
    needs: str | None = None


class KeysWaived(Fact):
    """Keys that a broken embargo left no time for."""

    TYPE: ClassVar[str] = "keys.waived"
    statement: str
    keys: tuple[str, ...]
    rule: str


class StatementBlocked(Fact):
    """A text that must not go out as it is; the details depend on the reason (`scenario-format.md` §7)."""

    TYPE: ClassVar[str] = "statement.blocked"
    statement: str
    stage: str
    reason: str
    rule: str
    channels: tuple[str, ...] | None = None
    owners: tuple[str, ...] | None = None
    refs: tuple[str, ...] | None = None
    originator: str | None = None
    emirates: tuple[str, ...] | None = None
    entity: str | None = None
    lead: str | None = None
    facts: Disagreement | None = None
    missing: tuple[str, ...] | None = None


class StatementScheduled(Fact):
    """Approved, waiting for the end of its embargo."""

    TYPE: ClassVar[str] = "statement.scheduled"
    statement: str
    due: When
    embargoed_copy_to: tuple[str, ...]


class StatementPublished(Fact):
    """One approved text is out."""

    TYPE: ClassVar[str] = "statement.published"
    statement: str
    incident: str
    kind: str
    exercise: bool
    channels: tuple[str, ...]
    social_accounts: tuple[str, ...] | None = None
    suspended_accounts: tuple[str, ...] | None = None
    suspended_channels: tuple[str, ...] | None = None
    language_pack_due: When | None = None
    voice: str | None = None


class StatementReturned(Fact):
    """Back to the drafter."""

    TYPE: ClassVar[str] = "statement.returned"
    statement: str
    by: str
    reason: str


class StatementRejected(Fact):
    """The end of this text."""

    TYPE: ClassVar[str] = "statement.rejected"
    statement: str
    by: str
    reason: str


class StatementWithdrawn(Fact):
    """Taken back before it went out."""

    TYPE: ClassVar[str] = "statement.withdrawn"
    statement: str
    by: str


class StatementStateChanged(Fact):
    """A statement stands elsewhere because of something else."""

    TYPE: ClassVar[str] = "statement.state"
    statement: str
    state: str
    by: str


class AmplifyRequested(Fact):
    """The supporting entities repeat the lead's text."""

    TYPE: ClassVar[str] = "amplify.requested"
    statement: str
    to: tuple[str, ...]


class PostReviewDue(Fact):
    """A warning left on one key: look at it again."""

    TYPE: ClassVar[str] = "post_review.due"
    statement: str
    due: When


class PostReviewDone(Fact):
    """Somebody looked at it again."""

    TYPE: ClassVar[str] = "post_review.done"
    statement: str
    by: str


class MediaStrike(Fact):
    """An outlet broke an embargo."""

    TYPE: ClassVar[str] = "media.strike"
    outlet: str
    statement: str
    rule: str


class PublicationObserved(Fact):
    """Somebody said something."""

    TYPE: ClassVar[str] = "publication.observed"
    publication: str
    incident: str
    source: str
    consistent: bool


class ContradictionDetected(Fact):
    """Two government publications disagree."""

    TYPE: ClassVar[str] = "contradiction.detected"
    contradiction: str
    incident: str
    source: str
    facts: Disagreement


class ContradictionClosed(Fact):
    """The Office settled it."""

    TYPE: ClassVar[str] = "contradiction.closed"
    contradiction: str
    outcome: str


class CorrectionRequested(Fact):
    """An outlet is asked to correct."""

    TYPE: ClassVar[str] = "correction.requested"
    incident: str
    outlet: str
    facts: Disagreement


class RumourTriaged(Fact):
    """How much a rumour matters, and until when it needs an answer."""

    TYPE: ClassVar[str] = "rumour.triaged"
    rumour: str
    score: int
    priority: str
    owner: str
    response_due: When


class RumourVerified(Fact):
    """What is true of it."""

    TYPE: ClassVar[str] = "rumour.verdict"
    rumour: str
    verdict: str


class RumourAnswered(Fact):
    """A published text answers it."""

    TYPE: ClassVar[str] = "rumour.answered"
    rumour: str
    minutes: int
    target: int


class RumourStateChanged(Fact):
    """A rumour is over."""

    TYPE: ClassVar[str] = "rumour.state"
    rumour: str
    state: str


class ChannelSuspended(Fact):
    """An account is out of use."""

    TYPE: ClassVar[str] = "channel.suspended"
    channel: str
    entity: str
    rule: str


class ChannelRestored(Fact):
    """An account is in use again."""

    TYPE: ClassVar[str] = "channel.restored"
    channel: str
    entity: str


class VerificationFlagged(Fact):
    """Nothing from this account is official from now on."""

    TYPE: ClassVar[str] = "verification.flagged"
    channel: str
    entity: str
    verdict: str
    since: When


class VerificationAnswered(Fact):
    """Whether a text is official."""

    TYPE: ClassVar[str] = "verification.answered"
    ref: str
    verdict: str


class ExerciseSuspended(Fact):
    """A real incident stops a drill."""

    TYPE: ClassVar[str] = "exercise.suspended"
    incident: str
    because: str
    rule: str


class StandDownRefused(Fact):
    """The crisis cannot end yet."""

    TYPE: ClassVar[str] = "stand_down.refused"
    incident: str
    by: str
    reasons: tuple[str, ...]


class StandDownSigned(Fact):
    """One signature; `missing` are those still wanted."""

    TYPE: ClassVar[str] = "stand_down.signed"
    incident: str
    by: str
    missing: tuple[str, ...]


class InitiativePlanned(Fact):
    """Something is planned."""

    TYPE: ClassVar[str] = "initiative.planned"
    initiative: str
    owner: str
    start: When
    clashes: tuple[str, ...]
    flags: tuple[str, ...]


class InitiativeHeld(Fact):
    """A plan waits while a crisis runs."""

    TYPE: ClassVar[str] = "initiative.held"
    initiative: str
    incident: str
    owner: str
    rule: str


class InitiativeReleased(Fact):
    """A held plan may go on."""

    TYPE: ClassVar[str] = "initiative.released"
    initiative: str


class Escalated(Fact):
    """Somebody higher has to know; the fields depend on the rule (`scenario-format.md` §6)."""

    TYPE: ClassVar[str] = "escalation"
    rule: str
    incident: str | None = None
    spokesperson: str | None = None
    cause: str | None = None
    contradiction: str | None = None
    rumour: str | None = None
    statement: str | None = None
    key: str | None = None
    channel: str | None = None
    reroute_to: tuple[str, ...] | None = None
    due: When | None = None
    repeat: int | None = None
    to: tuple[str, ...]


class RehearsalOpened(Fact):
    """A space is a rehearsal; of the live system only."""

    TYPE: ClassVar[str] = "rehearsal.opened"
    start: str


class PolicyProposed(Fact):
    """A version of the policy waits for a second person; of the live system only."""

    TYPE: ClassVar[str] = "policy.proposed"
    version: str
    effective: str
    by: str
    digest: str


class PolicyAdopted(Fact):
    """A version of the policy holds from an instant on; of the live system only."""

    TYPE: ClassVar[str] = "policy.adopted"
    version: str
    in_force_from: When
    proposed_by: str
    by: str
    digest: str


FACTS: dict[str, type[Fact]] = {fact.TYPE: fact for fact in Fact.__subclasses__()}
"""Every fact by its name."""
