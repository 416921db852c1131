"""What counts in the journal, and where a journal breaks."""

from typing import Any

import pytest

from crisis_bus.domain.journal import GENESIS, Entry, digest
from crisis_bus.errors import JournalBroken, UnreadableMessage
from crisis_bus.views.chain import Chain, Chains, Standing, ensure_whole, read, verify


def entry(offset: int, previous: str, **changes: Any) -> tuple[Entry, bytes]:
    command = {"offset": offset, "id": f"c-{offset}", "type": "t", "by": "b", "data": {}, "at": "2026-04-16T12:00:00Z"}
    made = Entry.model_validate(
        {"space": "uae", "command": command, "facts": [], "changes": {}, "previous": previous, **changes}
    )
    return made, made.model_dump_json().encode()


def journal(*offsets: int) -> list[bytes]:
    """A whole chain over some command offsets."""
    values: list[bytes] = []
    for offset in offsets:
        values.append(entry(offset, digest(values[-1]) if values else GENESIS)[1])
    return values


def records(*values: bytes | None, partition: int = 0) -> list[tuple[int, int, bytes | None]]:
    return [(partition, offset, value) for offset, value in enumerate(values)]


@pytest.mark.rule("INV-14")
def test_a_record_counts_if_its_command_is_new_and_its_hash_continues_the_chain() -> None:
    chain = Chain()

    counted = [chain.counts(read(value), value) for value in journal(3, 7, 8)]

    assert [True, True, True] == counted


def test_the_same_record_twice_counts_once() -> None:
    first, second = journal(1, 2)
    chain = Chain()

    counted = [chain.counts(read(value), value) for value in (first, first, second, first, second)]

    assert [True, False, True, False, False] == counted


def test_a_worker_that_lost_its_partition_writes_in_vain() -> None:
    first, second = journal(1, 2)
    zombie, zombies = entry(2, digest(first), zero="2026-01-01T00:00:00Z")
    after, afters = entry(3, digest(zombies))
    chain = Chain()

    standings = []
    for value in (first, second, zombies, afters):
        standings.append(chain.standing(read(value)))
        chain.counts(read(value), value)

    assert [Standing.COUNTS, Standing.COUNTS, Standing.REPEATED, Standing.FORKED] == standings
    assert (2, digest(second), zombie.previous) == (chain.last, chain.tip, digest(first))
    assert after.command.offset > chain.last


def test_a_chain_goes_on_after_a_snapshot() -> None:
    first, second, third = journal(1, 2, 3)

    chain = Chain(last=2, tip=digest(second))

    assert [False, False, True] == [chain.counts(read(value), value) for value in (first, second, third)]


def in_parts(*places: tuple[int, int, bool]) -> list[bytes]:
    """A chain of entries, given as (command offset, part, more)."""
    values: list[bytes] = []
    for offset, part, more in places:
        values.append(entry(offset, digest(values[-1]) if values else GENESIS, part=part, more=more)[1])
    return values


def test_an_answer_in_parts_counts_part_by_part_and_the_next_command_after_it() -> None:
    first, second, last, after = in_parts((4, 0, True), (4, 1, True), (4, 2, False), (5, 0, False))
    chain = Chain()

    seen = [
        (chain.counts(read(value), value), chain.next_command) for value in (first, second, second, last, first, after)
    ]

    assert [(True, 4), (True, 4), (False, 4), (True, 5), (False, 5), (True, 6)] == seen


def test_a_chain_goes_on_in_the_middle_of_an_answer_after_a_snapshot() -> None:
    first, second = in_parts((4, 0, True), (4, 1, False))

    assert Chain(4, digest(first), 1).counts(read(second), second)


def test_a_command_that_went_to_the_dead_letters_after_some_parts_holds_nobody_up() -> None:
    first, after = in_parts((4, 0, True), (5, 0, False))
    chain = Chain()

    assert [True, True] == [chain.counts(read(value), value) for value in (first, after)]
    assert (5, 0, 6) == (chain.last, chain.part, chain.next_command)


@pytest.mark.parametrize(
    ("place", "standing"),
    [
        pytest.param((4, 0), Standing.REPEATED, id="the part before once more"),
        pytest.param((3, 0), Standing.REPEATED, id="an earlier command"),
        pytest.param((4, 2), Standing.FORKED, id="a part is missing"),
        pytest.param((5, 1), Standing.FORKED, id="a later command, its beginning missing"),
    ],
)
def test_a_part_out_of_its_turn_does_not_count(place: tuple[int, int], standing: Standing) -> None:
    first = in_parts((4, 0, True))[0]
    chain = Chain(4, digest(first), 1)
    other, value = entry(place[0], digest(first), part=place[1])

    assert (standing, False) == (chain.standing(other), chain.counts(other, value))


def test_what_is_not_in_parts_is_written_as_it_always_was() -> None:
    made, _ = entry(1, GENESIS)

    assert (0, False) == (made.part, made.more)
    assert not {"part", "more"} & made.model_dump(exclude_defaults=True).keys()


def test_partitions_have_chains_of_their_own() -> None:
    chains, value = Chains(), journal(1)[0]

    standings = [chains.judge(partition, read(value), value) for partition in (0, 1, 0)]

    assert [Standing.COUNTS, Standing.COUNTS, Standing.REPEATED] == standings


@pytest.mark.parametrize(
    "value", [None, b"", b"{}", b"\xff", b"[]"], ids=["tombstone", "empty", "no fields", "no text", "a list"]
)
def test_what_is_no_entry_is_told_in_a_sentence(value: bytes | None) -> None:
    with pytest.raises(UnreadableMessage, match="journal record"):
        read(value)


def test_a_whole_journal_is_whole_whatever_stands_between() -> None:
    first, second, third = journal(1, 2, 3)
    stray = entry(9, "f" * 64)[1]

    verdict = verify(records(first, stray, b"junk", second, first, third))[0]

    assert (3, None) == (verdict.counted, verdict.broken)
    assert {Standing.FORKED: 1, Standing.UNREADABLE: 1, Standing.REPEATED: 1} == verdict.skipped
    ensure_whole([verdict])


@pytest.mark.rule("INV-14")
@pytest.mark.parametrize(
    ("damage", "offset", "standing"),
    [
        pytest.param("change", 2, Standing.FORKED, id="one byte of a record is changed"),
        pytest.param("drop", 1, Standing.FORKED, id="a record is missing"),
        pytest.param("behead", 0, Standing.FORKED, id="the beginning is missing"),
        pytest.param("garble", 1, Standing.UNREADABLE, id="a record is garbage"),
    ],
)
def test_a_damaged_journal_breaks_where_it_is_damaged(damage: str, offset: int, standing: Standing) -> None:
    values = journal(1, 2, 3, 4)
    damaged = {
        "change": [values[0], values[1].replace(b'"b"', b'"x"'), *values[2:]],
        "drop": [values[0], *values[2:]],
        "behead": values[1:],
        "garble": [values[0], b"garbage", *values[2:]],
    }[damage]

    verdict = verify(records(*damaged, partition=4))[4]

    assert verdict.broken is not None
    assert (4, offset, standing) == (verdict.broken.partition, verdict.broken.offset, verdict.broken.standing)
    with pytest.raises(JournalBroken, match=f"partition 4, offset {offset}: {standing}"):
        ensure_whole([verdict])
