"""What operators do to deliveries, and the dead letters that they do it to."""

import pytest

from crisis_bus.bus import controls
from crisis_bus.bus.record import Again, Outgoing, Record, buried
from crisis_bus.domain.controls import Action, Control
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import from_kafka, to_kafka
from crisis_bus.wire.messages import DeadLetter

NOON = 1_776_340_800_000
BROKEN = Record("crisis.orders.v1", 2, 7, NOON, b"k", (("ce_id", b"x"), ("ce_replay", b"older")), b"\xff{")


def act(action: Action, target: str, minute: int = 0) -> Control:
    return controls.control(action, target, "GCO.duty", "because", NOON + minute * 60_000)


def stands(outgoing: Outgoing, offset: int = 0) -> Record:
    """A record as it would stand on its topic."""
    headers, value = outgoing.as_kafka()
    return Record(outgoing.topic, 0, offset, NOON, outgoing.key, tuple(headers), value)


def letter_of(record: Record) -> DeadLetter:
    return messages.read_as(DeadLetter, buried(record, "no JSON", NOON).envelope)


def test_an_act_is_read_as_it_was_written() -> None:
    done = act(Action.PAUSE, "sms")

    assert done == controls.read(stands(controls.to_publish(done)))


def test_paused_is_what_was_paused_and_not_resumed() -> None:
    told = [
        act(Action.PAUSE, "sms"),
        act(Action.PAUSE, "email"),
        act(Action.RESUME, "sms"),
        act(Action.REPLAY, "a/0/1"),
    ]

    assert {"email": told[1]} == controls.paused(told)


def test_what_nobody_of_ours_wrote_is_no_act() -> None:
    junk = Record(topics.CONTROLS, 0, 0, NOON, b"", (), b"{")

    assert [act(Action.PAUSE, "sms")] == list(
        controls.acts([junk, stands(controls.to_publish(act(Action.PAUSE, "sms")))])
    )


def test_a_dead_letter_is_listed_once_with_what_was_done_to_it() -> None:
    records = [stands(buried(BROKEN, "no JSON", NOON)), stands(buried(BROKEN, "again", NOON), 1)]
    done = act(Action.DISCARD, "crisis.orders.v1/2/7")

    [letter] = controls.letters([done], records)

    assert ("crisis.orders.v1/2/7", done, "no JSON") == (letter.place, letter.handled, letter.letter.reason)


def test_a_replay_is_the_record_as_it_was_with_its_place() -> None:
    again = controls.replayed(letter_of(BROKEN), "crisis.orders.v1/2/7")

    assert (
        Again("crisis.orders.v1", 2, b"k", (("ce_id", b"x"), ("ce_replay", b"crisis.orders.v1/2/7")), b"\xff{") == again
    )


def test_a_wrong_field_is_named() -> None:
    headers, _ = to_kafka(controls.to_publish(act(Action.PAUSE, "sms")).envelope)

    with pytest.raises(UnreadableMessage, match="no Control: id: Field required"):
        messages.read_as(Control, from_kafka(headers, b"{}"))
