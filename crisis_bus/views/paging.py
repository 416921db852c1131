"""Pages that stay where they are while the log grows: a cursor is the key of the last item seen."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, the cursor after them, and whether more are there already."""

    items: tuple[T, ...]
    after: str | None
    more: bool


def page(ordered: Sequence[T], key: Callable[[T], str], after: str | None, limit: int) -> Page[T]:
    """The items after the cursor from a list that is ordered by `key`."""
    begin = 0 if after is None else bisect_right(ordered, after, key=key)
    items = tuple(ordered[begin : begin + limit])
    return Page(items, key(items[-1]) if items else after, begin + len(items) < len(ordered))
