"""Dispatch: one order in, one outbox message for each destination that asked for the bulletin out.

What is guaranteed: an order is expanded over every subscription that stood on `crisis.subscriptions.v1`, in its
partition, when the order was taken up, even right after a start or a rebalance; the table alone would not do,
because it holds only what was read so far. A subscription that arrives later gets nothing of that bulletin,
except when the order is handled again after a crash. A message keeps its id in any case.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import faust
from faust.types import TP, Message, StreamT

from crisis_bus.bus.ends import Ends
from crisis_bus.domain import ids
from crisis_bus.domain.delivery import Bulletin, Expansion, Order
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import NotReachable, UnreadableMessage
from crisis_bus.rules import subscribing
from crisis_bus.streams import changelog, worker
from crisis_bus.streams.faust_app import StreamConfig, consumer_of, new_app, new_table, new_topic
from crisis_bus.streams.outlet import (
    Handled,
    Observer,
    Outlet,
    Parcel,
    a_bug_is_kept,
    check_key,
    handle_each,
    read_envelope,
    read_model,
    time_of,
    unobserved,
)
from crisis_bus.streams.roll import Chunk, Matches, Roll, chunks
from crisis_bus.streams.turns import Turns
from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import topics, types
from crisis_bus.wire.envelope import Envelope, following

TABLE = "subscribers"
SOURCE = "/crisis-bus/dispatch"
_AT_ONCE = 500
_CATCH_UP_SECONDS = 60.0
_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class DispatchConfig:
    """What dispatch must know; `matches` says who asked for a bulletin."""

    stream: StreamConfig
    matches: Matches = subscribing.matches


async def run_dispatch(config: DispatchConfig, lifeline: Lifeline, observe: Observer = unobserved) -> None:
    """Run until asked to stop; raises if the worker breaks."""
    await changelog.ensure(config.stream, TABLE)
    async with Ends(config.stream.bootstrap, config.stream.app_id) as ends:
        await worker.run(dispatch_app(config, ends, observe), lifeline)


def dispatch_app(config: DispatchConfig, ends: Ends, observe: Observer) -> faust.App:
    """The Faust app of dispatch: subscriptions and orders are co-partitioned, so that one worker has both."""
    app = new_app(config.stream)
    outlet = Outlet(app, config.stream.ack_timeout_seconds, observe)
    dispatch = _Dispatch(app, Roll(new_table(app, TABLE)), outlet, ends, config.matches)

    async def subscriptions(stream: StreamT[Any]) -> None:
        await handle_each(stream, outlet, dispatch.subscription, _AT_ONCE)

    async def orders(stream: StreamT[Any]) -> None:
        await handle_each(stream, outlet, dispatch.order, _AT_ONCE)

    async def moved(*_: object, **__: object) -> None:
        dispatch.roll.reset()

    app.agent(new_topic(app, topics.SUBSCRIPTIONS), name="subscriptions")(subscriptions)
    app.agent(new_topic(app, topics.ORDERS), name="orders")(orders)
    app.on_partitions_revoked.connect(moved)
    app.on_rebalance_complete.connect(moved)
    return app


class _Dispatch:
    """Keeps the roll of subscribers, and expands orders over it."""

    def __init__(self, app: faust.App, roll: Roll, outlet: Outlet, ends: Ends, matches: Matches) -> None:
        self._app = app
        self._ends = ends
        self._outlet = outlet
        self._matches = matches
        self._read_to: dict[int, int] = {}
        self._turns = Turns()
        self._broken = False
        self.roll = roll

    async def subscription(self, message: Message) -> bool:
        """Keep what a subscription is now; a tombstone removes it."""
        try:
            await self._subscription(message)
        finally:
            # The dead letters keep a subscription that cannot be read; it is behind us in either case.
            self._read_to[message.partition] = max(self._read_to.get(message.partition, 0), message.offset + 1)
        return True

    async def _subscription(self, message: Message) -> None:
        if message.value is None:
            await self.roll.remove(message.partition, message.key or b"")
            self._outlet.observe(Handled.UNSUBSCRIBED, 0, time_of(message))
            return
        with a_bug_is_kept("reading the subscription"):
            subscription = read_model(read_envelope(message), Subscription, types.SUBSCRIPTION)
            check_key(message, subscription.id, "the id of the subscription")
        await self.roll.add(message.partition, subscription.id.encode(), subscription)
        self._outlet.observe(Handled.SUBSCRIBED, 0, time_of(message))

    async def order(self, message: Message) -> bool:
        """Send the bulletin to everybody of this partition who asked for it, after every earlier order of it."""
        with a_bug_is_kept("reading the order"):
            envelope = read_envelope(message)
            order = read_model(envelope, Order, types.ORDER)
            _check_partition(order, message)
        async with self._turns.of(str(message.partition).encode()), self._breaking():
            if self._broken or not await self._caught_up(message.partition):
                consumer_of(self._app).leave(message)
                return False
            await self._expand(message, order, envelope)
        return True

    @asynccontextmanager
    async def _breaking(self) -> AsyncIterator[None]:
        """What ends the process also keeps the orders behind it from overtaking."""
        try:
            yield
        except UnreadableMessage:
            raise
        except BaseException:
            self._broken = True
            raise

    async def _expand(self, message: Message, order: Order, envelope: Envelope) -> None:
        with a_bug_is_kept("choosing the destinations"):
            found = list(chunks(self.roll.of(message.partition), order.bulletin, self._matches))
        if found:
            await self._outlet.send([_expansion(order, found, envelope)])
        await self._outlet.send(parcels(order.bulletin, message.partition, found, envelope))
        sent = sum(len(chunk.messages) for chunk in found)
        self._outlet.observe(Handled.EXPANDED, sent, time_of(message))

    async def _caught_up(self, partition: int) -> bool:
        """Wait until every subscription that is on the log now has been read; False if a rebalance comes first."""
        end = await self._ends.end(topics.SUBSCRIPTIONS, partition)
        if self._is_read(partition, end) or end == await self._ends.first(topics.SUBSCRIPTIONS, partition):
            return True
        deadline = asyncio.get_running_loop().time() + _CATCH_UP_SECONDS
        while not self._is_read(partition, end):
            if self._app.rebalancing:
                return False
            if asyncio.get_running_loop().time() > deadline:
                place = f"{topics.SUBSCRIPTIONS}/{partition}"
                msg = f"{place}: an order waits for offset {end}, in vain for {_CATCH_UP_SECONDS:.0f} s"
                raise NotReachable(msg)
            await asyncio.sleep(_LOOK_SECONDS)
        return True

    def _is_read(self, partition: int, end: int) -> bool:
        committed = consumer_of(self._app).committed(TP(topics.SUBSCRIPTIONS, partition))
        return max(self._read_to.get(partition, 0), committed) >= end


def _check_partition(order: Order, message: Message) -> None:
    if order.partition != message.partition:
        msg = f"the order is for partition {order.partition} and lies on {message.partition}"
        raise UnreadableMessage(msg)


def parcels(bulletin: Bulletin, partition: int, found: list[Chunk], order: Envelope) -> Iterator[Parcel]:
    """One record of the outbox a chunk, on the partition of its subscribers: there a destination has one worker."""
    topic = topics.OUTBOX_URGENT if bulletin.urgent else topics.OUTBOX_ROUTINE
    bulletin_json = bulletin.model_dump_json(exclude_none=True).encode()
    # All but the id and the data is the same for all, and is made once.
    common = following(order, id="", source=SOURCE, type=types.OUTBOX, time=order.time, data=None)
    for place, chunk in enumerate(found):
        key = f"{bulletin.number}/{partition}/{place}"
        envelope = replace(
            common, id=ids.derived("sheaf", key), subject=bulletin.number, data=chunk.sheaf(bulletin_json)
        )
        yield Parcel(topic, key.encode(), envelope, partition)


def _expansion(order: Order, found: list[Chunk], cause: Envelope) -> Parcel:
    """Say how many messages follow from an order; before they do, so that nobody counts more than were due."""
    counted: Counter[str] = Counter()
    for chunk in found:
        counted.update(chunk.channels)
    bulletin = order.bulletin
    told = Expansion(
        order=order.id,
        partition=order.partition,
        number=bulletin.number,
        space=bulletin.space,
        statement=bulletin.statement,
        channels=dict(counted),
    )
    name, data = ids.derived("expansion", order.id), told.model_dump_json().encode()
    envelope = following(
        cause, id=name, source=SOURCE, type=types.EXPANSION, time=cause.time, data=data, subject=bulletin.number
    )
    return Parcel(topics.EXPANSIONS, order.id.encode(), envelope)
