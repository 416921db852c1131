"""Sends records and believes nothing before all in-sync replicas have them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTopicError, KafkaError, MessageSizeTooLargeError, TopicAuthorizationFailedError

from crisis_bus.bus.record import Again, Outgoing, Placed
from crisis_bus.errors import NotAcknowledged, NotReachable, UserError

_REFUSED = (MessageSizeTooLargeError, InvalidTopicError, TopicAuthorizationFailedError)
_STOP_SECONDS = 10.0


class Publisher:
    """A producer with `acks=all`; `send` returns when the record is safe, or raises NotAcknowledged.

    A record without acknowledgement may or may not be on the log: sending it again with the same id is right.
    """

    def __init__(
        self,
        bootstrap: str,
        ack_timeout_seconds: float = 30.0,
        client_id: str = "crisis-bus",
        connect: Callable[..., Any] = AIOKafkaProducer,
    ) -> None:
        self._bootstrap = bootstrap
        self._ack_timeout = ack_timeout_seconds
        self._client_id = client_id
        self._connect = connect
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect; raises NotReachable."""
        producer = self._connect(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=262_144,
            max_request_size=17_825_792,
            request_timeout_ms=30_000,
        )
        try:
            async with asyncio.timeout(self._ack_timeout):
                await producer.start()
        except (KafkaError, TimeoutError) as error:
            await _close(producer)
            msg = f"Kafka at {self._bootstrap} does not answer: is it running, and is CRISIS_BUS_KAFKA right?"
            raise NotReachable(msg) from error
        self._producer = producer

    async def stop(self) -> None:
        """Send what is still waiting, within a bound, and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _close(producer)

    async def send(self, outgoing: Outgoing | Again) -> Placed:
        """Send one record and wait until it is safe."""
        return (await self.send_all([outgoing]))[0]

    async def send_all(self, batch: Sequence[Outgoing | Again]) -> list[Placed]:
        """Send records in their order, pipelined, and wait until all are safe."""
        if self._producer is None:
            msg = "the publisher is not started"
            raise NotReachable(msg)
        try:
            # An idempotent producer of aiokafka never gives up on a batch: the bound has to be ours.
            async with asyncio.timeout(self._ack_timeout):
                waiting = [await self._begin(self._producer, outgoing) for outgoing in batch]
                placed = await asyncio.gather(*waiting)
        except _REFUSED as error:
            msg = f"Kafka refuses the record: {error or type(error).__name__}"
            raise UserError(msg) from error
        except (KafkaError, TimeoutError) as error:
            raise _not_acknowledged(batch, self._ack_timeout, error) from error
        return [Placed(one.partition, one.offset) for one in placed]

    async def _begin(self, producer: AIOKafkaProducer, outgoing: Outgoing | Again) -> "asyncio.Future[Placed]":
        headers, value = outgoing.as_kafka()
        future: asyncio.Future[Placed] = await producer.send(
            outgoing.topic, value=value, key=outgoing.key, partition=outgoing.partition, headers=headers
        )
        return future


def _not_acknowledged(batch: Sequence[Outgoing | Again], seconds: float, error: BaseException) -> NotAcknowledged:
    topics = ", ".join(sorted({outgoing.topic for outgoing in batch}))
    reason = f"within {seconds:g} seconds" if isinstance(error, TimeoutError) else f"({type(error).__name__})"
    return NotAcknowledged(
        f"Kafka has not acknowledged {len(batch)} record(s) for {topics} {reason}; send again with the same id"
    )


async def _close(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except TimeoutError:
        # Nobody waits for what is left: whoever sent it has had NotAcknowledged.
        await producer.client.close()
