"""The names that the policy pack gives to codes; a code without a name stands for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crisis_bus.gateway.languages import Both

Table = Mapping[str, Both]


@dataclass(frozen=True, slots=True)
class Names:
    """Code → name, for what people see on the board."""

    types: Table = field(default_factory=dict)
    entities: Table = field(default_factory=dict)
    emirates: Table = field(default_factory=dict)
    channels: Table = field(default_factory=dict)


def name(table: Table, code: str) -> Both:
    """The name of a code in both languages."""
    return table.get(code) or Both(code, code)
