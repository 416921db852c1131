"""Reads whole topics from the beginning, outside any group: what a view is built from."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from crisis_bus.bus.fetching import FETCH_WAIT_MS
from crisis_bus.bus.record import Record, record_of
from crisis_bus.errors import NotReachable

Place = tuple[str, int]
"""Topic and partition."""
_POLL_MS = 200
_ADVICE = "is it running, and are the topics applied?"


@dataclass(slots=True)
class _Mark:
    """Where the partitions ended when somebody began to wait for it."""

    ends: dict[TopicPartition, int] = field(default_factory=dict)
    passed: asyncio.Event = field(default_factory=asyncio.Event)


class Reader:
    """Every record of some topics, partition by partition in order.

    `partitions` narrows a topic to some of its partitions; `offsets` says where to begin, otherwise at
    the beginning. `caught_up` turns true once everything that was there at the start has been handed
    over and the next batch has been asked for: by then the caller has folded it.
    """

    def __init__(  # noqa: PLR0913 each is a decision of the caller
        self,
        bootstrap: str,
        topics: Sequence[str],
        *,
        partitions: Mapping[str, Sequence[int]] | None = None,
        offsets: Mapping[Place, int] | None = None,
        client_id: str = "crisis-bus",
        start_seconds: float = 30.0,
        connect: Callable[..., Any] = AIOKafkaConsumer,
    ) -> None:
        self._bootstrap = bootstrap
        self._topics = tuple(topics)
        self._partitions = partitions or {}
        self._offsets = offsets or {}
        self._client_id = client_id
        self._start_seconds = start_seconds
        self._connect = connect
        self._consumer: AIOKafkaConsumer | None = None
        self._places: list[TopicPartition] = []
        self._start = _Mark()
        self._marks = [self._start]

    @property
    def caught_up(self) -> bool:
        """Whether all that was there at the start has been handed over."""
        return self._start.passed.is_set()

    async def until_caught_up(self) -> None:
        """Wait for `caught_up`; somebody else has to be taking the batches."""
        await self._start.passed.wait()

    async def catch_up(self) -> None:
        """Wait until all that is there now has been handed over and folded; somebody else takes the batches."""
        if self._consumer is None:
            msg = f"the reader of {', '.join(self._topics)} is not started"
            raise NotReachable(msg)
        mark = _Mark(await self._consumer.end_offsets(self._places))
        self._marks.append(mark)
        await mark.passed.wait()

    async def start(self) -> None:
        """Connect and look where the topics end; raises NotReachable."""
        consumer = self._connect(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=4_194_304,
        )
        try:
            async with asyncio.timeout(self._start_seconds):
                await consumer.start()
                await self._place(consumer)
        except (KafkaError, TimeoutError) as error:
            await consumer.stop()
            raise self._not_reachable(_ADVICE) from error
        except NotReachable:
            await consumer.stop()
            raise
        self._consumer = consumer

    async def stop(self) -> None:
        """Disconnect; `batches` ends."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def batches(self, at_most: int = 1000, *, for_ever: bool = True) -> AsyncIterator[list[Record]]:
        """Batches as they come, never an empty one; for ever, or until all that was there at the start is read."""
        while (consumer := self._consumer) is not None:
            await self._look_at_ends(consumer)
            if self.caught_up and not for_ever:
                return
            try:
                found = await consumer.getmany(timeout_ms=_POLL_MS, max_records=at_most)
            except KafkaError as error:
                if self._consumer is None:
                    return
                raise self._not_reachable(str(error)) from error
            if batch := [record_of(one) for records in found.values() for one in records]:
                yield batch

    def _not_reachable(self, reason: str) -> NotReachable:
        return NotReachable(f"Kafka at {self._bootstrap} does not let us read {', '.join(self._topics)}: {reason}")

    async def _place(self, consumer: AIOKafkaConsumer) -> None:
        self._places = places = [
            TopicPartition(topic, number) for topic in self._topics for number in await self._numbers(consumer, topic)
        ]
        consumer.assign(places)
        for place in places:
            if (offset := self._offsets.get((place.topic, place.partition))) is not None:
                consumer.seek(place, offset)
        self._start.ends.update(await consumer.end_offsets(places))

    async def _numbers(self, consumer: AIOKafkaConsumer, topic: str) -> Sequence[int]:
        found = consumer.partitions_for_topic(topic) or await self._known_soon(consumer, topic)
        if not found:
            msg = f"the topic {topic} is not there: run `crisis-bus topics apply`"
            raise NotReachable(msg)
        return self._partitions.get(topic) or sorted(found)

    async def _known_soon(self, consumer: AIOKafkaConsumer, topic: str) -> set[int] | None:
        """Ask the cluster about a topic that this client has not heard of yet."""
        consumer._client.add_topic(topic)  # noqa: SLF001 aiokafka has no public way without subscribing
        await consumer._client.force_metadata_update()  # noqa: SLF001 see above
        found: set[int] | None = consumer.partitions_for_topic(topic)
        return found

    async def _look_at_ends(self, consumer: AIOKafkaConsumer) -> None:
        """Tell those who wait for an end that has been passed."""
        for mark in self._marks:
            for place, end in list(mark.ends.items()):
                if end == 0 or await consumer.position(place) >= end:
                    del mark.ends[place]
            if not mark.ends:
                mark.passed.set()
        self._marks = [mark for mark in self._marks if not mark.passed.is_set()]
