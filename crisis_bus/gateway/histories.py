"""`/v1/history` and `/v1/deliveries`: all that a recipient was sent, and the proof of one message, with each answer."""

import sys
from typing import Annotated

from fastapi import APIRouter, Path

from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.gateway import recalling
from crisis_bus.gateway.access import Reader, Subscriber, must_know
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import PROBLEMS, problems
from crisis_bus.gateway.keys import Scope
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import not_found
from crisis_bus.gateway.queries import After, Id, Limit, Space
from crisis_bus.gateway.shapes import LONGEST, Shape
from crisis_bus.views.histories import Histories, Sent

Message = Annotated[str, Path(max_length=LONGEST, description="id of the message, as its destination saw it too")]


class AnswerShape(Shape):
    """What came of one attempt: `payload` is the SHA-256 (hex) of the bytes that left, `provider_id` their name there.

    `receipt` is the id of its record on the log.
    """

    receipt: str
    at: str
    attempt: int
    outcome: Outcome
    detail: str
    provider: str | None
    provider_id: str | None
    payload: str | None


class DeliveryShape(Shape):
    """One message with every answer, the oldest first; `outcome` is what became of it, times are RFC 3339."""

    message: str
    space: str
    number: str
    statement: str
    incident: str
    subscription: str
    subscriber: str
    channel: str
    transport: Transport
    outlet: bool
    due: str
    outcome: Outcome
    answers: tuple[AnswerShape, ...]


class HistoryPage(Shape):
    """What was sent to a subscription from the oldest to the newest; give `after` to get those that follow."""

    items: tuple[DeliveryShape, ...]
    after: str | None
    more: bool


def router(deps: GatewayDeps) -> APIRouter:
    """The addresses."""
    routes = APIRouter(prefix="/v1", tags=["deliveries"])

    @routes.get(
        "/history/{id:path}",
        responses=problems(*PROBLEMS, 404),
        summary="Everything that was sent to a subscription, for its owner and administrators",
    )
    async def history(
        caller: Subscriber,
        id: Id,  # noqa: A002 the address calls it so
        space: Space = None,
        after: After = None,
        limit: Limit = 100,
    ) -> HistoryPage:
        must_know(deps)
        where, owner = caller.space(space), None if caller.key.may(Scope.ADMIN) else caller.key.entity
        histories = await _histories(deps, id)
        page = histories.page(id, where, owner, after, limit)
        if not page.items and not _known(deps, histories, id, where, owner):
            arabic = "لا اشتراك لك بهذا المعرّف، ولم يُرسل إليه شيء باسمك"
            raise not_found(Both(arabic, "you have no subscription with this id, nor was anything sent to you there"))
        return HistoryPage(items=tuple(map(_delivery, page.items)), after=page.after, more=page.more)

    @routes.get(
        "/deliveries/{message}",
        responses=problems(*PROBLEMS, 404),
        summary="The proof of one message: its hash, the provider's name of it, and all times",
    )
    async def delivery(caller: Reader, message: Message) -> DeliveryShape:
        found = (await _histories(deps, message)).find(message)
        if found is None or not caller.key.enters(found.latest.space):
            raise not_found(Both("لا رسالة بهذا المعرّف", "there is no message with this id"))
        return _delivery(found)

    return routes


async def _histories(deps: GatewayDeps, name: str) -> Histories:
    """What is at hand if that is all, else what the topic has about a subscription or a message; raises Problem."""
    if deps.views.histories.complete:
        return deps.views.histories
    found = Histories(at_hand=sys.maxsize)
    await recalling.receipts(deps, [name], found.apply)
    return found


def _known(deps: GatewayDeps, histories: Histories, key: str, space: str, owner: str | None) -> bool:
    """Whether a subscription is there for this caller, or was: its history outlives it."""
    found = deps.views.subscriptions.find(key)
    if found is not None and found.space == space and owner in {None, found.subscriber}:
        return True
    return bool(histories.page(key, space, owner, None, 1).items)


def _delivery(sent: Sent) -> DeliveryShape:
    told = sent.latest
    return DeliveryShape(
        message=told.message,
        space=told.space,
        number=told.number,
        statement=told.statement,
        incident=told.incident,
        subscription=told.subscription,
        subscriber=told.subscriber,
        channel=told.channel,
        transport=told.transport,
        outlet=told.outlet,
        due=sent.due,
        outcome=told.outcome,
        answers=tuple(map(_answer, sent.receipts)),
    )


def _answer(told: Receipt) -> AnswerShape:
    return AnswerShape(
        receipt=told.id,
        at=told.at,
        attempt=told.attempt,
        outcome=told.outcome,
        detail=told.detail,
        provider=told.provider,
        provider_id=told.provider_id,
        payload=told.payload,
    )
