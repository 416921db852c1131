"""Giving a key: who may, who may not, and what the last one does (`rules.md` §4.2, INV-2)."""

from crisis_bus.domain import actors
from crisis_bus.domain.commands import StatementApprove
from crisis_bus.domain.facts import KeyGiven, KeyRefused
from crisis_bus.domain.reasons import KeyReason
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import ANY, Key, StatementState
from crisis_bus.rules import keys, publishing
from crisis_bus.rules.case import Case


def approve(case: Case, asked: StatementApprove, by: str) -> None:
    """INV-1: one key, given or refused; only the last one lets a text out (`scenario-format.md` §5)."""
    text = case.statement(asked.statement)
    if text.state is not StatementState.IN_REVIEW:
        case.tell(KeyRefused(statement=text.id, key=asked.key, by=by, reason=KeyReason.NOT_IN_REVIEW))
        return
    why = keys.grow(case, text.id)
    text = case.statement(text.id)
    reason = _reason_to_refuse(case, text, asked.key, by)
    if reason is None:
        text = case.revise(text.id, given={**text.given, asked.key: by})
        case.tell(KeyGiven(statement=text.id, key=asked.key, by=by))
    else:
        needs = text.needed[asked.key] if reason is KeyReason.WRONG_ENTITY else None
        case.tell(KeyRefused(statement=text.id, key=asked.key, by=by, reason=reason, needs=needs))
    if not text.missing:
        publishing.release(case, text.id)
    elif why is not None:
        keys.ask_missing(case, text, why)


def _reason_to_refuse(case: Case, text: Statement, key: Key, by: str) -> KeyReason | None:
    """INV-2: neither the author nor the holder of another key gives one; the first reason that holds."""
    person = actors.person(by)
    reasons = {
        KeyReason.KEY_NOT_NEEDED: key not in text.needed,
        KeyReason.AUTHOR_CANNOT_APPROVE: person == actors.person(text.author),
        KeyReason.SAME_PERSON_TWO_KEYS: person in map(actors.person, text.given.values()),
        KeyReason.KEY_ALREADY_GIVEN: key in text.given,
        KeyReason.WRONG_ENTITY: not _may_give(case, text, key, by),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _may_give(case: Case, text: Statement, key: Key, by: str) -> bool:
    """Part of ESC-09b: the entity that is needed, anybody where anybody may, or the Office when it is too late."""
    return text.needed.get(key) in {ANY, actors.entity(by)} or keys.is_fallback(case, text, key, by)
