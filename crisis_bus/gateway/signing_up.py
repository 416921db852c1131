"""`/subscribe` and `/confirm/{token}`: anybody asks for statements, and confirms his address (double opt-in).

Whether an address is known is told to nobody: the answer to every question is the same.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter
from jinja2 import Template
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crisis_bus.bus import controls
from crisis_bus.domain import ids, instants, signing_up, suppressing
from crisis_bus.domain.controls import Action
from crisis_bus.domain.delivery import Sheaf
from crisis_bus.domain.instants import MINUTE, Instant
from crisis_bus.domain.signing_up import Wish
from crisis_bus.gateway.addresses import Way, check
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.keys import Denial
from crisis_bus.gateway.pages import environment
from crisis_bus.gateway.problems import Problem
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope

log = structlog.get_logger(__name__)
_AGAIN = 10 * MINUTE
"""Milliseconds in which an address gets one question, whoever asks."""
_A_MINUTE = 120
"""Questions that a gateway sends in a minute: nobody uses it to write to strangers."""
_REMEMBERED = 50_000
_MOST_TOKEN = 2_000
_MOST_FIELDS = 50
_WRONG = 422
_LOOK_SECONDS = 3600.0
_ARABIC = """طلب أحدهم أن تصل بيانات الحكومة إلى هذا العنوان. إن كنت أنت فأكد الطلب خلال ٢٤ ساعة:

{url}

وإن لم تطلب شيئاً فتجاهل هذه الرسالة، ولن يُحفظ عنوانك."""
_ENGLISH = """Somebody asked that statements of the government reach this address. If it was you, confirm in 24 hours:

{url}

If you asked for nothing, ignore this message: your address is not kept."""
_WORDS = {"ar": ("تأكيد الاشتراك", _ARABIC), "en": ("Confirm your subscription", _ENGLISH)}


@dataclass(slots=True)
class Asked:
    """Whom a question was sent to lately, by mark."""

    latest: OrderedDict[str, Instant] = field(default_factory=OrderedDict)

    def may(self, mark: str, now: Instant) -> bool:
        """Whether one more question may be sent, which then counts."""
        while self.latest and next(iter(self.latest.values())) <= now - _AGAIN:
            self.latest.popitem(last=False)
        lately = 0
        for at in reversed(self.latest.values()):
            if at <= now - MINUTE:
                break
            lately += 1
        if mark in self.latest or lately >= _A_MINUTE or len(self.latest) >= _REMEMBERED:
            return False
        self.latest[mark] = now
        return True


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The two pages; there is none without `public_signup` and a secret."""
    routes, desk = APIRouter(include_in_schema=False), _Desk(deps, publishing)
    _asking(routes, desk)
    _confirming(routes, desk)
    return routes


def _asking(routes: APIRouter, desk: "_Desk") -> None:
    @routes.get("/subscribe")
    async def form() -> HTMLResponse:
        return desk.page("form") if desk.open else desk.page("closed", 404)

    @routes.post("/subscribe")
    async def ask(request: Request) -> HTMLResponse:
        if not desk.open:
            return desk.page("closed", 404)
        try:
            wanted = await _wanted(desk, request)
        except (ValidationError, ValueError, Problem):
            return desk.page("form", _WRONG)
        await desk.ask(wanted)
        return desk.page("asked")


def _confirming(routes: APIRouter, desk: "_Desk") -> None:
    @routes.get("/confirm/{token}")
    async def look(token: str) -> HTMLResponse:
        return desk.page("unknown", 404) if desk.named(token) is None else desk.page("confirm")

    @routes.post("/confirm/{token}")
    async def confirm(token: str) -> HTMLResponse:
        wanted = desk.named(token)
        done = wanted is not None and await desk.confirm(wanted)
        return desk.page("done") if done else desk.page("unknown", 404)


async def forget(deps: GatewayDeps) -> None:
    """Erase, for ever, the subscriptions of people whose consent is over; several gateways erase the same ones."""
    while True:
        if all(deps.ready().values()):
            for one in deps.views.subscriptions.over(deps.now()):
                name = ids.derived("consent over", one.id, str(deps.now()))
                gone = Envelope(name, SOURCE, types.SUBSCRIPTION, deps.now(), None, one.id)
                await deps.publish(topics.SUBSCRIPTIONS, one.id.encode(), gone)
                log.info("consent_over", subscription=one.id)
        await asyncio.sleep(_LOOK_SECONDS)


@dataclass(slots=True)
class _Desk:
    deps: GatewayDeps
    publishing: Publishing
    asked: Asked = field(default_factory=Asked)
    template: Template = field(default_factory=lambda: environment().get_template("subscribe.html.jinja"))

    def page(self, state: str, status: int = 200) -> HTMLResponse:
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        emirates = {code: name for code, name in self.deps.names.emirates.items() if "-" in code}
        told = {"state": state, "wrong": status == _WRONG, "signup": self.deps.signup, "emirates": emirates}
        return HTMLResponse(self.template.render(told), status, headers)

    @property
    def open(self) -> bool:
        return bool(self.deps.signup) and self.deps.link_secret is not None

    @property
    def secret(self) -> bytes:
        assert self.deps.link_secret is not None
        return self.deps.link_secret

    async def ask(self, wish: Wish) -> None:
        """Send the question, unless the address is on the suppression list or was asked a moment ago."""
        mark = suppressing.mark(self.secret, wish.transport, wish.address)
        if mark in self.deps.views.suppressed or not self.asked.may(mark, self.deps.now()):
            log.warning("sign_up_not_asked", transport=wish.transport)
            self.deps.meter.denied(Denial.SIGN_UP)
            return
        url = f"{self.deps.public_url}/confirm/{signing_up.token(self.secret, wish)}"
        words = {tag: (head, text.format(url=url)) for tag, (head, text) in _WORDS.items()}
        name, channel = ids.uuid7(self.deps.now(), self.deps.chance(10)), self.deps.signup[wish.transport]
        message = signing_up.question(wish, self.deps.space, channel, name, words)
        bare = message.model_dump(mode="json", exclude={"bulletin"}, exclude_none=True)
        sheaf, now = Sheaf(bulletin=message.bulletin, messages=(bare,)), self.deps.now()
        envelope = messages.message_for(sheaf, types.OUTBOX, id=message.id, source=SOURCE, at=now)
        to = (topics.OUTBOX_ROUTINE, message.subscription)
        await self.publishing.send("sign_up", types.OUTBOX, to, envelope)

    async def confirm(self, wish: Wish) -> bool:
        """Subscribe, although he may have unsubscribed before; false if the Office keeps the address on its list."""
        deps, channel, now = self.deps, self.deps.signup.get(wish.transport), self.deps.now()
        if channel is None or suppressing.mark(self.secret, wish.transport, wish.address) in deps.views.suppressed:
            return False
        mark = suppressing.mark(self.secret, wish.transport, wish.address, channel)
        if mark in deps.views.suppressed:
            allowed = controls.to_publish(
                controls.control(Action.ALLOW, mark, "the recipient", "subscribed again", now), SOURCE
            )
            await self.publishing.send("control", types.CONTROL, (allowed.topic, mark), allowed.envelope)
        made = signing_up.subscription(wish, deps.space, channel, now, deps.signup_days)
        name = ids.derived("confirmed", made.id, wish.at)
        envelope = messages.message_for(made, types.SUBSCRIPTION, id=name, source=SOURCE, at=now, subject=made.id)
        await self.publishing.send("subscription", types.SUBSCRIPTION, (topics.SUBSCRIPTIONS, made.id), envelope)
        log.info("subscribed", subscription=made.id)
        return True

    def named(self, token: str) -> Wish | None:
        """What a token asks for; every token that is none is a denial."""
        if not self.open or len(token) > _MOST_TOKEN:
            return None
        found = signing_up.wish(self.secret, token, self.deps.now())
        if found is None:
            log.warning("access_denied", rule=Denial.CONFIRM_LINK.value, key=None)
            self.deps.meter.denied(Denial.CONFIRM_LINK)
        return found


async def _wanted(desk: _Desk, request: Request) -> Wish:
    """The wish in a form; raises ValidationError, ValueError or Problem for what is none."""
    texts = parse_qs((await request.body()).decode(), max_num_fields=_MOST_FIELDS, errors="strict")
    transport, address = texts.get("transport", [""])[0], texts.get("address", [""])[0].strip()
    if transport not in desk.deps.signup:
        msg = "nobody signs up by this way here"
        raise ValueError(msg)
    wish = Wish.model_validate(
        {
            "transport": transport,
            "address": address,
            "languages": texts.get("language", []),
            "emirates": texts.get("emirate", []),
            "at": instants.text(desk.deps.now()),
        }
    )
    check(Way(wish.transport, wish.address, "address"))
    unknown = set(wish.languages) - set(desk.deps.languages.all)
    if unknown:
        msg = "there is no such language"
        raise ValueError(msg)
    return wish
