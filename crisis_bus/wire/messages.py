"""Builders and readers of messages, so that every process writes the same thing."""

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json

from crisis_bus.domain import ids, instants
from crisis_bus.domain.commands import ABSENT, Command
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import jsonbytes, types
from crisis_bus.wire.envelope import Envelope, Headers

M = TypeVar("M", bound=BaseModel)
SPACE = "crisisspace"
"""The extension attribute that names the space of a command."""


class KeptHeader(BaseModel):
    """A header as it came; the bytes need not be text."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str
    value_base64: str


class DeadLetter(BaseModel):
    """A record that could not be read or handled: its bytes, where it stood, and why. `at` is RFC 3339."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    topic: str
    partition: int
    offset: int
    reason: str
    at: str
    headers: tuple[KeptHeader, ...]
    key_base64: str | None = None
    value_base64: str | None = None

    @property
    def key(self) -> bytes | None:
        """The key as it came."""
        return _from_base64(self.key_base64)

    @property
    def value(self) -> bytes | None:
        """The value as it came."""
        return _from_base64(self.value_base64)

    @property
    def raw_headers(self) -> list[tuple[str, bytes]]:
        """The headers as they came."""
        return [(header.name, b64decode(header.value_base64)) for header in self.headers]


def command(  # noqa: PLR0913 one argument a part of the command
    space: str,
    name: str,
    by: object,
    data: object,
    *,
    id: str,  # noqa: A002 CloudEvents calls it so
    at: Instant,
    source: str,
    cause: Envelope | None = None,
    said_id: object = ABSENT,
) -> Envelope:
    """A command as it goes on the log; the key of its record is the space.

    `said_id` is what was sent as its id, where that is no text: the message needs one all the same.
    """
    said = {} if said_id is ABSENT else {"id": said_id}
    body = to_json({"by": by, "data": data} | said)
    envelope = Envelope(id, source, types.command_type(name), at, body, extensions={SPACE: space})
    return _caused(envelope, cause)


def read_command(envelope: Envelope) -> tuple[str, Command]:
    """The space and the command of a message; raises UnreadableMessage."""
    name = types.command_name(envelope.type)
    space = envelope.extensions.get(SPACE, "")
    if not space:
        msg = f"the attribute {SPACE} is missing: a command belongs to a space"
        raise UnreadableMessage(msg)
    body = read_json(envelope)
    if not isinstance(body, dict):
        msg = 'the data of a command are a JSON object: {"by": …, "data": …}'
        raise UnreadableMessage(msg)
    said = body.get("id", envelope.id)
    known = envelope.id if isinstance(said, str) and said.strip() else said  # the journal keeps the envelope's
    return space, Command(type=name, by=body.get("by"), data=body.get("data"), id=known)


def read_json(envelope: Envelope) -> Any:  # noqa: ANN401 any JSON value comes by
    """The data of a message as Python values; raises UnreadableMessage."""
    if envelope.data is None:
        msg = f"a message of type {envelope.type} needs data"
        raise UnreadableMessage(msg)
    return jsonbytes.read(envelope.data, f"the data of {envelope.type}")


def read_as(model: type[M], envelope: Envelope) -> M:
    """The data of a message as a model; raises UnreadableMessage, which names the field."""
    try:
        return model.model_validate(read_json(envelope))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the data"
        msg = f"no {model.__name__}: {field}: {first['msg']}"
        raise UnreadableMessage(msg) from error


def message_for(  # noqa: PLR0913 one argument an attribute
    model: BaseModel,
    type: str,  # noqa: A002 CloudEvents calls it so
    *,
    id: str,  # noqa: A002 CloudEvents calls it so
    source: str,
    at: Instant,
    subject: str | None = None,
    cause: Envelope | None = None,
) -> Envelope:
    """A message that carries a model; what is None is left out."""
    data = model.model_dump_json(exclude_none=True).encode()
    return _caused(Envelope(id, source, type, at, data, subject), cause)


def dead_letter(  # noqa: PLR0913 one argument a part of the record
    *,
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    headers: Headers,
    value: bytes | None,
    reason: str,
    at: Instant,
) -> Envelope:
    """The dead letter of a record; its id comes from where the record stood, so that twice is once."""
    letter = DeadLetter(
        topic=topic,
        partition=partition,
        offset=offset,
        key_base64=_base64(key),
        headers=tuple(KeptHeader(name=name, value_base64=_base64(content) or "") for name, content in headers),
        value_base64=_base64(value),
        reason=reason,
        at=instants.text(at),
    )
    place = f"{topic}/{partition}/{offset}"
    return message_for(
        letter, types.DEAD_LETTER, id=ids.derived("dead-letter", place), source=f"/{topic}", at=at, subject=place
    )


def _caused(envelope: Envelope, cause: Envelope | None) -> Envelope:
    if cause is None:
        return envelope
    return replace(envelope, correlation=cause.correlation or cause.id, causation=cause.id)


def _base64(content: bytes | None) -> str | None:
    return None if content is None else b64encode(content).decode()


def _from_base64(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)
