"""Writes snapshots of a partition in the background, every so many entries, without holding up whoever follows it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from crisis_bus.bus.record import Outgoing
from crisis_bus.domain import ids
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.journal import digest
from crisis_bus.domain.snapshot import GENERATIONS, key_of
from crisis_bus.errors import CrisisBusError, NotAcknowledged
from crisis_bus.streams import snapshots
from crisis_bus.streams.past import Past
from crisis_bus.streams.ports import Sending
from crisis_bus.wire import topics, types
from crisis_bus.wire.envelope import Envelope

SOURCE = "/crisis-bus/follower"
_LOOKS = 50
_LOOK_SECONDS = 0.2

log = structlog.get_logger(__name__)


@dataclass
class SnapshotWriter:
    """Snapshots of one partition; `committed` says how far the follower's group has come.

    `every` entries, or as many as there are records to write, whichever is more: so the cost of a snapshot
    is at most one record an entry. 0 writes none.
    """

    partition: int
    publisher: Sending
    every: int
    committed: Callable[[], Awaitable[int]]
    generation: int = 0
    since: int = 0
    _task: "asyncio.Task[None] | None" = field(default=None)

    def look(self, past: Past) -> None:
        """Begin a snapshot if it is time for one and none is under way."""
        waits = past.entry + 1 - self.since
        busy = self._task is not None and not self._task.done()
        if busy or not self.every or waits < self.every or waits < past.weight:
            return
        self.since = past.entry + 1
        self._task = asyncio.create_task(self._write(past.copied()))

    async def stop(self) -> None:
        """Leave a snapshot that is under way unfinished: nobody takes it for whole."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _write(self, past: Past) -> None:
        try:
            await self._written(past)
        except CrisisBusError as error:  # the next one may go better; nothing depends on this one
            log.warning("snapshot_not_written", partition=self.partition, reason=str(error))
        except Exception:  # nor may a fault in here stop what is published
            log.exception("snapshot_broke", partition=self.partition)

    async def _written(self, past: Past) -> None:
        generation, size, parts = self.generation, 0, list[str]()
        at = max((space.at for space in past.spaces.values()), default=0)
        for value in snapshots.parts_of(past):
            await self._send(key_of(self.partition, generation, len(parts)), types.SNAPSHOT_PART, value, at)
            parts.append(digest(value))
            size += len(value)
        await self._until_committed(past.entry + 1)
        whole = snapshots.manifest(past, self.partition, generation, parts)
        await self._send(key_of(self.partition, generation), types.SNAPSHOT, whole.model_dump_json().encode(), at)
        self.generation = (generation + 1) % GENERATIONS
        log.info("snapshot_written", partition=self.partition, entry=past.entry, parts=len(parts), bytes=size)

    async def _until_committed(self, offset: int) -> None:
        """A snapshot ahead of what is published for certain would be of no use to the follower itself."""
        for _ in range(_LOOKS):
            if await self.committed() >= offset:
                return
            await asyncio.sleep(_LOOK_SECONDS)
        msg = f"the group has not come to journal offset {offset} within {_LOOKS * _LOOK_SECONDS:g} s"
        raise NotAcknowledged(msg)

    async def _send(self, key: str, kind: str, value: bytes, at: Instant) -> None:
        name = ids.derived("snapshot", key, digest(value))
        envelope = Envelope(name, SOURCE, kind, at, value, subject=key)
        await self.publisher.send(Outgoing(topics.SNAPSHOTS, key.encode(), envelope, self.partition))
