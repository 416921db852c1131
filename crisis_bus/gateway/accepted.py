"""Commands that this gateway took lately, so that a repeat is recognised before the desk has answered."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pydantic_core import to_json


@dataclass(frozen=True, slots=True)
class Taken:
    """A command that was sent; `acknowledged` once the broker has it with all in-sync replicas."""

    space: str
    fingerprint: str
    acknowledged: bool


def fingerprint(*parts: Any) -> str:  # noqa: ANN401 any JSON value comes by
    """The same for the same request, whatever the order of its fields."""
    return sha256(to_json(_ordered(list(parts)))).hexdigest()


def _ordered(value: Any) -> Any:  # noqa: ANN401 any JSON value comes by
    if isinstance(value, dict):
        return [[name, _ordered(value[name])] for name in sorted(value)] + ["{}"]
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    return value


@dataclass(slots=True)
class Accepted:
    """The newest of them; the oldest are forgotten, for the ledger has them by then."""

    keep: int = 10_000
    _taken: OrderedDict[tuple[str, str], Taken] = field(default_factory=OrderedDict)

    def find(self, space: str, command: str) -> Taken | None:
        """What is known of a command id."""
        return self._taken.get((space, command))

    def spaces(self) -> tuple[str, ...]:
        """Every space that something was sent to."""
        return tuple({space: None for space, _ in self._taken})

    def note(self, command: str, taken: Taken) -> None:
        """Remember a command."""
        self._taken[taken.space, command] = taken
        self._taken.move_to_end((taken.space, command))
        while len(self._taken) > self.keep:
            self._taken.popitem(last=False)
