"""Subscriptions as CSV: read with a report by line, written so that no spreadsheet runs a cell."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from crisis_bus.errors import UserError
from crisis_bus.text.catalogue import said

COLUMNS = (
    "id", "channel", "transport", "address", "subscriber", "languages", "types", "emirates", "kinds", "audiences",
    "min_grade", "min_level", "quiet_begin", "quiet_end", "quiet_passes", "outlet", "paused",
    "places", "ladder",
)  # fmt: skip
_NEEDED = ("id", "channel", "transport", "address")
_LISTS = ("types", "emirates", "kinds", "audiences")
_JSON = ("places", "ladder")
"""Lists of objects, as the API has them."""
_NUMBERS = ("min_grade", "min_level")
_YES = {"yes": True, "true": True, "1": True, "نعم": True, "no": False, "false": False, "0": False, "لا": False}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNREAD = said("{file} cannot be read: {reason}")
_UNKNOWN = said("The column {column} is unknown; there are {known}")
_NO_COLUMN = said("The column {column} is missing")
_EMPTY = said("{column} is empty")
_NO_NUMBER = said("{column}: {value} is no whole number")
_NO_ANSWER = said("{column}: {value} is neither yes nor no")
_NO_JSON = said("{column}: that is no JSON list: {value}")
_CELLS = said("The line has more cells than the first line has columns")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: the id and body of a subscription, or what is wrong with it."""

    line: int
    id: str
    body: dict[str, Any]
    wrong: str | None = None


def read(file: Path) -> list[Row]:
    """Read a file in UTF-8; raises UserError if it is none, or its first line names no columns of ours."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            _check_columns(reader.fieldnames or [])
            return [_row(reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(_UNREAD.both().filled(file=file, reason=error)) from error


def write(subscriptions: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """Write subscriptions as the gateway tells them."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in subscriptions:
        writer.writerow([_guarded(cell) for cell in _cells(one)])


def _check_columns(names: Iterable[str]) -> None:
    names = list(names)
    for name in names:
        if name not in COLUMNS:
            raise UserError(_UNKNOWN.both().filled(column=name, known=", ".join(COLUMNS)))
    for name in _NEEDED:
        if name not in names:
            raise UserError(_NO_COLUMN.both().filled(column=name))


def _row(line: int, cells: Mapping[str | None, Any]) -> Row:
    if None in cells:
        return Row(line, "", {}, _CELLS.both().filled())
    told = {name: (value or "").strip().removeprefix("'") for name, value in cells.items() if name is not None}
    wrong = next(_faults(told), None)
    return Row(line, told["id"], {} if wrong else _body(told), wrong)


def _faults(cells: Mapping[str, str]) -> Iterator[str]:
    yield from (_EMPTY.both().filled(column=name) for name in _NEEDED if not cells[name])
    for names, right, wrong in _RIGHT:
        for name in filter(cells.get, names):
            if not right(cells[name]):
                yield wrong.both().filled(column=name, value=cells[name])


def _parsed(cell: str) -> Any:  # noqa: ANN401 any JSON value comes by
    try:
        return json.loads(cell)
    except ValueError:
        return None


def _body(cells: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: cells[name] for name in ("channel", "transport", "address")}
    body |= {"subscriber": cells["subscriber"]} if cells.get("subscriber") else {}
    body |= {"languages": cells["languages"].split()} if cells.get("languages") else {}
    body |= {name: _YES[cells[name].lower()] for name in ("outlet", "paused") if cells.get(name)}
    wish: dict[str, Any] = {name: cells[name].split() for name in _LISTS if cells.get(name)}
    wish |= {name: int(cells[name]) for name in _NUMBERS if cells.get(name)}
    wish |= {"places": _parsed(cells["places"])} if cells.get("places") else {}
    body |= {"ladder": _parsed(cells["ladder"])} if cells.get("ladder") else {}
    quiet: dict[str, Any] = {name: cells[f"quiet_{name}"] for name in ("begin", "end") if cells.get(f"quiet_{name}")}
    quiet |= {"passes": int(cells["quiet_passes"])} if cells.get("quiet_passes") else {}
    return body | ({"filter": wish} if wish else {}) | ({"quiet": quiet} if quiet else {})


def _cells(one: Mapping[str, Any]) -> Iterator[str]:
    wish, quiet = one["filter"], one.get("quiet") or {}
    flat = {**one, **wish, **{f"quiet_{name}": value for name, value in quiet.items()}}
    for name in COLUMNS:
        value = flat.get(name)
        if name in _JSON:
            yield json.dumps(value, ensure_ascii=False) if value else ""
        elif isinstance(value, bool):
            yield "yes" if value else "no"
        else:
            yield " ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe, which `read` takes away."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _is_number(cell: str) -> bool:
    return cell.isascii() and cell.isdecimal()


def _is_answer(cell: str) -> bool:
    return cell.lower() in _YES


def _is_list(cell: str) -> bool:
    return isinstance(_parsed(cell), list)


_RIGHT = (
    ((*_NUMBERS, "quiet_passes"), _is_number, _NO_NUMBER),
    (("outlet", "paused"), _is_answer, _NO_ANSWER),
    (_JSON, _is_list, _NO_JSON),
)
"""What a cell that is not empty has to be, and what is said otherwise."""
