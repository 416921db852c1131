"""What a mail server says later about a mail: a delivery status notification (RFC 3464)."""

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Literal

from crisis_bus.channels.contract import Report
from crisis_bus.domain.delivery import Outcome

_OUTCOMES: dict[str, Literal[Outcome.DELIVERED, Outcome.FAILED]] = {
    "delivered": Outcome.DELIVERED,
    "expanded": Outcome.DELIVERED,
    "failed": Outcome.FAILED,
}
"""`delayed` and `relayed` are no end: more may come, or nothing more will."""
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_OURS = re.compile(r"\s*<([^<>@\s]+)@[^<>@\s]+>\s*")


def report(mail: bytes) -> Report | None:
    """Read a notification; None if it is none, says nothing final, or is about no mail of ours."""
    parsed = message_from_bytes(mail)
    if parsed.get_content_type() != "multipart/report":
        return None
    blocks = [block for part in _parts(parsed, "message/delivery-status") for block in _inner(part)]
    message = _envelope_id(blocks) or _returned_id(parsed)
    answers = [(_OUTCOMES.get(_field(block, "Action").lower()), _field(block, "Status")) for block in blocks]
    for outcome, status in answers:
        if message and outcome is not None:
            code = _STATUS.search(status)
            said = f"{outcome.value} ({code[0]})" if code else outcome.value
            return Report(message, outcome, f"a mail server reported: {said}")
    return None


def _envelope_id(blocks: list[Message]) -> str:
    return next((found for block in blocks if (found := _field(block, "Original-Envelope-Id"))), "")


def _returned_id(parsed: Message) -> str:
    """The id in the returned mail, for servers that know nothing of envelope ids."""
    whole = [inner for part in _parts(parsed, "message/rfc822") for inner in _inner(part)]
    heads = [message_from_string(str(part.get_payload())) for part in _parts(parsed, "text/rfc822-headers")]
    found = (_OURS.fullmatch(_field(each, "Message-ID")) for each in (*whole, *heads))
    return next((match[1] for match in found if match), "")


def _parts(parsed: Message, kind: str) -> Iterator[Message]:
    return (part for part in parsed.walk() if part.get_content_type() == kind)


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()
