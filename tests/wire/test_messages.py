"""Every process writes the same message, and reads it back as it was meant."""

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.commands import Command
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import types
from crisis_bus.wire.envelope import Envelope, from_kafka, to_kafka
from crisis_bus.wire.messages import DeadLetter, command, dead_letter, message_for, read_command

RUMOUR = {"id": "R-1", "claim": "انهيار السد", "reach": 1200, "harm": 3, "topic": "DAMS"}
CAUSE = Envelope(id="first", source="/intake", type="t", time=0, data=None, correlation="origin")


REPORTED = Envelope("c-1", "/cli", types.command_type("rumour.log"), 5, b"{}", extensions={"crisisspace": "uae"})


def reported(data: bytes | None) -> Envelope:
    return replace(REPORTED, data=data)


def test_a_command_is_read_as_it_was_written() -> None:
    envelope = command("uae", "rumour.log", "monitor.night", RUMOUR, id="c-1", at=5, source="/cli")

    space, read = read_command(from_kafka(*to_kafka(envelope)))

    expected = Command(type="rumour.log", by="monitor.night", data=RUMOUR, id="c-1")
    assert space == "uae"
    assert expected == read


def test_a_command_that_names_nobody_and_says_nothing_is_for_the_desk_to_refuse() -> None:
    assert read_command(REPORTED) == ("uae", Command(type="rumour.log", by=None, data=None, id="c-1"))


def test_a_command_carries_what_began_it_and_what_came_before() -> None:
    envelope = command("uae", "clock.tick", "clock", {}, id="c-2", at=5, source="/desk", cause=CAUSE)

    assert (envelope.correlation, envelope.causation) == ("origin", "first")


@pytest.mark.parametrize(
    ("envelope", "sentence"),
    [
        pytest.param(replace(REPORTED, type="org.crisisbus.report.v1"), "is no command", id="another type"),
        pytest.param(replace(REPORTED, extensions={}), "crisisspace is missing", id="no space"),
        pytest.param(reported(None), "needs data", id="tombstone"),
        pytest.param(reported(b"\xff"), "no JSON", id="no JSON"),
        pytest.param(reported(b"[]"), "JSON object", id="a list"),
        pytest.param(reported(b'{"data":NaN}'), "no JSON", id="not a number"),
        pytest.param(reported(b'{"data":1e400}'), "no JSON", id="infinite in disguise"),
        pytest.param(reported(b'{"data":"\\ud800"}'), "no JSON", id="half a character"),
        pytest.param(reported(b'{"a":' * 70 + b"1" + b"}" * 70), "deeper than 64", id="too deep"),
    ],
)
def test_a_command_that_cannot_be_read_is_unreadable(envelope: Envelope, sentence: str) -> None:
    with pytest.raises(UnreadableMessage) as caught:
        read_command(envelope)

    assert sentence in str(caught.value)


@given(st.binary(max_size=80))
def test_any_data_is_a_command_or_unreadable(data: bytes) -> None:
    try:
        space, _ = read_command(reported(data))
    except UnreadableMessage:
        return

    assert space == "uae"


def test_a_model_travels_without_what_it_leaves_open() -> None:
    transport: Literal["email"] = "email"
    subscription = Subscription(
        id="s-1", space="uae", subscriber="وام", channel="MEDIA_WIRE", transport=transport, address="a@example.org"
    )

    envelope = message_for(subscription, types.SUBSCRIPTION, id="m-1", source="/gateway", at=7, cause=CAUSE)

    assert subscription == Subscription.model_validate_json(envelope.data or b"")
    assert "وام".encode() in (envelope.data or b"")
    assert b"null" not in (envelope.data or b"")


@given(
    st.none() | st.binary(max_size=9),
    st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=5)), max_size=3),
    st.none() | st.binary(max_size=9),
)
def test_a_dead_letter_keeps_every_byte(
    key: bytes | None, headers: list[tuple[str, bytes]], value: bytes | None
) -> None:
    envelope = dead_letter(
        topic="crisis.reports.v1", partition=3, offset=9, key=key, headers=headers, value=value, reason="bad", at=0
    )

    letter = DeadLetter.model_validate_json(from_kafka(*to_kafka(envelope)).data or b"")

    assert (key, headers, value) == (letter.key, letter.raw_headers, letter.value)


def test_the_dead_letter_of_one_record_has_one_id() -> None:
    first, second = (
        dead_letter(topic="t", partition=0, offset=9, key=None, headers=(), value=None, reason=reason, at=at)
        for reason, at in (("bad", 0), ("still bad", 60_000))
    )

    assert first.id == second.id
