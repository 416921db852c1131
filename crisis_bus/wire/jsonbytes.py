"""JSON as it may stand on the log: UTF-8, finite numbers, not nested without end."""

import re
from typing import Any

from pydantic_core import from_json, to_json

from crisis_bus.errors import UnreadableMessage

MAX_DEPTH = 64
"""What is read here is written again inside other documents, which must stay readable too."""

_MAYBE_INFINITE = re.compile(rb"[0-9][eE]\+?[0-9]|[0-9]{300}")


def read(value: bytes, what: str) -> Any:  # noqa: ANN401 any JSON value comes by
    """The value that the bytes say; raises UnreadableMessage, whose sentence begins with `what`."""
    try:
        found = from_json(value, allow_inf_nan=False)
        if _MAYBE_INFINITE.search(value):
            # 1e400 is JSON, is read as infinity, and could not be written as JSON again.
            from_json(to_json(found), allow_inf_nan=False)
    except ValueError as error:
        msg = f"{what} is no JSON: {error}"
        raise UnreadableMessage(msg) from error
    if value.count(b"[") + value.count(b"{") > MAX_DEPTH and _deeper(found, MAX_DEPTH):
        msg = f"{what} is nested deeper than {MAX_DEPTH} levels"
        raise UnreadableMessage(msg)
    return found


def _deeper(value: object, levels: int) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(children) and (levels == 0 or any(_deeper(child, levels - 1) for child in children))
