"""The names that the policy pack gives to codes; a code without a name stands for itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from crisis_bus.domain.policy import Named, Policy
from crisis_bus.domain.subscriptions import Language
from crisis_bus.gateway.languages import Both

Table = Mapping[str, Both]


@dataclass(frozen=True, slots=True)
class Names:
    """Code → name, for what people see on the board."""

    types: Table = field(default_factory=dict)
    entities: Table = field(default_factory=dict)
    emirates: Table = field(default_factory=dict)
    channels: Table = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """The names in a policy pack."""
        return cls(
            types=_table(policy.incident_types),
            entities=_table(policy.entities),
            emirates={**_table(policy.emirates), policy.nationwide: _both(policy.name)},
            channels=_table(policy.channels),
        )


def _table(rows: Iterable[Named]) -> Table:
    return {row.code: _both(row.names) for row in rows}


def _both(names: Mapping[Language, str]) -> Both:
    """The operators read Arabic and English; a pack in other languages has its first one for both."""
    first = next(iter(names.values()), "")
    return Both(names.get("ar", first), names.get("en", first))


def name(table: Table, code: str) -> Both:
    """The name of a code in both languages."""
    return table.get(code) or Both(code, code)
