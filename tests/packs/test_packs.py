"""The shipped pack is the rule book's, and a broken pack is refused with file, line and reason."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crisis_bus import packs
from crisis_bus.errors import PolicyError

DATA = Path("../shared/domain/data.json")


def _same(row: dict[str, Any], model: dict[str, Any]) -> bool:
    names = {"id": "code", "class": "reaches"} if "class" in row else {}
    return all(model[names.get(key, key)] == value for key, value in row.items())


@pytest.mark.parametrize("table", ["entities", "channels", "emirates", "levels", "grades", "incident_types", "roster"])
def test_a_table_of_the_pack_is_that_of_the_rule_book(table: str) -> None:
    if not DATA.is_file():
        pytest.skip("the shared tables (../shared/domain/data.json) are not here")
    rows = json.loads(DATA.read_text(encoding="utf-8"))[table]

    models = packs.load("uae").model_dump(mode="json")[table]

    assert (len(rows), []) == (len(models), [row for row, m in zip(rows, models, strict=True) if not _same(row, m)])


@pytest.mark.parametrize("table", ["topic_owner", "alternates", "originator_area", "rumour_due", "statement_parts"])
def test_a_mapping_of_the_pack_is_that_of_the_rule_book(table: str) -> None:
    if not DATA.is_file():
        pytest.skip("the shared tables (../shared/domain/data.json) are not here")

    assert json.loads(DATA.read_text(encoding="utf-8"))[table] == packs.load("uae").model_dump(mode="json")[table]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        pytest.param(
            "roster.yaml",
            'entity: "NCM"',
            'entity: "NCX"',
            "roster.yaml:7: roster.4.entity: 'NCX'",
            id="a person of an unknown entity",
        ),
        pytest.param("numbers.yaml", "grade: 4", "grade: five", "numbers.yaml:11: grades.3.grade", id="a wrong number"),
        pytest.param("channels.yaml", "channels:\n", "chanels:\n", "table channels is missing", id="a missing table"),
        pytest.param("pack.yaml", "offices:", "offices: [", "no valid YAML", id="no YAML"),
        pytest.param("pack.yaml", "nationwide: AE", "nationwide: AE\nroster: []", "already", id="a table twice"),
    ],
)
def test_a_broken_pack_is_refused_with_its_place(tmp_path: Path, file: str, old: str, new: str, sentence: str) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(packs.SHIPPED / "uae", pack)
    text = (pack / file).read_text(encoding="utf-8")
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(PolicyError) as refused:
        packs.load(str(pack))

    assert sentence in str(refused.value)


def test_an_unknown_pack_is_refused_with_the_names_of_the_shipped_ones() -> None:
    with pytest.raises(PolicyError, match=r"no policy pack 'atlantis'.*uae"):
        packs.load("atlantis")
