"""Parameters that many addresses share."""

import re
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator

from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import bad_value
from crisis_bus.gateway.safe_json import check_text
from crisis_bus.gateway.shapes import LONGEST

_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
MOST = 500


def digits(value: object) -> object:
    """Let a number pass that is written in digits 0–9 only; pydantic takes `1_0` and worse."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        msg = "must be a whole number in digits 0–9"
        raise ValueError(msg)
    return value


def decimal(value: object) -> object:
    """Let seconds pass that are written in digits 0–9 with at most one point."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value, re.ASCII):
        msg = "must be a number in digits 0–9"
        raise ValueError(msg)
    return value


def cursor(after: str | None) -> int | None:
    """The place that a cursor of the journal means; raises Problem."""
    if not after:
        return None
    if not _DIGITS.fullmatch(after):
        raise bad_value(Both("المؤشر من صفحة سابقة فقط", "a cursor comes from an earlier page"), "after")
    return int(after)


def _plain(name: str, value: str | None) -> str | None:
    if value is not None:
        check_text(name, value)
    return value


def _space(
    space: Annotated[
        str | None, Query(max_length=LONGEST, description="the space; this government's if left out")
    ] = None,
) -> str | None:
    return _plain("space", space)


def _after(
    after: Annotated[str | None, Query(max_length=3 * LONGEST, description="the cursor of an earlier page")] = None,
) -> str | None:
    return _plain("after", after)


Limit = Annotated[int, BeforeValidator(digits), Query(ge=1, le=MOST, description="how many at most")]
Wait = Annotated[float, BeforeValidator(decimal), Query(ge=0, le=30, description="seconds to wait for the answer")]
Space = Annotated[str | None, Depends(_space)]
After = Annotated[str | None, Depends(_after)]
Id = Annotated[str, Path(max_length=LONGEST)]
Text = Annotated[str | None, Query(max_length=LONGEST)]
