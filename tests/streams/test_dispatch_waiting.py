"""When an order may be expanded: once every subscription that is on the log has been read."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from faust.types import TP, Message

from crisis_bus.bus.ends import Ends
from crisis_bus.domain.delivery import Order
from crisis_bus.rules import subscribing
from crisis_bus.streams.dispatch import _Dispatch
from crisis_bus.streams.outlet import Handled, Outlet
from crisis_bus.streams.roll import Destination, Roll
from crisis_bus.streams.transport import CarefulConsumer
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import to_kafka
from tests.streams.asking import bulletin, subscription


class FakeConsumer:
    """Remembers what was committed and what was given back."""

    def __init__(self, committed: int = 0) -> None:
        self.done = committed
        self.left: list[Message] = []

    def committed(self, _tp: TP) -> int:
        return self.done

    def leave(self, message: Message) -> None:
        self.left.append(message)


class FakeEnds:
    """A partition from `first` to `end`."""

    def __init__(self, first: int, end: int) -> None:
        self._first, self._end = first, end

    async def first(self, _topic: str, _partition: int) -> int:
        return self._first

    async def end(self, _topic: str, _partition: int) -> int:
        return self._end


class FakeOutlet:
    """Sends nothing and remembers what became of each record."""

    def __init__(self) -> None:
        self.seen: list[Handled] = []

    def observe(self, what: Handled, _count: int, _at: int) -> None:
        self.seen.append(what)

    async def send(self, parcels: Any) -> int:
        return len(list(parcels))


class FakeRoll:
    """A roll that nobody is on."""

    def of(self, _partition: int) -> dict[bytes, Destination]:
        return {}

    async def add(self, *_: object) -> None: ...


def record(topic: str, offset: int, model: Any, type_name: str, key: str) -> Message:
    envelope = messages.message_for(model, type_name, id=key, source="/test", at=0)
    headers, value = to_kafka(envelope)
    return Message(topic, 0, offset, 0.0, 0, headers, key.encode(), value, None, tp=TP(topic, 0))


def order() -> Message:
    return record(topics.ORDERS, 0, Order(id="o", partition=0, bulletin=bulletin()), types.ORDER, "o")


def dispatch(ends: FakeEnds, committed: int = 0, *, rebalancing: bool = False) -> tuple[_Dispatch, Any, FakeOutlet]:
    app = SimpleNamespace(consumer=FakeConsumer(committed), rebalancing=rebalancing)
    outlet = FakeOutlet()
    parts: Any = (app, FakeRoll(), outlet, ends, subscribing.matches)
    return _Dispatch(*parts), app, outlet


async def test_an_order_waits_for_the_subscriptions_before_it() -> None:
    waiting, _, outlet = dispatch(FakeEnds(0, 3), committed=2)
    task = asyncio.create_task(waiting.order(order()))
    await asyncio.sleep(0.05)
    before = list(outlet.seen)

    await waiting.subscription(record(topics.SUBSCRIPTIONS, 2, subscription(), types.SUBSCRIPTION, "sub-1"))

    assert await asyncio.wait_for(task, 2)
    assert ([], [Handled.SUBSCRIBED, Handled.EXPANDED]) == (before, outlet.seen)


async def test_an_order_is_given_back_when_its_partition_may_be_moving() -> None:
    message = order()
    moving, app, outlet = dispatch(FakeEnds(0, 3), committed=2, rebalancing=True)

    assert not await moving.order(message)
    assert [message] == app.consumer.left
    assert not outlet.seen


async def test_nothing_is_waited_for_where_nothing_is_left_to_read() -> None:
    for ends, committed in ((FakeEnds(0, 0), 0), (FakeEnds(7, 7), 0), (FakeEnds(0, 3), 3)):
        ready, _, outlet = dispatch(ends, committed)

        assert await asyncio.wait_for(ready.order(order()), 2)
        assert [Handled.EXPANDED] == outlet.seen


def test_the_fakes_have_the_methods_of_the_real_things() -> None:

    for fake, real in ((FakeEnds, Ends), (FakeOutlet, Outlet), (FakeRoll, Roll), (FakeConsumer, CarefulConsumer)):
        own = {name for name in vars(cast("type", fake)) if not name.startswith("_")} - {"observe"}
        assert own <= set(dir(real))
