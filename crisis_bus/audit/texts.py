"""How the facts about statements change the picture."""

from crisis_bus.audit.moments import Moment
from crisis_bus.audit.seen import SeenText
from crisis_bus.domain import facts as f
from crisis_bus.domain.values import FIRST_KINDS, INTERNAL_KINDS, REFERRING_KINDS, Kind


def void(text: SeenText, state: str) -> None:
    """The keys of a text count no more."""
    text.state = state
    text.needed, text.given, text.fallback = {}, {}, set()


def _write(moment: Moment, name: str, state: str) -> None:
    """A text is written anew, by a draft or a submission: all keys are void (INV-3)."""
    written = moment.step.records.statements.get(name)
    if written is None:
        return
    before = moment.space.texts.get(name)
    moment.space.texts[name] = SeenText(written, state, 1 if before is None else before.submission + 1)
    if before is None and written.incident in moment.space.incidents:
        moment.incident(written.incident).texts.append(name)


def drafted(moment: Moment, fact: f.StatementDrafted) -> None:
    """A text is kept."""
    _write(moment, fact.statement, "DRAFT")


def submits(moment: Moment, statement: str) -> bool:
    """Whether the fact is told by the submission of this statement."""
    submitted = moment.step.entry.command.type == "statement.submit" and moment.step.asked("id") == statement
    return submitted and moment.by_command


def requested(moment: Moment, fact: f.ApprovalRequested) -> None:
    """Keys are asked for; a submission is a new text, and what is missing was not given."""
    if submits(moment, fact.statement):
        _write(moment, fact.statement, "IN_REVIEW")
    text = moment.space.texts[fact.statement]
    text.state = "IN_REVIEW"
    text.needed.update(fact.keys)
    for key in fact.keys:
        text.given.pop(key, None)


def blocked(moment: Moment, fact: f.StatementBlocked) -> None:
    """A text is blocked and its keys are void."""
    if fact.stage == "submit":
        _write(moment, fact.statement, "BLOCKED")
    void(moment.space.texts[fact.statement], "BLOCKED")


def key_given(moment: Moment, fact: f.KeyGiven) -> None:
    """A key is given."""
    moment.space.texts[fact.statement].given[fact.key] = fact.by


def waived(moment: Moment, fact: f.KeysWaived) -> None:
    """Keys are waived."""
    text = moment.space.texts[fact.statement]
    text.waived |= set(fact.keys)
    for key in fact.keys:
        text.given.pop(key, None)


def scheduled(moment: Moment, fact: f.StatementScheduled) -> None:
    """A text waits for the end of its embargo."""
    text = moment.space.texts[fact.statement]
    text.state, text.copied_to = "SCHEDULED", fact.embargoed_copy_to


def published(moment: Moment, fact: f.StatementPublished) -> None:
    """A text is out, and what follows from it."""
    space, text = moment.space, moment.space.texts[fact.statement]
    text.state, text.published_at, text.channels = "PUBLISHED", moment.told.at, fact.channels
    incident = space.incidents[fact.incident]
    incident.signatures.clear()
    if fact.kind not in INTERNAL_KINDS:
        incident.cadence += 1
    incident.first_out = incident.first_out or fact.kind in FIRST_KINDS
    if fact.kind in REFERRING_KINDS:
        space.corrections.append(fact.statement)
    if fact.kind == Kind.PUBLIC_WARNING:
        space.warnings[fact.statement] = fact.incident
    if fact.kind in {Kind.RETRACTION, Kind.ALL_CLEAR}:
        for ref in text.written.refs:
            space.warnings.pop(ref, None)


def returned(moment: Moment, fact: f.StatementReturned) -> None:
    """A text goes back to its drafter."""
    void(moment.space.texts[fact.statement], "DRAFT")


def rejected(moment: Moment, fact: f.StatementRejected) -> None:
    """A text is at its end."""
    void(moment.space.texts[fact.statement], "REJECTED")


def withdrawn(moment: Moment, fact: f.StatementWithdrawn) -> None:
    """A text is taken back."""
    moment.space.texts[fact.statement].state = "WITHDRAWN"


def state_changed(moment: Moment, fact: f.StatementStateChanged) -> None:
    """A text stands elsewhere."""
    moment.space.texts[fact.statement].state = fact.state


def reviewed(moment: Moment, fact: f.PostReviewDone) -> None:
    """A one-key warning was looked at again."""
    moment.space.texts[fact.statement].reviewed = True
