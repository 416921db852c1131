"""How the words of an alert become the codes of a policy pack."""

import unicodedata
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from crisis_bus.cap.alert import CapAlert, Category, Info


class Words(BaseModel):
    """An incident type, and the beginnings of words by which an event or an event code names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: str
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class Place(BaseModel):
    """A part of the country, or all of it (ISO 3166: `XX-YY`, `XX`), and how area descriptions call it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    names: tuple[str, ...]


class CapMapping(BaseModel):
    """The file `cap.yaml` of a policy pack. The first entry that fits wins, so narrow ones stand first."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    events: tuple[Words, ...]
    categories: dict[Category, str]
    places: tuple[Place, ...]

    def incident_type(self, infos: Iterable[Info]) -> str:
        """By event code, else by the words of the event in any language, else by category."""
        there = tuple(infos)
        codes = {coded.value for info in there for coded in info.event_codes}
        texts = tuple(_plain(info.event) for info in there)
        for entry in self.events:
            if not codes.isdisjoint(entry.codes) or any(_begins(word, text) for word in entry.words for text in texts):
                return entry.type
        categories = [category for info in there for category in info.categories]
        return self.categories[categories[0] if categories else Category.OTHER]

    def emirates(self, alert: CapAlert) -> tuple[str, ...]:
        """The emirates that geocodes or area names tell, in the order of the pack; none for other countries."""
        areas = [area for info in alert.infos for area in info.areas]
        codes = {coded.value.upper() for area in areas for coded in area.geocodes}
        names = tuple(_plain(area.description) for area in areas)
        found = [
            place.code
            for place in self.places
            if place.code in codes or any(_begins(name, text) for name in place.names for text in names)
        ]
        # A part and its country in one description (“Fujairah, United Arab Emirates”) is that part, not all of them.
        return tuple(
            code for code in found if code in codes or not any(other.startswith(f"{code}-") for other in found)
        )


def _begins(word: str, text: str) -> bool:
    """Whether a word of the text begins so; an Arabic word may carry the article or a conjunction before it."""
    plain = _plain(word).strip()
    return f" {plain}" in text or any(f" {prefix}{plain}" in text for prefix in ("ال", "و", "وال", "بال", "لل"))


def _plain(text: str) -> str:
    """Without case, vowel signs, elongation and spelling variants, and with one space before each word."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_VARIANTS)
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " " + " ".join(kept.split())


_VARIANTS = str.maketrans({"ـ": "", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})
