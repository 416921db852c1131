"""The office at an instant: what the journal holds up to then, and what was due by then."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from crisis_bus import hindsight
from crisis_bus.desk import decide_live, tick
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import minutes, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.office import Office
from crisis_bus.views.folding import folded
from tests.desk.commands import STEPS
from tests.rules.playing import report
from tests.views import exported

BEFORE_MINUTE_0 = parse(exported.START) - 1


def _folds(entries: tuple[Entry, ...]) -> list[Office]:
    offices = [Office.opened(exported.policy())]
    for entry in entries:
        offices.append(folded(offices[-1], entry))
    return offices[1:]


def _at(entries: tuple[Entry, ...], instant: int) -> hindsight.Moment:
    return hindsight.at(entries, exported.policy(), instant)


@pytest.mark.parametrize("name", exported.NAMES)
def test_at_the_instant_of_an_entry_it_is_the_fold_and_what_is_due_at_that_instant(name: str) -> None:
    entries = exported.entries(name)
    last = {parse(entry.command.at): office for entry, office in zip(entries, _folds(entries), strict=True)}

    assert [tick(office, at).office for at, office in last.items()] == [_at(entries, at).office for at in last]


@pytest.mark.parametrize("name", exported.NAMES)
def test_the_next_command_finds_the_office_as_hindsight_has_it(name: str) -> None:
    """Between two entries the clocks have struck: deciding from there gives the next fold, records and all."""
    entries, folds = exported.entries(name), _folds(exported.entries(name))
    found, expected = [], []
    for before, entry, after in zip(entries[1:], entries[2:], folds[2:], strict=False):
        at = parse(entry.command.at)
        if at > parse(before.command.at):
            command = Command(entry.command.type, entry.command.by, entry.command.data, entry.command.id)
            found.append(decide_live(_at(entries, at - 1).office, command, at).office)
            expected.append(after)

    assert expected
    assert expected == found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_whatever_was_asked_what_was_computed_stands_in_the_next_entry(steps: list[tuple[int, Command]]) -> None:
    entries = tuple(entry for _, entry in exported.decided(steps))
    for before, entry in pairwise(entries):
        at = parse(entry.command.at)
        if at > parse(before.command.at):
            moment = _at(entries, at - 1)
            computed = [told.fact.TYPE for told in moment.computed]

            assert computed == [fact.type for fact in entry.facts][: len(computed)]


def test_before_the_first_entry_the_office_is_empty() -> None:
    moment = _at(exported.entries("S01"), BEFORE_MINUTE_0)
    picture = hindsight.picture(moment)

    assert (0, {()}) == (moment.entries, {tuple(rows) for rows in picture.values()})


def test_a_clock_that_would_tell_nothing_does_not_run() -> None:
    """S01: acknowledged at minute 4, so neither ESC-01 strikes any more."""
    entries = exported.entries("S01")
    at_3, at_5 = (hindsight.picture(_at(entries, parse(exported.START) + minutes(n)))["clocks"] for n in (3, 5))

    assert {"ESC-01a", "ESC-01b"} <= {clock["kind"] for clock in at_3}
    assert set() == {"ESC-01a", "ESC-01b"} & {clock["kind"] for clock in at_5}


def test_a_picture_shows_the_keys_that_are_missing() -> None:
    zero = parse(exported.scenario("S05").clock.start)
    (text,) = hindsight.picture(_at(exported.entries("S05"), zero + minutes(9)))["statements"]

    assert ("H1", "IN_REVIEW", {"RELEASE": "GCO"}) == (text["id"], text["state"], text["missing"])
    assert {"FACT": "GCAA.ops_director"} == text["given"]


def test_between_two_entries_what_was_due_is_computed() -> None:
    """S05: ESC-03 is due at minute 10, and the next command comes at minute 11."""
    zero = parse(exported.scenario("S05").clock.start)
    moment = _at(exported.entries("S05"), zero + minutes(10))
    picture = hindsight.picture(moment)

    assert ["escalation", "spokesperson.assigned"] == [row["type"] for row in picture["computed"]]
    assert [("SPK-GCAA-02", "1")] == [(row["spokesperson"], row["policy"]) for row in picture["incidents"]]


def test_a_picture_shows_what_is_open_and_what_is_suspended() -> None:
    asked = [
        (0, "initiative.plan", "MOI.events", {"id": "P", "owner": "MOI", "kind": "CAMPAIGN", "start": 500}),
        (
            1,
            "incident.report",
            "ops",
            {
                "id": "I",
                "type": "MET-FLOOD",
                "severity": "Minor",
                "urgency": "Past",
                "certainty": "Observed",
                "emirates": [],
            },
        ),
        (2, "rumour.log", "monitor", {"id": "R", "claim": "c", "reach": 1, "harm": 1, "topic": "MET", "incident": "I"}),
        (3, "factsheet.set", "MOI.ops", {"incident": "I", "facts": {"roads": 1}}),
        (
            4,
            "publication.observe",
            "monitor",
            {"id": "X", "incident": "I", "source": "s", "government": True, "facts": {"roads": 2}},
        ),
        (5, "channel.suspend", "MOI.it", {"channel": "WEB", "entity": "MOI"}),
    ]
    picture = hindsight.picture(_at(exported.played(asked, 5), parse(exported.START) + minutes(5)))

    assert [{"id": "P", "owner": "MOI", "start": 500}] == picture["initiatives"]
    assert [{"id": "R", "incident": "I", "priority": "LOW", "state": "OPEN", "reach": 1}] == picture["rumours"]
    assert [{"id": "X", "incident": "I", "source": "s"}] == picture["contradictions"]
    assert [{"channel": "WEB", "entity": "MOI", "since": 5}] == picture["accounts"]


def test_a_silence_that_is_told_in_parts_is_seen_as_one() -> None:
    """Whether the clocks stand in parts of an entry or are computed, each minute looks the same."""
    reports = [report(name=f"I{number}", kind="HAZ-CHEM") for number in range(60)]
    entries = exported.played(reports, 200)
    asked = tuple(entry for entry in entries if entry.command.type != "clock.tick")
    minute = [parse(exported.START) + minutes(at) for at in (10, 16, 45, 60, 200)]
    told, computed = ([hindsight.picture(_at(known, at)) for at in minute] for known in (entries, asked))

    assert 2 <= len([entry for entry in entries if entry.more])
    assert [{**picture, "computed": []} for picture in computed] == [{**picture, "computed": []} for picture in told]
    assert [] == told[-1]["computed"]
