"""`/v1/webhooks/key`: by which key anybody checks that a webhook is ours."""

from typing import Literal

from fastapi import APIRouter

from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import not_found
from crisis_bus.gateway.shapes import Shape


class WebhookKey(Shape):
    """The public key of the `v1a` signatures of Standard Webhooks: `whpk_` and base64."""

    algorithm: Literal["ed25519"]
    public_key: str


def router(deps: GatewayDeps) -> APIRouter:
    """The address; it needs no API key."""
    routes = APIRouter(prefix="/v1/webhooks", tags=["subscriptions"])

    @routes.get("/key", responses=problems(404), summary="The key that signs every webhook")
    async def key() -> WebhookKey:
        if deps.webhook_key is None:
            raise not_found(
                Both("لا مفتاح توقيع عاماً هنا", "no key signs webhooks here beside each subscription's secret")
            )
        return WebhookKey(algorithm="ed25519", public_key=deps.webhook_key)

    return routes
