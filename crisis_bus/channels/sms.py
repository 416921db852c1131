"""What every way of sending text messages shares: the words, the number, and the receipts in their usual words."""

import re

from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.errors import PermanentDelivery

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_STATES = {
    "DELIVRD": Outcome.DELIVERED,
    "EXPIRED": Outcome.FAILED,
    "DELETED": Outcome.FAILED,
    "UNDELIV": Outcome.FAILED,
    "REJECTD": Outcome.FAILED,
}
"""The last states of a message, as delivery receipts write them (SMPP 3.4, appendix B)."""
_NUMBERED = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}
_RECEIPT = re.compile(r"\bid:(?P<id>\S+).*?\bstat:(?P<state>[A-Z]{7})", re.ASCII | re.IGNORECASE | re.DOTALL)


def number(message: OutboxMessage) -> str:
    """The number that a message goes to, in E.164; raises PermanentDelivery."""
    if _NUMBER.fullmatch(message.address) is None:
        msg = "the address must be a phone number such as +971501234567"
        raise PermanentDelivery(msg)
    return message.address


def words(message: OutboxMessage) -> str:
    """The text in every language that is asked for, in their order."""
    return "\n".join(message.bulletin.worded("sms", language) for language in message.languages)


def state(word: str) -> Outcome | None:
    """What the word of a delivery receipt says of a message; None while it says nothing final."""
    return _STATES.get(word.upper())


def receipt(text: str) -> tuple[str, str] | None:
    """Id and state of a delivery receipt in its usual words; None if it is none."""
    found = _RECEIPT.search(text)
    return None if found is None else (found["id"], found["state"].upper())


def numbered(code: int | None) -> str:
    """The word for the number of a state; empty while it says nothing final."""
    return _NUMBERED.get(code or 0, "")
