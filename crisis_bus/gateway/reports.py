"""`/v1/reports`: say that something happened; intake makes of it what it is."""

from typing import Any

from fastapi import APIRouter

from crisis_bus.domain import ids
from crisis_bus.domain.reports import Report
from crisis_bus.gateway.access import Caller, Reporter
from crisis_bus.gateway.bodies import Body, strictly
from crisis_bus.gateway.commands import IdempotencyKey
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import PROBLEMS, REPORT_BODY, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import bad_value
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.gateway.safe_json import check_text
from crisis_bus.gateway.shapes import AcceptedReport
from crisis_bus.wire import messages, topics, types


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The one address."""
    routes = APIRouter(prefix="/v1/reports", tags=["reports"])

    @routes.post(
        "",
        status_code=202,
        responses=problems(*PROBLEMS, 413, 415),
        openapi_extra=REPORT_BODY,
        summary="Say that something happened",
    )
    async def report(caller: Reporter, body: Body, idempotency_key: IdempotencyKey = None) -> AcceptedReport:
        made = strictly(Report, _filled(caller, body, idempotency_key))
        space = caller.space(made.space)
        caller.speaker(made.by, space)
        envelope = messages.message_for(
            made, types.REPORT, id=made.id, source=SOURCE, at=deps.now(), subject=made.subject
        )
        await publishing.send("report", types.REPORT, (topics.REPORTS, made.subject), envelope)
        return AcceptedReport(id=made.id, space=space)

    return routes


def _filled(caller: Caller, body: dict[str, Any], header: str | None) -> dict[str, Any]:
    """The body with what it may leave out; without a key of idempotency every report is one of its own."""
    if header is not None:
        if "id" in body:
            raise bad_value(
                Both("أرسل id أو Idempotency-Key، لا كليهما", "send either id or Idempotency-Key, not both"), "id"
            )
        check_text("Idempotency-Key", header)
        made = ids.derived("report", caller.key.id, header)
    else:
        made = ids.uuid7(caller.deps.now(), caller.deps.chance(10))
    return {"id": made, "space": caller.deps.space, "by": caller.key.by} | body
