"""Snapshots as bytes: a partition cut into parts that a topic takes, and put together again, every part checked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from crisis_bus.domain.journal import digest
from crisis_bus.domain.snapshot import VERSION, Snapshot, SnapshotPart, key_of
from crisis_bus.errors import UnreadableMessage
from crisis_bus.streams.past import Past, SpacePast
from crisis_bus.views.chain import Chain

PART_BYTES = 1_000_000
_IDS = 2_000
"""So many ids of commands stay together."""
_RECORD_BYTES, _ID_BYTES = 1_200, 40
"""About how large one is; a part that comes out larger than wanted is cut in two."""
Atom = tuple[int, str, str, Any]
"""Size, space, field, value: what is never cut."""


def parts_of(past: Past) -> Iterator[bytes]:
    """The parts of a snapshot, each made when it is asked for."""
    atoms: list[Atom] = []
    size = 0
    for atom in _atoms(past):
        if atoms and size + atom[0] > PART_BYTES:
            yield from _written(atoms)
            atoms, size = [], 0
        atoms.append(atom)
        size += atom[0]
    yield from _written(atoms)


def manifest(past: Past, partition: int, generation: int, parts: Sequence[str]) -> Snapshot:
    """The record that makes a snapshot whole, once its parts are on the log."""
    chain = past.chain
    return Snapshot(
        version=VERSION,
        partition=partition,
        generation=generation,
        entry=past.entry,
        last=chain.last,
        part=chain.part,
        tip=chain.tip,
        spaces=tuple(past.spaces),
        parts=tuple(parts),
    )


def read(value: bytes, partition: int) -> Snapshot:
    """The manifest in a record; raises UnreadableMessage, which says why it is of no use."""
    try:
        found = Snapshot.model_validate_json(value)
    except ValidationError as error:
        msg = f"it cannot be read: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}"
        raise UnreadableMessage(msg) from error
    if found.version != VERSION:
        msg = f"it has version {found.version}, and this program reads version {VERSION}"
        raise UnreadableMessage(msg)
    if found.partition != partition:
        msg = f"it is of partition {found.partition}"
        raise UnreadableMessage(msg)
    return found


def put_together(snapshot: Snapshot, records: Mapping[str, bytes | None]) -> Past:
    """The partition as a snapshot has it, from records by their key; raises UnreadableMessage, which says why not."""
    past = Past(Chain(snapshot.last, snapshot.tip, snapshot.part), {}, snapshot.entry + 1, snapshot.entry)
    for number, expected in enumerate(snapshot.parts):
        value = records.get(key_of(snapshot.partition, snapshot.generation, number))
        if value is None:
            msg = f"part {number} of {len(snapshot.parts)} is missing"
            raise UnreadableMessage(msg)
        if digest(value) != expected:
            msg = f"part {number} of {len(snapshot.parts)} has another hash than it was written with"
            raise UnreadableMessage(msg)
        _lay(past, value, number)
    if set(past.spaces) != set(snapshot.spaces):
        msg = f"it should have {len(snapshot.spaces)} spaces, and its parts have {len(past.spaces)}"
        raise UnreadableMessage(msg)
    return past


def _lay(past: Past, value: bytes, number: int) -> None:
    try:
        part = SnapshotPart.model_validate_json(value)
    except ValidationError as error:
        msg = f"part {number} cannot be read: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}"
        raise UnreadableMessage(msg) from error
    for name, space in part.spaces.items():
        past.of(name).lay(space)


def _atoms(past: Past) -> Iterator[Atom]:
    for name, space in past.spaces.items():
        yield _RECORD_BYTES, name, "", {"at": space.at, "numbered": space.numbered}
        yield from _of_space(name, space)


def _of_space(name: str, space: SpacePast) -> Iterator[Atom]:
    for start in range(0, len(space.seen), _IDS):
        ids = space.seen[start : start + _IDS]
        yield _ID_BYTES * len(ids), name, "seen", ids
    for table, records in space.tables.items():
        for key, record in records.items():
            yield _RECORD_BYTES, name, "tables", (table, key, record)
    for statement, chain in space.chains.items():
        yield 2 * _ID_BYTES, name, "chains", (statement, chain)
    for chain, count in space.sequences.items():
        yield 2 * _ID_BYTES, name, "sequences", (chain, count)


def _written(atoms: Sequence[Atom]) -> Iterator[bytes]:
    value = to_json({"spaces": _joined(atoms)})
    if len(value) <= PART_BYTES or len(atoms) == 1:
        yield value
    else:
        yield from _written(atoms[: len(atoms) // 2])
        yield from _written(atoms[len(atoms) // 2 :])


def _joined(atoms: Sequence[Atom]) -> dict[str, dict[str, Any]]:
    spaces: dict[str, dict[str, Any]] = {}
    for _, name, field, value in atoms:
        space = spaces.setdefault(name, {})
        if not field:
            space.update(value)
        elif field == "seen":
            space.setdefault("seen", []).extend(value)
        elif field == "tables":
            table, key, record = value
            space.setdefault("tables", {}).setdefault(table, {})[key] = record
        else:
            space.setdefault(field, {})[value[0]] = value[1]
    return spaces
