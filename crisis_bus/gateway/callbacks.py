"""`POST /v1/reports/{provider}`: a provider says what became of a message; deliver makes a receipt of it."""

import asyncio
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path
from starlette.requests import Request

from crisis_bus.channels.callbacks import CallbackOptions, heard
from crisis_bus.channels.contract import Report
from crisis_bus.domain import ids, instants
from crisis_bus.domain.callbacks import Callback
from crisis_bus.gateway.access import denied
from crisis_bus.gateway.bodies import json_object
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import CALLBACK_BODY, problems
from crisis_bus.gateway.keys import Denial
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, bad_value, not_found
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.gateway.shapes import LONGEST, Shape
from crisis_bus.wire import messages, topics, types

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200
Provider = Annotated[str, Path(max_length=LONGEST, description="name of an entry of providers.yaml that has `report`")]


class HeardShape(Shape):
    """How many words are on the log, and how many were about states that are no end."""

    taken: int
    passed_over: int


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The one address; whoever knows the provider's secret may speak for it, and no API key is needed."""
    routes = APIRouter(prefix="/v1/reports", tags=["reports"])

    @routes.post(
        "/{provider}",
        status_code=202,
        responses=problems(400, 403, 404, 413, 415, 422, 503),
        openapi_extra=CALLBACK_BODY,
        summary="Say what became of a message that a provider has taken",
    )
    async def report(request: Request, provider: Provider) -> HeardShape:
        options = _admitted(deps, provider, request)
        found = heard(options, await said(request))
        if found.wrong is not None:
            arabic = "لا يوجد في هذا الموضع ما يُقرأ؛ راجع المسارات في report من ملف providers.yaml"
            english = "nothing that can be read stands there; see the paths of report in providers.yaml"
            raise bad_value(Both(arabic, english), found.wrong)
        await asyncio.gather(*(pass_on(deps, publishing, provider, each) for each in found.reports))
        return HeardShape(taken=len(found.reports), passed_over=found.others)

    return routes


def _admitted(deps: GatewayDeps, provider: str, request: Request) -> CallbackOptions:
    options = deps.callbacks.get(provider)
    if options is None:
        detail = Both("لا مزوّد بهذا الاسم يُبلّغ هنا", "no provider of this name calls back here")
        raise denied(deps, Denial.UNKNOWN_PROVIDER, None, not_found(detail))
    if not options.admit(request.headers, request.query_params):
        detail = Both("السر ناقص أو خاطئ", "the secret is missing or wrong; see report in providers.yaml")
        raise denied(deps, Denial.PROVIDER_SECRET, provider, Problem(403, Code.NOT_ALLOWED, detail))
    return options


async def said(request: Request) -> dict[str, Any]:
    """The fields of a form, or a JSON object; raises Problem."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return await json_object(request)
    try:
        body = (await request.body()).decode()
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError as error:
        detail = Both("النموذج غير سليم أو حقوله كثيرة", "the form cannot be read, or has too many fields")
        raise Problem(400, Code.REQUEST_REFUSED, detail) from error


async def pass_on(deps: GatewayDeps, publishing: Publishing, provider: str, report: Report) -> None:
    """Put a word onto the log; the same word twice has the same id."""
    now = deps.now()
    made = Callback(
        id=ids.derived("callback", provider, report.provider_id, report.outcome),
        provider=provider,
        provider_id=report.provider_id,
        outcome=report.outcome,
        detail=report.detail,
        at=instants.text(now),
    )
    envelope = messages.message_for(made, types.CALLBACK, id=made.id, source=SOURCE, at=now, subject=provider)
    await publishing.send("callback", types.CALLBACK, (topics.CALLBACKS, f"{provider}/{report.provider_id}"), envelope)
