"""`crisis-bus audit --journal FILE`: anybody can audit an export."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.audit.journals import NAMES, forged, played
from tests.audit.plants import PLANTS
from tests.cli.conftest import cli

__all__ = ["cli"]
LOWERED = next(each for each in PLANTS if each.code == "lowered_by")


def export(folder: Path, *journals: list[bytes]) -> Path:
    """What `journal export` writes: one partition behind the other."""
    file = folder / "journal.jsonl"
    file.write_bytes(b"".join(value + b"\n" for values in journals for value in values))
    return file


def test_a_good_export_is_exit_code_0_and_says_so_in_both_languages(cli: Any, tmp_path: Path) -> None:
    journals = [played(name) for name in NAMES]

    ran = cli("audit", "--once", "--journal", export(tmp_path, *journals))

    count = sum(map(len, journals))
    assert (0, "") == (ran.code, ran.err)
    assert f"entries checked: {count} · القيود المدققة: {count} · nothing is wrong · لا خلل" == ran.lines[-1]


def test_a_fault_is_exit_code_1_and_a_table_in_both_languages(cli: Any, tmp_path: Path) -> None:
    ran = cli("audit", "--journal", export(tmp_path, played("S01"), forged(played("S03"), LOWERED.forge)))

    assert 1 == ran.code
    assert "INV-11" in ran.out
    assert "findings: 1 · النتائج: 1" in ran.lines[-1]


def test_a_fault_is_told_to_programs_with_its_place_and_what_to_do(cli: Any, tmp_path: Path) -> None:
    first = played("S01")
    file = export(tmp_path, first, forged(played("S03"), LOWERED.forge))

    ran = cli("audit", "--journal", file, "--format", "jsonl")

    (row,) = map(json.loads, ran.lines)
    assert ("INV-11", f"1/{len(first) + 27}", "rehearsal-s03", "I1") == (
        row["rule"],
        row["place"],
        row["space"],
        row["about"],
    )
    assert [] == [name for name in ("what", "ما الخلل", "to do", "ما العمل") if not row[name]]


def test_a_finding_that_people_have_settled_is_counted_no_more(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = export(tmp_path, forged(played("S03"), LOWERED.forge))
    (row,) = map(json.loads, cli("audit", "--journal", file, "--format", "jsonl").lines)
    monkeypatch.setenv("CRISIS_BUS_AUDIT_SETTLED", json.dumps([row["id"]]))

    ran = cli("audit", "--journal", file)

    assert 0 == ran.code


@pytest.mark.parametrize("line", [0, 7, 56])
def test_a_byte_that_was_changed_breaks_the_chain(cli: Any, tmp_path: Path, line: int) -> None:
    values = played("S01")
    values[line] = values[line].replace(b"2026", b"2027", 1) if line < 56 else b"{}"

    ran = cli("audit", "--journal", export(tmp_path, values))

    assert 1 == ran.code
    assert "CHAIN" in ran.out


def test_a_file_that_is_not_there_is_exit_code_2(cli: Any, tmp_path: Path) -> None:
    ran = cli("audit", "--journal", tmp_path / "no-such")

    assert 2 == ran.code
    assert "no-such: cannot be read" in ran.err
