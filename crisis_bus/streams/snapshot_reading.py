"""The newest snapshot of a partition that fits the journal; whatever does not is passed over with the reason."""

from collections.abc import Iterator, Mapping

import structlog

from crisis_bus.domain.journal import digest
from crisis_bus.domain.snapshot import GENERATIONS, Snapshot, key_of
from crisis_bus.errors import NotReachable, UnreadableMessage
from crisis_bus.streams import snapshots
from crisis_bus.streams.past import Past
from crisis_bus.streams.ports import Log
from crisis_bus.wire import topics

log = structlog.get_logger(__name__)


async def past_of(kafka: Log, partition: int, up_to: int | None = None) -> tuple[Past, int]:
    """A partition as far as its newest snapshot has it, and the generation that is the next to be written.

    `up_to` is a journal offset that the snapshot must not have gone past. Without any, it is all to be read.
    """
    records = await _records(kafka, partition)
    for snapshot in _newest_first(records, partition):
        name = key_of(partition, snapshot.generation)
        if up_to is not None and snapshot.entry >= up_to:
            log.info("snapshot_too_new", snapshot=name, entry=snapshot.entry, wanted=up_to)
            continue
        try:
            past = snapshots.put_together(snapshot, records)
            await _check_tip(kafka, snapshot)
        except UnreadableMessage as error:
            _pass_over(name, str(error))
            continue
        log.info("snapshot_taken", snapshot=name, entry=snapshot.entry, spaces=len(past.spaces))
        return past, (snapshot.generation + 1) % GENERATIONS
    return Past(), 0


async def _records(kafka: Log, partition: int) -> dict[str, bytes | None]:
    """The last record of each key."""
    found: dict[str, bytes | None] = {}
    reader = kafka.reading(topics.SNAPSHOTS, [partition])
    try:
        await reader.start()
        async for batch in reader.batches(for_ever=False):
            for record in batch:
                found[(record.key or b"").decode(errors="replace")] = record.value
    except NotReachable as error:  # the journal has everything
        log.warning("snapshots_not_read", partition=partition, reason=str(error))
        return {}
    finally:
        await reader.stop()
    return found


def _newest_first(records: Mapping[str, bytes | None], partition: int) -> Iterator[Snapshot]:
    found = []
    for generation in range(GENERATIONS):
        name = key_of(partition, generation)
        value = records.get(name)
        if value is None:
            continue
        try:
            found.append(snapshots.read(value, partition))
        except UnreadableMessage as error:
            _pass_over(name, str(error))
    return iter(sorted(found, key=lambda snapshot: snapshot.entry, reverse=True))


async def _check_tip(kafka: Log, snapshot: Snapshot) -> None:
    """The journal must have exactly the entry at which the snapshot was taken."""
    place = (topics.JOURNAL, snapshot.partition)
    reader = kafka.reading(topics.JOURNAL, [snapshot.partition], {place: snapshot.entry})
    first = None
    await reader.start()
    try:
        async for batch in reader.batches(for_ever=False):
            first = batch[0] if first is None else first
            await reader.stop()  # which ends the batches
    finally:
        await reader.stop()
    if first is None or first.offset != snapshot.entry or digest(first.value or b"") != snapshot.tip:
        msg = f"the journal has another entry, or none, at offset {snapshot.entry}, where the snapshot was taken"
        raise UnreadableMessage(msg)


def _pass_over(name: str, reason: str) -> None:
    log.warning("snapshot_passed_over", snapshot=name, reason=reason)
