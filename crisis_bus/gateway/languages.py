"""Which of the two languages a client prefers."""

import re

from crisis_bus.domain.subscriptions import Language
from crisis_bus.text.languages import Both

__all__ = ["Both", "preferred"]

_RANGE = re.compile(r"\s*(ar|en|\*)(?:-[A-Za-z0-9-]{1,32})?\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?\s*")
_LONGEST = 500


def preferred(accepted: str) -> Language:
    """The language that an `Accept-Language` header asks for: Arabic, unless English is wanted more."""
    wanted = {"ar": 0.0, "en": 0.0}
    for part in accepted[:_LONGEST].split(","):
        found = _RANGE.fullmatch(part)
        if found and found[1] in wanted:
            wanted[found[1]] = max(wanted[found[1]], float(found[2] or 1))
    return "en" if wanted["en"] > wanted["ar"] else "ar"
