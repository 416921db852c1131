"""What a version of the policy changes against another one: table, row, field, old and new."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from crisis_bus.domain.forms import Forms
from crisis_bus.domain.policy import Policy

_KEYS = ("code", "id", "grade", "level")
"""What a row of a table is called by."""


class Amendment(NamedTuple):
    """One change; a row or field that only one side has is None on the other."""

    table: str
    row: str
    field: str
    old: Any
    new: Any


def between(old: Policy, new: Policy) -> Iterator[Amendment]:
    """What differs in the tables, in their order."""
    yield from _found((), old.model_dump(mode="json"), new.model_dump(mode="json"))


def between_words(old: Forms, new: Forms) -> Iterator[Amendment]:
    """What differs in the templates and labels."""
    for change in _found(("templates",), _words(old), _words(new)):
        yield change._replace(old=_apart(change.old, change.new), new=_apart(change.new, change.old))


def _apart(text: Any, other: Any) -> Any:  # noqa: ANN401 any JSON value
    """Of a text of many lines those that the other one does not have."""
    if not isinstance(text, str) or not isinstance(other, str):
        return text
    there = other.splitlines()
    return "\n".join(line for line in text.splitlines() if line not in there)


def _words(forms: Forms) -> dict[str, Any]:
    said = forms.model_dump(mode="json")
    return {**said["kinds"], "labels": said["labels"], "short": said.get("short", {})}


def _found(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Amendment]:  # noqa: ANN401 any JSON value
    if type(old) is type(new) and old == new:
        return
    before, after = _rows(old), _rows(new)
    if before is None or after is None:
        table, row, *inside = (*path, "", "")
        yield Amendment(table, row, ".".join(filter(None, inside)), old, new)
        return
    for name in dict.fromkeys((*before, *after)):
        yield from _found((*path, name), before.get(name), after.get(name))


def _rows(value: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 any JSON value
    """A mapping as it is, and a list of rows by their keys; nothing for all else."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        return None
    key = next((name for name in _KEYS if name in value[0]), None)
    return None if key is None else {str(row[key]): row for row in value}
