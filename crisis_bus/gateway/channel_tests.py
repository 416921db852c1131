"""`/v1/channel-tests`: do all channels and liaisons still work? Asked for, or weekly; and what came of it."""

import asyncio
from dataclasses import asdict

import structlog
from fastapi import APIRouter

from crisis_bus.domain import channel_tests, ids
from crisis_bus.domain.channel_tests import ENOUGH_MINUTES, ENOUGH_PERCENT
from crisis_bus.domain.delivery import Order
from crisis_bus.gateway.access import Administrator, Reader
from crisis_bus.gateway.bodies import Body, strictly
from crisis_bus.gateway.deliveries import LedgerLine
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import CHANNEL_TEST_BODY, PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import bad_value
from crisis_bus.gateway.publishing import SOURCE
from crisis_bus.gateway.queries import Space
from crisis_bus.gateway.shapes import ChannelTestRequest, Shape
from crisis_bus.wire import messages, types

log = structlog.get_logger(__name__)
_WORDS = {
    "ar": ("اختبار القنوات", "هذا اختبار صامت لقنوات الاتصال. ليس بياناً، ولا يُنشر، ولا يلزم أي إجراء."),
    "en": ("Channel test", "This is a silent test of communication channels. It is no statement; do not publish it."),
}
_LOOK_SECONDS = 60.0


class ChannelTestAsked(Shape):
    """A test that is on its way."""

    test: str
    channels: tuple[str, ...]


class ChannelTest(Shape):
    """What came of a test: `well` when at least 95 % of those due accepted it within 15 minutes (AC19.1)."""

    test: str
    well: bool
    channels: tuple[LedgerLine, ...]


class ChannelTests(Shape):
    """The tests of a space, the latest last."""

    items: tuple[ChannelTest, ...]


def router(deps: GatewayDeps) -> APIRouter:
    """The addresses."""
    routes = APIRouter(prefix="/v1/channel-tests", tags=["deliveries"])

    @routes.post(
        "",
        status_code=202,
        responses=problems(*PROBLEMS, 413, 415),
        openapi_extra=CHANNEL_TEST_BODY,
        summary="Test channels and liaisons now",
    )
    async def ask(caller: Administrator, body: Body, space: Space = None) -> ChannelTestAsked:
        where, wanted = caller.space(space), strictly(ChannelTestRequest, body)
        channels = _channels(deps, wanted.channels)
        name = channel_tests.asked(deps.now())
        await publish(deps, where, name, channels)
        return ChannelTestAsked(test=name, channels=channels)

    @routes.get("", responses=problems(*PROBLEMS), summary="What came of the tests")
    async def told(caller: Reader, space: Space = None) -> ChannelTests:
        where = caller.space(space)
        names = deps.views.reach.statements(where, channel_tests.PREFIX)
        return ChannelTests(items=tuple(_told(deps, where, name) for name in names))

    return routes


async def publish(deps: GatewayDeps, space: str, name: str, channels: tuple[str, ...]) -> None:
    """Order a test in every partition of subscribers; again with the same name is the same test."""
    made = channel_tests.bulletin(space, name, channels, deps.now(), _WORDS)
    for partition in range(deps.order_partitions):
        order = Order(id=ids.derived("order", made.number, str(partition)), partition=partition, bulletin=made)
        envelope = messages.message_for(
            order, types.ORDER, id=order.id, source=SOURCE, at=deps.now(), subject=made.number
        )
        await deps.order(partition, envelope)
    log.info("channel_test", space=space, test=name, channels=list(channels))


async def weekly(deps: GatewayDeps, when: str) -> None:
    """Publish the test of each week when its time has come; several gateways publish the same one."""
    while True:
        name = channel_tests.of_the_week(deps.now(), when, deps.offset_minutes)
        if name is not None and all(deps.ready().values()):
            known = deps.views.reach.statements(deps.space, channel_tests.PREFIX)
            if name not in known:
                await publish(deps, deps.space, name, deps.testable)
        await asyncio.sleep(_LOOK_SECONDS)


def _channels(deps: GatewayDeps, wanted: tuple[str, ...]) -> tuple[str, ...]:
    for place, name in enumerate(wanted):
        if name not in deps.testable:
            known = ", ".join(deps.testable)
            arabic = f"لا تُختبر القناة {name}: القنوات التي تُختبر هي {known}؛ ولا يُختبر ما يراه الجمهور"
            english = f"the channel {name} is not tested: those that are, are {known}; nothing public is"
            raise bad_value(Both(arabic, english), f"channels[{place}]")
    return wanted or deps.testable


def _told(deps: GatewayDeps, space: str, name: str) -> ChannelTest:
    lines = deps.views.reach.lines(space, name)
    due = sum(line.due for line in lines)
    accepted = sum(line.accepted_within[ENOUGH_MINUTES] * line.due for line in lines)
    well = due > 0 and accepted / due >= ENOUGH_PERCENT
    return ChannelTest(test=name, well=well, channels=tuple(LedgerLine(**asdict(line)) for line in lines))
