"""Whether an address can be one: for the way that a subscription asks for first, and for each step of its ladder."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

from crisis_bus.domain.subscriptions import Subscription, Transport
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import bad_value

_MAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,190}")
_FOLDER = re.compile(r"folder:[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Way:
    """A transport, an address, and the field in which it was given."""

    transport: Transport
    address: str
    field: str

    @property
    def host(self) -> str | None:
        """The host that will be called; None if none is."""
        called = self.transport in {"webhook", "handover"} and "://" in self.address
        return (urlsplit(self.address).hostname or "") if called else None


def ways(made: Subscription) -> Iterator[Way]:
    """All ways to a subscriber."""
    yield Way(made.transport, made.address, "address")
    for number, step in enumerate(made.ladder):
        yield Way(step.transport, step.address, f"ladder.{number}.address")


def check(way: Way) -> None:
    """Refuse an address that does not fit its transport; raises Problem."""
    right = _RIGHT.get(way.transport)
    if right is None or right(way.address):
        return
    raise bad_value(
        Both(
            f"العنوان لا يصلح لوسيلة {way.transport}",
            f"the address does not fit {way.transport}: a webhook has an http(s) URL without user, password or "
            "fragment, e-mail an address with one @, kafka the name of a topic, sms a phone number such as "
            "+971501234567, handover a URL as a webhook has or folder: and a name",
        ),
        way.field,
    )


def _is_url(address: str) -> bool:
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return False
    plain = url.scheme in {"http", "https"} and bool(url.hostname) and port != 0 and " " not in address
    return plain and url.username is None and url.password is None and not url.fragment


def _is_mail(address: str) -> bool:
    return _MAIL.fullmatch(address) is not None


def _is_number(address: str) -> bool:
    """Whether it is a number in E.164 that its country may have given out."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return False
    canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return canonical == address and phonenumbers.is_possible_number(number)


def _is_topic(address: str) -> bool:
    return _TOPIC.fullmatch(address) is not None and address not in {".", ".."}


def _is_place(address: str) -> bool:
    return _FOLDER.fullmatch(address) is not None or _is_url(address)


_RIGHT: dict[Transport, Callable[[str], bool]] = {
    "webhook": _is_url,
    "email": _is_mail,
    "kafka": _is_topic,
    "sms": _is_number,
    "handover": _is_place,
}
