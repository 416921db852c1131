"""What the journal says of a partition is what the desk knew when it wrote it."""

import pytest

from crisis_bus.domain.policy import Policy
from crisis_bus.errors import UserError
from crisis_bus.streams import seat
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.wire import messages
from crisis_bus.wire.messages import read_command
from tests.streams.space import SCENARIOS, commands_of, policy, scenario


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.json")))
def test_a_seat_restored_from_its_entries_is_the_seat_that_wrote_them(name: str) -> None:
    desk, restoring = Seat(policy()), Restoring(policy())
    for offset, envelope in enumerate(commands_of(scenario(name), "rehearsal-x")):
        space, command = read_command(envelope)
        entry = desk.answer(space, command, envelope, offset, envelope.time)
        desk.next_entry += 1
        restoring.take(offset, entry)

    assert desk == restoring.seat()


@pytest.mark.parametrize("cut", [0, 1, 7, 20])
def test_a_restored_seat_goes_on_with_the_same_bytes(cut: int) -> None:
    asked = [(*read_command(one), one) for one in commands_of(scenario("S01"), "rehearsal-x")]
    desk, restoring = Seat(policy()), Restoring(policy())
    for offset, (space, command, envelope) in enumerate(asked[:cut]):
        restoring.take(offset, desk.answer(space, command, envelope, offset, envelope.time))
    other = restoring.seat()

    rest = list(enumerate(asked))[cut:]
    assert [desk.answer(space, command, one, offset, one.time) for offset, (space, command, one) in rest] == [
        other.answer(space, command, one, offset, one.time) for offset, (space, command, one) in rest
    ]


def test_an_entry_that_the_journal_cannot_take_leaves_the_seat_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat, "MAX_ENTRY_BYTES", 2_000)
    desk, before = Seat(policy()), Seat(policy())
    envelope = messages.command("uae", "verification.ask", "GCO", {"ref": "x" * 2_000}, id="c", at=0, source="/tests")

    with pytest.raises(UserError, match="more than 2000"):
        desk.answer(*read_command(envelope), envelope, 0, 1_000)

    assert before == desk


def test_a_pack_that_was_edited_under_its_version_is_noticed_and_the_recorded_tables_hold() -> None:
    edited = Policy.model_validate({**policy().model_dump(), "topics_with_coordination": ("RAD",)})
    desk, same, other = Seat(policy()), Restoring(policy()), Restoring(edited)
    envelope = messages.command("uae", "verification.ask", "GCO", {"ref": "x"}, id="c", at=0, source="/tests")
    entry = desk.answer(*read_command(envelope), envelope, 0, 1_000)
    for restoring in (same, other):
        restoring.take(0, entry)

    assert {} == same.seat().strangers()
    assert {"uae": (policy().digest, edited.digest)} == other.seat().strangers()
    assert policy() == other.seat().offices["uae"].policy
