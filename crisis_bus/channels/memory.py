"""The fake that tests use: keeps what it is given, and answers as it is told."""

from collections.abc import Awaitable, Callable

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared, bulletin_data
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import PermanentDelivery

Answering = Callable[[Prepared, int], Awaitable[None]]
"""Given a message and which attempt it is (from 1): returns to take it, raises to refuse it."""


async def _taken(_prepared: Prepared, _attempt: int) -> None:
    """Take everything."""


class MemoryChannel:
    """A destination in memory: `taken` are the messages in the order in which they arrived."""

    traits = Traits("memory", "webhook", "any", "none", "both", "by chain", "kept", "none")

    def __init__(self, name: Transport = "webhook", answer: Answering = _taken) -> None:
        self.name = name
        self.taken: list[OutboxMessage] = []
        self.attempts: dict[str, int] = {}
        self._answer = answer
        self._payloads = Shared(bulletin_data)

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that does not start with `memory:`."""
        if not message.address.startswith("memory:"):
            msg = "the address must start with memory:"
            raise PermanentDelivery(msg)
        return Prepared(message, self._payloads.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Keep the message, unless the answer is a refusal."""
        message = prepared.message
        self.attempts[message.id] = self.attempts.get(message.id, 0) + 1
        await self._answer(prepared, self.attempts[message.id])
        self.taken.append(message)
        return Taken("kept in memory")

    async def close(self) -> None:
        """Nothing is held."""
