"""`crisis-bus explain` and `crisis-bus journal at`: files, formats, languages, and what is not there."""

import json
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain.instants import parse
from tests.views import exported

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return exported.write(tmp_path / "journal.jsonl", "S01", "S05")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("name", "incident"), [("S05", "I1"), ("S01", "I2")])
def test_a_story_reads_as_it_was_approved(cli: Any, journal: Path, name: str, incident: str, language: str) -> None:
    """After a change that is meant, write what the command prints into the golden file, and read it."""
    golden = (GOLDEN / f"{name}-{incident}.{language}.txt").read_text(encoding="utf-8")

    ran = cli("explain", incident, "--space", f"rehearsal-{name.lower()}", "--journal", journal, "--lang", language)

    assert (0, "", golden) == (ran.code, ran.err, ran.out)


def test_json_has_the_same_lines_with_time_minute_rule_and_values(cli: Any, journal: Path) -> None:
    where = ("--space", "rehearsal-s05", "--journal", journal)
    lines = [line for line in cli("explain", "I1", *where).lines if line and line[0].isdigit() and ":" in line[:6]]

    told = json.loads(cli("explain", "I1", *where, "--format", "json").out)

    assert ("I1", "2026-03-01T10:00:00.000Z", "en") == (told["incident"], told["reported_at"], told["language"])
    assert len(lines) == len(told["events"])
    assert {
        "at": "2026-03-01T10:10:00.000Z",
        "minute": 10,
        "event": "skipped_silent",
        "rule": "SPK",
        "values": {"person": "SPK-GCAA-01", "minutes": 60},
        "text": "SPK-GCAA-01 was passed over: did not confirm, and is left out for 60 minutes",
    } in told["events"]
    assert "2026-03-01T10:15:00.000Z" in [event["values"].get("due") for event in told["events"]]


def test_an_unknown_incident_is_answered_in_both_languages_with_the_nearest(cli: Any, journal: Path) -> None:
    ran = cli("explain", "i3", "--space", "rehearsal-s01", "--journal", journal)

    assert (2, "") == (ran.code, ran.out)
    assert "tells of no incident i3 in this space; the nearest ids are: I2, I1" in ran.err
    assert "لا يذكر السجل في هذه المساحة حادثاً باسم i3" in ran.err


@pytest.mark.parametrize("command", [["explain", "I1"], ["journal", "at", "5"]], ids=lambda command: command[0])
def test_an_unknown_space_is_answered_with_those_that_there_are(cli: Any, journal: Path, command: list[str]) -> None:
    ran = cli(*command, "--space", "nowhere", "--journal", journal)

    assert (2, "") == (ran.code, ran.out)
    assert "has no space nowhere; it has: rehearsal-s01, rehearsal-s05" in ran.err


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param(b"{}\n", 2, "line 1: no entry of a journal", id="no entry"),
        pytest.param(b"\xff\n", 2, "line 1: no entry of a journal", id="no text"),
        pytest.param(b"", 2, "has no space rehearsal-s01; it has: –", id="nothing"),
        pytest.param(
            b"\n".join(exported.journal("S01")[:3] + exported.journal("S01")[4:]),
            1,
            "line 4: this entry does not follow the one before",
            id="a line is missing",
        ),
        pytest.param(
            b"\n".join(exported.journal("S01") * 2), 1, "rehearsal-s01 stands in this journal twice", id="two exports"
        ),
    ],
)
def test_a_file_that_is_no_whole_journal_is_not_told(
    cli: Any, tmp_path: Path, content: bytes, code: int, said: str
) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_bytes(content)

    ran = cli("explain", "I1", "--space", "rehearsal-s01", "--journal", file)

    assert (code, "") == (ran.code, ran.out)
    assert said in ran.err


def test_a_file_that_is_not_there_is_named(cli: Any, tmp_path: Path) -> None:
    ran = cli("explain", "I1", "--journal", tmp_path / "nothing")

    assert 2 == ran.code
    assert f"{tmp_path}/nothing cannot be read: No such file or directory" in ran.err


def test_the_office_at_a_minute_of_a_rehearsal(cli: Any, journal: Path) -> None:
    ran = cli("journal", "at", "10", "--space", "rehearsal-s05", "--journal", journal)

    assert (0, "") == (ran.code, ran.err)
    assert "rehearsal-s05 at 14:10 on 1 March 2026 (minute 10): 6 of 31 entries" == ran.lines[0]
    assert "facts due by then that only a later entry tells, computed" in ran.lines
    assert "SPK-GCAA-02" in ran.out
    assert "RELEASE GCO" in ran.out


def test_a_minute_and_its_instant_are_the_same_moment(cli: Any, journal: Path) -> None:
    where = ("--space", "rehearsal-s05", "--journal", journal, "--format", "json")

    by_minute, by_instant = (
        cli("journal", "at", "10", *where),
        cli("journal", "at", "2026-03-01T14:10:00+04:00", *where),
    )

    assert by_minute.out == by_instant.out
    assert ("rehearsal-s05", 6) == (json.loads(by_minute.out)["space"], json.loads(by_minute.out)["entries"])


def test_before_the_first_entry_the_office_is_empty_and_says_so(cli: Any, journal: Path) -> None:
    ran = cli("journal", "at", "2025-12-31T00:00:00Z", "--space", "rehearsal-s05", "--journal", journal)

    assert 0 == ran.code
    assert [
        "rehearsal-s05 at 04:00 on 31 December 2025: 0 of 31 entries",
        "nothing had been asked yet; the first entry is of 14:00 on 1 March 2026",
    ] == ran.lines


def test_after_the_last_entry_what_is_due_is_computed(cli: Any, journal: Path) -> None:
    ran = cli("journal", "at", "9999", "--space", "rehearsal-s01", "--journal", journal, "--format", "json")

    told = json.loads(ran.out)
    assert (57, []) == (told["entries"], told["incidents"])


@pytest.mark.parametrize("time", ["soon", "10.5", "2026-03-01", "2026-03-01T14:10:00", "١٠", ""])
def test_what_is_no_time_is_said_in_both_languages(cli: Any, journal: Path, time: str) -> None:
    ran = cli("journal", "at", time, "--space", "rehearsal-s05", "--journal", journal)

    assert (2, "") == (ran.code, ran.out)
    assert "is no time; write RFC 3339 with an offset" in ran.err
    assert "or minutes since the start of the rehearsal" in ran.err
    assert "ليس وقتاً" in ran.err


def test_a_real_space_has_no_minutes(cli: Any, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    commands = exported.commands(exported.scenario("S08"), "uae")[1:]
    file.write_bytes(b"\n".join(exported.answered(commands, appended=parse(exported.START))))

    ran = cli("journal", "at", "10", "--journal", file)
    told = cli("journal", "at", "2026-04-16T16:40:05+04:00", "--journal", file, "--format", "json")

    assert 2 == ran.code
    assert "uae is no rehearsal and has no minute 10" in ran.err
    assert "2026-04-16T13:10:00.000Z" == json.loads(told.out)["incidents"][0]["first_statement_due"]
