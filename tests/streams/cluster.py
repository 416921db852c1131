"""What the stream tests do with a real broker: fresh topics, records in, records out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import Envelope, from_kafka, to_kafka

PARTITIONS = 6
TOPICS = {
    topics.REPORTS: PARTITIONS,
    topics.COMMANDS: PARTITIONS,
    topics.SUBSCRIPTIONS: PARTITIONS,
    topics.ORDERS: PARTITIONS,
    topics.OUTBOX_URGENT: PARTITIONS,
    topics.OUTBOX_ROUTINE: PARTITIONS,
    topics.EXPANSIONS: PARTITIONS,
    topics.DEAD_LETTERS: 1,
}


@dataclass(frozen=True)
class Cluster:
    """A broker with the topics of intake and dispatch, all of them empty."""

    bootstrap: str

    @asynccontextmanager
    async def producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def send(self, topic: str, *items: tuple[str, Envelope], partition: int | None = None) -> None:
        async with self.producer() as producer:
            waiting = []
            for key, envelope in items:
                headers, value = to_kafka(envelope)
                waiting.append(await producer.send(topic, value, key.encode(), partition, headers=headers))
            await asyncio.gather(*waiting)

    async def read(self, topic: str) -> list[Any]:
        """Every record that the topic holds now."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        try:
            places = [TopicPartition(topic, number) for number in range(TOPICS.get(topic, PARTITIONS))]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            await consumer.seek_to_beginning(*places)
            found: list[Any] = []
            for _ in range(500):
                if all([await consumer.position(place) >= ends[place] for place in places]):
                    break
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    found += records
            return found
        finally:
            await consumer.stop()

    async def envelopes(self, topic: str) -> list[Envelope]:
        return [from_kafka(record.headers, record.value) for record in await self.read(topic)]

    async def wait_for(self, topic: str, count: int, seconds: float = 20.0) -> list[Envelope]:
        """The messages of a topic, once there are so many."""
        found: list[Envelope] = []
        for _ in range(int(seconds / 0.1)):
            found = await self.envelopes(topic)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.1)
        msg = f"{topic} has {len(found)} records, not {count}"
        raise AssertionError(msg)

    async def committed(self, group: str, topic: str) -> int:
        """How many records of a topic a group has behind it."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(group)
            return sum(place.offset for tp, place in offsets.items() if tp.topic == topic and place.offset > 0)
        finally:
            await admin.close()

    async def wait_committed(self, group: str, topic: str, count: int, seconds: float = 20.0) -> None:
        there = 0
        for _ in range(int(seconds / 0.1)):
            there = await self.committed(group, topic)
            if there >= count:
                return
            await asyncio.sleep(0.1)
        msg = f"{group} has committed {there} of {count} records of {topic}"
        raise AssertionError(msg)

    async def create(self, plan: dict[str, int], config: dict[str, str] | None = None) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            wanted = [NewTopic(name, count, 1, topic_configs=config or {}) for name, count in plan.items()]
            for _ in range(100):
                answer = await admin.create_topics(wanted)
                failed = {row[0] for row in answer.topic_errors if row[1] != 0}
                wanted = [topic for topic in wanted if topic.name in failed]
                if not wanted:
                    return
                await asyncio.sleep(0.1)
            msg = f"could not create {[topic.name for topic in wanted]}"
            raise AssertionError(msg)
        finally:
            await admin.close()

    async def delete(self, names: Iterable[str]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            there = set(await admin.list_topics())
            await admin.delete_topics([name for name in names if name in there])
        finally:
            await admin.close()


@asynccontextmanager
async def running(run: Callable[[Lifeline], Coroutine[Any, Any, None]], seconds: float = 30.0) -> AsyncIterator[None]:
    """A worker that has restored its tables; stops at the end of the block and must end well."""
    lifeline = Lifeline()
    task = asyncio.create_task(run(lifeline))
    ready = asyncio.create_task(lifeline.ready.wait())
    try:
        await asyncio.wait({task, ready}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        assert lifeline.ready.is_set(), f"the worker is not ready after {seconds} s"
        yield
    finally:
        ready.cancel()
        lifeline.stop.set()
        async with asyncio.timeout(seconds):
            await task


def by_id(envelopes: Sequence[Envelope]) -> dict[str, Envelope]:
    return {envelope.id: envelope for envelope in envelopes}
