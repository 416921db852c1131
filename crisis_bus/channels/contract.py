"""What every way out promises, and what it is given.

`prepare` looks at a message without sending anything: what cannot be sent (an address that is none, a
topic that is not for others) is a PermanentDelivery with a sentence. `send` makes one attempt and
returns a sentence about what the destination answered; TransientDelivery says that another attempt
can help, PermanentDelivery that it cannot. No sentence names an address or a secret. The same message sent twice
has the same id at the destination. `close` gives back what the channel holds.
"""

from dataclasses import dataclass
from typing import Protocol

from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.subscriptions import Transport


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message and the bytes that will leave; bytes of one bulletin are shared by its messages."""

    message: OutboxMessage
    payload: bytes


class Channel(Protocol):
    """One way out."""

    @property
    def name(self) -> Transport:
        """The transport that it serves."""

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Work out what would leave; raises PermanentDelivery."""

    async def send(self, prepared: Prepared) -> str:
        """Make one attempt; raises TransientDelivery or PermanentDelivery."""

    async def close(self) -> None:
        """Give back connections."""
