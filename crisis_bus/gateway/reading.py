"""What can be read: incidents, statements, the journal, receipts."""

from typing import Annotated

from fastapi import APIRouter, Query

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.values import IncidentState, StatementState
from crisis_bus.gateway.access import Reader
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import not_found
from crisis_bus.gateway.queries import After, Id, Limit, Space, Text, Wait, cursor
from crisis_bus.gateway.shapes import (
    FactShape,
    IncidentPage,
    IncidentShape,
    JournalLine,
    JournalPage,
    ReceiptPage,
    StatementPage,
    StatementShape,
)
from crisis_bus.views.gathered import Views
from crisis_bus.views.ledger import Answer
from crisis_bus.views.paging import Page
from crisis_bus.views.receipts import Wanted
from crisis_bus.views.records import IncidentRecord, StatementRecord


def router(deps: GatewayDeps) -> APIRouter:
    """All addresses of what can be read."""
    routes = APIRouter(prefix="/v1", tags=["reading"])
    _incidents(routes, deps)
    _statements(routes, deps)
    _journal(routes, deps)
    _receipts(routes, deps)
    return routes


def _incidents(routes: APIRouter, deps: GatewayDeps) -> None:
    views = deps.views

    @routes.get("/incidents", responses=problems(*PROBLEMS), summary="Incidents by id")
    async def incidents(
        caller: Reader,
        space: Space = None,
        after: After = None,
        limit: Limit = 100,
        state: Annotated[IncidentState | None, Query()] = None,
    ) -> IncidentPage:
        where = caller.space(space)
        page = views.board.page(where, after, limit, state)
        return IncidentPage(
            items=tuple(_incident(views, where, item) for item in page.items), after=page.after, more=page.more
        )

    @routes.get("/incidents/{id:path}", responses=problems(*PROBLEMS, 404), summary="Where an incident stands")
    async def incident(caller: Reader, id: Id, space: Space = None) -> IncidentShape:  # noqa: A002 the address calls it so
        where = caller.space(space)
        found = views.board.find(where, id)
        if found is None:
            raise not_found(
                Both("لا حادث بهذا المعرّف في هذه المساحة", "there is no incident with this id in this space")
            )
        return _incident(views, where, found)


def _statements(routes: APIRouter, deps: GatewayDeps) -> None:
    views = deps.views

    @routes.get("/statements", responses=problems(*PROBLEMS), summary="Statements by id")
    async def statements(
        caller: Reader,
        space: Space = None,
        after: After = None,
        limit: Limit = 100,
        incident: Text = None,
        state: Annotated[StatementState | None, Query()] = None,
    ) -> StatementPage:
        where = caller.space(space)
        page = views.statements.page(where, after, limit, incident, state)
        return StatementPage(
            items=tuple(_statement(views, where, item) for item in page.items), after=page.after, more=page.more
        )

    @routes.get("/statements/{id:path}", responses=problems(*PROBLEMS, 404), summary="Where a statement stands")
    async def statement(caller: Reader, id: Id, space: Space = None) -> StatementShape:  # noqa: A002 the address calls it so
        where = caller.space(space)
        found = views.statements.find(where, id)
        if found is None:
            raise not_found(
                Both("لا بيان بهذا المعرّف في هذه المساحة", "there is no statement with this id in this space")
            )
        return _statement(views, where, found)


def _journal(routes: APIRouter, deps: GatewayDeps) -> None:
    @routes.get("/journal", responses=problems(*PROBLEMS), summary="What was asked and decided, in order")
    async def journal(
        caller: Reader, space: Space = None, after: After = None, limit: Limit = 100, wait: Wait = 0
    ) -> JournalPage:
        where, place = caller.space(space), cursor(after)
        ledger = deps.views.ledger
        page = await deps.bell.until(lambda: _filled(ledger.after(where, place, limit)), wait)
        page = page or ledger.after(where, place, limit)
        return JournalPage(items=tuple(map(_line, page.items)), after=page.after, more=page.more)


def _receipts(routes: APIRouter, deps: GatewayDeps) -> None:
    @routes.get("/receipts", responses=problems(*PROBLEMS), summary="What the destinations answered")
    async def receipts(  # noqa: PLR0913, PLR0917 one argument a parameter of the query
        caller: Reader,
        space: Space = None,
        after: After = None,
        limit: Limit = 100,
        statement: Text = None,
        channel: Text = None,
        outcome: Annotated[Outcome | None, Query()] = None,
        subscription: Text = None,
    ) -> ReceiptPage:
        wanted = Wanted(statement, channel, outcome, subscription)
        page = deps.views.receipts.page(caller.space(space), wanted, after, limit)
        return ReceiptPage(items=page.items, after=page.after, more=page.more)


def _incident(views: Views, space: str, record: IncidentRecord) -> IncidentShape:
    return IncidentShape(
        space=space,
        reported_at=instants.text(record.reported_at),
        first_statement_due=instants.text(record.first_statement_due),
        first_statement=views.board.deadline(space, record.id) or "waiting",
        statements=tuple(item.id for item in views.statements.of_incident(space, record.id)),
        spokesperson_ready=record.confirmed,
        policy=views.board.policy(space, record),
        **record.model_dump(include=_SAME_OF_INCIDENT),
    )


def _statement(views: Views, space: str, record: StatementRecord) -> StatementShape:
    return StatementShape(
        space=space,
        keys=record.needed,
        published_at=None if record.published_at is None else instants.text(record.published_at),
        channels=record.went_to or record.channels,
        deliveries=views.receipts.summary(space, record.id),
        **record.model_dump(include=_SAME_OF_STATEMENT),
    )


_SAME_OF_INCIDENT = (set(IncidentShape.model_fields) & set(IncidentRecord.model_fields)) - {"reported_at", "policy"}
_SAME_OF_STATEMENT = (set(StatementShape.model_fields) & set(StatementRecord.model_fields)) - {
    "channels",
    "published_at",
}


def _filled(page: Page[Answer]) -> Page[Answer] | None:
    return page if page.items else None


def _line(answer: Answer) -> JournalLine:
    return JournalLine(
        cursor=str(answer.offset),
        id=answer.id,
        type=answer.type,
        by=answer.by,
        data=answer.data,
        at=answer.at,
        repeats=answer.repeats,
        facts=tuple(FactShape(**fact.model_dump()) for fact in answer.facts),
    )
