import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from crisis_bus.bus.local import LocalKafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing, Placed, Record
from crisis_bus.errors import NotAcknowledged, NotReachable, UserError
from crisis_bus.wire.envelope import Envelope, from_kafka

pytestmark = pytest.mark.kafka
FreshTopic = Callable[..., Awaitable[str]]


def message(number: int, data: bytes = b"{}") -> Envelope:
    return Envelope(id=f"m-{number}", source="/tests", type="org.crisisbus.test.v1", time=1_700_000_000_000, data=data)


async def read(bootstrap: str, topic: str, **options: object) -> list[Record]:
    reader = Reader(bootstrap, [topic], **options)  # type: ignore[arg-type] # the options of the one test
    await reader.start()
    found: list[Record] = []

    async def collect() -> None:
        async for batch in reader.batches():
            found.extend(batch)

    collecting = asyncio.create_task(collect())
    async with asyncio.timeout(20):
        await reader.until_caught_up()
    await reader.stop()
    await collecting
    return found


async def test_records_of_one_partition_are_read_in_the_order_in_which_they_were_sent(
    kafka: LocalKafka, fresh_topic: FreshTopic
) -> None:
    topic = await fresh_topic()
    publisher = Publisher(kafka.bootstrap)
    await publisher.start()

    placed = await publisher.send_all([Outgoing(topic, b"k", message(number)) for number in range(500)])
    await publisher.stop()

    assert [Placed(0, number) for number in range(500)] == placed
    found = await read(kafka.bootstrap, topic)
    assert [f"m-{number}" for number in range(500)] == [from_kafka(one.headers, one.value).id for one in found]


async def test_a_record_comes_back_with_its_key_headers_and_value(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic = await fresh_topic(partitions=3)
    publisher = Publisher(kafka.bootstrap)
    await publisher.start()
    sent = message(1, '{"نص":"فيضان"}'.encode())

    await publisher.send(Outgoing(topic, b"uae", sent, partition=2))
    await publisher.stop()

    (found,) = await read(kafka.bootstrap, topic)
    assert (topic, 2, 0, b"uae", sent) == (
        found.topic,
        found.partition,
        found.offset,
        found.key,
        from_kafka(found.headers, found.value),
    )


async def test_the_brokers_clock_stamps_a_topic_that_says_so(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic = await fresh_topic(config={"message.timestamp.type": "LogAppendTime"})
    publisher = Publisher(kafka.bootstrap)
    await publisher.start()
    before = time.time_ns() // 1_000_000

    await publisher.send(Outgoing(topic, b"k", message(1)))
    await publisher.stop()

    (found,) = await read(kafka.bootstrap, topic)
    assert before <= found.timestamp <= time.time_ns() // 1_000_000


async def test_a_tombstone_stays_one(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic = await fresh_topic()
    publisher = Publisher(kafka.bootstrap)
    await publisher.start()

    await publisher.send(Outgoing(topic, b"k", Envelope("m", "/tests", "org.crisisbus.test.v1", 0, None)))
    await publisher.stop()

    (found,) = await read(kafka.bootstrap, topic)
    assert found.value is None


async def test_a_reader_can_begin_in_the_middle(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    topic = await fresh_topic(partitions=2)
    publisher = Publisher(kafka.bootstrap)
    await publisher.start()
    await publisher.send_all([Outgoing(topic, b"k", message(number), partition=0) for number in range(10)])
    await publisher.send_all([Outgoing(topic, b"k", message(number), partition=1) for number in range(10)])
    await publisher.stop()

    found = await read(kafka.bootstrap, topic, partitions={topic: [1]}, offsets={(topic, 1): 7})

    assert [(1, 7), (1, 8), (1, 9)] == [(one.partition, one.offset) for one in found]


async def test_an_empty_topic_is_caught_up_at_once(kafka: LocalKafka, fresh_topic: FreshTopic) -> None:
    assert [] == await read(kafka.bootstrap, await fresh_topic(partitions=6))


async def test_a_reader_says_that_a_topic_is_missing(kafka: LocalKafka) -> None:
    with pytest.raises(NotReachable, match=r"test\.nowhere is not there"):
        await Reader(kafka.bootstrap, ["test.nowhere"]).start()


async def test_nothing_is_believed_without_an_acknowledgement(broker: LocalKafka, fresh_topic: FreshTopic) -> None:
    await asyncio.to_thread(broker.start)
    topic = await fresh_topic(bootstrap=broker.bootstrap)
    publisher = Publisher(broker.bootstrap, ack_timeout_seconds=1.0)
    await publisher.start()
    await publisher.send(Outgoing(topic, b"k", message(1)))
    broker.pause()

    with pytest.raises(NotAcknowledged, match="within 1 seconds"):
        await publisher.send(Outgoing(topic, b"k", message(2)))

    broker.resume()
    await publisher.stop()


async def test_sending_goes_on_when_a_killed_broker_is_back(broker: LocalKafka, fresh_topic: FreshTopic) -> None:
    await asyncio.to_thread(broker.start)
    topic = await fresh_topic(bootstrap=broker.bootstrap)
    publisher = Publisher(broker.bootstrap, ack_timeout_seconds=30.0)
    await publisher.start()
    await publisher.send(Outgoing(topic, b"k", message(1)))
    broker.kill()

    sending = asyncio.create_task(publisher.send(Outgoing(topic, b"k", message(2))))
    await asyncio.to_thread(broker.start)
    await sending
    await publisher.stop()

    found = await read(broker.bootstrap, topic)
    assert ["m-1", "m-2"] == [from_kafka(one.headers, one.value).id for one in found]


async def test_a_record_that_is_too_large_is_refused_and_the_next_one_goes_through(
    kafka: LocalKafka, fresh_topic: FreshTopic
) -> None:
    topic = await fresh_topic()
    publisher = Publisher(kafka.bootstrap)
    await publisher.start()

    with pytest.raises(UserError, match="refuses the record"):
        await publisher.send(Outgoing(topic, b"k", message(1, b'"' + b"x" * 3_000_000 + b'"')))

    assert Placed(0, 0) == await publisher.send(Outgoing(topic, b"k", message(2)))
    await publisher.stop()


async def test_a_publisher_says_that_kafka_is_not_there() -> None:
    with pytest.raises(NotReachable, match="does not answer"):
        await Publisher("127.0.0.1:1", ack_timeout_seconds=5).start()
