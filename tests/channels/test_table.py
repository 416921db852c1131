"""The channel table: nothing is missing, and the page is fresh."""

import ast
from dataclasses import astuple, fields
from pathlib import Path

import pytest

from crisis_bus import channels
from crisis_bus.channels import table
from crisis_bus.channels.__main__ import main
from crisis_bus.channels.contract import Traits

ROOT = Path(__file__).parents[2]
FOLDER = Path(channels.__file__).parent


def _has_traits(file: Path) -> bool:
    """Whether a class of this file gives itself a row of the table."""
    classes = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)]
    targets = [
        target for node in classes for each in node.body if isinstance(each, ast.Assign) for target in each.targets
    ]
    return "traits" in {target.id for target in targets if isinstance(target, ast.Name)}


def test_every_file_with_traits_is_a_row_but_the_fake() -> None:
    kinds = {file.stem for file in FOLDER.glob("*.py") if _has_traits(file)}

    assert kinds - {"memory"} == set(table.ROWS)


@pytest.mark.parametrize("kind", table.ROWS)
def test_a_row_says_something_in_every_column(kind: str) -> None:
    assert [] == [cell for cell in astuple(table.ROWS[kind]) if not str(cell).strip()]


def test_every_column_has_a_head_in_both_languages() -> None:
    assert [field.name for field in fields(Traits)] == list(table.HEADS)
    assert [] == [head for head in table.HEADS.values() if not (head[0] > "\u0600" and " · " in head)]


def test_the_page_is_fresh(tmp_path: Path) -> None:
    main([str(tmp_path / "channels.md")])

    assert (ROOT / "docs" / "channels.md").read_text(encoding="utf-8") == (tmp_path / "channels.md").read_text("utf-8")
