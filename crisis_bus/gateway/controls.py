"""`/v1/controls`: what is paused, and pausing and resuming it; the command line does the same without a gateway."""

from fastapi import APIRouter

from crisis_bus.bus import controls
from crisis_bus.domain.controls import Action, Control
from crisis_bus.gateway import operations
from crisis_bus.gateway.access import Caller, Operator
from crisis_bus.gateway.bodies import Body, strictly
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import CONTROL_BODY, PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import bad_value
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.gateway.shapes import ControlRequest, Shape
from crisis_bus.wire import types


class ControlShape(Shape):
    """One act of an operator; `at` is RFC 3339."""

    id: str
    action: Action
    target: str
    by: str
    reason: str
    at: str


class Paused(Shape):
    """What is paused now, and by which act of whom."""

    items: tuple[ControlShape, ...]


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The addresses."""
    routes = APIRouter(prefix="/v1/controls", tags=["operations"])

    @routes.get("", responses=problems(*PROBLEMS), summary="What is paused, by whom and why")
    async def paused(caller: Operator) -> Paused:
        found = controls.paused(await operations.read(caller.deps.operations.acts()))
        return Paused(items=tuple(map(shape, found.values())))

    @routes.post(
        "",
        status_code=202,
        responses=problems(*PROBLEMS, 413, 415),
        openapi_extra=CONTROL_BODY,
        summary="Pause or resume a transport or a provider",
    )
    async def act(caller: Operator, body: Body) -> ControlShape:
        wanted = strictly(ControlRequest, body)
        known = deps.operations.targets
        if wanted.target not in known:
            arabic, english = "لا قناة ولا مزوّد بهذا الاسم هنا", "that is no transport and no provider here"
            raise bad_value(Both(f"{arabic}؛ الأسماء: {', '.join(known)}", f"{english}: {', '.join(known)}"), "target")
        return await write(publishing, caller, wanted.action, wanted.target, wanted.reason)

    return routes


async def write(publishing: Publishing, caller: Caller, action: Action, target: str, reason: str) -> ControlShape:
    """Put an act onto the log, in the name of the key's person; raises Problem."""
    done = controls.control(action, target, caller.key.by, reason, caller.deps.now())
    outgoing = controls.to_publish(done, SOURCE)
    await publishing.send("control", types.CONTROL, (outgoing.topic, done.target), outgoing.envelope)
    return shape(done)


def shape(done: Control) -> ControlShape:
    """An act, as the API gives it."""
    return ControlShape(**done.model_dump())
