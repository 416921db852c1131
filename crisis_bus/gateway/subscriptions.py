"""`/v1/subscriptions`: who wants what; a webhook's secret is shown once, and never again."""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from crisis_bus.channels import guard
from crisis_bus.domain import ids, instants, suppressing
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.gateway.access import Caller, Subscriber
from crisis_bus.gateway.addresses import Way, check, ways
from crisis_bus.gateway.bodies import Body, strictly
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import PATCH_BODY, PROBLEMS, SUBSCRIPTION_BODY, problems
from crisis_bus.gateway.keys import Denial, Scope
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import bad_value, not_found
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.gateway.queries import After, Id, Limit, Space
from crisis_bus.gateway.safe_json import check_text
from crisis_bus.gateway.shapes import (
    SubscriptionPage,
    SubscriptionPatch,
    SubscriptionRequest,
    SubscriptionShape,
    SubscriptionWritten,
)
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope

_OVERLAP = 86_400_000
"""Milliseconds for which a webhook is signed by the old secret too."""
_SECRET_BYTES = 32
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,88}={0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the addresses share: reading what is there, writing what is wanted."""

    deps: GatewayDeps
    publishing: Publishing

    def existing(self, caller: Caller, key: str) -> Subscription:
        """A subscription that the caller may see; raises Problem."""
        found = self.deps.views.subscriptions.find(key)
        if found is None or not caller.key.enters(found.space) or not _owns(caller, found.subscriber):
            raise not_found(Both("لا اشتراك بهذا المعرّف", "there is no subscription with this id"))
        return found

    async def write(self, key: str, wanted: Subscription | None) -> None:
        """Put a subscription or its tombstone on the log, and wait a moment until the views show it."""
        await self.publishing.send(
            "subscription", types.SUBSCRIPTION, (topics.SUBSCRIPTIONS, key), self._envelope(key, wanted)
        )
        find = self.deps.views.subscriptions.find
        await self.deps.bell.until(lambda: True if find(key) == wanted else None, self.deps.limits.settle_seconds)

    def secret(self) -> str:
        """A new secret of a webhook."""
        return "whsec_" + b64encode(self.deps.chance(_SECRET_BYTES)).decode()

    def _envelope(self, key: str, wanted: Subscription | None) -> Envelope:
        made = ids.uuid7(self.deps.now(), self.deps.chance(10))
        if wanted is None:
            return Envelope(made, SOURCE, types.SUBSCRIPTION, self.deps.now(), None, key)
        return messages.message_for(wanted, types.SUBSCRIPTION, id=made, source=SOURCE, at=self.deps.now(), subject=key)


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """All addresses of subscriptions."""
    routes = APIRouter(prefix="/v1/subscriptions", tags=["subscriptions"])
    desk = Desk(deps, publishing)
    _reading(routes, desk)
    _writing(routes, desk)
    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", responses=problems(*PROBLEMS), summary="Subscriptions by id")
    async def subscriptions(
        caller: Subscriber, space: Space = None, after: After = None, limit: Limit = 100
    ) -> SubscriptionPage:
        only = None if caller.key.may(Scope.ADMIN) else caller.key.entity
        page = desk.deps.views.subscriptions.page(caller.space(space), after, limit, only)
        return SubscriptionPage(items=tuple(map(_shape, page.items)), after=page.after, more=page.more)

    @routes.get("/{id:path}", responses=problems(*PROBLEMS, 404), summary="One subscription")
    async def subscription(caller: Subscriber, id: Id) -> SubscriptionShape:  # noqa: A002 the address calls it so
        return _shape(desk.existing(caller, id))


def _writing(routes: APIRouter, desk: Desk) -> None:
    @routes.put(
        "/{id:path}",
        responses=problems(*PROBLEMS, 404, 413, 415) | {201: {"model": SubscriptionWritten}},
        response_model_exclude_none=True,
        openapi_extra=SUBSCRIPTION_BODY,
        summary="Subscribe, or say anew what is wanted",
    )
    async def put(caller: Subscriber, id: Id, body: Body, response: Response) -> SubscriptionWritten:  # noqa: A002 the address calls it so
        check_text("id", id)
        before = desk.existing(caller, id) if desk.deps.views.subscriptions.find(id) else None
        made, fresh = _made(desk, caller, id, strictly(SubscriptionRequest, _by_our_clock(desk, body)), before)
        await _check_way(desk, made)
        await desk.write(id, made)
        response.status_code = 200 if before else 201
        return _written(made, fresh)

    @routes.patch(
        "/{id:path}",
        responses=problems(*PROBLEMS, 404, 413, 415),
        response_model_exclude_none=True,
        openapi_extra=PATCH_BODY,
        summary="Change, pause or resume a subscription",
    )
    async def patch(caller: Subscriber, id: Id, body: Body) -> SubscriptionWritten:  # noqa: A002 the address calls it so
        before = desk.existing(caller, id)
        wanted = strictly(SubscriptionPatch, _by_our_clock(desk, body))
        fresh = desk.secret() if wanted.rotate_secret and before.transport == "webhook" else None
        changes = {name: value for name, value in wanted if name in body and name != "rotate_secret"}
        made = before.model_copy(update=changes | (_rotated(desk, before, fresh) if fresh else {}))
        _check(desk, made)
        await _check_way(desk, made)
        await desk.write(id, made)
        return _written(made, fresh)

    @routes.delete("/{id:path}", status_code=204, responses=problems(*PROBLEMS, 404), summary="End a subscription")
    async def delete(caller: Subscriber, id: Id) -> None:  # noqa: A002 the address calls it so
        desk.existing(caller, id)
        await desk.write(id, None)


def _made(
    desk: Desk, caller: Caller, key: str, wanted: SubscriptionRequest, before: Subscription | None
) -> tuple[Subscription, str | None]:
    """The subscription that is wanted, and its secret if nobody has seen that yet."""
    fresh = None
    secret = _given(wanted.secret)
    if secret is None and wanted.transport == "webhook":
        secret = before.secret if before else None
        fresh = desk.secret() if secret is None else None
    fields: dict[str, Any] = {name: value for name, value in wanted if name not in {"secret", "space", "subscriber"}}
    made = strictly(
        Subscription,
        fields
        | {
            "id": key,
            "space": caller.space(wanted.space),
            "subscriber": _subscriber(caller, wanted.subscriber),
            "secret": secret or fresh,
            "consent": before.consent if before else None,
            **({"old_secret": before.old_secret, "old_until": before.old_until} if before and not fresh else {}),
        },
    )
    if made.outlet and not caller.key.may(Scope.ADMIN):
        detail = Both("لا يضيف منفذاً رسمياً إلا مدير", "only an administrator adds an outlet")
        raise caller.denied(Denial.OUTLET, detail, "outlet")
    _check(desk, made)
    return made, fresh


def _by_our_clock(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    """Quiet hours are those of the government's clock unless they say another offset."""
    quiet = body.get("quiet")
    if not isinstance(quiet, dict):
        return body
    return body | {"quiet": {"offset_minutes": desk.deps.offset_minutes} | quiet}


def _rotated(desk: Desk, before: Subscription, fresh: str) -> dict[str, str | None]:
    """The fresh secret, and the one before it for a day: a receiver has time to take the new one in."""
    until = instants.text(desk.deps.now() + _OVERLAP)
    return {"secret": fresh, "old_secret": before.secret, "old_until": until}


async def _check_way(desk: Desk, made: Subscription) -> None:
    """Refuse an address that leads where no message may go; raises Problem."""
    for way in ways(made):
        if _suppressed(desk.deps, way, made.channel):
            arabic = "طلب صاحب هذا العنوان ألا يُرسل إليه شيء؛ ولمكتب الاتصال رفع ذلك (crisis-bus suppressions remove)"
            english = (
                "whoever has this address asked that nothing is sent to it; the Office can allow it again "
                "(crisis-bus suppressions remove)"
            )
            raise bad_value(Both(arabic, english), way.field)
        if way.host is not None and await desk.deps.leads_inside(way.host):
            arabic = (
                "العنوان يقود إلى شبكة خاصة لا يُسمح بها هنا؛ ولمدير النظام أن يسمح بها عبر الإعداد allowed_networks"
            )
            raise bad_value(Both(arabic, guard.REFUSED), way.field)


def _suppressed(deps: GatewayDeps, way: Way, channel: str) -> bool:
    if deps.link_secret is None:
        return False
    marks = suppressing.marks(deps.link_secret, way.transport, way.address, channel)
    return not deps.views.suppressed.isdisjoint(marks)


def _owns(caller: Caller, subscriber: str) -> bool:
    return subscriber == caller.key.entity or caller.key.may(Scope.ADMIN)


def _subscriber(caller: Caller, asked: str | None) -> str:
    subscriber = asked or caller.key.entity
    if not _owns(caller, subscriber):
        detail = Both("تشترك كل جهة لنفسها", "an entity subscribes for itself")
        raise caller.denied(Denial.SUBSCRIBER, detail, "subscriber")
    return subscriber


def _given(secret: str | None) -> str | None:
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_value(
            Both("السر بالصيغة whsec_ ثم Base64", "a secret is whsec_ and base64 of 24 to 64 bytes"), "secret"
        )
    return secret


def _check(desk: Desk, made: Subscription) -> None:
    channels = desk.deps.names.channels
    if channels and made.channel not in channels:
        known = ", ".join(sorted(channels))
        raise bad_value(Both(f"القنوات هي: {known}", f"the channels are: {known}"), "channel")
    if made.outlet and made.ladder:
        detail = Both(
            "للمنفذ الرسمي بدائل في حزمة السياسات، لا سُلَّم", "an outlet has alternates in the policy pack, no ladder"
        )
        raise bad_value(detail, "ladder")
    for way in ways(made):
        check(way)


def _shape(subscription: Subscription) -> SubscriptionShape:
    return SubscriptionShape(**_fields(subscription), has_secret=subscription.secret is not None)


def _written(subscription: Subscription, fresh: str | None) -> SubscriptionWritten:
    return SubscriptionWritten(**_fields(subscription), has_secret=subscription.secret is not None, secret=fresh)


def _fields(subscription: Subscription) -> dict[str, Any]:
    return {name: value for name, value in subscription if name not in {"secret", "old_secret", "old_until"}}
