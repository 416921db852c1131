"""The two languages of everything that people read; Arabic first."""

import re
from dataclasses import dataclass

from crisis_bus.domain.subscriptions import Language

_RANGE = re.compile(r"\s*(ar|en|\*)(?:-[A-Za-z0-9-]{1,32})?\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?\s*")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Both:
    """One sentence in both languages."""

    ar: str
    en: str

    def of(self, language: Language) -> str:
        """The sentence in one language."""
        return self.ar if language == "ar" else self.en

    def both(self) -> dict[Language, str]:
        """Both, by language."""
        return {"ar": self.ar, "en": self.en}


def preferred(accepted: str) -> Language:
    """The language that an `Accept-Language` header asks for: Arabic, unless English is wanted more."""
    wanted = {"ar": 0.0, "en": 0.0}
    for part in accepted[:_LONGEST].split(","):
        found = _RANGE.fullmatch(part)
        if found and found[1] in wanted:
            wanted[found[1]] = max(wanted[found[1]], float(found[2] or 1))
    return "en" if wanted["en"] > wanted["ar"] else "ar"
