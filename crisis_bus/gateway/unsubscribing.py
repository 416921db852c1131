"""`/unsubscribe/{token}`: the link in a mail; looking changes nothing, one click ends the subscription (RFC 8058)."""

import structlog
from fastapi import APIRouter
from starlette.responses import HTMLResponse

from crisis_bus.bus import controls
from crisis_bus.domain import ids, links, suppressing
from crisis_bus.domain.controls import Action
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.keys import Denial
from crisis_bus.gateway.pages import environment
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.wire import topics, types
from crisis_bus.wire.envelope import Envelope

log = structlog.get_logger(__name__)
_MOST = 600


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The page and its button; both need nothing but the token."""
    routes = APIRouter(prefix="/unsubscribe", include_in_schema=False)
    template = environment().get_template("unsubscribe.html.jinja")

    def page(state: str, status: int = 200) -> HTMLResponse:
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return HTMLResponse(template.render(state=state), status, headers)

    @routes.get("/{token}")
    async def ask(token: str) -> HTMLResponse:
        return page("ask") if _named(deps, token) is not None else page("unknown", 404)

    @routes.post("/{token}")
    async def end(token: str) -> HTMLResponse:
        name = _named(deps, token)
        if name is None:
            return page("unknown", 404)
        found = deps.views.subscriptions.find(name)
        if found is not None:
            await _suppress(deps, publishing, found)
            made = ids.uuid7(deps.now(), deps.chance(10))
            gone = Envelope(made, SOURCE, types.SUBSCRIPTION, deps.now(), None, name)
            await publishing.send("subscription", types.SUBSCRIPTION, (topics.SUBSCRIPTIONS, name), gone)
            log.info("unsubscribed", subscription=name)
        return page("done")

    return routes


async def _suppress(deps: GatewayDeps, publishing: Publishing, found: Subscription) -> None:
    """Nobody signs the address up for this channel again without the Office: an import of a list would."""
    assert deps.link_secret is not None
    mark = suppressing.mark(deps.link_secret, found.transport, found.address, found.channel)
    act = controls.control(Action.SUPPRESS, mark, "the recipient", "unsubscribed", deps.now())
    outgoing = controls.to_publish(act, SOURCE)
    await publishing.send("control", types.CONTROL, (outgoing.topic, mark), outgoing.envelope)


def _named(deps: GatewayDeps, token: str) -> str | None:
    """The subscription that a token of ours names; every other token is a denial."""
    if deps.link_secret is None or len(token) > _MOST:
        return None
    name = links.named(deps.link_secret, "unsubscribe", token)
    if name is None:
        log.warning("access_denied", rule=Denial.UNSUBSCRIBE_LINK.value, key=None)
        deps.meter.denied(Denial.UNSUBSCRIBE_LINK)
    return name
