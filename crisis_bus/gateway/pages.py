"""The board for people: rendered here, kept live by events that carry places only, and whole without scripts."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crisis_bus.domain.subscriptions import Language
from crisis_bus.gateway import ages
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.labels import LABELS
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, not_found
from crisis_bus.gateway.queries import After, Space, cursor
from crisis_bus.gateway.sheet import sheet
from crisis_bus.views.ledger import Answer
from crisis_bus.views.paging import Page

_AT_ONCE = 200
_RETRY_MS = 2_000


def environment() -> Environment:
    """The templates; whatever is put into them is escaped."""
    return Environment(
        loader=PackageLoader("crisis_bus.gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Listeners:
    """How many live pages are open."""

    def __init__(self, deps: GatewayDeps) -> None:
        self._deps = deps
        self._open = 0

    def ensure_room(self) -> None:
        """Raise Problem when there are too many."""
        if self._open >= self._deps.limits.max_listeners:
            detail = Both("صفحات حية كثيرة؛ حدّث الصفحة يدوياً", "too many live pages: reload by hand")
            raise Problem(503, Code.BUSY, detail, headers={"Retry-After": "30"})

    def change(self, by: int) -> None:
        """Count a page that opened or closed."""
        self._open += by
        self._deps.meter.listening(by)


def router(deps: GatewayDeps) -> APIRouter:
    """The page in both languages, and its events."""
    routes = APIRouter(include_in_schema=False)
    template = environment().get_template("board.html.jinja")

    def page(request: Request, space: str, language: Language) -> Response:
        if space != deps.space and not deps.views.ledger.known(space):
            raise not_found(Both("لا مساحة بهذا الاسم", "there is no space with this name"))
        shown = sheet(deps, space, language)
        labels = {name: words.of(language) for name, words in LABELS.items()}
        html = template.render(
            sheet=shown, t=labels, lang=language, nonce=request.scope["nonce"], home=deps.space, path=f"/{language}"
        )
        headers = {"Content-Language": language, "Cache-Control": "no-store"}
        return HTMLResponse(html, headers=headers)

    @routes.get("/")
    @routes.get("/ar")
    async def arabic(request: Request, space: Space = None) -> Response:
        return page(request, space or deps.space, "ar")

    @routes.get("/en")
    async def english(request: Request, space: Space = None) -> Response:
        return page(request, space or deps.space, "en")

    _events(routes, deps)
    return routes


def _events(routes: APIRouter, deps: GatewayDeps) -> None:
    listeners = Listeners(deps)

    def begin(after: After = None, last_event_id: Annotated[str | None, Header(max_length=200)] = None) -> int:
        place = cursor(last_event_id or after)
        listeners.ensure_room()
        return -1 if place is None else place

    @routes.get("/events", response_class=EventSourceResponse)
    async def events(place: Annotated[int, Depends(begin)], space: Space = None) -> AsyncIterator[ServerSentEvent]:
        listeners.change(1)
        try:
            async for event in stream(deps, space or deps.space, place):
                yield event
        finally:
            listeners.change(-1)


async def stream(deps: GatewayDeps, space: str, place: int) -> AsyncIterator[ServerSentEvent]:
    """Where the journal has grown since a place, and a beat when it has not; it never ends by itself."""
    ledger = deps.views.ledger
    if place > ledger.last_offset(space):
        # The log is younger than the page: it was made anew, and what the page shows is gone.
        place = ledger.last_offset(space)
        yield ServerSentEvent(event="reset", data={"cursor": place}, id=str(max(place, 0)))
    yield _beat(deps)
    while True:
        here = place
        page = await deps.bell.until(lambda: _some(ledger.after(space, here, _AT_ONCE)), deps.limits.beat_seconds)  # noqa: B023 called before the loop goes on
        for answer in page.items if page else ():
            place = answer.offset
            yield ServerSentEvent(event="changed", data=_said(answer), id=str(place), retry=_RETRY_MS)
        if page is None:
            yield _beat(deps)


def _some(page: Page[Answer]) -> Page[Answer] | None:
    return page if page.items else None


def _said(answer: Answer) -> dict[str, object]:
    return {"cursor": answer.offset, "id": answer.id, "facts": [fact.type for fact in answer.facts]}


def _beat(deps: GatewayDeps) -> ServerSentEvent:
    now = deps.now()
    return ServerSentEvent(event="beat", data={"now": now, "clock": ages.clock(now, deps.offset_minutes)})
