"""What others say: consistent, to be corrected, or a contradiction (OV-4, ESC-06)."""

from typing import Any

import pytest

from tests.rules.playing import Data, Order, answer, close, escalations, facts, only, refusal, report, sheet

SHEET = sheet(0, a=1, b="x")
DRILL = report(name="E", exercise=True, emirates=["AE-DU"])
REAL = report(1, "REAL", "MET-FLOOD", emirates=["AE-DU"])


def seen(at: int, name: str = "P", *, by: str = "monitor", **data: Any) -> Order:
    usual = {"incident": "I", "source": "Sharjah", "government": True, "facts": {"a": 2}}
    return at, "publication.observe", by, {"id": name, **usual, **data}


def settled(at: int, name: str = "P", *, by: str = "GCO.desk", outcome: str = "NO_CONFLICT") -> Order:
    return at, "contradiction.resolve", by, {"contradiction": name, "outcome": outcome}


@pytest.mark.parametrize("government", [True, False], ids=["government", "media"])
@pytest.mark.parametrize(
    ("said", "consistent"),
    [
        pytest.param({"a": 1}, True, id="the same"),
        pytest.param({"c": 9}, True, id="not on the sheet"),
        pytest.param({"a": 1, "c": 9}, True, id="the same and more"),
        pytest.param({"a": 2}, False, id="another value"),
        pytest.param({"a": True}, False, id="a truth for a number"),
        pytest.param({"a": "1"}, False, id="a text for a number"),
        pytest.param({"b": "x", "a": 2}, False, id="one of two"),
    ],
)
def test_a_publication_is_consistent_when_no_value_differs(said: Data, government: bool, consistent: bool) -> None:  # noqa: FBT001 a row
    told = answer([report(), SHEET, seen(1, government=government, facts=said)])

    expected = {"publication": "P", "incident": "I", "source": "Sharjah", "consistent": consistent}
    assert ("publication.observed", expected) == told[0]
    assert consistent is (len(told) == 1)
    assert told[0][1]["consistent"] is consistent


@pytest.mark.rule("OV-4")
def test_media_that_disagree_are_asked_to_correct() -> None:
    told = answer([report(), SHEET, seen(1, government=False, facts={"c": 1, "b": "x", "a": True})])

    expected = {"incident": "I", "outlet": "Sharjah", "facts": {"a": {"stated": True, "sheet": 1}}}
    assert [("correction.requested", expected)] == told[1:]
    assert told[1][1]["facts"]["a"]["stated"] is True


@pytest.mark.rule("OV-4", "ESC-06a", "INV-7")
def test_a_government_that_disagrees_is_a_contradiction() -> None:
    told = answer([report(), SHEET, seen(1, facts={"b": "y", "a": 2, "c": 1})])

    differences = {"a": {"stated": 2, "sheet": 1}, "b": {"stated": "y", "sheet": "x"}}
    contradiction = {"contradiction": "P", "incident": "I", "source": "Sharjah", "facts": differences}
    asked = {"rule": "ESC-06a", "contradiction": "P", "incident": "I", "due": 11, "to": ["GCO.desk"]}
    assert [("contradiction.detected", contradiction), ("escalation", asked)] == told[1:]


@pytest.mark.parametrize(
    ("before", "data", "expected"),
    [
        pytest.param([seen(1)], {}, ("DUPLICATE_ID", None), id="taken"),
        pytest.param([seen(1, facts={"a": 1})], {"by": "x"}, ("DUPLICATE_ID", None), id="taken, before who"),
        pytest.param([seen(1), close(1)], {}, ("DUPLICATE_ID", None), id="taken, before open"),
        pytest.param([close(1)], {"by": "x"}, ("INCIDENT_CLOSED", None), id="ended, before who"),
        pytest.param([DRILL, REAL], {"incident": "E", "by": "x"}, ("EXERCISE_SUSPENDED", None), id="suspended"),
        pytest.param([], {"by": "SPK-MOI-01"}, ("NOT_ALLOWED", None), id="not of the registry"),
        pytest.param([], {"facts": {}}, ("BAD_VALUE", "facts"), id="says nothing"),
        pytest.param([], {"government": 1}, ("BAD_VALUE", "government"), id="a number is no truth"),
        pytest.param([], {"source": " "}, ("BAD_VALUE", "source"), id="no source"),
    ],
)
def test_a_publication_is_refused(before: list[Order], data: Data, expected: tuple[str, str | None]) -> None:
    assert expected == refusal([report(), SHEET, *before, seen(2, **data)])


def test_a_publication_may_have_the_id_of_something_else() -> None:
    assert "publication.observed" == answer([report(), SHEET, seen(1, "I")])[0][0]


@pytest.mark.rule("ESC-06a")
@pytest.mark.parametrize("outcome", ["RETRACT_OTHER", "UPDATE_FACTSHEET", "NO_CONFLICT"])
@pytest.mark.parametrize("by", ["GCO.desk", "NCEMA.desk"])
def test_the_centre_settles_a_contradiction(by: str, outcome: str) -> None:
    told = answer([report(), SHEET, seen(1), settled(2, by=by, outcome=outcome)])

    assert [("contradiction.closed", {"contradiction": "P", "outcome": outcome})] == told


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([settled(2)], ("UNKNOWN_CONTRADICTION", None), id="unknown"),
        pytest.param([seen(1, facts={"a": 1}), settled(2)], ("UNKNOWN_CONTRADICTION", None), id="consistent"),
        pytest.param([seen(1, government=False), settled(2)], ("UNKNOWN_CONTRADICTION", None), id="not a government's"),
        pytest.param([seen(1), settled(2, by="MOI.a")], ("ONLY_GCO_OR_NCEMA", None), id="who"),
        pytest.param([seen(1), settled(2), settled(3)], ("ALREADY_DONE", None), id="settled"),
        pytest.param([seen(1), settled(2), settled(3, by="x")], ("ONLY_GCO_OR_NCEMA", None), id="who, before settled"),
        pytest.param([seen(1), settled(2, outcome="MAYBE")], ("BAD_VALUE", "outcome"), id="no outcome"),
    ],
)
def test_settling_is_refused(commands: list[Order], expected: tuple[str, str | None]) -> None:
    assert expected == refusal([report(), SHEET, *commands])


def repeats(commands: list[Order], until: int = 500) -> list[tuple[int, int]]:
    """Minute and repeat of each report to the Secretary-General."""
    return [(at, data["repeat"]) for at, data in escalations(facts(commands, until=until), "ESC-06b")]


@pytest.mark.rule("ESC-06b")
def test_an_open_contradiction_goes_to_the_secretary_general_every_ten_minutes() -> None:
    told = facts([report(), SHEET, seen(1)], until=500)

    asked = {"rule": "ESC-06b", "contradiction": "P", "incident": "I", "repeat": 0}
    assert (11, {**asked, "to": ["GSC.secretary_general"]}) == escalations(told, "ESC-06b")[0]
    assert [(11 + 10 * repeat, repeat) for repeat in range(6)] == repeats([report(), SHEET, seen(1)])


@pytest.mark.rule("ESC-06b")
@pytest.mark.parametrize(("at", "expected"), [(11, []), (12, [(11, 0)]), (25, [(11, 0), (21, 1)])])
def test_a_settled_contradiction_is_told_of_no_more(at: int, expected: list[tuple[int, int]]) -> None:
    assert expected == repeats([report(), SHEET, seen(1), settled(at)])


def test_a_contradiction_follows_its_incident_into_another() -> None:
    merge = (5, "incident.merge", "ops", {"incident": "I", "into": "J"})

    told = facts([report(), report(name="J"), SHEET, seen(1), merge], until=15)

    assert [(11, "J")] == [(at, data["incident"]) for at, data in escalations(told, "ESC-06b")]
    open_contradiction = answer([report(), report(name="J"), SHEET, seen(1), merge, stand_down(6, "J")])
    assert ["OPEN_CONTRADICTION"] == open_contradiction[0][1]["reasons"]


def stand_down(at: int, name: str) -> Order:
    return at, "incident.stand_down", "MOI.a", {"incident": name}


def test_an_ended_incident_does_not_silence_its_contradictions() -> None:
    assert [(11, 0), (21, 1)] == repeats([report(), SHEET, seen(1), close(5)], until=25)


def test_a_suspended_drill_does() -> None:
    drill = [DRILL, sheet(0, "E", a=1), seen(0, incident="E")]

    assert [["EX:GSC.secretary_general"]] == [data["to"] for _, data in escalations(facts(drill, until=15), "ESC-06b")]
    assert [["EX:GCO.desk"]] == [data["to"] for _, data in escalations(facts(drill, until=15), "ESC-06a")]
    assert [] == repeats([*drill, REAL])


def test_a_contradiction_may_be_settled_after_its_incident_ended() -> None:
    assert "contradiction.closed" == answer([report(), SHEET, seen(1), close(2), settled(3)])[0][0]


def test_the_sheet_may_change_and_the_contradiction_stays_until_it_is_settled() -> None:
    told = facts([report(), SHEET, seen(1), sheet(2, a=2)], until=12)

    assert [] == only(told, "contradiction.closed")
    assert [(11, 0)] == [(at, data["repeat"]) for at, data in escalations(told, "ESC-06b")]
