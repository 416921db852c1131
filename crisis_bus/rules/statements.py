"""The life of a text before it is out: draft, submit, return, reject, withdraw (`rules.md` §4.2)."""

from crisis_bus.domain import actors
from crisis_bus.domain.commands import (
    EmbargoBreak,
    StatementDraft,
    StatementReject,
    StatementReturn,
    StatementReview,
    StatementSubmit,
    StatementText,
    StatementWithdraw,
)
from crisis_bus.domain.facts import (
    Escalated,
    KeysWaived,
    MediaStrike,
    PostReviewDone,
    StatementDrafted,
    StatementRejected,
    StatementReturned,
    StatementWithdrawn,
)
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Timer
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import ANY, IncidentState, Kind, StatementState
from crisis_bus.rules import blocks, checking, keys, publishing
from crisis_bus.rules.case import Case, Refused, addresses

_AUTOMATIC = "AUTO-"
_EXPIRING = frozenset({Kind.PUBLIC_WARNING, Kind.HOLDING})
_REWRITABLE = frozenset({StatementState.DRAFT, StatementState.BLOCKED, StatementState.IN_REVIEW})
_WITHDRAWABLE = _REWRITABLE | {StatementState.SCHEDULED}


def draft(case: Case, asked: StatementDraft, by: str) -> None:
    """A text to keep (`scenario-format.md` §5)."""
    incident = _writable(case, asked)
    checking.must_be_open(incident)
    _check_again(case, asked)
    text = _write(case, asked, by)
    case.tell(StatementDrafted(statement=text.id, incident=incident.id, kind=text.kind, by=by, facts=text.facts))


def submit(case: Case, asked: StatementSubmit, by: str) -> None:
    """A text to approve: blocked, or its keys are asked for, all at once (`scenario-format.md` §5)."""
    incident = _writable(case, asked)
    if incident.state is not IncidentState.SUSPENDED:
        checking.must_be_open(incident)
    _check_again(case, asked)
    text = _write(case, asked, by)
    block = blocks.at_submit(case, text)
    if block is not None:
        blocks.block(case, text, block, stage="submit")
        return
    keys.ask(case, case.revise(text.id, state=StatementState.IN_REVIEW))


def _writable(case: Case, asked: StatementText) -> Incident:
    before = case.office.statements.get(asked.id)
    if before is None and asked.id.startswith(_AUTOMATIC):
        raise Refused(Reason.BAD_VALUE, "id")
    if before is not None and before.incident != asked.incident:
        raise Refused(Reason.DUPLICATE_ID)
    return case.incident(asked.incident)


def _check_again(case: Case, asked: StatementText) -> None:
    before = case.office.statements.get(asked.id)
    if before is not None and before.state not in _REWRITABLE:
        raise Refused(Reason.WRONG_STATE)
    if asked.expires is not None and asked.kind not in _EXPIRING:
        raise Refused(Reason.BAD_VALUE, "expires")


def _write(case: Case, asked: StatementText, by: str) -> Statement:
    """INV-3: the command replaces the whole text and voids all keys."""
    before = case.office.statements.get(asked.id)
    incident = case.incident(asked.incident)
    if before is None:
        case.change(incident.id, statements=(*incident.statements, asked.id))
    return case.put(
        Statement(
            asked.id,
            case.number() if before is None else before.number,
            incident.id,
            incident.exercise,
            asked.kind,
            by,
            StatementState.DRAFT,
            1 if before is None else before.submission + 1,
            facts=asked.facts or {},
            refs=asked.refs,
            answers=asked.answers,
            channels=asked.channels,
            marker=asked.marker,
            names_victims=asked.names_victims,
            originator=asked.originator,
            embargo_until=asked.embargo_until,
            expires=asked.expires,
            text=asked.text,
            parts=asked.parts,
        )
    )


def _in_review(case: Case, name: str, by: str) -> Statement:
    text = case.statement(name)
    if text.state is not StatementState.IN_REVIEW:
        raise Refused(Reason.WRONG_STATE)
    entities = set(text.needed.values())
    fallback = any(keys.is_fallback(case, text, key, by) for key in text.needed)
    if ANY not in entities and actors.entity(by) not in entities and not fallback:
        raise Refused(Reason.NOT_ALLOWED)
    return text


def send_back(case: Case, asked: StatementReturn, by: str) -> None:
    """Part of INV-3: back to the drafter, with a reason; its keys are void."""
    text = _in_review(case, asked.statement, by)
    case.revise(text.id, state=StatementState.DRAFT, needed={}, given={}, fallback=())
    case.tell(StatementReturned(statement=text.id, by=by, reason=asked.reason))


def reject(case: Case, asked: StatementReject, by: str) -> None:
    """Part of INV-3: the end of this text, with a reason; its keys are void."""
    text = _in_review(case, asked.statement, by)
    case.revise(text.id, state=StatementState.REJECTED, needed={}, given={}, fallback=())
    case.tell(StatementRejected(statement=text.id, by=by, reason=asked.reason))


def withdraw(case: Case, asked: StatementWithdraw, by: str) -> None:
    """The author, the lead or the Office takes a text back before it is out."""
    text = case.statement(asked.statement)
    if text.state not in _WITHDRAWABLE:
        raise Refused(Reason.WRONG_STATE)
    lead = case.incident(text.incident).lead
    if actors.person(by) != actors.person(text.author):
        checking.only(by, lead, case.policy_of(text).offices.communication)
    case.revise(text.id, state=StatementState.WITHDRAWN)
    case.tell(StatementWithdrawn(statement=text.id, by=by))


def review(case: Case, asked: StatementReview, by: str) -> None:
    """Part of ESC-13: a one-key warning is reviewed by somebody who had no part in it (`rules.md` §4.4)."""
    text = case.statement(asked.statement)
    if not (text.one_key_warning and text.is_out):
        raise Refused(Reason.WRONG_STATE)
    involved = {actors.person(name) for name in (text.author, *text.given.values())}
    if actors.person(by) in involved:
        raise Refused(Reason.NOT_ALLOWED)
    if text.reviewed_by is not None:
        raise Refused(Reason.ALREADY_DONE)
    case.revise(text.id, reviewed_by=by)
    case.tell(PostReviewDone(statement=text.id, by=by))


def not_reviewed(case: Case, timer: Timer) -> None:
    """ESC-13: nobody has looked at a one-key warning that still stands."""
    text = case.statement(timer.of)
    incident = case.incident(text.incident)
    stands = text.reviewed_by is None and text.state is StatementState.PUBLISHED
    if stands and incident.state is not IncidentState.SUSPENDED:
        to = addresses(incident, [f"{case.policy_of(incident).offices.communication}.director"])
        case.tell(Escalated(rule=timer.kind, statement=text.id, to=to))


def break_embargo(case: Case, asked: EmbargoBreak, by: str) -> None:
    """EMB-3: an outlet published before time, so everybody gets the text now."""
    text = case.statement(asked.statement)
    if text.state is not StatementState.SCHEDULED:
        raise Refused(Reason.WRONG_STATE)
    incident = case.incident(text.incident)
    office = case.policy_of(incident).offices.communication
    checking.only(by, office, actors.entity(text.author), incident.lead, checking.MONITOR)
    case.tell(MediaStrike(outlet=asked.outlet, statement=text.id, rule="EMB-3"))
    keys.grow(case, text.id)
    text = case.statement(text.id)
    if text.missing:
        case.revise(text.id, waived=text.missing)
        case.tell(KeysWaived(statement=text.id, keys=text.missing, rule="EMB-3"))
    publishing.publish(case, text.id)
