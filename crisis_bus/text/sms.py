"""Text messages: GSM-7 with its extension table or UCS-2, and the parts of a long one (3GPP TS 23.038 and 23.040)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from crisis_bus.text.graphemes import signs

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_OUTSIDE_BMP = 0xFFFF


class Encoding(StrEnum):
    """How the signs of a text message travel; one sign that GSM-7 does not have makes all of it UCS-2."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


SINGLE = {Encoding.GSM7: 160, Encoding.UCS2: 70}
"""Units in a message of one part: septets, and UTF-16 units of two bytes."""
PART = {Encoding.GSM7: 153, Encoding.UCS2: 67}
"""Units in each part of a longer one, beside the header that joins them."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A text as it travels: its parts in order, joined the text again; `units` are those of all parts."""

    encoding: Encoding
    units: int
    parts: tuple[str, ...]


def parted(text: str) -> Sms:
    """The parts of a text: no sign is split over two, an escape or surrogate pair still less."""
    encoding = Encoding.GSM7 if all(sign in _BASIC or sign in _EXTENSION for sign in text) else Encoding.UCS2
    measure = _septets if encoding is Encoding.GSM7 else utf16
    units = measure(text)
    if units <= SINGLE[encoding]:
        return Sms(encoding, units, (text,))
    return Sms(encoding, units, tuple(_filled(_pieces(text, measure, PART[encoding]), measure, PART[encoding])))


def utf16(text: str) -> int:
    """Units of UCS-2, in which signs outside the basic plane take two."""
    return len(text) + sum(ord(sign) > _OUTSIDE_BMP for sign in text)


def _septets(text: str) -> int:
    return len(text) + sum(sign in _EXTENSION for sign in text)


def _pieces(text: str, measure: Callable[[str], int], most: int) -> Iterator[str]:
    """The signs; one that no part can hold, a letter under a heap of marks, comes in its characters."""
    for sign in signs(text):
        if measure(sign) <= most:
            yield sign
        else:
            yield from sign


def _filled(pieces: Iterable[str], measure: Callable[[str], int], most: int) -> Iterator[str]:
    part: list[str] = []
    used = 0
    for piece in pieces:
        takes = measure(piece)
        if used + takes > most:
            yield "".join(part)
            part, used = [], 0
        part.append(piece)
        used += takes
    yield "".join(part)
