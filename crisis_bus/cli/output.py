"""How answers look: tables for people, JSON for programs."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic_core import to_json
from rich.console import Console
from rich.table import Column, Table


class Format(StrEnum):
    """`table` for people, `json` for one document, `jsonl` for one object a line."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One sentence on standard error."""
    sys.stderr.write(f"crisis-bus: {text}\n")


def rows(found: Iterable[Mapping[str, Any]], columns: Sequence[str], output: Format) -> None:
    """Rows as a table of these columns, or whole as JSON."""
    if output is Format.JSONL:
        for row in found:
            say(to_json(row).decode())
    elif output is Format.JSON:
        say(to_json(list(found), indent=2).decode())
    else:
        table = Table(*(Column(name, overflow="fold") for name in columns))
        for row in found:
            table.add_row(*(cell(row.get(column)) for column in columns))
        Console().print(table)


def cell(value: object) -> str:
    """A value in a table: text as it is, nothing for nothing, `name value · name value`, the rest as JSON."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return " · ".join(f"{name} {cell(inner)}" for name, inner in value.items())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value) or "–"
    return value if isinstance(value, str) else to_json(value).decode()
