"""`/v1/ledger` and `/v1/corrections`: how far a statement got, and who has not got what corrects it."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.values import REFERRING_KINDS
from crisis_bus.gateway.access import Reader
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import not_found
from crisis_bus.gateway.queries import Space
from crisis_bus.gateway.shapes import Shape
from crisis_bus.views.gathered import Views

_MOST = 1000
Statement = Annotated[str, Path(min_length=1, max_length=200, description="id of the statement")]


class LedgerLine(Shape):
    """One channel: seconds are from when a message was due, shares are percent of those due (KPI-07, KPI-08)."""

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


class StatementLedger(Shape):
    """How far a statement got, channel by channel and in all; `first_accepted_at` is RFC 3339 (KPI-05, KPI-19)."""

    space: str
    statement: str
    first_accepted_at: str | None
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
        found = tuple(_correction(views, where, statement, name) for name in _about(views, where, statement))
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


def _correction(views: Views, space: str, statement: str, correction: str) -> Correction:
    found = views.reach.corrected(space, statement, correction)
    fares = views.reach.outcomes(space, correction)
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
