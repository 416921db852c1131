"""The official CloudEvents SDK reads what we write, and we read what it writes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import (
    KafkaMessage,
    from_binary_event,
    from_structured_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from crisis_bus.wire.envelope import STRUCTURED, Envelope, from_kafka, to_kafka, to_structured

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=20)
"""Any text, Arabic and bidirectional marks included."""
objects = st.dictionaries(words, st.integers(-(2**53), 2**53) | words | st.booleans() | st.none(), max_size=4)
instants = st.integers(0, 4_000_000_000_000)
FLOOD: dict[str, Any] = {
    "id": "7",
    "source": "/ncm",
    "type": "org.crisisbus.report.v1",
    "subject": "فيضان العين",
    "correlationid": "c-1",
    "crisisspace": "uae",
    "datacontenttype": "application/json",
}


def ours(time: int, data: dict[str, Any], subject: str) -> Envelope:
    content = CloudEvent({"id": "1", "source": "/x", "type": "t", "datacontenttype": "application/json"}, data)
    body = to_binary_event(content).value
    return Envelope("7", "/ncm", "org.crisisbus.report.v1", time, body, subject, "c-1", extensions={"crisisspace": "u"})


def theirs(time: int, data: dict[str, Any], subject: str) -> CloudEvent:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time)
    return CloudEvent(FLOOD | {"time": moment, "subject": subject, "crisisspace": "u", "specversion": "1.0"}, data)


@given(instants, objects, words)
def test_the_sdk_reads_our_binary_records(time: int, data: dict[str, Any], subject: str) -> None:
    headers, value = to_kafka(ours(time, data, subject))

    event = from_binary_event(KafkaMessage(dict(headers), None, value or b""))

    expected = theirs(time, data, subject)
    assert (expected.get_attributes(), expected.get_data()) == (event.get_attributes(), event.get_data())


@given(instants, objects, words)
def test_the_sdk_reads_our_structured_documents(time: int, data: dict[str, Any], subject: str) -> None:
    document = to_structured(ours(time, data, subject))

    event = from_structured_event(KafkaMessage({"content-type": STRUCTURED.encode()}, None, document))

    expected = theirs(time, data, subject)
    assert (expected.get_attributes(), expected.get_data()) == (event.get_attributes(), event.get_data())


@pytest.mark.parametrize("write", [to_binary_event, to_structured_event], ids=["binary", "structured"])
@given(time=instants, data=objects, subject=words)
def test_we_read_what_the_sdk_writes(write: Any, time: int, data: dict[str, Any], subject: str) -> None:
    message = write(theirs(time, data, subject))

    envelope = from_kafka(list(message.headers.items()), message.value)

    expected = ("7", "/ncm", "org.crisisbus.report.v1", time, subject, "c-1", {"crisisspace": "u"}, data)
    assert expected == (
        envelope.id,
        envelope.source,
        envelope.type,
        envelope.time,
        envelope.subject,
        envelope.correlation,
        envelope.extensions,
        from_json(envelope.data or b""),
    )


def test_we_read_json_that_the_sdk_was_given_as_bytes() -> None:
    message = to_structured_event(CloudEvent(dict(FLOOD), '{"ارتفاع":"3 أمتار"}'.encode()))

    envelope = from_kafka(list(message.headers.items()), message.value)

    assert '{"ارتفاع":"3 أمتار"}'.encode() == envelope.data
