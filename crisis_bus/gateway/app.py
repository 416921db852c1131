"""The app: one middleware, one list of routers, and every error turned into a problem."""

from http import HTTPStatus
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from crisis_bus.gateway import (
    acknowledging,
    callbacks,
    channel_tests,
    commands,
    controls,
    deliveries,
    health,
    histories,
    letters,
    pages,
    reading,
    reports,
    signing_up,
    subscriptions,
    unsubscribing,
    webhooks,
)
from crisis_bus.gateway.bodies import refusal
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import document
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, render
from crisis_bus.gateway.public import PublicPages
from crisis_bus.gateway.publishing import Publishing
from crisis_bus.gateway.shield import Shield, dress

log = structlog.get_logger(__name__)
STATIC = Path(__file__).parent / "static"

_CODES = {
    HTTPStatus.NOT_FOUND: Code.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Code.METHOD_NOT_ALLOWED,
    HTTPStatus.UNAUTHORIZED: Code.NOT_FOUND,
}
_NOT_HERE = Both("لا شيء في هذا العنوان", "there is nothing at this address")
_WRONG_METHOD = Both("العنوان موجود، لكن بطريقة أخرى", "the address is there, but for another method")
_BROKEN = Both(
    "سُجِّل الخطأ؛ أعد المحاولة، واذكر رقم الطلب إن تكرر", "it is logged; try again, and name the request id if it stays"
)


def create_app(deps: GatewayDeps) -> FastAPI:
    """The gateway over what it is given; it opens and closes nothing itself."""
    app = FastAPI(title="crisis_bus", version="1", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.deps = deps
    publishing = Publishing(deps)
    for router in (
        health.router(deps),
        commands.router(deps, publishing),
        reports.router(deps, publishing),
        callbacks.router(deps, publishing),
        subscriptions.router(deps, publishing),
        webhooks.router(deps),
        unsubscribing.router(deps, publishing),
        acknowledging.router(deps, publishing),
        signing_up.router(deps, publishing),
        reading.router(deps),
        deliveries.router(deps),
        histories.router(deps),
        channel_tests.router(deps),
        controls.router(deps, publishing),
        letters.router(deps, publishing),
        pages.router(deps),
    ):
        app.include_router(router)
    app.router.routes.append(Mount("/static", StaticFiles(directory=STATIC)))
    app.router.routes.append(Mount("/public", PublicPages(deps.public)))
    app.add_middleware(Shield, deps=deps)
    setattr(app, "openapi", lambda: document(app))  # noqa: B010 FastAPI's documented way; mypy forbids the plain one
    _handle(app, deps)
    return app


def _handle(app: FastAPI, deps: GatewayDeps) -> None:
    def answer(request: Request, problem: Problem) -> Response:
        deps.meter.refused(problem.code)
        return render(problem, request)

    @app.exception_handler(Problem)
    async def known(request: Request, problem: Problem) -> Response:
        return answer(request, problem)

    @app.exception_handler(RequestValidationError)
    async def parameters(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return answer(request, refusal(first, outer=str(first["loc"][0])))

    @app.exception_handler(HTTPException)
    async def routed(request: Request, error: HTTPException) -> Response:
        code = _CODES.get(HTTPStatus(error.status_code), Code.REQUEST_REFUSED)
        status = 404 if code is Code.NOT_FOUND else error.status_code
        detail = _WRONG_METHOD if code is Code.METHOD_NOT_ALLOWED else _NOT_HERE
        return answer(request, Problem(status, code, detail, headers=error.headers or {}))

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> Response:
        log.error("request_failed", exc_info=error)
        response = answer(request, Problem(500, Code.INTERNAL, _BROKEN))
        dress(MutableHeaders(raw=response.raw_headers), request.scope)
        return response
