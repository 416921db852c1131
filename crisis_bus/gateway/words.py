"""The words of the board for what the rule book writes in codes."""

from collections.abc import Mapping

from crisis_bus.gateway.languages import Both
from crisis_bus.text import words


def _both(table: words.Words) -> Mapping[str, Both]:
    return {code: message.both() for code, message in table.items()}


GRADES: Mapping[int, Both] = {
    4: Both("حرجة", "Critical"),
    3: Both("جسيمة", "Major"),
    2: Both("متوسطة", "Significant"),
    1: Both("محدودة", "Minor"),
}
LEVELS: Mapping[int, Both] = {
    3: Both("وطني", "National"),
    2: Both("مشترك", "Cross-entity"),
    1: Both("مستوى الجهة", "Entity"),
}
KINDS = _both(words.KINDS)
STATES = _both({**words.RUMOUR_STATES, **words.STATEMENT_STATES, **words.INCIDENT_STATES})
KEYS = _both(words.KEYS)
DUE: Mapping[str, Both] = {
    "waiting": Both("البيان الأول", "First statement"),
    "met": Both("صدر في موعده", "Out in time"),
    "late": Both("صدر متأخراً", "Out, but late"),
    "breached": Both("فات موعد البيان الأول", "First statement overdue"),
}
