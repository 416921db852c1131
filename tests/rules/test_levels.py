"""Levels: the formula, the mark, the override, who is told (`rules.md` §3.3, `scenario-format.md` §7)."""

import pytest

from tests.rules.playing import Data, Order, answer, facts, log, only, override, refusal, report, update

EMIRATES = ["AE-AZ", "AE-DU", "AE-SH", "AE-AJ", "AE-UQ", "AE-RK", "AE-FU"]


def levels(commands: list[Order]) -> list[tuple[str, int]]:
    return [(data["rule"], data["level"]) for _, _, data in only(facts(commands), "level.raised", "level.lowered")]


@pytest.mark.parametrize(
    ("kind", "data", "level"),
    [
        pytest.param("ROAD-MCI", {}, 1, id="nothing pushes it up"),
        pytest.param("MET-FLOOD", {}, 2, id="the type's base"),
        pytest.param("SEC-AIRTHREAT", {}, 3, id="the type's base, national"),
        pytest.param("ROAD-MCI", {"severity": "Moderate", "certainty": "Likely"}, 1, id="grade 2"),
        pytest.param("ROAD-MCI", {"severity": "Severe", "certainty": "Likely"}, 2, id="grade 3"),
        pytest.param("ROAD-MCI", {"severity": "Extreme", "certainty": "Likely"}, 3, id="grade 4"),
        pytest.param("ROAD-MCI", {"emirates": EMIRATES[:1]}, 1, id="one emirate"),
        pytest.param("ROAD-MCI", {"emirates": EMIRATES[:2]}, 2, id="two emirates"),
        pytest.param("ROAD-MCI", {"emirates": EMIRATES[:3]}, 2, id="three emirates"),
        pytest.param("ROAD-MCI", {"emirates": EMIRATES[:4]}, 3, id="four emirates"),
        pytest.param("ROAD-MCI", {"emirates": ["AE"]}, 3, id="nationwide is seven"),
        pytest.param("ROAD-MCI", {"emirates": ["AE-AZ", "AE"]}, 3, id="nationwide swallows one"),
        pytest.param("ROAD-MCI", {"emirates": ["AE-AZ", "AE-AZ"]}, 1, id="an emirate named twice is one"),
        pytest.param("ROAD-MCI", {"fatalities": 4}, 1, id="four deaths"),
        pytest.param("ROAD-MCI", {"fatalities": 5}, 2, id="five deaths"),
        pytest.param("ROAD-MCI", {"fatalities": 19}, 2, id="nineteen deaths"),
        pytest.param("ROAD-MCI", {"fatalities": 20}, 3, id="twenty deaths"),
        pytest.param("ROAD-MCI", {"injured": 500}, 1, id="the injured do not count"),
    ],
)
@pytest.mark.parametrize("updated", [False, True], ids=["reported", "updated"])
def test_the_formula_takes_its_highest_term(kind: str, data: Data, level: int, *, updated: bool) -> None:
    told = facts([report(kind=kind), update(1, **data)] if updated and data else [report(kind=kind, **data)])

    assert level == only(told, "incident.graded", "level.raised")[-1][2]["level"]


def test_a_level_rises_one_step_or_two_and_names_what_it_was() -> None:
    told = answer([report(), update(1, fatalities=20)])

    assert ("level.raised", {"incident": "I", "level": 3, "was": 1, "rule": "ESC-04"}) in told


@pytest.mark.rule("ESC-12", "INV-11")
@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ((2, "level.override", "MOI.duty", {"incident": "I", "level": 1}), ("ONLY_GCO_OR_NCEMA", None)),
        ((2, "level.override", "NCEMA.ops", {"incident": "I", "level": 1}), ("ALREADY_DONE", None)),
        ((2, "level.override", "GCO.desk", {"incident": "I", "level": 0}), ("BAD_VALUE", "level")),
        ((2, "level.override", "GCO.desk", {"incident": "I", "level": 4}), ("BAD_VALUE", "level")),
        ((2, "level.override", "GCO.desk", {"incident": "I", "level": True}), ("BAD_VALUE", "level")),
        ((2, "level.override", "GCO.desk", {"incident": "I", "level": "2"}), ("BAD_VALUE", "level")),
    ],
)
def test_an_override_is_refused(last: Order, reason: tuple[str, str | None]) -> None:
    assert reason == refusal([report(), last])


def test_an_override_of_what_has_ended_is_refused_before_the_actor_is_looked_at() -> None:
    close = (1, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"})

    assert ("INCIDENT_CLOSED", None) == refusal(
        [report(), close, (2, "level.override", "MOI.duty", {"incident": "I", "level": 1})]
    )


@pytest.mark.rule("ESC-12")
def test_a_raise_by_hand_tells_everybody_and_ends_stabilising() -> None:
    stabilise = (1, "incident.stabilise", "MOI.duty", {"incident": "I"})

    assert [
        ("level.raised", {"incident": "I", "level": 2, "was": 1, "rule": "ESC-12"}),
        (
            "notify",
            {
                "incident": "I",
                "to": ["MOI.duty", "GCO.desk", "NCEMA.ops", "FAACD.liaison", "MOHAP.liaison", "MOEI.liaison"],
            },
        ),
        ("incident.state", {"incident": "I", "state": "ACKNOWLEDGED"}),
    ] == answer([report(), stabilise, override(2, 2)])


@pytest.mark.rule("ESC-12", "INV-11")
def test_a_lowering_tells_nobody_else_and_leaves_stabilising() -> None:
    stabilise = (1, "incident.stabilise", "MOI.duty", {"incident": "I"})

    assert [("level.lowered", {"incident": "I", "level": 1, "was": 2, "rule": "ESC-12"})] == answer(
        [report(fatalities=5), stabilise, override(2, 1)]
    )


WORST: Data = {"severity": "Severe", "urgency": "Expected", "certainty": "Likely", "fatalities": 6}
WORST["emirates"] = EMIRATES[:2]


@pytest.mark.rule("ESC-04")
@pytest.mark.parametrize(
    ("data", "rises"),
    [
        pytest.param({"severity": "Extreme"}, [("ESC-04", 3)], id="a worse severity"),
        pytest.param({"urgency": "Immediate"}, [("ESC-04", 2)], id="a worse urgency, and the whole formula counts"),
        pytest.param({"certainty": "Observed"}, [("ESC-04", 2)], id="a worse certainty"),
        pytest.param({"emirates": EMIRATES[:3]}, [("ESC-04", 2)], id="more emirates"),
        pytest.param({"emirates": ["AE"]}, [("ESC-04", 3)], id="nationwide is more"),
        pytest.param({"fatalities": 7}, [("ESC-04", 2)], id="more deaths"),
        pytest.param({"emirates": EMIRATES[3:5]}, [], id="other emirates, not more"),
        pytest.param({"severity": "Moderate", "fatalities": 5}, [], id="milder"),
        pytest.param({"severity": "Unknown"}, [], id="unknown is the mildest"),
        pytest.param({"severity": "Minor", "fatalities": 7}, [("ESC-04", 2)], id="one worse is enough"),
    ],
)
def test_after_a_lowering_only_what_is_worse_than_the_mark_raises(data: Data, rises: list[tuple[str, int]]) -> None:
    told = levels([report(**WORST), override(1, 1), update(2, **data)])

    assert [("ESC-12", 1), *rises] == told


def test_the_mark_is_the_worst_there_was_and_not_what_stood_at_the_lowering() -> None:
    before = [report(**WORST), update(1, fatalities=2), override(2, 1)]

    assert [("ESC-12", 1)] == levels([*before, update(3, fatalities=6)])
    assert [("ESC-12", 1), ("ESC-04", 2)] == levels([*before, update(3, fatalities=7)])


def test_each_scale_keeps_its_own_worst() -> None:
    before = [report(severity="Extreme", urgency="Future"), update(1, severity="Minor", urgency="Immediate")]

    told = levels([*before, override(2, 2), override(3, 1), update(4, severity="Extreme")])

    assert [("ESC-12", 1)] == told[-1:]


def test_a_later_raise_leaves_the_mark_in_place() -> None:
    before = [report(**WORST), override(1, 1), override(2, 2), update(3, fatalities=0)]

    assert [("ESC-12", 1), ("ESC-12", 2)] == levels([*before, update(4, emirates=EMIRATES[1:3])])


def test_what_is_still_worse_than_the_mark_counts_again_at_each_update() -> None:
    told = levels([report(**WORST), override(1, 1), update(2, fatalities=7), update(3, severity="Extreme")])

    assert [("ESC-12", 1), ("ESC-04", 2), ("ESC-04", 3)] == told


def test_a_later_lowering_renews_the_mark() -> None:
    before = [report(**WORST), override(1, 1), update(2, fatalities=7), override(3, 1)]

    assert [("ESC-12", 1)] == levels([*before, update(4, fatalities=0), update(5, fatalities=7)])[2:]


def test_the_mark_holds_back_the_level_and_nothing_else() -> None:
    before = [report(fatalities=6), override(1, 1)]
    before += [(2, "incident.stabilise", "MOI.duty", {"incident": "I"}), update(3, certainty="Unlikely")]

    told = answer([*before, update(4, certainty="Possible", severity="Moderate")])

    assert ["incident.updated"] == [kind for kind, _ in told]


def test_what_the_mark_holds_back_leaves_stabilising() -> None:
    before = [report(emirates=EMIRATES[:2]), (1, "incident.stabilise", "MOI.duty", {"incident": "I"}), override(2, 1)]

    told = answer([*before, update(3, emirates=EMIRATES[:1])])

    assert ["incident.updated"] == [kind for kind, _ in told]


def test_a_grade_that_rises_under_the_mark_ends_stabilising_and_tightens() -> None:
    hot: Data = {"severity": "Severe", "certainty": "Likely"}
    before = [report(fatalities=6, **hot), update(1, certainty="Unlikely"), override(2, 1)]
    before += [(3, "incident.stabilise", "MOI.duty", {"incident": "I"})]

    told = answer([*before, update(4, certainty="Likely")])

    assert [
        ("incident.updated", {"incident": "I", "changed": {"certainty": "Likely"}}),
        ("incident.regraded", {"incident": "I", "grade": 3, "was": 1}),
        ("incident.state", {"incident": "I", "state": "ACKNOWLEDGED"}),
    ] == told


def test_a_raise_by_hand_is_a_floor_that_no_update_undoes() -> None:
    assert [("ESC-12", 3)] == levels([report(), override(1, 3), update(2, fatalities=5)])


def test_an_override_replaces_the_floor_of_a_high_rumour() -> None:
    before = [report(), log(1, reach=1000, harm=3, incident="I"), override(2, 1)]

    assert [("ESC-07a", 2), ("ESC-12", 1)] == levels([*before, update(3, fatalities=1)])


@pytest.mark.rule("ESC-07a")
def test_a_high_rumour_raises_under_the_mark_to_two_and_no_further() -> None:
    before = [report(fatalities=20), override(1, 1)]

    assert [("ESC-12", 1), ("ESC-07a", 2)] == levels([*before, log(2, reach=1000, harm=3, incident="I")])


def test_a_high_rumour_leaves_level_three_as_it_is() -> None:
    assert [] == levels([report(fatalities=20), log(2, reach=1000, harm=3, incident="I")])


def test_a_raise_for_a_high_rumour_does_not_end_stabilising() -> None:
    before = [report(), (1, "incident.stabilise", "MOI.duty", {"incident": "I"})]

    told = answer([*before, log(2, reach=1000, harm=3, incident="I")])

    assert "incident.state" not in [kind for kind, _ in told]


def test_a_rumour_that_becomes_high_after_the_end_raises_nothing() -> None:
    before = [report(), log(1, reach=10, harm=3, incident="I")]
    before += [(2, "incident.stand_down", "MOI.duty", {"incident": "I"})]

    told = answer([*before, (3, "rumour.grow", "monitor", {"rumour": "R", "reach": 1000})])

    assert [("rumour.triaged", None), ("escalation", "ESC-07a")] == [(kind, data.get("rule")) for kind, data in told]
