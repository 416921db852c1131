"""The message catalogue (gettext): English stands in the code, Arabic in `locale/ar/LC_MESSAGES/crisis_bus.po`.

`said`, `counted` and `word` mark a message for extraction (`make messages`). A message is worded when
somebody reads it: in one language, in the plural form that its count asks for, its fields filled in.
"""

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from importlib import resources
from io import BytesIO
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from crisis_bus.domain.subscriptions import Language
from crisis_bus.text.languages import Both

DOMAIN = "crisis_bus"
KEYWORDS = {"said": None, "counted": (2, 3), "word": ((1, "c"), 2)}
"""What Babel looks for in the code, and which arguments are the message, its plural and its context."""
NUMBER = "n"
"""The field of a counted message that is the count."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the words of the code; `counts` names the field whose number or length chooses the form."""

    one: str
    other: str | None = None
    counts: str | None = None
    context: str | None = None

    def count(self, values: Mapping[str, Any]) -> int:
        """The number that chooses the form: that of the field, or how many it lists."""
        value = values.get(self.counts or "")
        if isinstance(value, Sized) and not isinstance(value, str):
            return len(value)
        return value if isinstance(value, int) else 1

    def of(self, language: Language, values: Mapping[str, Any] | None = None) -> str:
        """The sentence in one language, its fields not yet filled in."""
        known = translations(language)
        if self.other is not None:
            return known.ngettext(self.one, self.other, self.count(values or {}))
        return known.gettext(self.one) if self.context is None else known.pgettext(self.context, self.one)

    def both(self, values: Mapping[str, Any] | None = None) -> Both:
        """The sentence in both languages, its fields not yet filled in."""
        return Both(self.of("ar", values), self.of("en", values))


def said(sentence: str) -> Message:
    """A sentence."""
    return Message(sentence)


def counted(field: str, one: str, other: str) -> Message:
    """A sentence with a count: `{n}` is the number in a field, or how many it lists."""
    return Message(one, other, field)


def word(context: str, name: str) -> Message:
    """A word for a code; the context tells the translator what it is said of."""
    return Message(name, context=context)


def content(language: Language) -> bytes | None:
    """The catalogue of a language as people edit it; it travels with the package."""
    file = resources.files(__package__) / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    return file.read_bytes() if file.is_file() else None


@cache
def translations(language: Language) -> NullTranslations:
    """The messages of a language; the code's own need none, and a language without a catalogue gets these."""
    edited = content(language)
    if edited is None:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(edited), locale=language, domain=DOMAIN, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
