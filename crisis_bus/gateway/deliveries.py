"""`/v1/ledger` and `/v1/corrections`: how far a statement got, and who has not got what corrects it."""

import sys
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.values import INTERNAL_KINDS, REFERRING_KINDS, Kind
from crisis_bus.gateway import recalling
from crisis_bus.gateway.access import Reader
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import not_found
from crisis_bus.gateway.queries import Space
from crisis_bus.gateway.shapes import Shape
from crisis_bus.views.gathered import Views
from crisis_bus.views.reach import Reach

_MOST = 1000
Statement = Annotated[str, Path(min_length=1, max_length=200, description="id of the statement")]


class LedgerLine(Shape):
    """One channel: seconds are from when a message was due, shares are percent of those due (KPI-08).

    `people` are the audience, `reached_within` is the share of them with a confirmed delivery (KPI-07).
    """

    channel: str
    due: int
    sent: int
    accepted: int
    delivered: int
    waiting: int
    lost: dict[str, int]
    reasons: dict[str, int]
    accept_seconds: tuple[float, float] | None
    deliver_seconds: tuple[float, float] | None
    accepted_within: dict[int, float]
    delivered_within: dict[int, float]
    people: int
    reached_within: dict[int, float]


class StatementLedger(Shape):
    """How far a statement got, channel by channel and in all; `first_accepted_at` is RFC 3339 (KPI-19).

    `warning_seconds` are from the report that made the life-safety rule true to the first delivery of a warning, not of
    an exercise (KPI-05); `language_lags` from the first delivery in the authority language to that in each other
    mandatory one, in seconds, null while nobody has it (KPI-09).
    """

    space: str
    statement: str
    first_accepted_at: str | None
    warning_seconds: float | None
    language_lags: dict[str, float | None]
    channels: tuple[LedgerLine, ...]
    total: LedgerLine


class Missing(Shape):
    """A destination that has a statement, and not what corrects it."""

    subscription: str
    channel: str
    outcome: Outcome | None
    """How the correction fares there; null if it has not been tried."""


class Correction(Shape):
    """KPI-18: what corrects, retracts or ends a statement, and who has not got it; at most a thousand are named.

    `share` is percent of the `had` destinations that have the statement; on the channels `dark` nobody has got it.
    """

    correction: str
    had: int
    missing: int
    share: float
    dark: tuple[str, ...]
    destinations: tuple[Missing, ...]


class Corrections(Shape):
    """Everything that is about a statement and has been published."""

    space: str
    statement: str
    corrections: tuple[Correction, ...]


def router(deps: GatewayDeps) -> APIRouter:
    """The addresses."""
    routes, views = APIRouter(prefix="/v1", tags=["deliveries"]), deps.views

    @routes.get("/ledger/{statement:path}", responses=problems(*PROBLEMS, 404), summary="How far a statement got")
    async def ledger(caller: Reader, statement: Statement, space: Space = None) -> StatementLedger:
        where = _known(views, caller.space(space), statement)
        first = views.reach.first(where, statement)
        return StatementLedger(
            space=where,
            statement=statement,
            first_accepted_at=None if first is None else instants.text(first),
            warning_seconds=_warning_seconds(views, where, statement, first),
            language_lags=views.reach.lags(where, statement, _mandatory(deps, where, statement)),
            channels=tuple(LedgerLine(**asdict(line)) for line in views.reach.lines(where, statement)),
            total=LedgerLine(**asdict(views.reach.total(where, statement))),
        )

    @routes.get(
        "/corrections/{statement:path}",
        responses=problems(*PROBLEMS, 404),
        summary="Who has a statement, and not what corrects it",
    )
    async def corrections(caller: Reader, statement: Statement, space: Space = None) -> Corrections:
        where = _known(views, caller.space(space), statement)
        names = _about(views, where, statement)
        reach = await _reach(deps, where, [statement, *names])
        found = tuple(_correction(reach, where, statement, name) for name in names)
        return Corrections(space=where, statement=statement, corrections=found)

    return routes


def _known(views: Views, space: str, statement: str) -> str:
    if views.statements.find(space, statement) is None:
        raise not_found(Both("لا بيان بهذا المعرّف في هذه المساحة", "there is no statement with this id in this space"))
    return space


def _about(views: Views, space: str, statement: str) -> list[str]:
    """Ids of published corrections, retractions and all-clears of a statement, the oldest first."""
    found = [
        each
        for each in views.statements.all_of(space)
        if statement in each.refs and each.kind in REFERRING_KINDS and each.published_at is not None
    ]
    return [each.id for each in sorted(found, key=lambda each: each.published_at or 0)]


def _warning_seconds(views: Views, space: str, statement: str, first: Instant | None) -> float | None:
    told = views.statements.find(space, statement)
    incident = None if told is None else views.board.find(space, told.incident)
    if told is None or told.kind != Kind.PUBLIC_WARNING or told.published_at is None:
        return None
    if views.ledger.zero(space) is not None:  # a rehearsal lives in a day of its own
        fastest = views.reach.fastest(space, statement)
        first = None if fastest is None else told.published_at + fastest
    since = views.board.danger(space, told.incident, told.published_at)
    if incident is None or incident.exercise or first is None or since is None:
        return None
    return (first - since) / 1000


def _mandatory(deps: GatewayDeps, space: str, statement: str) -> tuple[str, ...]:
    told = deps.views.statements.find(space, statement)
    internal = told is not None and told.kind in INTERNAL_KINDS
    return deps.languages.internal if internal else deps.languages.public


async def _reach(deps: GatewayDeps, space: str, statements: list[str]) -> Reach:
    """What is at hand if that is all, else what the topic has about these statements; raises Problem."""
    if not any(deps.views.reach.folded(space, each) for each in statements):
        return deps.views.reach
    found, wanted = Reach(at_hand=sys.maxsize), set(statements)

    def take(receipt: Receipt) -> None:
        if receipt.space == space and receipt.statement in wanted:
            found.receipt(receipt)

    await recalling.receipts(deps, statements, take)
    return found


def _correction(reach: Reach, space: str, statement: str, correction: str) -> Correction:
    found = reach.corrected(space, statement, correction)
    fares = reach.outcomes(space, correction)
    named = tuple(
        Missing(subscription=each.subscription, channel=each.channel, outcome=fares.get(each.subscription))
        for each in found.missing[:_MOST]
    )
    return Correction(
        correction=correction,
        had=found.had,
        missing=len(found.missing),
        share=found.share,
        dark=tuple(found.dark),
        destinations=named,
    )
