"""What every way out promises, and what it is given.

`prepare` looks at a message without sending anything: what cannot be sent (an address that is none, a
topic that is not for others) is a PermanentDelivery with a sentence. `send` makes one attempt and
returns what the destination answered; TransientDelivery says that another attempt
can help and when, PermanentDelivery that it cannot. No sentence names an address or a secret. The same message
sent twice has the same id at the destination. A peer that says later what became of a message is heard by a channel
that is given `tell`. `close` gives back what the channel holds.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.subscriptions import Transport


@dataclass(frozen=True, slots=True)
class Traits:
    """One row of the channel table (`docs/channels.md`): sentences in English for operators, short.

    `kind` is the file in `channels/`; `receipts` says whether and how a delivery is confirmed later; behind a
    `carrier` all destinations fail together, without one each may fail alone.
    """

    kind: str
    transport: Transport
    address: str
    limits: str
    languages: str
    ordering: str
    accepted: str
    receipts: str
    carrier: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message and the bytes that will leave; bytes of one bulletin are shared by its messages."""

    message: OutboxMessage
    payload: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """The peer took the message: DELIVERED if the destination has it now, ACCEPTED if the peer carries it on.

    `provider_id` is what the peer calls it.
    """

    detail: str
    outcome: Literal[Outcome.ACCEPTED, Outcome.DELIVERED] = Outcome.DELIVERED
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a peer says later about a message that it has accepted."""

    provider_id: str
    outcome: Literal[Outcome.DELIVERED, Outcome.FAILED]
    detail: str


Tell = Callable[[Report], Awaitable[None]]
"""Puts a report on the log; raises NotReachable if it is not there: then the peer must be asked to say it again."""


class Channel(Protocol):
    """One way out."""

    @property
    def traits(self) -> Traits:
        """Its row of the channel table."""

    @property
    def name(self) -> Transport:
        """The transport that it serves."""

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Work out what would leave; raises PermanentDelivery."""

    async def send(self, prepared: Prepared) -> Taken:
        """Make one attempt; raises TransientDelivery or PermanentDelivery."""

    async def close(self) -> None:
        """Give back connections."""


@runtime_checkable
class Composing(Protocol):
    """A channel whose bytes take long to make: they are made after `prepare`, beside the loop."""

    async def compose(self, prepared: Prepared) -> Prepared:
        """Give the message with the bytes that will leave, the same ones each time."""


@runtime_checkable
class Listening(Protocol):
    """A channel that has to be listened to beside its sending."""

    async def listen(self) -> None:
        """Hear what peers say later, for as long as the channel is used."""
