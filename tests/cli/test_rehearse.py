"""`crisis-bus rehearse`: formats, files, verdicts and bad input."""

import json
from pathlib import Path
from typing import Any

import pytest

from crisis_bus import packs


def _scenario(tmp_path: Path, **changed: Any) -> Path:
    shipped = json.loads(packs.scenario("S01", "uae").read_bytes())
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(shipped | changed, ensure_ascii=False))
    return path


def test_a_json_line_is_one_fact(cli: Any) -> None:
    ran = cli("rehearse", "S01", "--format", "jsonl")

    facts = [json.loads(line) for line in ran.lines]
    expected = json.loads(packs.scenario("S01", "uae").read_bytes())["facts"]
    assert (0, "") == (ran.code, ran.err)
    assert {("at", "type", "data")} == {tuple(fact) for fact in facts}
    assert sorted(map(json.dumps, ({"at": f["at"], "type": f["type"]} for f in expected))) == sorted(
        map(json.dumps, ({"at": f["at"], "type": f["type"]} for f in facts))
    )


def test_json_is_one_document(cli: Any) -> None:
    ran = cli("rehearse", "S02", "--format", "json")

    assert len(cli("rehearse", "S02", "--format", "jsonl").lines) == len(json.loads(ran.out))


def test_a_table_is_for_people(cli: Any) -> None:
    ran = cli("rehearse", "S01")

    assert 0 == ran.code
    assert "statement.blocked" in ran.out
    assert "spokesperson SPK-" in ran.out


def test_out_writes_one_file_for_each_scenario_and_prints_nothing(cli: Any, tmp_path: Path) -> None:
    printed = cli("rehearse", "S01", "--format", "jsonl").out

    ran = cli("rehearse", "S01", "S02", "--out", tmp_path / "deep" / "er")

    written = sorted(path.name for path in (tmp_path / "deep" / "er").iterdir())
    assert (0, "") == (ran.code, ran.out)
    assert ["S01.jsonl", "S02.jsonl"] == written
    assert printed == (tmp_path / "deep" / "er" / "S01.jsonl").read_text()


def test_verify_is_content_when_the_facts_are_those_of_the_file(cli: Any) -> None:
    ran = cli("rehearse", "S01", "S02", "S08", "--verify", "--format", "jsonl")

    assert (0, "") == (ran.code, ran.err)


def test_verify_ends_with_1_and_shows_the_first_difference(cli: Any, tmp_path: Path) -> None:
    facts = json.loads(packs.scenario("S01", "uae").read_bytes())["facts"]
    wrong = _scenario(tmp_path, facts=[*facts[1:], {"at": 3, "type": "notify", "data": {"incident": "I1", "to": []}}])

    ran = cli("rehearse", wrong, "--verify", "--format", "jsonl")

    assert 1 == ran.code
    assert [f"crisis-bus: mine.json: minute 0: not expected: {facts[0]['type']}"] == [
        " ".join(line.split()[:7]) for line in ran.err.splitlines()
    ]


def test_what_else_an_author_notes_in_a_file_is_passed_over(cli: Any, tmp_path: Path) -> None:
    shipped = json.loads(packs.scenario("S01", "uae").read_bytes())
    noted = {name: [row | {"note": "why"} for row in shipped[name]] for name in ("commands", "facts")}

    path = _scenario(tmp_path, note="ours", clock=shipped["clock"] | {"note": "a Thursday"}, **noted)

    assert 0 == cli("rehearse", path, "--verify").code


def test_a_file_is_not_checked_against_its_own_facts_unless_asked(cli: Any, tmp_path: Path) -> None:
    ran = cli("rehearse", _scenario(tmp_path, facts=[]), "--format", "jsonl")

    assert (0, "") == (ran.code, ran.err)


def test_one_difference_among_several_files_is_enough(cli: Any, tmp_path: Path) -> None:
    ran = cli("rehearse", _scenario(tmp_path, facts=[]), "S01", "--verify", "--out", tmp_path / "out")

    assert 1 == ran.code
    assert ["S01.jsonl", "mine.jsonl"] == sorted(path.name for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("{", "no scenario: EOF while parsing", id="no JSON"),
        pytest.param("[]", "the file: Input should be", id="no object"),
        pytest.param('{"id": "X"}', "clock: Field required", id="a field is missing"),
        pytest.param("\ufeff\u202e", "no scenario: ", id="control characters"),
    ],
)
def test_a_bad_file_is_one_sentence_and_exit_code_2(cli: Any, tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)

    ran = cli("rehearse", path)

    assert (2, "") == (ran.code, ran.out)
    assert ran.err.startswith(f"crisis-bus: {path}: {reason}")
    assert 1 == ran.err.count("\n")


def test_a_start_without_an_offset_is_refused(cli: Any, tmp_path: Path) -> None:
    ran = cli("rehearse", _scenario(tmp_path, clock={"start": "2026-04-16T16:40:00", "until_minutes": 5}))

    assert 2 == ran.code
    assert "clock.start: not an RFC 3339 time with an offset" in ran.err


def test_an_unknown_scenario_is_answered_with_those_that_there_are(cli: Any) -> None:
    ran = cli("rehearse", "S99")

    assert 2 == ran.code
    assert ran.err.startswith("crisis-bus: there is no scenario 'S99': give a file, or one of S01, S02")


def test_an_unknown_pack_is_answered_with_those_that_there_are(cli: Any) -> None:
    ran = cli("rehearse", "S01", "--pack", "atlantis")

    assert 2 == ran.code
    assert "there is no policy pack 'atlantis'" in ran.err


def test_a_folder_that_cannot_be_written_is_named(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ran = cli("rehearse", "S01", "--out", tmp_path / "file")

    assert 2 == ran.code
    assert f"crisis-bus: {tmp_path}/file: cannot be written: File exists\n" == ran.err
