import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from crisis_bus.bus.consumer import ContiguousConsumer, _fetched
from crisis_bus.bus.local import LocalKafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.wire.envelope import Envelope

pytestmark = pytest.mark.kafka
FreshTopic = Callable[..., Awaitable[str]]


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 a test may look again and again
            await asyncio.sleep(0.02)


async def publish(bootstrap: str, topic: str, keys: list[str], partition: int = 0) -> None:
    publisher = Publisher(bootstrap)
    await publisher.start()
    envelopes = [Envelope(f"m-{n}", "/tests", "org.crisisbus.test.v1", 0, b"{}") for n in range(len(keys))]
    await publisher.send_all(
        [Outgoing(topic, key.encode(), one, partition) for key, one in zip(keys, envelopes, strict=True)]
    )
    await publisher.stop()


async def committed(bootstrap: str, group: str, topic: str, partition: int = 0) -> int | None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    offset: int | None = await consumer.committed(TopicPartition(topic, partition))
    await consumer.stop()
    return offset


def fresh_group() -> str:
    return f"group-{uuid.uuid4().hex[:8]}"


async def test_nothing_behind_a_slow_record_is_committed(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic, group = await fresh_topic(), fresh_group()
    await publish(kafka.bootstrap, topic, [f"k-{n}" for n in range(10)])
    done: list[int] = []
    gate = asyncio.Event()

    async def handle(record: Record) -> None:
        if record.offset == 4:
            await gate.wait()
        done.append(record.offset)

    consumer = ContiguousConsumer(kafka.bootstrap, group, [topic], handle, concurrency=10)
    running = asyncio.create_task(consumer.run())
    await until(lambda: len(done) == 9)
    await asyncio.sleep(0.5)

    assert 4 == await committed(kafka.bootstrap, group, topic)
    gate.set()
    await until(lambda: len(done) == 10)
    await consumer.stop()
    await running
    assert 10 == await committed(kafka.bootstrap, group, topic)


async def test_records_of_one_key_keep_their_order_while_others_pass(
    kafka: LocalKafka, fresh_topic: FreshTopic
) -> None:
    topic = await fresh_topic()
    await publish(kafka.bootstrap, topic, ["slow", "slow", "quick", "slow", "quick"])
    done: list[int] = []

    async def handle(record: Record) -> None:
        await asyncio.sleep(0.2 if record.key == b"slow" else 0)
        done.append(record.offset)

    consumer = ContiguousConsumer(kafka.bootstrap, fresh_group(), [topic], handle, concurrency=5)
    running = asyncio.create_task(consumer.run())
    await until(lambda: len(done) == 5)
    await consumer.stop()
    await running

    assert [2, 4, 0, 1, 3] == done


async def test_what_a_crash_left_unfinished_is_handled_again(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic, group = await fresh_topic(), fresh_group()
    await publish(kafka.bootstrap, topic, [f"k-{n}" for n in range(5)])
    done: list[int] = []

    async def crash(record: Record) -> None:
        if record.offset == 2:
            msg = "the power is gone"
            raise RuntimeError(msg)
        done.append(record.offset)

    async def work(record: Record) -> None:
        done.append(record.offset)

    with pytest.raises(RuntimeError, match="the power is gone"):
        await ContiguousConsumer(kafka.bootstrap, group, [topic], crash, concurrency=1).run()
    consumer = ContiguousConsumer(kafka.bootstrap, group, [topic], work, concurrency=1)
    running = asyncio.create_task(consumer.run())
    await until(lambda: set(done) == {0, 1, 2, 3, 4})
    await consumer.stop()
    await running

    assert [2, 3, 4] == done[-3:]


async def test_a_full_partition_is_paused_and_goes_on_afterwards(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic = await fresh_topic()
    await publish(kafka.bootstrap, topic, [f"k-{n}" for n in range(2000)])
    gate = asyncio.Event()
    done: set[int] = set()
    highest = 0

    async def handle(record: Record) -> None:
        nonlocal highest
        highest = max(highest, consumer.unfinished)
        await gate.wait()
        done.add(record.offset)

    consumer = ContiguousConsumer(kafka.bootstrap, fresh_group(), [topic], handle, concurrency=2000, ahead=120_000)
    running = asyncio.create_task(consumer.run())
    await until(lambda: highest >= 100)
    await asyncio.sleep(0.6)
    held = consumer.unfinished
    gate.set()
    await until(lambda: len(done) == 2000)
    await consumer.stop()
    await running

    assert 600 >= held


async def test_two_members_share_the_partitions_and_lose_nothing_when_one_leaves(
    kafka: LocalKafka, fresh_topic: FreshTopic
) -> None:
    topic, group = await fresh_topic(partitions=4), fresh_group()
    done: list[tuple[int, int]] = []

    async def handle(record: Record) -> None:
        await asyncio.sleep(0.001)
        done.append((record.partition, record.offset))

    members = [ContiguousConsumer(kafka.bootstrap, group, [topic], handle, concurrency=4) for _ in range(2)]
    running = [asyncio.create_task(member.run()) for member in members]
    await until(lambda: all(len(member.assigned) == 2 for member in members))
    for partition in range(4):
        await publish(kafka.bootstrap, topic, [f"k-{n % 7}" for n in range(200)], partition)
    await members[0].stop()
    await running[0]
    for partition in range(4):
        await publish(kafka.bootstrap, topic, [f"k-{n % 7}" for n in range(50)], partition)
    await until(lambda: len(set(done)) == 1000)
    await members[1].stop()
    await running[1]

    assert {(partition, offset) for partition in range(4) for offset in range(250)} == set(done)


async def test_a_slow_record_does_not_hold_up_the_end_longer_than_the_bound(
    kafka: LocalKafka, fresh_topic: FreshTopic
) -> None:
    topic, group = await fresh_topic(), fresh_group()
    await publish(kafka.bootstrap, topic, ["a", "b"])
    begun: list[int] = []

    async def handle(record: Record) -> None:
        begun.append(record.offset)
        await asyncio.sleep(3600 * record.offset)

    consumer = ContiguousConsumer(kafka.bootstrap, group, [topic], handle, concurrency=2, drain_seconds=0.5)
    running = asyncio.create_task(consumer.run())
    await until(lambda: len(begun) == 2)
    before = time.monotonic()
    await consumer.stop()
    await running

    assert 5 > time.monotonic() - before
    assert 1 == await committed(kafka.bootstrap, group, topic)


async def test_work_goes_on_after_the_broker_was_killed(broker: LocalKafka, fresh_topic: FreshTopic) -> None:
    await asyncio.to_thread(broker.start)
    topic, group = await fresh_topic(bootstrap=broker.bootstrap), fresh_group()
    await publish(broker.bootstrap, topic, ["a"] * 5)
    done: list[int] = []

    async def handle(record: Record) -> None:
        done.append(record.offset)

    consumer = ContiguousConsumer(broker.bootstrap, group, [topic], handle)
    running = asyncio.create_task(consumer.run())
    await until(lambda: len(done) == 5)
    broker.kill()
    await asyncio.sleep(0.5)
    await asyncio.to_thread(broker.start)
    await publish(broker.bootstrap, topic, ["a"] * 5)
    await until(lambda: set(done) == set(range(10)), seconds=60)
    await consumer.stop()
    await running

    assert list(range(5, 10)) == done[-5:]


async def test_a_consumer_does_not_wait_without_end_for_partitions_that_move() -> None:
    class Moving:
        """What aiokafka does while a rebalance is under way, which waits for the lock that the caller holds."""

        async def getmany(self, **_: object) -> None:
            await asyncio.Event().wait()

    async with asyncio.timeout(20):
        found = await _fetched(Moving(), 200)

    assert {} == found
