"""Vectors of peers, read where they are."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path("../shared/vectors")


def rows(file: str, table: str) -> list[Any]:
    """One parameter for each case, or one that skips and says why."""
    path = FOLDER / file
    if not path.is_file():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"{path} is not beside this checkout"))]
    cases = json.loads(path.read_text(encoding="utf-8"))[table]
    return [pytest.param(case, id=(case.get("desc") or case["description"])[:60]) for case in cases]
