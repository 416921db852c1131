"""`/acknowledge/{token}`: an operator says whether what was handed over has been put out; looking changes nothing.

The answer is a form, or JSON such as `{"who": "…", "answer": "done"}`; deliver makes a receipt of it.
"""

from typing import Annotated, Literal

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crisis_bus.channels.contract import Report
from crisis_bus.domain import links
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.subscriptions import Name
from crisis_bus.gateway.callbacks import pass_on, said
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.keys import Denial
from crisis_bus.gateway.pages import environment
from crisis_bus.gateway.publishing import Publishing

log = structlog.get_logger(__name__)
_MOST = 600
_WRONG = 422


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    who: Annotated[Name, Field(max_length=100)]
    answer: Literal["done", "cannot"]

    def report(self, message: str) -> Report:
        """What deliver is told."""
        if self.answer == "done":
            return Report(message, Outcome.DELIVERED, f"acknowledged by {self.who}")
        return Report(message, Outcome.FAILED, f"{self.who} says that it cannot be put out")


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The page and its answer; both need nothing but the token."""
    routes = APIRouter(prefix="/acknowledge", include_in_schema=False)
    template = environment().get_template("acknowledge.html.jinja")

    def page(state: str, status: int = 200, message: str = "") -> HTMLResponse:
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        sent = deps.views.histories.find(message)
        about = None if sent is None else sent.latest
        return HTMLResponse(template.render(state=state, about=about, wrong=status == _WRONG), status, headers)

    @routes.get("/{token}")
    async def ask(token: str) -> HTMLResponse:
        named = _named(deps, token)
        return page("unknown", 404) if named is None else page("ask", message=named[1])

    @routes.post("/{token}")
    async def answer(request: Request, token: str) -> HTMLResponse:
        named = _named(deps, token)
        if named is None:
            return page("unknown", 404)
        provider, message = named
        try:
            given = _Answer.model_validate(await said(request))
        except ValidationError:
            return page("ask", _WRONG, message)
        await pass_on(deps, publishing, provider, given.report(message))
        log.info("acknowledged", provider=provider, message=message, answer=given.answer)
        return page("done")

    return routes


def _named(deps: GatewayDeps, token: str) -> tuple[str, str] | None:
    """Provider and message of a token of ours; every other token is a denial."""
    if deps.link_secret is None or len(token) > _MOST:
        return None
    name = links.named(deps.link_secret, "acknowledge", token)
    if name is None:
        log.warning("access_denied", rule=Denial.ACKNOWLEDGE_LINK.value, key=None)
        deps.meter.denied(Denial.ACKNOWLEDGE_LINK)
        return None
    provider, _, message = name.rpartition("/")
    return provider, message
