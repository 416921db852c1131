"""The envelope of every record: CloudEvents 1.0 on Kafka, binary mode out, binary and structured in.

Reading is strict and total: any headers and any bytes give an Envelope, or UnreadableMessage with
the sentence that stands in the dead letters. What a value says is JSON's reader's business, not ours:
in binary mode it is handed over unread, because the journal is read by the hundred thousand.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pydantic_core import to_json

from crisis_bus.domain import instants
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import jsonbytes

Headers = Sequence[tuple[str, bytes]]

VERSION = "1.0"
CONTENT_TYPE = "content-type"
JSON = "application/json"
STRUCTURED = "application/cloudevents+json"

_FAMILY = "application/cloudevents"
_PREFIX = "ce_"
_REQUIRED = ("id", "source", "type", "specversion", "time")
_KNOWN = {*_REQUIRED, "subject", "correlationid", "causationid", "crisisspace"}
_KEPT_APART = {"data", "datacontenttype"}
_FIRST, _LAST = instants.parse("0001-01-01T00:00:00Z"), instants.parse("9999-12-31T23:59:59.999Z")
_NAME = re.compile(r"[a-z0-9]{1,64}")
_JSON_TYPE = re.compile(r"(application|text)/([a-z0-9.-]+\+)?json", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What CloudEvents keeps out of texts: control characters, surrogates, non-characters."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is said of a message beside its data; `data` are JSON bytes, None removes the record's key.

    `correlation` is the id of what began it all, `causation` of what came right before.
    """

    id: str
    source: str
    type: str
    time: Instant
    data: bytes | None
    subject: str | None = None
    correlation: str | None = None
    causation: str | None = None
    extensions: Mapping[str, str] = field(default_factory=dict)


def following(  # noqa: PLR0913 one argument an attribute
    cause: Envelope,
    *,
    id: str,  # noqa: A002 CloudEvents calls it so
    source: str,
    type: str,  # noqa: A002 CloudEvents calls it so
    time: Instant,
    data: bytes | None,
    subject: str | None = None,
) -> Envelope:
    """An envelope that names what it follows from."""
    correlation = cause.correlation or cause.id
    return Envelope(id, source, type, time, data, subject, correlation, causation=cause.id)


def to_kafka(envelope: Envelope) -> tuple[list[tuple[str, bytes]], bytes | None]:
    """Headers and value of a record in binary mode; no value is a tombstone."""
    headers = [(_PREFIX + name, text.encode()) for name, text in _attributes(envelope).items()]
    if envelope.data is not None:
        headers.append((CONTENT_TYPE, JSON.encode()))
    return headers, envelope.data


def from_kafka(headers: Headers, value: bytes | None) -> Envelope:
    """Read a record in binary or structured mode; raises UnreadableMessage."""
    content = _content_type(headers)
    if content == JSON:
        return _from_binary(headers, value)
    media, _, parameters = (part.strip().lower() for part in content.partition(";"))
    if not media.startswith(_FAMILY):
        _check_media(media)
        return _from_binary(headers, value)
    if media != STRUCTURED:
        _refuse(f"the content-type {content!r} is not read here: structured events are {STRUCTURED}")
    if "charset=" in parameters and "utf-8" not in parameters:
        _refuse(f"the content-type {content!r} names another charset than UTF-8")
    if value is None:
        _refuse("a structured event has no value: only binary mode has tombstones")
    return from_structured(value)


def to_structured(envelope: Envelope) -> bytes:
    """The whole event as one JSON document; raises UnreadableMessage if its data are not JSON."""
    event: dict[str, Any] = dict(_attributes(envelope))
    if envelope.data is not None:
        event |= {"datacontenttype": JSON, "data": jsonbytes.read(envelope.data, "the data of the event")}
    return to_json(event)


def from_structured(value: bytes) -> Envelope:
    """Read an event that is one JSON document; raises UnreadableMessage."""
    event = jsonbytes.read(value, "the structured event")
    if not isinstance(event, dict):
        _refuse("the structured event is no JSON object")
    data = _structured_data(event)
    present = {name: item for name, item in event.items() if item is not None}
    _check_media(_text("datacontenttype", present.pop("datacontenttype", JSON)).partition(";")[0].strip())
    return _envelope({name: _text(name, item) for name, item in present.items()}, data)


def _attributes(envelope: Envelope) -> dict[str, str]:
    optional = {
        # A subject may carry an id that somebody typed; a character that no reader takes must not come of it.
        "subject": _FORBIDDEN.sub("\ufffd", envelope.subject or ""),
        "correlationid": envelope.correlation,
        "causationid": envelope.causation,
    }
    return {
        "specversion": VERSION,
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "time": instants.text(envelope.time),
        **{name: text for name, text in optional.items() if text},
        **envelope.extensions,
    }


def _content_type(headers: Headers) -> str:
    found = [value for name, value in headers if name.lower() == CONTENT_TYPE]
    if len(found) > 1:
        _refuse("the header content-type is there more than once")
    return _decoded(CONTENT_TYPE, found[0]) if found else JSON


def _from_binary(headers: Headers, value: bytes | None) -> Envelope:
    if value == b"":
        _refuse("the value is empty: data are JSON, and a tombstone has a null value")
    attributes: dict[str, str] = {}
    for header, content in headers:
        if not header.startswith(_PREFIX):
            continue
        name = header.removeprefix(_PREFIX)
        if name in attributes:
            _refuse(f"the header {header} is there more than once")
        attributes[name] = _decoded(header, content)
    return _envelope(attributes, value)


def _envelope(attributes: dict[str, str], data: bytes | None) -> Envelope:
    for name in _REQUIRED:
        if not attributes.get(name):
            _refuse(f"the attribute {name} is missing or empty")
    for name in attributes.keys() - _KNOWN:
        if not _NAME.fullmatch(name) or name in _KEPT_APART:
            _refuse(f"{name!r} is no name of an attribute: lower-case letters and digits, at most 64")
    if _FORBIDDEN.search("".join(attributes.values())):
        (name, *_) = (name for name, text in attributes.items() if _FORBIDDEN.search(text))
        _refuse(f"the attribute {name} holds a control character or a non-character")
    if attributes.pop("specversion") != VERSION:
        _refuse(f"the attribute specversion must be {VERSION}")
    if attributes.get("subject") == "":
        _refuse("the attribute subject is empty: an event without one leaves it out")
    return Envelope(
        id=attributes.pop("id"),
        source=attributes.pop("source"),
        type=attributes.pop("type"),
        time=_time(attributes.pop("time")),
        data=data,
        subject=attributes.pop("subject", None),
        correlation=attributes.pop("correlationid", None) or None,
        causation=attributes.pop("causationid", None) or None,
        extensions=attributes,
    )


def _check_media(media: str) -> None:
    if not _JSON_TYPE.fullmatch(media):
        _refuse(f"the content-type {media!r} is not read here: data are {JSON}")


def _time(text: str) -> Instant:
    try:
        instant = instants.parse(text)
    except ValueError as error:
        msg = f"the attribute time is {text!r}: {error}"
        raise UnreadableMessage(msg) from error
    if not _FIRST <= instant <= _LAST:
        _refuse(f"the attribute time is {text!r}, which is outside the years 1 to 9999 of UTC")
    return instant


def _decoded(name: str, content: bytes | None) -> str:
    try:
        return (content or b"").decode()
    except UnicodeDecodeError as error:
        msg = f"the header {name} is no UTF-8"
        raise UnreadableMessage(msg) from error


def _text(name: str, item: object) -> str:
    if isinstance(item, bool):
        return str(item).lower()
    if isinstance(item, int):
        return str(item)
    if not isinstance(item, str):
        _refuse(f"the attribute {name} must be text, a whole number or true or false")
    return item


def _structured_data(event: dict[str, Any]) -> bytes | None:
    encoded = event.pop("data_base64", None)
    if encoded is None:
        return to_json(event.pop("data")) if "data" in event else None
    if "data" in event:
        _refuse("the structured event has both data and data_base64")
    try:
        data = b64decode(encoded, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        msg = "data_base64 is no base64 text"
        raise UnreadableMessage(msg) from error
    jsonbytes.read(data, "data_base64")
    return data


def _refuse(sentence: str) -> NoReturn:
    raise UnreadableMessage(sentence)
