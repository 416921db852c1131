"""Reads outbox records; a bulletin that thousands get is checked once."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from crisis_bus.bus.record import Record
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Receipt, Waiting
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import messages, types
from crisis_bus.wire.envelope import Envelope, from_kafka

_KEPT = 64


class Outbox:
    """Reads messages, and shares the bulletins of those that carry the same."""

    def __init__(self) -> None:
        self._bulletins: OrderedDict[str, tuple[dict[str, Any], Bulletin]] = OrderedDict()

    def read(self, record: Record) -> tuple[Envelope, tuple[OutboxMessage, ...]]:
        """Read envelope and messages of a record (a Sheaf); raises UnreadableMessage."""
        envelope = from_kafka(record.headers, record.value)
        if envelope.type != types.OUTBOX:
            msg = f"a record of the outbox has the type {types.OUTBOX}, not {envelope.type!r}"
            raise UnreadableMessage(msg)
        data = _object(envelope)
        try:
            bulletin = self._bulletin(data.get("bulletin"))
            return envelope, tuple(_message(each, bulletin) for each in _listed(data))
        except ValidationError as error:
            raise UnreadableMessage(_sentence("outbox message", error)) from error

    def _bulletin(self, data: Any) -> Any:  # noqa: ANN401 any JSON value comes by
        number = data.get("number") if isinstance(data, dict) else None
        if not isinstance(number, str):
            return data
        kept = self._bulletins.get(number)
        if kept is not None and kept[0] == data:
            return kept[1]
        bulletin = Bulletin.model_validate(data)
        self._bulletins[number] = (data, bulletin)
        if len(self._bulletins) > _KEPT:
            self._bulletins.popitem(last=False)
        return bulletin


def _object(envelope: Envelope) -> dict[str, Any]:
    """Read the data fast: nothing of it is written again before a model has checked it."""
    if envelope.data is None:
        msg = "an outbox message needs data: nothing is taken back from the outbox"
        raise UnreadableMessage(msg)
    try:
        data = from_json(envelope.data, allow_inf_nan=False)
    except ValueError as error:
        msg = f"the data of an outbox message are no JSON: {error}"
        raise UnreadableMessage(msg) from error
    if not isinstance(data, dict):
        msg = "the data of an outbox message are a JSON object"
        raise UnreadableMessage(msg)
    return data


def _listed(data: dict[str, Any]) -> list[Any]:
    messages = data.get("messages")
    if not isinstance(messages, list):
        msg = "no record of the outbox: messages: it is a list"
        raise UnreadableMessage(msg)
    return messages


def _message(data: Any, bulletin: Any) -> OutboxMessage:  # noqa: ANN401 any JSON value comes by
    return OutboxMessage.model_validate({**data, "bulletin": bulletin} if isinstance(data, dict) else data)


def read_waiting(record: Record) -> tuple[Envelope, Waiting]:
    """Read envelope and message of a record of those that wait; raises UnreadableMessage."""
    envelope = from_kafka(record.headers, record.value)
    try:
        return replace(envelope, data=None), Waiting.model_validate(messages.read_json(envelope))
    except ValidationError as error:
        raise UnreadableMessage(_sentence("waiting message", error)) from error


def expiry(message: OutboxMessage) -> Instant | None:
    """When a bulletin expires by our clock; a rehearsal's day is not ours."""
    bulletin = message.bulletin
    return None if bulletin.expires is None or bulletin.rehearsal else instants.parse(bulletin.expires)


def read_receipt(record: Record) -> Receipt:
    """Read the receipt of a record; raises UnreadableMessage."""
    data = messages.read_json(from_kafka(record.headers, record.value))
    try:
        return Receipt.model_validate(data)
    except ValidationError as error:
        raise UnreadableMessage(_sentence("receipt", error)) from error


def _sentence(what: str, error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(map(str, first["loc"])) or "the data"
    return f"no {what}: {field}: {first['msg']}"
