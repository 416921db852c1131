"""The story of an incident: every fact has its line, every line its words, and the reasons are those of the rules."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from crisis_bus.domain.commands import Command
from crisis_bus.domain.facts import FACTS
from crisis_bus.domain.instants import minutes
from crisis_bus.text.story_sentences import STORY
from crisis_bus.text.telling import Storyteller
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event
from crisis_bus.views.story.story import TELLERS, Story, Untold, tell
from tests.desk.commands import STEPS
from tests.rules.playing import report
from tests.views import exported


def _incidents(name: str) -> list[str]:
    return list(dict.fromkeys(key for entry in exported.entries(name) for key in entry.changes.get("incidents", {})))


CASES = [
    pytest.param(name, incident, id=f"{name}-{incident}") for name in exported.NAMES for incident in _incidents(name)
]


@cache
def story(name: str, incident: str) -> Story:
    told = tell(exported.entries(name), exported.policy(), incident)
    assert isinstance(told, Story)
    return told


def _lines(name: str, incident: str, line: Line) -> list[Event]:
    return [event for event in story(name, incident).events if event.line is line]


def _nested(values: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(values, dict) and "line" in values:
        yield values["line"], values["values"]
    for inner in values.values() if isinstance(values, dict) else values if isinstance(values, list) else ():
        yield from _nested(inner)


def lines_of(event: Event) -> list[str]:
    """The line of an event and those inside it."""
    return [event.line, *(line for line, _ in _nested(dict(event.values)))]


def test_no_fact_lacks_a_teller() -> None:
    assert set(FACTS.values()) == set(TELLERS)


def test_no_line_lacks_its_words() -> None:
    assert set(Line) == set(STORY)


@pytest.mark.parametrize(("name", "incident"), CASES)
def test_a_line_brings_every_field_that_its_sentence_names(name: str, incident: str) -> None:
    lacking = []
    for event in [story(name, incident).title, *story(name, incident).events]:
        for line, values in [(event.line, event.values), *_nested(dict(event.values))]:
            known = {*values, "n"} | ({"code", "sentence"} if "refused" in values else set())
            message = STORY[line]
            named = {field for _, field, _, _ in Formatter().parse(message.other or message.one) if field}
            lacking += [(line, field) for field in named - known]

    assert [] == lacking


@pytest.mark.parametrize(("name", "incident"), CASES)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_line_is_a_sentence_and_time_never_goes_back(name: str, incident: str, language: Any) -> None:
    told = story(name, incident)
    teller = Storyteller(language, told.offset_minutes)
    texts = [teller.tell(event.line, event.values, event.at, event.rule).text for event in told.events]

    assert [event.at for event in told.events] == sorted(event.at for event in told.events)
    assert [] == [text for text in texts if "{" in text or len(text.split()) < 3]


@pytest.mark.parametrize(("name", "incident"), CASES)
def test_the_highest_term_is_the_level_that_was_decided(name: str, incident: str) -> None:
    decided = [*_lines(name, incident, Line.LEVEL), *_lines(name, incident, Line.LEVEL_RAISED)]

    assert decided
    assert [event.values["level"]["code"] for event in decided] == [
        str(max(term["values"]["term"] for term in event.values["terms"])) for event in decided
    ]


@pytest.mark.parametrize("name", exported.NAMES)
def test_every_fact_that_names_an_incident_is_told_in_its_story(name: str) -> None:
    wanted: Counter[str] = Counter()
    for entry in exported.entries(name):
        wanted.update(str(fact.data["incident"]) for fact in entry.facts if "incident" in fact.data)
    told = {incident: len(story(name, incident).events) for incident in wanted}

    assert [] == [incident for incident, count in wanted.items() if told[incident] < count]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_whatever_is_asked_every_incident_has_a_story_in_both_languages(steps: list[tuple[int, Command]]) -> None:
    entries = [entry for _, entry in exported.decided(steps)]
    known = {key for entry in entries for key in entry.changes.get("incidents", {})}
    for incident in known:
        told = tell(entries, exported.policy(), incident)
        assert isinstance(told, Story)
        lines = [(event.line, event.values, event.at, event.rule) for event in told.events]
        words = [[Storyteller(language, 240).tell(*line).text for line in lines] for language in ("ar", "en")]

        highest = {
            event.values["level"]["code"]: str(max(term["values"]["term"] for term in event.values["terms"]))
            for event in told.events
            if event.line in {Line.LEVEL, Line.LEVEL_RAISED}
        }

        assert len(lines) == len([text for text in words[0] if text]) == len([text for text in words[1] if text])
        assert highest == {level: level for level in highest}
        assert Line.KEY_OTHER not in {event.line for event in told.events}


def test_a_key_says_why_it_is_needed_and_from_whom() -> None:
    coordination = [event.line for event in story("S02", "INC-RU1").events if event.values.get("key") == "COORD"]
    by_type = [event.line for event in story("S02", "I2").events if event.values.get("key") == "COORD"]

    assert Line.KEY_COORD_TOPIC == coordination[0]
    assert Line.KEY_COORD_TYPE == by_type[0]


def test_a_spokesperson_who_was_passed_over_is_told_with_what_was_lacking() -> None:
    (lapsed,) = _lines("S06", "I1", Line.SKIPPED_TRAINING_LAPSED)
    (medium,) = _lines("S03", "I1", Line.SKIPPED_MEDIUM)

    assert {"person": "SPK-EDE-01", "date": "2024-12-01", "days": 365} == dict(lapsed.values)
    assert ("live_tv", ["press"]) == (medium.values["needs"], medium.values["has"])


def test_a_merge_is_told_in_both_stories() -> None:
    (gone,) = _lines("S02", "INC-RU1", Line.MERGED_INTO)
    (here,) = _lines("S02", "I2", Line.MERGED_HERE)

    assert ("I2", "INC-RU1") == (gone.values["into"], here.values["other"])
    assert Line.REPORTED == story("S02", "I2").events[0].line


def test_an_exercise_that_is_suspended_is_told_in_both_stories() -> None:
    (exercise,) = _lines("S10", "EX1", Line.EXERCISE_SUSPENDED)
    (real,) = _lines("S10", "I1", Line.SUSPENDS_EXERCISE)

    assert ("I1", "EX1") == (exercise.values["because"], real.values["other"])


def test_a_clock_says_whether_it_was_met() -> None:
    (late,) = _lines("S03", "I1", Line.ACKNOWLEDGED_LATE)
    (settled,) = _lines("S05", "I1", Line.CONTRADICTION_CLOSED_IN_TIME)

    assert (14, 10) == (late.values["minutes"], late.values["target"])
    assert 6 == settled.values["minutes"]


def test_minutes_count_from_the_report() -> None:
    told = story("S01", "I2")
    (breach,) = _lines("S01", "I2", Line.STOOD_DOWN)

    assert (425, minutes(425)) == (told.minute(breach), breach.at - told.reported_at)


def test_an_incident_that_is_not_there_is_not_told() -> None:
    told = tell(exported.entries("S01"), exported.policy(), "I9")

    assert Untold(("I1", "I2")) == told


def test_nothing_of_the_story_stands_outside_the_journal() -> None:
    """The same entries give the same story, and a shorter journal its beginning."""
    whole = story("S05", "I1").events
    entries = exported.entries("S05")
    part = tell(entries[: len(entries) // 2], exported.policy(), "I1")

    assert isinstance(part, Story)
    assert whole[: len(part.events) - 1] == part.events[:-1]


def test_what_a_clock_led_to_is_asked_by_nobody_also_in_a_part_of_an_answer() -> None:
    reports = [report(name=f"I{number}", kind="HAZ-CHEM") for number in range(60)]
    entries = exported.played(reports, 200)
    told = tell(entries, exported.policy(), "I7")
    assert isinstance(told, Story)

    assert [entry for entry in entries if entry.more]
    assert {"ESC-01a", "ESC-01b", "ESC-02a", "ESC-02b", "ESC-02c", "ESC-03"} <= {event.rule for event in told.events}
    assert {"ops"} == {event.values["by"] for event in told.events if "by" in event.values}
