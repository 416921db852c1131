"""The entries of a space, from Kafka or from a file that `crisis-bus journal export` made."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from crisis_bus.bus.reader import Reader
from crisis_bus.domain.journal import GENESIS, Entry, digest
from crisis_bus.errors import JournalBroken, UnreadableMessage, UserError
from crisis_bus.settings import Settings
from crisis_bus.text.catalogue import said
from crisis_bus.views import chain
from crisis_bus.wire import topics

Row = tuple[int, int, bytes | None]
"""Partition, offset, value."""
_UNREAD = said("{file} cannot be read: {reason}")
_BROKEN = said("{file}, line {line}: this entry does not follow the one before; the file is incomplete or was changed")
_NO_ENTRY = said("{file}, line {line}: no entry of a journal; give a file that `crisis-bus journal export` made")
_TWICE = said("{space} stands in this journal twice; give one export of it, whole and alone")
_NO_SPACE = said("The journal has no space {space}; it has: {known}")


def of_space(settings: Settings, space: str | None, file: Path | None) -> list[Entry]:
    """What counts of a space, in order; raises UserError when the journal does not know it."""
    space = space or settings.space
    counted = list(_from_kafka(settings) if file is None else of_file(file))
    found = [entry for entry in counted if entry.space == space]
    if not found:
        known = ", ".join(sorted({entry.space for entry in counted})) or "–"
        raise UserError(_NO_SPACE.both().filled(space=space, known=known))
    if any(after.command.offset < before.command.offset for before, after in pairwise(found)):
        raise JournalBroken(_TWICE.both().filled(space=space))
    return found


def rows(settings: Settings) -> list[Row]:
    """Every record of the journal on Kafka, whether it counts or not."""
    return asyncio.run(_read(settings))


def counting(found: Iterable[Row]) -> Iterator[tuple[Entry, bytes]]:
    """The records that count, with the entries in them."""
    chains = chain.Chains()
    for partition, _, value in found:
        if value is not None:
            entry = chain.read(value)
            if chains.of(partition).counts(entry, value):
                yield entry, value


def _from_kafka(settings: Settings) -> Iterator[Entry]:
    return (entry for entry, _ in counting(rows(settings)))


def of_file(file: Path) -> Iterator[Entry]:
    """The entries of an exported journal: one partition follows the other, each a chain of its own."""
    tip = GENESIS
    for number, line in enumerate(_lines(file), 1):
        try:
            entry = chain.read(line)
        except UnreadableMessage as error:
            raise UserError(_NO_ENTRY.both().filled(file=file, line=number)) from error
        if entry.previous not in {tip, GENESIS}:
            raise JournalBroken(_BROKEN.both().filled(file=file, line=number))
        tip = digest(line)
        yield entry


def _lines(file: Path) -> list[bytes]:
    try:
        return file.read_bytes().splitlines()
    except OSError as error:
        raise UserError(_UNREAD.both().filled(file=file, reason=error.strerror)) from error


async def _read(settings: Settings) -> list[Row]:
    reader = Reader(settings.kafka, [topics.JOURNAL])
    await reader.start()
    found: list[Row] = []
    try:
        async for batch in reader.batches(for_ever=False):
            found += [(record.partition, record.offset, record.value) for record in batch]
    finally:
        await reader.stop()
    return sorted(found, key=lambda row: row[:2])
