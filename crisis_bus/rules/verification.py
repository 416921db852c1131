"""Is this official? (AC11.2, `scenario-format.md` §5, verification.ask)."""

from crisis_bus.domain.commands import VerificationAsk
from crisis_bus.domain.facts import VerificationAnswered
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import StatementState
from crisis_bus.rules.case import Case

NOT_FOUND = "NOT_FOUND"


def verdict(statement: Statement | None) -> str:
    """Internal texts, and what is not out or reached nobody, are not found (AC11.2)."""
    if statement is None or not statement.public_kind or not statement.is_out:
        return NOT_FOUND
    if statement.exercise:
        return "EXERCISE"
    if statement.state is StatementState.FAILED:
        return NOT_FOUND
    return "OFFICIAL_CURRENT" if statement.state is StatementState.PUBLISHED else f"OFFICIAL_{statement.state}"


def ask(case: Case, asked: VerificationAsk, by: str) -> None:  # noqa: ARG001 anybody may ask
    """Anybody asks whether a text is official."""
    statement = case.office.statements.get(asked.ref)
    case.tell(VerificationAnswered(ref=asked.ref, verdict=verdict(statement)))
