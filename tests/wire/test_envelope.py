"""The envelope keeps what it is given, and refuses in one sentence what it cannot read."""

from dataclasses import replace

import pytest
from hypothesis import event as seen
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire.envelope import Envelope, following, from_kafka, from_structured, to_kafka, to_structured

FLOOD = Envelope(
    id="0193d2c0-0000-7000-8000-000000000001",
    source="/gateway",
    type="org.crisisbus.command.incident.report.v1",
    time=1_776_343_200_123,
    data=b'{"by":"NCM.forecaster","data":{}}',
    subject="uae/فيضان-العين",
    correlation="c-1",
    causation="c-2",
    extensions={"crisisspace": "uae"},
)
BINARY, VALUE = to_kafka(FLOOD)
STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]

words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn"]),
    min_size=1,
    max_size=20,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
own_names = {"id", "source", "type", "specversion", "time", "subject", "correlationid", "causationid"}
reserved = own_names | {"data", "datacontenttype"}
names = st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True).filter(lambda name: name not in reserved)
envelopes = st.builds(
    Envelope,
    id=words,
    source=words,
    type=words,
    time=st.integers(-62_000_000_000_000, 253_000_000_000_000),
    data=st.none() | st.builds(to_json, json_values),
    subject=st.none() | words,
    correlation=st.none() | words,
    causation=st.none() | words,
    extensions=st.dictionaries(names, words, max_size=3),
)
header_names = st.sampled_from(["content-type", *(f"ce_{name}" for name in sorted(own_names))]) | st.text(max_size=8)
header_values = st.binary(max_size=20) | st.sampled_from(
    [
        b"1.0",
        b"2026-04-16T16:40:00+04:00",
        b"0001-01-01T00:00:00+14:00",
        b"application/json",
        b"application/cloudevents+json",
    ]
)


def without(name: str) -> list[tuple[str, bytes]]:
    return [header for header in BINARY if header[0] != name]


def event(**changes: object) -> bytes:
    return to_json(from_json(to_structured(FLOOD)) | changes)


def with_base64(data: bytes) -> bytes:
    document = to_structured(replace(FLOOD, data=None))
    return document[:-1] + b',"data_base64":"' + data + b'"}'


@given(envelopes)
def test_binary_mode_keeps_every_envelope(envelope: Envelope) -> None:
    headers, value = to_kafka(envelope)

    assert envelope == from_kafka(headers, value)


@given(envelopes)
def test_structured_mode_keeps_every_envelope(envelope: Envelope) -> None:
    document = to_structured(envelope)

    assert envelope == from_structured(document)


@given(st.lists(st.tuples(header_names, header_values), max_size=9), st.none() | st.binary(max_size=200))
def test_any_record_is_an_envelope_or_unreadable(headers: list[tuple[str, bytes]], value: bytes | None) -> None:
    try:
        envelope = from_kafka(headers, value)
    except UnreadableMessage:
        seen("unreadable")
    else:
        assert envelope == from_kafka(*to_kafka(envelope))


@given(st.dictionaries(st.sampled_from([*sorted(reserved), "data_base64", "A b"]), json_values | st.just("1.0")))
def test_any_document_is_an_envelope_or_unreadable(changes: dict[str, object]) -> None:
    try:
        envelope = from_structured(event(**changes))
    except UnreadableMessage:
        seen("unreadable")
    else:
        assert envelope == from_structured(to_structured(envelope))


@given(st.binary(max_size=60))
def test_any_bytes_are_an_envelope_or_unreadable(value: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        from_kafka(STRUCTURED, value)


def test_arabic_survives_in_the_subject_without_percent_signs() -> None:
    headers = dict(BINARY)

    assert "uae/فيضان-العين".encode() == headers["ce_subject"]


def test_a_subject_loses_only_what_no_reader_takes() -> None:
    envelope = replace(FLOOD, subject="uae/INC\x00-7")

    assert from_kafka(*to_kafka(envelope)).subject == "uae/INC\ufffd-7"


def test_a_tombstone_has_no_value_and_no_content_type() -> None:
    headers, value = to_kafka(replace(FLOOD, data=None))

    assert value is None
    assert "content-type" not in dict(headers)


def test_a_structured_event_with_ce_headers_is_structured() -> None:
    headers = [*STRUCTURED, ("ce_id", b"another")]

    assert from_kafka(headers, to_structured(FLOOD)) == FLOOD


def test_the_content_type_is_found_in_any_case() -> None:
    headers = [("Content-Type", b"Application/CloudEvents+JSON")]

    assert from_kafka(headers, to_structured(FLOOD)) == FLOOD


def test_json_may_name_its_charset() -> None:
    headers = [*without("content-type"), ("content-type", b"application/json; charset=utf-8")]

    assert from_kafka(headers, VALUE) == FLOOD


def test_a_header_that_is_not_ours_is_passed_over() -> None:
    headers = [*BINARY, ("traceparent", b"\xff"), ("traceparent", b"1")]

    assert from_kafka(headers, VALUE) == FLOOD


def test_extensions_of_any_simple_type_are_kept_as_text() -> None:
    envelope = from_structured(event(sequence=7, urgent=True, crisisspace="uae", note=None))

    assert envelope.extensions == {"sequence": "7", "urgent": "true", "crisisspace": "uae"}


def test_json_in_base64_is_read_as_json() -> None:
    assert from_structured(with_base64(b"eyJhIjoxfQ==")).data == b'{"a":1}'


def test_what_follows_names_its_cause_and_its_beginning() -> None:
    first = Envelope(id="1", source="/a", type="t", time=0, data=None)
    second = following(first, id="2", source="/b", type="t", time=1, data=None)
    third = following(second, id="3", source="/c", type="t", time=2, data=None)

    expected = [("1", "1"), ("1", "2")]
    assert expected == [(e.correlation, e.causation) for e in (second, third)]


@pytest.mark.parametrize(
    ("headers", "value", "sentence"),
    [
        pytest.param([], b"{}", "id is missing", id="no headers at all"),
        pytest.param(without("ce_id"), VALUE, "id is missing", id="no id"),
        pytest.param(without("ce_source"), VALUE, "source is missing", id="no source"),
        pytest.param(without("ce_type"), VALUE, "type is missing", id="no type"),
        pytest.param(without("ce_specversion"), VALUE, "specversion is missing", id="no version"),
        pytest.param(without("ce_time"), VALUE, "time is missing", id="no time"),
        pytest.param([*without("ce_id"), ("ce_id", b"")], VALUE, "id is missing or empty", id="empty id"),
        pytest.param([*without("ce_id"), ("ce_id", b"\xff")], VALUE, "ce_id is no UTF-8", id="id is no UTF-8"),
        pytest.param([*without("ce_id"), ("ce_id", b"a\n")], VALUE, "control character", id="line break in id"),
        pytest.param([*BINARY, ("ce_id", b"2")], VALUE, "more than once", id="two ids"),
        pytest.param([*BINARY, ("content-type", b"text/json")], VALUE, "more than once", id="two content types"),
        pytest.param([*without("ce_specversion"), ("ce_specversion", b"0.3")], VALUE, "must be 1.0", id="old version"),
        pytest.param([*without("ce_time"), ("ce_time", b"yesterday")], VALUE, "RFC 3339", id="time in words"),
        pytest.param(
            [*without("ce_time"), ("ce_time", "٢٠٢٦-04-16T16:40:00Z".encode())], VALUE, "RFC 3339", id="Arabic digits"
        ),
        pytest.param(
            [*without("ce_time"), ("ce_time", b"0001-01-01T00:00:00+14:00")], VALUE, "years 1 to", id="before year 1"
        ),
        pytest.param([*BINARY, ("ce_crisis_space", b"x")], VALUE, "no name of an attribute", id="underscore"),
        pytest.param([*without("ce_subject"), ("ce_subject", b"")], VALUE, "subject is empty", id="empty subject"),
        pytest.param(
            [*without("content-type"), ("content-type", b"text/xml")], VALUE, "not read here", id="data in XML"
        ),
        pytest.param(BINARY, b"", "value is empty", id="empty value"),
        pytest.param([("content-type", b"application/cloudevents+avro")], b"", "not read here", id="Avro"),
        pytest.param([("content-type", b"application/cloudevents-batch+json")], b"[]", "not read here", id="a batch"),
        pytest.param([("content-type", b"application/cloudevents+json;charset=latin1")], b"{}", "charset", id="latin1"),
        pytest.param(STRUCTURED, None, "no value", id="structured tombstone"),
        pytest.param(STRUCTURED, b"[]", "no JSON object", id="structured list"),
        pytest.param(STRUCTURED, b"{", "no JSON", id="structured, cut off"),
        pytest.param(STRUCTURED, event(id=["1"]), "must be text", id="id is a list"),
        pytest.param(STRUCTURED, event(data_base64="e30="), "both", id="data twice"),
        pytest.param(STRUCTURED, with_base64(b"in words"), "no base64", id="data in no base64"),
        pytest.param(STRUCTURED, with_base64(b"PG5vPg=="), "data_base64 is no JSON", id="XML in base64"),
        pytest.param(STRUCTURED, event(datacontenttype="text/plain"), "not read here", id="structured plain text"),
        pytest.param(STRUCTURED, event().replace(b"{}", b"1e999"), "no JSON", id="infinite number"),
        pytest.param(STRUCTURED, event().replace(b"{}", b"[" * 90 + b"1" + b"]" * 90), "deeper than", id="deep"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    headers: list[tuple[str, bytes]], value: bytes | None, sentence: str
) -> None:
    with pytest.raises(UnreadableMessage) as caught:
        from_kafka(headers, value)

    assert sentence in str(caught.value)
