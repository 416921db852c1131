"""What is known of an incident changes: ESC-04 (`scenario-format.md` §5, incident.update)."""

import pytest

from tests.rules.playing import (
    Data,
    Order,
    answer,
    report,
    update,
)

HOT: Data = {"severity": "Severe", "urgency": "Expected", "certainty": "Likely"}


def on(at: int, kind: str, by: str = "MOI.duty", name: str = "I", **data: object) -> Order:
    return at, f"incident.{kind}", by, {"incident": name, **data}


@pytest.mark.parametrize(
    ("data", "changed"),
    [
        pytest.param({"injured": 0, "fatalities": 0}, {}, id="the same values: none"),
        pytest.param({"injured": 4}, {"injured": 4}, id="the injured"),
        pytest.param({"emirates": ["AE-DU", "AE-AZ"]}, {"emirates": ["AE-DU", "AE-AZ"]}, id="emirates as a list"),
        pytest.param({"emirates": ["AE-AZ", "AE-DU", "AE-AZ"]}, {}, id="an element given twice counts once"),
        pytest.param({"severity": "Minor", "injured": 0}, {"severity": "Minor"}, id="only what differs"),
    ],
)
def test_an_update_tells_the_fields_that_differ(data: Data, changed: Data) -> None:
    expected = [("incident.updated", {"incident": "I", "changed": changed})]

    assert expected == answer([report(emirates=["AE-AZ", "AE-DU"]), update(1, **data)])


@pytest.mark.parametrize("by", ["MOI.duty", "EX:MOI.duty"])
def test_the_interior_ministry_says_that_the_next_of_kin_know(by: str) -> None:
    expected = [("incident.updated", {"incident": "I", "changed": {"next_of_kin_informed": True}})]

    assert expected == answer([report(kind="MET-WARN"), update(1, by=by, next_of_kin_informed=True)])


@pytest.mark.rule("ESC-04")
def test_an_update_regrades_raises_and_tightens_in_one_go() -> None:
    told = answer([report(emirates=["AE-AZ"]), update(4, **HOT)])

    assert [
        ("incident.updated", {"incident": "I", "changed": {"severity": "Severe", "certainty": "Likely"}}),
        ("incident.regraded", {"incident": "I", "grade": 3, "was": 1}),
        ("level.raised", {"incident": "I", "level": 2, "was": 1, "rule": "ESC-04"}),
        (
            "notify",
            {
                "incident": "I",
                "to": [
                    "MOI.duty",
                    "GCO.desk",
                    "NCEMA.ops",
                    "FAACD.liaison",
                    "MOHAP.liaison",
                    "MOEI.liaison",
                    "LMO-AZ",
                ],
            },
        ),
        ("deadline.tightened", {"incident": "I", "due": 30}),
    ] == told


@pytest.mark.rule("INV-11", "ESC-04")
def test_a_milder_update_lowers_the_grade_and_never_the_level() -> None:
    told = answer([report(**HOT), update(4, certainty="Unlikely")])

    assert [
        ("incident.updated", {"incident": "I", "changed": {"certainty": "Unlikely"}}),
        ("incident.regraded", {"incident": "I", "grade": 1, "was": 3}),
    ] == told


def test_a_priority_outlives_updates() -> None:
    told = answer([report(kind="INF-RUMOUR", priority="LOW"), update(1, severity="Extreme", certainty="Observed")])

    assert ["incident.updated"] == [kind for kind, _ in told]


@pytest.mark.parametrize(
    ("data", "back"),
    [
        pytest.param({"severity": "Severe"}, True, id="the grade rose"),
        pytest.param({"fatalities": 5}, True, id="the level rose"),
        pytest.param({"fatalities": 4}, False, id="neither rose"),
        pytest.param({"certainty": "Unlikely"}, False, id="the grade fell"),
        pytest.param({"injured": 100}, False, id="the injured do not count"),
    ],
)
def test_what_gets_worse_is_not_stabilising_any_more(data: Data, back: bool) -> None:  # noqa: FBT001 a column
    told = answer([report(severity="Moderate"), on(1, "stabilise"), update(2, **data)])

    expected = [("incident.state", {"incident": "I", "state": "ACKNOWLEDGED"})] if back else []
    assert expected == [fact for fact in told if fact[0] == "incident.state"]
