"""The ids of answered commands: a set that only grows, of which a million are restored in no time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from immutables import Map


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Immutable: `before` came from the journal at once, `since` one by one."""

    before: frozenset[str] = frozenset()
    since: Map[str, bool] = field(default_factory=Map)

    @classmethod
    def of(cls, ids: Iterable[str]) -> "Known":
        """All of these."""
        return cls(frozenset(ids))

    def having(self, name: str) -> "Known":
        """These and one more."""
        return self if name in self else Known(self.before, self.since.set(name, True))  # noqa: FBT003 a set made of a map

    def __contains__(self, name: object) -> bool:
        return name in self.since or name in self.before

    def __len__(self) -> int:
        return len(self.since) + len(self.before)

    def __iter__(self) -> Iterator[str]:
        yield from self.before
        yield from self.since

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and len(self) == len(other) and all(name in other for name in self)

    __hash__ = None  # type: ignore[assignment] # equal by content, and too large to hash
