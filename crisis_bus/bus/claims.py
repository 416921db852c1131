"""A group member that works on whole partitions: it says which came and which went, and reads where it is told."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from crisis_bus.bus.fetching import FETCH_WAIT_MS
from crisis_bus.bus.record import Record, record_of
from crisis_bus.errors import NotReachable

_COMMIT_SECONDS = 6.0
_COMMIT_EVERY_SECONDS = 0.2


class Claims:
    """Partitions of one topic, held by one member of a group at a time.

    A partition that came is paused until `begin` says where to read; a restore may take its time
    meanwhile, for heartbeats go on. `came` and `went` are taken by the caller between two polls.
    """

    def __init__(
        self,
        bootstrap: str,
        group: str,
        topic: str,
        client_id: str,
        connect: Callable[..., Any] = AIOKafkaConsumer,
    ) -> None:
        self.came: set[int] = set()
        self.went: set[int] = set()
        self._topic = topic
        self._group = group
        self._bootstrap = bootstrap
        self._finished: dict[int, int] = {}
        self._committed_at = 0.0
        self._consumer = connect(
            bootstrap_servers=bootstrap,
            group_id=group,
            client_id=client_id,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=16_777_216,
            session_timeout_ms=6_000,
            heartbeat_interval_ms=1_500,
            rebalance_timeout_ms=15_000,
            max_poll_interval_ms=300_000,
        )

    async def start(self) -> None:
        """Join the group; raises NotReachable."""
        self._consumer.subscribe([self._topic], listener=_Listener(self, self._consumer))
        try:
            await self._consumer.start()
        except KafkaError as error:
            await self._consumer.stop()
            msg = f"Kafka at {self._bootstrap} does not let group {self._group} read {self._topic}: {error!r}"
            raise NotReachable(msg) from error

    async def stop(self) -> None:
        """Leave the group, with everything noted."""
        try:
            await self._commit()
        finally:
            await self._consumer.stop()

    def holds(self, partition: int) -> bool:
        """Whether what the caller knows of the partition still stands: it has neither gone nor come anew."""
        return partition not in self.went and partition not in self.came

    def again(self, partition: int) -> None:
        """Treat a held partition as if it had just come: what is known of it is wrong. One that is gone stays gone."""
        place = TopicPartition(self._topic, partition)
        if place in self._consumer.assignment():
            self._consumer.pause(place)
            self.came.add(partition)

    def begin(self, partition: int, offset: int) -> None:
        """Read a partition from here; one that is gone meanwhile stays gone."""
        place = TopicPartition(self._topic, partition)
        if place in self._consumer.assignment():
            self._consumer.seek(place, offset)
            self._consumer.resume(place)

    async def poll(self, seconds: float, at_most: int = 500) -> dict[int, list[Record]]:
        """The next records by partition; empty when nothing comes in time. Raises NotReachable."""
        if asyncio.get_running_loop().time() - self._committed_at >= _COMMIT_EVERY_SECONDS:
            await self._commit()
        try:
            found = await self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=at_most)
        except KafkaError as error:
            msg = f"Kafka at {self._bootstrap} does not answer: {error!r}"
            raise NotReachable(msg) from error
        return {place.partition: [record_of(one) for one in records] for place, records in found.items()}

    async def committed(self, partition: int) -> int:
        """Where the group has come to, 0 at first."""
        return await self._consumer.committed(TopicPartition(self._topic, partition)) or 0

    def finished(self, partition: int, offset: int) -> None:
        """Note that all before an offset is done; the group hears of it soon, for each time costs a round trip."""
        if self.holds(partition):
            self._finished[partition] = offset

    async def _commit(self) -> None:
        """Tell the group how far the work is; a partition that has gone meanwhile is noted by whoever has it."""
        places = {TopicPartition(self._topic, partition): offset for partition, offset in self._finished.items()}
        self._finished.clear()
        self._committed_at = asyncio.get_running_loop().time()
        if not places:
            return
        try:
            async with asyncio.timeout(_COMMIT_SECONDS):
                await self._consumer.commit(places)
        except (CommitFailedError, IllegalStateError, TimeoutError):
            # Nothing is lost: the next commit says more, and where none comes the work is done again, to no effect.
            return

    def backlog(self, partition: int, offset: int) -> int:
        """How many records stand on the log after an offset, as far as the last fetch knows."""
        end = self._consumer.highwater(TopicPartition(self._topic, partition))
        return max(0, (end or 0) - offset)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka is untyped
    def __init__(self, claims: Claims, consumer: Any) -> None:  # noqa: ANN401 aiokafka is untyped
        self._claims = claims
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """What was held goes, and whoever gets it hears how far it is."""
        numbers = {place.partition for place in revoked}
        self._claims.came -= numbers
        self._claims.went |= numbers
        await self._claims._commit()  # noqa: SLF001 the listener is a part of its owner

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """What came waits until its owner says where to begin."""
        numbers = {place.partition for place in assigned}
        self._consumer.pause(*assigned)
        self._claims.came |= numbers
        # What went and came back is to be taken over anew, and must not be dropped after that.
        self._claims.went -= numbers
