"""Whether the process lives, whether it is ready, and its numbers."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.shapes import Health


def router(deps: GatewayDeps) -> APIRouter:
    """Addresses for probes and for Prometheus; none of them needs a key."""
    routes = APIRouter(tags=["health"])

    @routes.get("/healthz", summary="The process lives")
    async def healthz() -> Health:
        return Health(status="ok")

    @routes.get("/readyz", responses={503: {"model": Health}}, summary="The views have caught up and the log is there")
    async def readyz(response: Response) -> Health:
        parts = dict(deps.ready())
        up = all(parts.values())
        response.status_code = 200 if up else 503
        return Health(status="ok" if up else "waiting", parts=parts)

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
        summary="Numbers for Prometheus",
    )
    async def metrics() -> Response:
        return Response(generate_latest(deps.registry), media_type=CONTENT_TYPE_LATEST)

    return routes
