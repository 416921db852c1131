"""What has to be known before a record is begun."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from crisis_bus.bus.admission import Admission
from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.bus.lanes import lane_of_its_own
from crisis_bus.bus.local import LocalKafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.wire.envelope import Envelope

FreshTopic = Callable[..., Awaitable[str]]
FIRST, OTHER = TopicPartition("first", 0), TopicPartition("other", 0)


def record(place: TopicPartition, offset: int = 0) -> Record:
    return Record(place.topic, place.partition, offset, 0, None, (), None)


class Asked:
    """A consumer that knows where partitions end, and how far they are read."""

    def __init__(self, **ends: int) -> None:
        self.ends = ends
        self.read: dict[str, int] = dict.fromkeys(ends, 0)
        self.done: dict[str, int] = {}
        self.away = False

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset({FIRST, OTHER})

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        if self.away:
            raise KafkaConnectionError
        return {place: self.ends[place.topic] for place in places}

    async def position(self, place: TopicPartition) -> int:
        return self.read[place.topic]

    async def committed(self, place: TopicPartition) -> int | None:
        return self.done.get(place.topic)


async def test_after_a_move_nothing_is_begun_before_all_is_there_that_may_have_been_worked_on() -> None:
    asked, admission = Asked(first=2, other=9), Admission("first", None, ahead=3 * 1024)
    asked.done = {"first": 1, "other": 1}
    admission.renew(frozenset({0}))
    admission.hold(FIRST, [record(FIRST, 1)])
    asked.read = {"first": 2, "other": 3}

    before = await admission.admitted(asked, {})
    admission.hold(OTHER, [record(OTHER, 1), record(OTHER, 2), record(OTHER, 3)])
    asked.read = {"first": 2, "other": 4}

    assert ({}, [FIRST, OTHER]) == (before, list(await admission.admitted(asked, {})))


async def test_what_is_first_is_begun_at_once_and_the_others_when_it_is_read_to_its_end() -> None:
    asked, admission = Asked(first=1, other=1), Admission("first", None, ahead=3 * 1024)
    admission.hold(OTHER, [record(OTHER)])

    waits = await admission.admitted(asked, {})
    full = admission.full
    admission.hold(FIRST, [record(FIRST)])
    asked.read["first"] = 1

    assert ({}, {OTHER}) == (waits, full), "nothing more of it is wanted meanwhile"
    assert [FIRST, OTHER] == list(await admission.admitted(asked, {}))
    assert {} == await admission.admitted(asked, {})


async def test_while_kafka_does_not_say_where_a_topic_ends_nothing_overtakes_it() -> None:
    asked, admission = Asked(first=0, other=1), Admission("first", None, ahead=3 * 1024)
    admission.hold(OTHER, [record(OTHER)])
    asked.away = True

    away = await admission.admitted(asked, {})
    asked.away = False

    assert ({}, [OTHER]) == (away, list(await admission.admitted(asked, {})))


async def test_without_a_first_topic_everything_is_begun_at_once() -> None:
    asked, admission = Asked(), Admission(None, None, ahead=3 * 1024)
    admission.renew(frozenset({0}))
    admission.hold(OTHER, [record(OTHER)])

    assert {OTHER: [record(OTHER)]} == await admission.admitted(asked, {})


def heavy(place: TopicPartition, offset: int) -> Record:
    return Record(place.topic, place.partition, offset, 0, None, (), bytes(200_000))


def offsets(given: Mapping[TopicPartition, list[Record]]) -> dict[str, list[int]]:
    return {place.topic: [record.offset for record in records] for place, records in given.items()}


async def _offsets(asked: Asked, admission: Admission) -> dict[TopicPartition, list[int]]:
    given = await admission.admitted(asked, {})
    return {place: [record.offset for record in records] for place, records in given.items()}


async def test_portions_are_given_out_and_what_is_first_is_exhausted_before_the_others() -> None:
    asked, admission = Asked(first=3, other=1), Admission("first", None, ahead=10_000_000)
    admission.hold(FIRST, [heavy(FIRST, offset) for offset in range(3)])
    admission.hold(OTHER, [heavy(OTHER, 0)])
    asked.read = {"first": 3, "other": 1}

    given = [(offsets(await admission.admitted(asked, {})), admission.more) for _ in range(4)]

    assert [
        ({"first": [0]}, True),
        ({"first": [1]}, True),
        ({"first": [2], "other": [0]}, False),
        ({}, False),
    ] == given


async def test_the_others_share_one_portion_and_have_it_in_turn() -> None:
    asked, admission = Asked(first=0, other=9), Admission("first", None, ahead=10_000_000)
    second = TopicPartition("other", 1)
    for place in (OTHER, second):
        admission.hold(place, [heavy(place, 0), heavy(place, 1)])
    asked.read = {"first": 0, "other": 9}

    given = [[(place.partition, *each) for place, each in (await _offsets(asked, admission)).items()] for _ in range(4)]

    assert [2, 2] == [sum(turn[0][0] == partition for turn in given) for partition in (0, 1)]
    assert {1} == {len(turn) for turn in given}
    assert not admission.more


async def test_no_more_is_begun_than_a_restart_would_begin_again() -> None:
    asked, admission = Asked(first=0, other=2), Admission("first", None, ahead=300_000)
    admission.hold(OTHER, [heavy(OTHER, 0), heavy(OTHER, 1)])
    asked.read = {"first": 0, "other": 2}

    nothing = offsets(await admission.admitted(asked, {OTHER: 300_000}))
    one = offsets(await admission.admitted(asked, {OTHER: 250_000}))

    assert ({}, {"other": [0]}, False) == (nothing, one, admission.more)


async def test_it_opens_when_as_much_is_begun_as_somebody_before_may_have_begun() -> None:
    asked, admission = Asked(first=0, other=9), Admission("first", None, ahead=300_000)
    admission.renew(frozenset({0}))
    admission.hold(OTHER, [heavy(OTHER, 0), heavy(OTHER, 1)])
    asked.read = {"first": 0, "other": 2}

    seen = [(admission.open, offsets(await admission.admitted(asked, {}, enough=True))) for _ in range(2)]

    assert ([(False, {"other": [0]}), (False, {"other": [1]})], True) == (seen, admission.open)


async def test_who_has_enough_is_given_only_what_is_first() -> None:
    asked, admission = Asked(first=1, other=1), Admission("first", None, ahead=300_000)
    admission.hold(OTHER, [record(OTHER)])
    admission.hold(FIRST, [record(FIRST)])
    asked.read = {"first": 1, "other": 1}

    assert {"first": [0]} == offsets(await admission.admitted(asked, {}, enough=True))
    assert {"other": [0]} == offsets(await admission.admitted(asked, {}))


async def test_what_keeps_the_owner_from_being_ready_is_raised() -> None:
    async def breaks(_partitions: frozenset[int]) -> None:
        msg = "no receipts"
        raise RuntimeError(msg)

    admission = Admission(None, breaks, ahead=3 * 1024)
    admission.renew(frozenset({0}))
    await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="no receipts"):
        await admission.admitted(Asked(), {})


@dataclass
class Waits:
    """Works on nothing, and is ready when the gate is open."""

    gate: asyncio.Event

    async def came(self, partitions: frozenset[int]) -> None:
        assert partitions == frozenset({0})
        await self.gate.wait()

    def opened(self) -> None:
        assert self.gate.is_set()

    def enough(self) -> bool:
        return False

    def closing(self) -> Collection[asyncio.Task[None]]:
        return ()

    def gone(self) -> None:
        """Nothing is held."""


@pytest.mark.kafka
async def test_on_a_broker_the_first_topic_goes_first_and_nobody_before_the_owner_is_ready(
    kafka: LocalKafka, fresh_topic: FreshTopic
) -> None:
    first, other, gate = await fresh_topic(), await fresh_topic(), asyncio.Event()
    await _publish(kafka.bootstrap, [other, other, first, first])
    handled: list[str] = []

    async def handle(record: Record) -> None:
        handled.append(record.topic)

    consumer = ContiguousConsumer(
        kafka.bootstrap,
        "admission",
        [first, other],
        handle,
        concurrency=10,
        lane_of=lane_of_its_own,
        first=first,
        beside=Waits(gate),
    )
    running = asyncio.create_task(consumer.run())
    async with asyncio.timeout(30):
        while not consumer.assigned:  # noqa: ASYNC110 a test may look again and again
            await asyncio.sleep(0.02)
        await asyncio.sleep(1)
        early = list(handled)
        gate.set()
        while len(handled) < 4:  # noqa: ASYNC110 a test may look again and again
            await asyncio.sleep(0.02)
        await consumer.stop()
        await running

    assert ([], [first, first, other, other]) == (early, handled)


@pytest.mark.kafka
async def test_a_reader_catches_up_with_what_is_there_now(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic, read = await fresh_topic(), 0
    reader = Reader(kafka.bootstrap, [topic])
    await reader.start()

    async def follow() -> None:
        nonlocal read
        async for batch in reader.batches():
            read += len(batch)

    following = asyncio.create_task(follow())
    await _publish(kafka.bootstrap, [topic] * 5)
    async with asyncio.timeout(30):
        await reader.catch_up()
    caught_up = read
    await reader.stop()
    await following

    assert caught_up == 5


async def _publish(bootstrap: str, topics: list[str]) -> None:
    publisher = Publisher(bootstrap)
    await publisher.start()
    envelope = Envelope("m", "/tests", "org.crisisbus.test.v1", 0, b"{}")
    for topic in topics:
        await publisher.send(Outgoing(topic, b"k", envelope, 0))
    await publisher.stop()
