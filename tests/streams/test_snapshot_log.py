"""Snapshots on a real broker: a restart with them is the restart without, and what is wrong with one is told."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Place, Reader
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain.snapshot import Snapshot, key_of
from crisis_bus.packs.templates import load_templates
from crisis_bus.streams.bulletins import Newsroom
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.streams.follower import Follower
from crisis_bus.streams.seat import Seat
from crisis_bus.wire import topics, types
from crisis_bus.wire.envelope import Envelope
from tests.streams.space import (
    Seen,
    answered,
    ask,
    commands_of,
    entries,
    everything,
    expected,
    fresh_space,
    policy,
    publishing,
    scenario,
    told,
    until,
)

pytestmark = pytest.mark.kafka
EVERY = 10


class Watched:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.dead: list[str] = []
        self.waiting = 0

    def dead_letter(self, topic: str) -> None:
        self.dead.append(topic)

    def behind(self, records: int) -> None:
        self.waiting = records


@asynccontextmanager
async def following(bootstrap: str, every: int = EVERY) -> AsyncIterator[Follower]:
    async with publishing(bootstrap) as publisher:
        newsroom = Newsroom(policy(), load_templates("uae"))
        follower = Follower(Kafka(bootstrap), newsroom, publisher, 6, Watched(), every)
        stop = asyncio.Event()
        running = asyncio.create_task(follower.run(stop))
        try:
            await until(lambda: len(follower._desks) == 6 or running.done())
            yield follower
        finally:
            stop.set()
            await running


@asynccontextmanager
async def deciding(bootstrap: str) -> AsyncIterator[DeskRunner]:
    async with publishing(bootstrap) as publisher:
        stop = asyncio.Event()
        desk = DeskRunner(Kafka(bootstrap), policy(), publisher, lambda: 0, Seen())
        running = asyncio.create_task(desk.run(stop))
        try:
            yield desk
        finally:
            stop.set()
            await running


@dataclass(frozen=True)
class Forgetful:
    """The same log, without snapshots."""

    bootstrap: str

    def holding(self, group: str, topic: str) -> Any:
        return Kafka(self.bootstrap).holding(group, topic)

    def reading(self, topic: str, partitions: Sequence[int], offsets: Mapping[Place, int] | None = None) -> Reader:
        return Kafka(self.bootstrap).reading(
            "no.such.topic" if topic == topics.SNAPSHOTS else topic, partitions, offsets
        )


async def restored(kafka: Any, bootstrap: str, partition: int) -> Seat:
    return await DeskRunner(kafka, policy(), Publisher(bootstrap), lambda: 0, Seen())._restored(partition)


async def manifests(bootstrap: str, partition: int) -> list[Snapshot]:
    records = await everything(bootstrap, topics.SNAPSHOTS)
    found = {one.key: one.value for one in records if one.partition == partition}
    values = [found.get(key_of(partition, generation).encode()) for generation in (0, 1)]
    whole = [Snapshot.model_validate_json(value) for value in values if value]
    return sorted(whole, key=lambda one: one.entry)


@dataclass(frozen=True)
class Stage:
    """A broker with a space that was played and followed; its partition has snapshots."""

    bootstrap: str
    space: str
    partition: int

    async def newest(self) -> Snapshot:
        return (await manifests(self.bootstrap, self.partition))[-1]

    async def put(self, key: str, value: bytes, kind: str = types.SNAPSHOT) -> None:
        async with publishing(self.bootstrap) as publisher:
            envelope = Envelope("forged", "/tests", kind, 0, value)
            await publisher.send(Outgoing(topics.SNAPSHOTS, key.encode(), envelope, self.partition))

    async def part(self, snapshot: Snapshot) -> bytes:
        key = key_of(self.partition, snapshot.generation, 0).encode()
        records = await everything(self.bootstrap, topics.SNAPSHOTS)
        (*_, last) = [one.value for one in records if (one.partition, one.key) == (self.partition, key)]
        return last or b""


async def played(bootstrap: str) -> Stage:
    """The flood, decided and followed; at least two snapshots are on the log afterwards."""
    space = fresh_space("S01")
    commands = commands_of(scenario("S01"), space)
    async with following(bootstrap), deciding(bootstrap), publishing(bootstrap) as publisher:
        for begin in range(0, len(commands), EVERY):
            placed = await ask(publisher, space, commands[begin : begin + EVERY])
            await answered(bootstrap, space, min(begin + EVERY, len(commands)))
        partition = placed[0].partition
        async with asyncio.timeout(60):
            while sum(space in one.spaces for one in await manifests(bootstrap, partition)) < 2:
                await ask(publisher, space, [_again(commands[-1], uuid.uuid4().hex) for _ in range(50)])
                await asyncio.sleep(0.5)
    return Stage(bootstrap, space, partition)


def _again(envelope: Envelope, name: str) -> Envelope:
    return Envelope(name, envelope.source, envelope.type, envelope.time, envelope.data, extensions=envelope.extensions)


async def test_a_restart_from_a_snapshot_is_a_restart_from_the_beginning(catalogue_applied: str) -> None:
    stage = await played(catalogue_applied)

    with structlog.testing.capture_logs() as logs:
        quick = await restored(Kafka(catalogue_applied), catalogue_applied, stage.partition)
    slow = await restored(Forgetful(catalogue_applied), catalogue_applied, stage.partition)

    assert ["snapshot_taken"] == [line["event"] for line in logs if "snapshot" in line["event"]]
    assert slow == quick
    assert expected(scenario("S01")) == told(await entries(catalogue_applied, stage.space))


Forge = Callable[[Stage, Snapshot], Any]


async def _wrong_part(stage: Stage, newest: Snapshot) -> None:
    part = await stage.part(newest)
    await stage.put(key_of(stage.partition, newest.generation, 0), part + b" ", types.SNAPSHOT_PART)


async def _half_written(stage: Stage, newest: Snapshot) -> None:
    await stage.put(key_of(stage.partition, newest.generation, 0), b'{"spaces": {}}', types.SNAPSHOT_PART)


async def _manifest(stage: Stage, newest: Snapshot, **changes: object) -> None:
    changed = newest.model_copy(update=changes)
    await stage.put(key_of(stage.partition, newest.generation), changed.model_dump_json().encode())


async def _wrong_tip(stage: Stage, newest: Snapshot) -> None:
    await _manifest(stage, newest, tip="0" * 64)


async def _later_version(stage: Stage, newest: Snapshot) -> None:
    await _manifest(stage, newest, version=99)


async def _ahead(stage: Stage, newest: Snapshot) -> None:
    await _manifest(stage, newest, entry=newest.entry + 10_000)


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        pytest.param(_wrong_part, "has another hash", id="a part is corrupt"),
        pytest.param(_half_written, "has another hash", id="a generation is half written over"),
        pytest.param(_wrong_tip, "the journal has another entry", id="the hash is not the journal's"),
        pytest.param(_later_version, "version 99", id="a later version"),
        pytest.param(_ahead, "the journal has another entry, or none", id="ahead of a journal that was truncated"),
    ],
)
async def test_a_snapshot_that_does_not_fit_is_passed_over_with_a_warning(
    catalogue_applied: str, forge: Forge, reason: str
) -> None:
    stage = await played(catalogue_applied)
    await forge(stage, await stage.newest())

    with structlog.testing.capture_logs() as logs:
        quick = await restored(Kafka(catalogue_applied), catalogue_applied, stage.partition)
    slow = await restored(Forgetful(catalogue_applied), catalogue_applied, stage.partition)

    warnings = [line["reason"] for line in logs if line["event"] == "snapshot_passed_over"]
    assert [True] == [reason in warning for warning in warnings]
    assert ["snapshot_taken"] == [line["event"] for line in logs if line["event"] == "snapshot_taken"]
    assert slow == quick


async def test_without_any_snapshot_all_is_read(catalogue_applied: str) -> None:
    stage = await played(catalogue_applied)
    for generation in (0, 1):
        async with publishing(catalogue_applied) as publisher:
            gone = Envelope("gone", "/tests", types.SNAPSHOT, 0, None)
            key = key_of(stage.partition, generation).encode()
            await publisher.send(Outgoing(topics.SNAPSHOTS, key, gone, stage.partition))

    quick = await restored(Kafka(catalogue_applied), catalogue_applied, stage.partition)

    assert await restored(Forgetful(catalogue_applied), catalogue_applied, stage.partition) == quick


async def test_a_follower_goes_on_from_a_snapshot_with_the_same_order_of_bulletins(catalogue_applied: str) -> None:
    stage = await played(catalogue_applied)

    with structlog.testing.capture_logs() as logs:
        async with following(catalogue_applied) as follower:
            quick = follower._desks[stage.partition].past
            await until(lambda: quick.next_entry >= 40)
    taken = [line for line in logs if line["event"] == "snapshot_taken" and line["snapshot"][0] == str(stage.partition)]
    orders = [
        one for one in await everything(catalogue_applied, topics.ORDERS) if stage.space.encode() in (one.key or b"")
    ]

    assert 1 == len(taken)
    assert quick.of(stage.space).sequences
    assert sum(quick.of(stage.space).sequences.values()) == len({one.key for one in orders})
