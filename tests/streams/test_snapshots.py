"""A snapshot is the partition as it stands, whole or not at all."""

import pytest

from crisis_bus.domain.journal import digest
from crisis_bus.domain.snapshot import Snapshot, key_of
from crisis_bus.errors import UnreadableMessage
from crisis_bus.streams import snapshots
from crisis_bus.streams.past import Past
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.views import chain
from crisis_bus.wire.messages import read_command
from tests.streams.space import SCENARIOS, commands_of, policy, scenario

NAMES = sorted(path.stem for path in SCENARIOS.glob("*.json"))


def journal(*names: str) -> list[bytes]:
    """Scenarios one after the other, each in a space of its own, in one partition."""
    desk, entries = Seat(policy()), []
    asked = [one for name in names for one in commands_of(scenario(name), f"rehearsal-{name}")]
    for offset, envelope in enumerate(asked):
        space, command = read_command(envelope)
        entries.append(desk.answer(space, command, envelope, offset, envelope.time))
    return entries


def past_of(entries: list[bytes], begin: Past | None = None) -> Past:
    past = begin or Past()
    for offset, value in enumerate(entries, past.next_entry):
        past.take(offset, value)
    return past


def written(past: Past, generation: int = 0) -> tuple[Snapshot, dict[str, bytes | None]]:
    parts = list(snapshots.parts_of(past))
    whole = snapshots.manifest(past, 4, generation, [digest(part) for part in parts])
    return whole, {key_of(4, generation, number): part for number, part in enumerate(parts)}


@pytest.mark.parametrize("size", [1, 60_000, 1_000_000])
def test_a_snapshot_put_together_is_the_partition_that_was_written(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PART_BYTES", size)
    past = past_of(journal("S01", "S03"))
    past.of("rehearsal-S01").chains["W1"] = "rehearsal-S01/I1"
    past.of("rehearsal-S01").sequences["rehearsal-S01/I1"] = 2

    whole, records = written(past)

    assert past == snapshots.put_together(snapshots.read(whole.model_dump_json().encode(), 4), records)


def test_parts_are_as_small_as_the_topic_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PART_BYTES", 60_000)
    past = past_of(journal("S01", "S03", "S05"))

    sizes = [len(part) for part in snapshots.parts_of(past)]

    assert max(sizes) <= 60_000
    assert 2 < len(sizes)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cut", [1, 7, 15])
def test_a_desk_goes_on_from_a_snapshot_with_the_same_bytes(name: str, cut: int) -> None:
    entries = journal(name)
    whole, records = written(past_of(entries[:cut]))
    seat = Restoring(policy(), snapshots.put_together(whole, records)).seat()

    rest = list(enumerate(commands_of(scenario(name), f"rehearsal-{name}")))[cut:]
    assert entries[cut:] == [seat.answer(*read_command(one), one, offset, one.time) for offset, one in rest]


@pytest.mark.parametrize("name", NAMES)
def test_a_seat_from_a_snapshot_and_the_journal_after_it_is_the_seat_from_the_journal_alone(name: str) -> None:
    entries = journal(name)
    whole, records = written(past_of(entries[:9]))

    after = past_of(entries[9:], snapshots.put_together(whole, records))

    assert Restoring(policy(), past_of(entries)).seat() == Restoring(policy(), after).seat()


def test_what_a_reader_of_entries_keeps_is_what_a_reader_of_bytes_keeps() -> None:
    entries, past = journal("S01"), Past()
    for offset, value in enumerate(entries):
        past.counts(offset, chain.read(value), value)

    assert past_of(entries) == past


def test_a_copy_stays_as_it_is_while_the_journal_goes_on() -> None:
    entries = journal("S01")
    past = past_of(entries[:20])
    copy = past.copied()

    past_of(entries[20:], past)

    assert past_of(entries[:20]) == copy != past


def test_a_timer_that_has_fired_leaves_nothing_but_its_number() -> None:
    past = past_of(journal("S01"))
    space = past.of("rehearsal-S01")

    assert space.numbered > len(space.tables["timers"])
    assert all(space.tables["timers"].values())


def test_a_part_that_is_not_what_it_was_is_found() -> None:
    whole, records = written(past_of(journal("S01")))
    other = (records[key_of(4, 0, 0)] or b"").replace(b"GCO", b"XCO", 1)

    with pytest.raises(UnreadableMessage, match="part 0 of 1 has another hash"):
        snapshots.put_together(whole, {key_of(4, 0, 0): other})


@pytest.mark.parametrize("value", [pytest.param({}, id="never written"), pytest.param({"4/0/0": None}, id="deleted")])
def test_a_part_that_is_missing_is_found(value: dict[str, bytes | None]) -> None:
    whole, _ = written(past_of(journal("S01")))

    with pytest.raises(UnreadableMessage, match="part 0 of 1 is missing"):
        snapshots.put_together(whole, value)


def test_a_part_that_nobody_can_read_is_found() -> None:
    whole, _ = written(past_of(journal("S01")))
    poison = b'{"spaces": 5}'
    named = whole.model_copy(update={"parts": (digest(poison),)})

    with pytest.raises(UnreadableMessage, match="part 0 cannot be read"):
        snapshots.put_together(named, {key_of(4, 0, 0): poison})


def test_a_snapshot_of_fewer_spaces_than_it_says_is_found() -> None:
    whole, records = written(past_of(journal("S01")))
    more = whole.model_copy(update={"spaces": (*whole.spaces, "uae")})

    with pytest.raises(UnreadableMessage, match="should have 2 spaces, and its parts have 1"):
        snapshots.put_together(more, records)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"version": 2}, "version 2, and this program reads version 1", id="a later version"),
        pytest.param({"partition": 5}, "of partition 5", id="another partition"),
        pytest.param({"tip": None}, "cannot be read: .*tip", id="no hash"),
    ],
)
def test_a_manifest_that_is_of_no_use_says_why(changes: dict[str, object], sentence: str) -> None:
    whole, _ = written(past_of(journal("S08")))
    value = whole.model_copy(update=changes).model_dump_json(warnings=False).encode()

    with pytest.raises(UnreadableMessage, match=sentence):
        snapshots.read(value, 4)
