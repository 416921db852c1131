"""How much of each short form fits, as one table, for the pack, for what leaves and for `crisis-bus text fit`.

A message says the pack's two languages together, so that a row is for one language and half of a message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crisis_bus.domain.delivery import Form
from crisis_bus.text import weighted
from crisis_bus.text.graphemes import signs
from crisis_bus.text.sms import utf16


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that one language may take, how it is counted, and whether the channel renders isolates."""

    most: int
    units: str
    measure: Callable[[str], int]
    isolates: bool


def _signs(text: str) -> int:
    return len(signs(text))


LIMITS: Mapping[Form, Limit] = {
    # Beside Arabic all is UCS-2: two languages and what is between them are six parts of 67, with room for signs that
    # no part may split.
    "sms": Limit(195, "UCS-2 units", utf16, isolates=False),
    # Of the 280 of X half, without the empty line.
    "post": Limit(139, "weighted characters of X", weighted.length, isolates=True),
    # What a telephone shows of a notification before it has to be opened.
    "push": Limit(178, "characters", _signs, isolates=True),
    # Read while passing by; the marks of a drill take a third of it.
    "sign": Limit(120, "characters", _signs, isolates=False),
    # Cell broadcast in UCS-2: 15 pages of 41 units (3GPP TS 23.041) hold 615; 360 is what public warnings keep to.
    "broadcast": Limit(360, "UCS-2 units", utf16, isolates=False),
}
