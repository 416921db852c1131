"""Where a partition begins and ends at this moment, asked over a connection that no fetch holds up."""

import asyncio
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from crisis_bus.errors import NotReachable

_SECONDS = 30.0


class Ends:
    """Asks the leaders of partitions; a context manager, because it holds connections."""

    def __init__(self, bootstrap: str, client_id: str = "crisis-bus") -> None:
        self._bootstrap = bootstrap
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, client_id=client_id, enable_auto_commit=False)
        self._asked: dict[TopicPartition, asyncio.Future[int]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(_SECONDS):
                await self._consumer.start()
        except (KafkaError, TimeoutError) as error:
            await self._consumer.stop()
            msg = f"Kafka at {self._bootstrap} does not answer: is it running?"
            raise NotReachable(msg) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._looking is not None:
            self._looking.cancel()
        await self._consumer.stop()

    async def end(self, topic: str, partition: int) -> int:
        """The offset that the next record will get; raises NotReachable.

        The look at the log begins after the call; whoever asks while one is under way shares the next one.
        """
        place = TopicPartition(topic, partition)
        answer = self._asked.setdefault(place, asyncio.get_running_loop().create_future())
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(_SECONDS):
                return await asyncio.shield(answer)
        except (KafkaError, TimeoutError) as error:
            raise self._silent(topic, partition) from error

    async def _look(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                found: dict[TopicPartition, int] = await self._consumer.end_offsets(list(asked))
            except KafkaError as error:
                for answer in asked.values():
                    answer.set_exception(error)
                continue
            for place, answer in asked.items():
                answer.set_result(found[place])

    async def first(self, topic: str, partition: int) -> int:
        """The offset of the oldest record that is still there; raises NotReachable."""
        place = TopicPartition(topic, partition)
        try:
            async with asyncio.timeout(_SECONDS):
                found: dict[TopicPartition, int] = await self._consumer.beginning_offsets([place])
        except (KafkaError, TimeoutError) as error:
            raise self._silent(topic, partition) from error
        return found[place]

    def _silent(self, topic: str, partition: int) -> NotReachable:
        return NotReachable(f"Kafka at {self._bootstrap} does not say where {topic}/{partition} ends")
