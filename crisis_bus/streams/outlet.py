"""What a Faust agent may do with a record: read it, send what follows from it, keep it as a dead letter."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar, cast

import faust
import structlog
from faust.exceptions import ProducerSendError
from faust.streams import Stream
from faust.transport.drivers.aiokafka import KafkaError  # type: ignore[attr-defined]  # the driver's name for it
from faust.types import EventT, Message, StreamT
from pydantic import BaseModel, ValidationError

from crisis_bus.domain.instants import Instant
from crisis_bus.errors import NotAcknowledged, UnreadableMessage
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import Envelope, Headers, from_kafka, to_kafka
from crisis_bus.wire.messages import dead_letter

_LARGEST = {topics.COMMANDS: 2_000_000}
_LARGEST_ELSEWHERE = 4_000_000
"""What the topics take, less some room for headers; the dead letters take four times as much."""
_BATCH = 1000

M = TypeVar("M", bound=BaseModel)
log = structlog.get_logger()


class Handled(StrEnum):
    """What became of a record."""

    INCIDENT_REPORTED = "incident_reported"
    INCIDENT_UPDATED = "incident_updated"
    NOTHING_NEW = "nothing_new"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    EXPANDED = "expanded"
    DEAD_LETTER = "dead_letter"


Observer = Callable[[Handled, int, Instant], None]
"""Told after each record: what became of it, how many messages followed, and the record's time; for metrics."""


def unobserved(_what: Handled, _messages: int, _at: Instant) -> None:
    """The observer of a worker that nobody measures."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way to a topic."""

    topic: str
    key: bytes
    envelope: Envelope
    partition: int | None = None


class Outlet:
    """Everything that one app sends; what `send` returns from is with all in-sync replicas."""

    def __init__(self, app: faust.App, ack_timeout_seconds: float, observe: Observer = unobserved) -> None:
        self._app = app
        self._timeout = ack_timeout_seconds
        self.observe = observe

    async def send(self, parcels: Iterable[Parcel]) -> int:
        """Send all and await all, a bounded number at a time; says how many there were."""
        sent = 0
        waiting = iter(parcels)
        while batch := list(islice(waiting, _BATCH)):
            for parcel in batch:
                _check_size(parcel)
            await self._send_batch(batch)
            sent += len(batch)
        return sent

    async def keep_dead_letter(self, message: Message, reason: str) -> None:
        """Put a record that cannot be handled where people find it."""
        envelope = dead_letter(
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            headers=headers_of(message),
            value=message.value,
            reason=reason,
            at=time_of(message),
        )
        place = envelope.subject or ""
        await self._send_batch([Parcel(topics.DEAD_LETTERS, place.encode(), envelope)])
        log.warning("dead_letter_kept", record=place, reason=reason)
        self.observe(Handled.DEAD_LETTER, 1, time_of(message))

    async def _send_batch(self, batch: list[Parcel]) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await asyncio.gather(*[await self._begin(parcel) for parcel in batch])
        except TimeoutError as error:
            msg = f"{batch[0].topic}: no acknowledgement of {len(batch)} records within {self._timeout:.0f} s"
            raise NotAcknowledged(msg) from error
        except (ProducerSendError, KafkaError) as error:
            msg = f"{batch[0].topic}: {error}"
            raise NotAcknowledged(msg) from error

    async def _begin(self, parcel: Parcel) -> Awaitable[object]:
        headers, value = to_kafka(parcel.envelope)
        sending: Awaitable[object] = await self._app.producer.send(
            parcel.topic, parcel.key, value, parcel.partition, None, headers
        )
        return sending


Handler = Callable[[Message], Awaitable[bool]]
"""Handles a record, False leaves it to whoever gets the partition next; raises UnreadableMessage for the dead letters.

Every other error ends the process, which reads the record again.
"""


async def handle_each(stream: StreamT[Any], outlet: Outlet, handle: Handler, at_once: int = 1) -> None:
    """Handle the records of a stream; each is acknowledged when all that follows from it is on the log.

    They are begun in their order; up to `at_once` of them wait for acknowledgements together.
    """
    source = cast("Stream[Any]", stream).noack()
    places = asyncio.Semaphore(at_once)

    async def handle_one(event: EventT[Any]) -> None:
        try:
            if await _handled(event.message, outlet, handle):
                await source.ack(event)
        finally:
            places.release()

    try:
        async with asyncio.TaskGroup() as under_way:
            async for event in source.events():
                await places.acquire()
                # The task takes over which event is current: by it, a table knows the partition.
                under_way.create_task(handle_one(event))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from group


async def _handled(message: Message, outlet: Outlet, handle: Handler) -> bool:
    try:
        return await handle(message)
    except UnreadableMessage as error:
        await outlet.keep_dead_letter(message, str(error))
        return True


@contextmanager
def a_bug_is_kept(what: str) -> Iterator[None]:
    """Around pure code only: a record that breaks it must neither stop the log nor disappear."""
    try:
        yield
    except UnreadableMessage:
        raise
    except Exception as error:
        msg = f"{what} broke the code: {error!r}"
        raise UnreadableMessage(msg) from error


def time_of(message: Message) -> Instant:
    """The record's own time, which is the same whenever it is read."""
    return round((message.timestamp or 0) * 1000)


def headers_of(message: Message) -> Headers:
    """The headers as they came: a name may be there twice."""
    return cast("Headers", message.headers or ())


def read_envelope(message: Message) -> Envelope:
    """The envelope of a record; raises UnreadableMessage."""
    return from_kafka(headers_of(message), message.value)


def read_model(envelope: Envelope, model: type[M], type_name: str) -> M:
    """What the message says; raises UnreadableMessage with a sentence a field."""
    if envelope.type != type_name:
        msg = f"the type is {envelope.type!r}; this topic carries {type_name!r}"
        raise UnreadableMessage(msg)
    try:
        return model.model_validate_json(envelope.data or b"")
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the data'}: {fault['msg']}" for fault in error.errors()
        )
        msg = f"{type_name}: {faults}"
        raise UnreadableMessage(msg) from error


def check_key(message: Message, expected: str, what: str) -> None:
    """A record with another key may lie on another partition than its like; raises UnreadableMessage."""
    if message.key != expected.encode():
        msg = f"the key of the record is {message.key!r}; it must be {what}, {expected!r}"
        raise UnreadableMessage(msg)


def _check_size(parcel: Parcel) -> None:
    size = len(parcel.envelope.data or b"")
    largest = _LARGEST.get(parcel.topic, _LARGEST_ELSEWHERE)
    if size > largest:
        msg = f"what follows from it has {size} bytes; {parcel.topic} takes {largest}"
        raise UnreadableMessage(msg)
