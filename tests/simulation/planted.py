"""Faults that are put in on purpose: the checker is worth something only if it finds them."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from pydantic_core import from_json, to_json

from crisis_bus.bus.claims import Claims
from crisis_bus.bus.record import Outgoing, Placed
from crisis_bus.domain.delivery import Bulletin, Order
from crisis_bus.domain.instants import text
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.domain.values import REFERRING_KINDS
from crisis_bus.rules import subscribing
from crisis_bus.streams import dispatch
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.streams.follower import Follower
from crisis_bus.streams.outlet import Parcel
from crisis_bus.streams.ports import Holding
from crisis_bus.streams.roll import Chunk
from crisis_bus.streams.seat import Seat
from crisis_bus.views.chain import Chain
from crisis_bus.views.chain import Chains as JournalChains
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope
from tests.simulation.producers import MemoryProducer
from tests.simulation.roles import MemoryLog, Stage


class TrustingDesk(DeskRunner):
    """Trusts the group's committed offset on a take-over, and not the journal."""

    async def _take_over(self, claims: Holding) -> None:
        claims.went.clear()
        while claims.came:
            partition = claims.came.pop()
            seat = self.seats.get(partition) or Seat(self.policy)
            self.seats[partition] = seat
            claims.begin(partition, await claims.committed(partition))


class _Anywhere(int):
    """A place that is always the expected one."""

    def __ne__(self, _other: object) -> bool:
        return False

    __hash__ = int.__hash__


@dataclass
class _Blind:
    """A publisher that does not say where its records stand."""

    publisher: Any

    async def send(self, outgoing: Outgoing) -> Placed:
        return (await self.send_all([outgoing]))[0]

    async def send_all(self, batch: Sequence[Outgoing]) -> list[Placed]:
        return [Placed(one.partition, _Anywhere(one.offset)) for one in await self.publisher.send_all(batch)]


class UncheckedDesk(DeskRunner):
    """Does not look where its entries were put."""

    async def run(self, stop: asyncio.Event) -> None:
        self.publisher = _Blind(self.publisher)
        await super().run(stop)


class SleepyDesk(DeskRunner):
    """Never publishes a tick, so that timers wait for somebody to ask something."""

    async def _tick(self) -> None:
        """Nothing."""


class _AtTheEnd(Claims):
    """Says that the group is always at the end of its topic, as `auto_offset_reset=latest` does."""

    async def committed(self, partition: int) -> int:
        return self.backlog(partition, 0)


@dataclass(frozen=True)
class _LogFromTheEnd(MemoryLog):
    def holding(self, group: str, topic: str) -> Claims:
        return _AtTheEnd("memory", group, topic, group, self._connect)


class ForgetfulFollower(Follower):
    """Goes on at the end of the journal after a crash."""

    async def run(self, stop: asyncio.Event) -> None:
        assert isinstance(self.kafka, MemoryLog)
        self.kafka = _LogFromTheEnd(self.kafka.broker)
        await super().run(stop)


class _AnyEntry(Chain):
    """Counts whatever can be read."""

    def counts(self, entry: Entry, value: bytes) -> bool:
        del entry, value
        return True


class GullibleFollower(Follower):
    """Counts forks and repetitions of the journal."""

    async def _take_over(self, claims: Holding) -> None:
        await super()._take_over(claims)
        for desk in self._desks.values():
            desk.past.chain = _AnyEntry()


class SilentFollower(Follower):
    """Publishes orders, and nothing of where incidents stand."""

    async def run(self, stop: asyncio.Event) -> None:
        self.publisher = _WithoutIncidents(self.publisher)
        await super().run(stop)


@dataclass
class _WithoutIncidents:
    publisher: Any

    async def send(self, outgoing: Outgoing) -> Placed:
        return (await self.send_all([outgoing]))[0]

    async def send_all(self, batch: Sequence[Outgoing]) -> list[Placed]:
        placed: list[Placed] = await self.publisher.send_all([one for one in batch if one.topic != topics.INCIDENTS])
        return placed


class UnsafeProducer(MemoryProducer):
    """Says that a record is safe as soon as it has it, as `acks=0` does."""

    async def send(self, *parts: Any, **more: Any) -> "asyncio.Future[Placed]":
        await super().send(*parts, **more)
        done: asyncio.Future[Placed] = self._broker.loop.create_future()
        done.set_result(Placed(0, -1))
        return done


def any_channel(subscription: Subscription, bulletin: Bulletin) -> bool:
    """Sends a text to every destination of its space, a drill's too."""
    return subscription.space == bulletin.space


def nothing_taken_back(subscription: Subscription, bulletin: Bulletin) -> bool:
    """Keeps from destinations that what they have is wrong."""
    return subscribing.matches(subscription, bulletin) and bulletin.kind not in REFERRING_KINDS


_numbers = count()


def new_ids(bulletin: Bulletin, partition: int, found: list[Chunk], order: Envelope) -> Iterator[Parcel]:
    """Gives messages a new id each time that an order is handled."""
    for parcel in dispatch.parcels(bulletin, partition, found, order):
        data = from_json(parcel.envelope.data or b"")
        for message in data["messages"]:
            message["id"] = f"{message['id']}-{next(_numbers)}"
        yield replace(parcel, envelope=replace(parcel.envelope, data=to_json(data)))


async def poison(stage: Stage) -> None:
    """A command without a space."""
    publisher = await stage.publisher()
    command = Envelope("poison", "/poison", types.command_type("verification.ask"), stage.now(), b"{}")
    await publisher.send(Outgoing(topics.COMMANDS, b"poison", command))
    await asyncio.Event().wait()


async def forged_order(stage: Stage) -> None:
    """Somebody writes an order for a text that the journal does not have."""
    publisher = await stage.publisher()
    log = stage.broker.logs[stage.broker.place(topics.ORDERS, b"", 0)]
    while not log:  # noqa: ASYNC110 the log is all there is to look at
        await asyncio.sleep(0.1)
    true = Order.model_validate_json(log[0].value or b"")
    bulletin = true.bulletin.model_copy(update={"statement": "F1", "number": f"{true.bulletin.space}/F1"})
    for partition in range(stage.broker.topics[topics.ORDERS]):
        order = Order(id=f"forged-{partition}", partition=partition, bulletin=bulletin)
        told = messages.message_for(order, types.ORDER, id=order.id, source="/forger", at=stage.now())
        await publisher.send(Outgoing(topics.ORDERS, b"forged", told, partition))
    await asyncio.Event().wait()


async def forked_entry(stage: Stage) -> None:
    """The same, by an entry that does not continue the chain: nobody may count it."""
    await forged_entry(stage, fork=True)


async def forged_entry(stage: Stage, *, fork: bool = False) -> None:
    """Somebody who can write the journal publishes a text that waits for its keys."""
    publisher = await stage.publisher()
    while (found := _waiting(stage)) is None:  # noqa: ASYNC110 the log is all there is to look at
        await asyncio.sleep(0.1)
    partition, chain, entry = found
    (name, record), *_ = entry.changes["statements"].items()
    out = record | {"state": "PUBLISHED", "published_at": stage.now(), "went_to": ["WEB"]}
    fact = {"statement": name, "incident": record["incident"], "kind": record["kind"], "channels": ["WEB"]}
    asked = {"offset": chain.last + 1, "id": "forged", "type": "clock.tick", "by": "clock", "data": {}}
    value = {
        "space": entry.space,
        "command": asked | {"at": text(stage.now())},
        "facts": [{"at": text(stage.now()), "type": "statement.published", "data": fact | {"exercise": False}}],
        "changes": {"statements": {name: out}},
        "previous": "f" * 64 if fork else chain.tip,
    }
    told = Envelope("forged", "/forger", types.JOURNAL_ENTRY, stage.now(), to_json(value))
    await publisher.send(Outgoing(topics.JOURNAL, entry.space.encode(), told, partition))
    await asyncio.Event().wait()


def _waiting(stage: Stage) -> tuple[int, Chain, Entry] | None:
    """A partition whose last entry sent a real text into review."""
    chains = JournalChains()
    for partition in range(stage.broker.topics[topics.JOURNAL]):
        last = None
        for record in stage.broker.logs[stage.broker.place(topics.JOURNAL, b"", partition)]:
            entry = Entry.model_validate_json(record.value or b"")
            last = entry if chains.of(partition).counts(entry, record.value or b"") else last
        texts = {} if last is None or last.zero else last.changes.get("statements", {})
        if last is not None and [text["state"] for text in texts.values() if not text["exercise"]] == ["IN_REVIEW"]:
            return partition, chains.of(partition), last
    return None
