"""The subscribers of each partition, in memory, ready to be written into messages."""

from dataclasses import dataclass

from pydantic_core import to_json

from crisis_bus.domain import ids
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.rules import subscribing
from crisis_bus.streams.faust_app import Table


@dataclass(frozen=True, slots=True)
class Destination:
    """A subscription with the parts of its outbox messages that stay the same from bulletin to bulletin."""

    subscription: Subscription
    before: bytes
    after: bytes

    def message_id(self, bulletin: Bulletin) -> str:
        """The id of the bulletin's message to this destination, the same over every attempt and crash."""
        return ids.derived(bulletin.number, self.subscription.id)

    def outbox_message(self, bulletin: Bulletin, bulletin_json: bytes) -> bytes:
        """The JSON of the OutboxMessage; the bulletin, which is the same for all, is written once and pasted in."""
        languages = to_json(subscribing.languages(self.subscription, bulletin))
        identity = to_json(self.message_id(bulletin))
        parts = (b'{"id":', identity, self.before, languages, self.after, bulletin_json, b"}")
        return b"".join(parts)


def destination(subscription: Subscription) -> Destination:
    """Prepare a subscription."""
    before = {
        "subscription": subscription.id,
        "subscriber": subscription.subscriber,
        "channel": subscription.channel,
        "transport": subscription.transport,
        "address": subscription.address,
    }
    after: dict[str, object] = {"outlet": subscription.outlet}
    if subscription.secret is not None:
        after["secret"] = subscription.secret
    return Destination(
        subscription,
        b"," + to_json(before)[1:-1] + b',"languages":',
        b"," + to_json(after)[1:-1] + b',"bulletin":',
    )


class Roll:
    """A mirror of the table of subscribers; a partition is read from the table when it is first asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._partitions: dict[int, dict[bytes, Destination]] = {}

    def of(self, partition: int) -> tuple[Destination, ...]:
        """The destinations of a partition, as they are now."""
        if partition not in self._partitions:
            found = self._table.of_partition(partition)
            self._partitions[partition] = {
                key: destination(Subscription.model_validate_json(value)) for key, value in found
            }
        return tuple(self._partitions[partition].values())

    async def add(self, partition: int, key: bytes, subscription: Subscription) -> None:
        """Keep a new or changed subscription; the mirror changes at once, in the order of the calls."""
        if partition in self._partitions:
            self._partitions[partition][key] = destination(subscription)
        await self._table.keep(key, subscription.model_dump_json(exclude_none=True).encode())

    async def remove(self, partition: int, key: bytes) -> None:
        """Forget a subscription; the mirror changes at once."""
        self._partitions.get(partition, {}).pop(key, None)
        await self._table.drop(key)

    def reset(self) -> None:
        """Partitions have moved: what the table holds now must be read again."""
        self._partitions.clear()
