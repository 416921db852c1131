"""Characters that turn the direction of writing, and what an author may do with them.

An override lets a text read one way and be another ("0001" shown as "1000"); an isolate that is not
closed turns the rest of the page. Marks without a scope (LRM, RLM, ALM) are harmless and stay.
"""

import re
from collections.abc import Iterable

import regex

from crisis_bus.domain.subscriptions import Language

_OVERRIDES = frozenset(chr(code) for code in range(0x202A, 0x202F))
_OPENS = frozenset("\u2066\u2067\u2068")
_CLOSES = "\u2069"
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
_KEPT = r"\u2068[^\u2069]*\u2069|(?:https?://|[#@])\S+"
_RIGHT = r"[[\p{Arabic}\p{Hebrew}\p{Thaana}]&&\p{L}]"
_LEFT = rf"[\p{{L}}--{_RIGHT}]"
_RUNS = {
    foreign: regex.compile(rf"(?V1){_KEPT}|(?P<run>{first}(?:[{first}\p{{M}}\p{{Nd}}/_.:+&'’ -]*[{first}\p{{Nd}}])?)")
    for foreign, first in (("left", _LEFT), ("right", _RIGHT))
}
_FORGING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def isolated(text: str, language: Language) -> str:
    """A value inside a sentence, on one line and without signs that could forge another one.

    Latin letters in an Arabic sentence stand apart, else a list of them would turn around.
    """
    text = _FORGING.sub(" ", text)
    latin = language == "ar" and any("a" <= sign.lower() <= "z" for sign in text)
    return f"\u2068{text}{_CLOSES}" if latin else text


def apart(text: str, language: Language) -> str:
    """A text with an isolate around each run of the other direction, for channels that render isolates.

    Addresses and hashtags stay as they are: an isolate that touches one can become a part of it.
    """
    foreign = "left" if language.partition("-")[0] in _RIGHT_TO_LEFT else "right"
    return _RUNS[foreign].sub(lambda found: f"\u2068{found[0]}{_CLOSES}" if found["run"] else found[0], text)


def plain(text: str) -> str:
    """A text without any sign that only turns the direction, for channels that show them as boxes."""
    return _CONTROLS.sub("", text)


def check(text: str) -> str | None:
    """Why a text must not be taken, in English and Arabic; None if its direction is safe."""
    found = next((sign for sign in text if sign in _OVERRIDES), None)
    if found is not None:
        return (
            f"the text contains U+{ord(found):04X}, which makes it read otherwise than it is written: remove it"
            f" · يتضمن النص الرمز U+{ord(found):04X} الذي يغيّر اتجاه القراءة: يُرجى حذفه"
        )
    if not all(_balanced(line) for line in text.splitlines()):
        return (
            "the text opens a direction isolate that is not closed in the same line, or closes one never opened"
            " · في النص رمز عزل اتجاه غير مغلق في السطر نفسه، أو مغلق دون فتح"
        )
    return None


def _balanced(signs: Iterable[str]) -> bool:
    depth = 0
    for sign in signs:
        depth += (sign in _OPENS) - (sign == _CLOSES)
        if depth < 0:
            return False
    return depth == 0
