"""The subscribers of each partition, in memory, ready to be written into messages.

A million of them have few different wishes: what they ask for is kept and matched once for each wish (`Profile`),
and of each subscriber only the bytes that are its own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic_core import to_json

from crisis_bus.domain import ids
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.instants import text
from crisis_bus.domain.subscriptions import Consent, Subscription
from crisis_bus.rules import subscribing
from crisis_bus.streams.faust_app import Table

_OWN = ("id", "subscriber", "address", "secret", "old_secret", "ladder")
_MOST_MESSAGES = 200
_MOST_BYTES = 262_144
Destination = tuple["Profile", bytes]
"""What a subscriber asks for, and the fields of its messages that are its own, as JSON without braces."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A wish that many may share: a subscription without what is one subscriber's own."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some messages of one bulletin, as JSON objects without the bulletin, and how many there are by channel."""

    messages: list[bytes]
    channels: dict[str, int]

    def sheaf(self, bulletin_json: bytes) -> bytes:
        """The JSON of the Sheaf; the bulletin, which is the same for all, is written once and pasted in."""
        return b"".join((b'{"bulletin":', bulletin_json, b',"messages":[', b",".join(self.messages), b"]}"))


Matches = Callable[[Subscription, Bulletin], bool]


def chunks(
    destinations: Mapping[bytes, Destination], bulletin: Bulletin, matches: Matches = subscribing.matches
) -> Iterator[Chunk]:
    """The messages of a bulletin to every destination (by the id of its subscription) that asked for it, in chunks."""
    chunk, size = Chunk([], {}), 0
    for channel, message in _messages(destinations, bulletin, matches):
        chunk.messages.append(message)
        chunk.channels[channel] = chunk.channels.get(channel, 0) + 1
        size += len(message)
        if len(chunk.messages) == _MOST_MESSAGES or size >= _MOST_BYTES:
            yield chunk
            chunk, size = Chunk([], {}), 0
    if chunk.messages:
        yield chunk


def _messages(
    destinations: Mapping[bytes, Destination], bulletin: Bulletin, matches: Matches
) -> Iterator[tuple[str, bytes]]:
    message_id = ids.deriving(bulletin.number)
    known: dict[Profile, bytes | None] = {}
    for key, (profile, own) in destinations.items():
        if profile not in known:
            known[profile] = _shared(profile, bulletin, matches)
        shared = known[profile]
        if shared is not None:
            yield profile.subscription.channel, b'{"id":"%b",%b,%b}' % (message_id(key), own, shared)


class Profiles:
    """The wishes that there are; equal ones are the same object."""

    def __init__(self) -> None:
        self._known: dict[bytes, Profile] = {}

    def destination(self, subscription: Subscription) -> Destination:
        """Prepare a subscription."""
        wish = subscription.model_copy(update={**dict.fromkeys(_OWN), "consent": _shared_consent(subscription)})
        name = wish.__pydantic_serializer__.to_json(wish, warnings=False)
        if name not in self._known:
            self._known[name] = Profile(wish)
        return self._known[name], _own(subscription)


class Roll:
    """A mirror of the table of subscribers; a partition is read from the table when it is first asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._partitions: dict[int, dict[bytes, Destination]] = {}
        self._profiles = Profiles()

    async def add(self, partition: int, key: bytes, subscription: Subscription) -> None:
        """Keep a new or changed subscription; the mirror changes at once, in the order of the calls."""
        if partition in self._partitions:
            self._partitions[partition][key] = self._profiles.destination(subscription)
        await self._table.keep(key, subscription.model_dump_json(exclude_none=True).encode())

    async def remove(self, partition: int, key: bytes) -> None:
        """Forget a subscription; the mirror changes at once."""
        self._partitions.get(partition, {}).pop(key, None)
        await self._table.drop(key)

    def reset(self) -> None:
        """Partitions have moved: what the table holds now must be read again."""
        self._partitions.clear()
        self._profiles = Profiles()

    def of(self, partition: int) -> Mapping[bytes, Destination]:
        """The destinations of a partition as they are now, by the id of the subscription."""
        if partition not in self._partitions:
            self._partitions[partition] = {
                key: self._profiles.destination(Subscription.model_validate_json(value))
                for key, value in self._table.of_partition(partition)
            }
        return self._partitions[partition]


def _shared_consent(subscription: Subscription) -> Consent | None:
    """What matching looks at: until when it holds, which is the same for all who agreed on one day."""
    consent = subscription.consent
    return None if consent is None else consent.model_copy(update={"asked_at": "", "confirmed_at": ""})


def _own(subscription: Subscription) -> bytes:
    fields = {
        "subscription": subscription.id,
        "subscriber": subscription.subscriber,
        "address": subscription.address,
        "secret": subscription.secret,
        "old_secret": subscription.old_secret,
        "ladder": subscription.ladder or None,
    }
    return to_json({name: value for name, value in fields.items() if value is not None})[1:-1]


def _shared(profile: Profile, bulletin: Bulletin, matches: Matches) -> bytes | None:
    """The fields that are the same for all of a profile; None if they do not ask for the bulletin."""
    wish = profile.subscription
    if not matches(wish, bulletin):
        return None
    fields = {
        "channel": wish.channel,
        "transport": wish.transport,
        "languages": subscribing.languages(wish, bulletin),
        "outlet": wish.outlet,
    }
    held = subscribing.held_until(wish, bulletin)
    more = {"old_until": wish.old_until, "not_before": None if held is None else text(held)}
    return to_json(fields | {name: value for name, value in more.items() if value is not None})[1:-1]
