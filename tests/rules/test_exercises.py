"""Drills give way to real crises: DR-5, both ways (`rules.md` §4.7, `scenario-format.md` §7, Suspend exercises)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    Data,
    Order,
    answer,
    draft,
    facts,
    log,
    only,
    out,
    override,
    refusal,
    report,
    sheet,
    submit,
    update,
)

DRILL = report(exercise=True, emirates=["AE-AZ"])
"""Led by MOI in Abu Dhabi, level 1."""


def suspended(commands: list[Order], until: int | None = None) -> list[tuple[int, str, str]]:
    told = only(facts(commands, until), "exercise.suspended")
    return [(at, data["incident"], data["because"]) for at, _, data in told]


def transfer(at: int, to: str, name: str) -> Order:
    return at, "lead.transfer", "GCO.desk", {"incident": name, "to": to}


@pytest.mark.rule("DR-5")
@pytest.mark.parametrize(
    ("kind", "data", "stops"),
    [
        pytest.param("SEC-INCIDENT", {}, True, id="the same lead, level 2"),
        pytest.param("ROAD-MCI", {}, False, id="the same lead, level 1"),
        pytest.param("AVN-ACCIDENT", {"emirates": ["AE-AZ"]}, True, id="the same emirate, level 2"),
        pytest.param("MET-WARN", {"emirates": ["AE-AZ"]}, False, id="the same emirate, level 1"),
        pytest.param("AVN-ACCIDENT", {"emirates": ["AE-DU"]}, False, id="elsewhere"),
        pytest.param("AVN-ACCIDENT", {"emirates": ["AE-DU", "AE-AZ"]}, True, id="one common emirate is enough"),
        pytest.param("AVN-ACCIDENT", {}, False, id="nowhere"),
        pytest.param("AVN-ACCIDENT", {"emirates": ["AE"]}, True, id="nationwide is everywhere"),
        pytest.param("SEC-INCIDENT", {"exercise": True}, False, id="another exercise"),
    ],
)
@pytest.mark.parametrize("first", ["drill", "real"])
def test_whichever_came_first(kind: str, data: Data, stops: bool, first: str) -> None:  # noqa: FBT001 a column
    real = report(name="REAL", kind=kind, **data)

    told = suspended([DRILL, real] if first == "drill" else [real, DRILL])

    assert ([(0, "I", "REAL")] if stops else []) == told


def test_a_nationwide_exercise_meets_a_crisis_anywhere() -> None:
    drill = report(exercise=True, emirates=["AE"])

    assert [(0, "I", "REAL")] == suspended([drill, report(name="REAL", kind="AVN-ACCIDENT", emirates=["AE-FU"])])


@pytest.mark.rule("DR-5")
def test_a_suspended_exercise_says_why_and_withdraws_what_was_under_way() -> None:
    before = [
        DRILL,
        submit(1, "A", marker=True),
        draft(1, "B"),
        submit(1, "C"),
        *out(1, "D", marker=True, keys=LEVEL_1),
    ]
    before += out(1, "E", "PRESS_RELEASE", marker=True, embargo_until=90, keys=LEVEL_1)

    told = answer([*before, report(2, "REAL", "MET-FLOOD")])

    assert [
        ("exercise.suspended", {"incident": "I", "because": "REAL", "rule": "DR-5"}),
        ("statement.state", {"statement": "A", "state": "WITHDRAWN", "by": "REAL"}),
        ("statement.state", {"statement": "E", "state": "WITHDRAWN", "by": "REAL"}),
    ] == told[-3:]


@pytest.mark.parametrize(
    "rise",
    [
        pytest.param(override(2, 2, "REAL"), id="by hand"),
        pytest.param(update(2, "REAL", fatalities=5), id="an update"),
        pytest.param(log(2, reach=1000, harm=3, incident="REAL"), id="a HIGH rumour"),
    ],
)
def test_a_rise_to_level_two_stops_it(rise: Order) -> None:
    assert [(2, "I", "REAL")] == suspended([DRILL, report(name="REAL"), rise])


@pytest.mark.rule("DR-5")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(update(2, "REAL", emirates=["AE-AZ"]), id="the crisis spreads to it"),
        pytest.param(update(2, "I", emirates=["AE-FU"]), id="the exercise moves to the crisis"),
        pytest.param(transfer(2, "GCAA", "I"), id="the exercise gets its lead"),
        pytest.param(transfer(2, "MOI", "REAL"), id="the crisis gets the lead of the exercise"),
    ],
)
def test_what_brings_them_together_stops_it(change: Order) -> None:
    real = report(1, "REAL", "AVN-ACCIDENT", emirates=["AE-FU"])

    assert [(2, "I", "REAL")] == suspended([DRILL, real, change])


def test_a_rumour_that_opens_a_crisis_with_the_same_lead_stops_it() -> None:
    assert [(2, "I", "INC-R")] == suspended([DRILL, log(2, reach=1000, harm=3, topic="SEC")])


def test_a_merge_that_brings_a_high_rumour_stops_it() -> None:
    before = [DRILL, report(name="REAL"), report(name="J", kind="MET-WARN"), log(1, reach=1000, harm=3, incident="J")]

    assert [(2, "I", "REAL")] == suspended([*before, (2, "incident.merge", "ops", {"incident": "J", "into": "REAL"})])


def test_an_update_that_touches_nothing_of_the_grade_stops_nothing() -> None:
    assert [] == suspended([DRILL, report(name="REAL"), update(1, "REAL", injured=50)])


def test_each_exercise_names_the_first_crisis_that_stops_it() -> None:
    before = [DRILL, report(name="K", kind="AVN-CLOSURE", exercise=True), report(1, "A", "AVN-ACCIDENT")]

    assert [(1, "K", "A"), (2, "I", "B")] == suspended([*before, report(2, "B", "SEC-INCIDENT", emirates=["AE-AZ"])])
    assert [(3, "L", "A")] == suspended(
        [*before, report(2, "B", "SEC-INCIDENT"), report(3, "L", "AVN-CLOSURE", exercise=True)]
    )[2:]


def test_a_crisis_that_ended_or_was_lowered_stops_nothing() -> None:
    real = report(name="REAL", kind="SEC-INCIDENT")
    close = (1, "incident.close", "MOI.duty", {"incident": "REAL", "outcome": "DUPLICATE"})

    assert [] == suspended([real, close, report(2, exercise=True)])
    assert [] == suspended([real, override(1, 1, "REAL"), report(2, exercise=True)])


def test_a_suspended_exercise_has_no_clock_left() -> None:
    told = facts([report(exercise=True), report(1, "REAL", "MET-FLOOD")], until=3000)

    assert [] == [fact for fact in told if fact[0] > 1 and fact[2].get("incident") == "I"]


def test_a_suspended_exercise_does_not_come_back_with_the_end_of_the_crisis() -> None:
    close = (2, "incident.close", "MOI.duty", {"incident": "REAL", "outcome": "DUPLICATE"})

    assert ("EXERCISE_SUSPENDED", None) == refusal(
        [DRILL, report(1, "REAL", "MET-FLOOD"), close, (3, "incident.stabilise", "MOI.duty", {"incident": "I"})]
    )


STOPPED = [DRILL, report(name="REAL", kind="SEC-INCIDENT"), override(1, 1, "REAL")]


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(override(2, 2), id="override"),
        pytest.param(update(2, fatalities=5), id="update"),
        pytest.param(sheet(2, deaths=1), id="fact sheet"),
        pytest.param(draft(2), id="draft"),
        pytest.param(log(2, incident="I"), id="rumour"),
        pytest.param((2, "incident.merge", "ops", {"incident": "REAL", "into": "I"}), id="merge"),
    ],
)
def test_a_suspended_exercise_takes_no_more(last: Order) -> None:
    assert ("EXERCISE_SUSPENDED", None) == refusal([*STOPPED, last])


def test_only_a_stand_down_leads_on_from_a_suspension() -> None:
    before = [*STOPPED, (2, "incident.stand_down", "EX:MOI.duty", {"incident": "I"})]

    assert [
        ("stand_down.signed", {"incident": "I", "by": "EX:MOI.duty", "missing": []}),
        ("incident.state", {"incident": "I", "state": "STOOD_DOWN", "aar_days": 30}),
    ] == answer(before)
    assert [("incident.state", {"incident": "I", "state": "CLOSED"})] == answer(
        [*before, (3, "incident.close", "MOI.duty", {"incident": "I", "outcome": "AAR_FILED"})]
    )


@pytest.mark.rule("DR-7")
def test_a_drill_is_never_turned_real() -> None:
    turned = update(1, exercise=False)

    assert ("BAD_VALUE", "exercise") == refusal([DRILL, turned])


@pytest.mark.rule("DR-3", "DR-7")
def test_a_drill_is_not_merged_into_a_real_incident() -> None:
    merged = (1, "incident.merge", "GCO.desk", {"incident": "I", "into": "J"})

    assert ("EXERCISE_MISMATCH", None) == refusal([DRILL, report(0, "J"), merged])
