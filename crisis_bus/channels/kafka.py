"""A ministry's own Kafka topic: the bulletin as an event, keyed by its chain."""

import re
from collections.abc import Awaitable, Callable

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared, bulletin_data, bulletin_event
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import NotReachable, PermanentDelivery, TransientDelivery
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import Envelope

Publish = Callable[[str, bytes, Envelope], Awaitable[object]]
"""Topic, key and message; returns when the record is acknowledged, raises NotReachable if not."""

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}", re.ASCII)
_OURS = topics.ALL - {topics.BULLETINS}
"""Topics that the system itself reads as something else: a bulletin there would be poison."""


class KafkaChannel:
    """Publishes bulletins on topics that start with `crisis.` or are in `allowed`."""

    name: Transport = "kafka"
    traits = Traits(
        "kafka",
        "kafka",
        "topic",
        "the topic's message size",
        "both in one event",
        "by chain, keyed by it",
        "acknowledged by all replicas in sync",
        "the acknowledgement is the receipt",
        carrier=True,
    )

    def __init__(self, publish: Publish, allowed: frozenset[str] = frozenset()) -> None:
        self._publish = publish
        self._allowed = allowed
        self._values = Shared(bulletin_data)

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse a topic that is none, that is not for others, or that the system reads itself."""
        topic = message.address
        if not _TOPIC.fullmatch(topic) or topic in _OURS:
            msg = "the address is no topic that bulletins may go to"
            raise PermanentDelivery(msg)
        if not topic.startswith(topics.PREFIX) and topic not in self._allowed:
            msg = f"the topic must start with {topics.PREFIX} or be allowed by the operator"
            raise PermanentDelivery(msg)
        return Prepared(message, self._values.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Publish once and wait for the acknowledgement; the event's id is the message's over retries."""
        message = prepared.message
        event = bulletin_event(message.bulletin, prepared.payload, id=message.id)
        try:
            await self._publish(message.address, message.bulletin.chain.encode(), event)
        except NotReachable as error:
            msg = "Kafka did not acknowledge the bulletin"
            raise TransientDelivery(msg) from error
        return Taken("the bulletin is on the topic")

    async def close(self) -> None:
        """Leave the publisher to who made it."""
