"""Receipts as the views keep them by the million: what many of them say alike stands in memory once."""

from dataclasses import dataclass, field
from typing import Any

from crisis_bus.domain.delivery import Receipt

_FIELDS = set(Receipt.model_fields)
"""Shared by all: pydantic's own record of which fields were given takes more room than what they say."""
_ALIKE = frozenset(
    {"space", "number", "statement", "incident", "subscriber", "channel", "transport", "detail", "chain"}
    | {"provider", "due", "languages"}
)


@dataclass(slots=True)
class Slim:
    """What was said before."""

    _said: dict[Any, Any] = field(default_factory=dict)

    def of(self, receipt: Receipt) -> Receipt:
        """Give an equal receipt that needs less room."""
        said = self._said
        values: dict[str, Any] = {
            name: said.setdefault(value, value) if name in _ALIKE else value for name, value in receipt
        }
        return Receipt.model_construct(_FIELDS, **values)
