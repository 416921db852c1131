from pathlib import Path
from typing import Any

import pytest
from faust.types import TP, Message

from crisis_bus.domain.reports import Report
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import UnreadableMessage
from crisis_bus.streams.faust_app import StreamConfig, new_app
from crisis_bus.streams.outlet import Outlet, Parcel, a_bug_is_kept, check_key, read_envelope, read_model, time_of
from crisis_bus.wire import topics, types
from crisis_bus.wire.envelope import Envelope, to_kafka

NOON = 1_776_340_800_123


def record(data: bytes | None = b"{}", type_name: str = types.REPORT) -> Message:
    headers, value = to_kafka(Envelope("e1", "/test", type_name, NOON, data))
    place = TP(topics.REPORTS, 0)
    return Message(place.topic, 0, 7, NOON / 1000, 0, headers, b"flood-1", value, None, tp=place)


def read(message: Message, model: Any = Report) -> Any:
    return read_model(read_envelope(message), model, types.REPORT)


def test_the_time_of_a_record_is_exact() -> None:
    assert NOON == time_of(record())


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        pytest.param(record(type_name=types.ORDER), "the type is 'org.crisisbus.order.v1'", id="another type"),
        pytest.param(record(None), "org.crisisbus.report.v1: the data: Invalid JSON", id="a tombstone"),
        pytest.param(record(b"[]"), "the data: Input should be an object", id="no object"),
        pytest.param(record(b'{"fatalities":"\xd9\xa3"}'), "fatalities: Input should be a valid integer", id="digits"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(message: Message, sentence: str) -> None:
    with pytest.raises(UnreadableMessage, match=sentence.replace("[", r"\[")):
        read(message)


def test_a_reason_tells_no_secret() -> None:
    data = b'{"id":"s","secret":"whsec_TOPSECRET","address":["mailto:someone"]}'

    with pytest.raises(UnreadableMessage) as caught:
        read(record(data), Subscription)

    assert "TOPSECRET" not in str(caught.value)
    assert "someone" not in str(caught.value)


def test_a_record_under_another_key_is_refused() -> None:
    check_key(record(), "flood-1", "the subject of the report")
    with pytest.raises(UnreadableMessage, match="must be the subject of the report, 'flood-2'"):
        check_key(record(), "flood-2", "the subject of the report")


def test_a_record_that_breaks_the_code_goes_to_the_dead_letters() -> None:
    with (
        pytest.raises(UnreadableMessage, match="correlating broke the code: ZeroDivisionError"),
        a_bug_is_kept("correlating"),
    ):
        _ = 1 / 0


@pytest.mark.parametrize(
    ("topic", "size"),
    [
        pytest.param(topics.COMMANDS, 2_000_001, id="command"),
        pytest.param(topics.OUTBOX_URGENT, 4_000_001, id="outbox message"),
    ],
)
async def test_what_no_topic_takes_is_told_before_it_is_sent(tmp_path: Path, topic: str, size: int) -> None:
    outlet = Outlet(new_app(StreamConfig("127.0.0.1:1", tmp_path, "test")), 1.0)
    parcel = Parcel(topic, b"k", Envelope("e", "/test", types.OUTBOX, NOON, b"x" * size))

    with pytest.raises(UnreadableMessage, match=f"has {size} bytes"):
        await outlet.send([parcel])
