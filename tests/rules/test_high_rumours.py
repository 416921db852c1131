"""Rumours that become HIGH, and those that nobody answers (ESC-07)."""

import pytest

from tests.rules.playing import (
    LEVEL_2,
    Data,
    Order,
    answer,
    close,
    draft,
    escalations,
    facts,
    log,
    only,
    out,
    report,
    update,
)

HIGH: Data = {"harm": 3, "reach": 1000}


def grow(at: int, reach: int) -> Order:
    return at, "rumour.grow", "monitor", {"rumour": "R", "reach": reach}


def lower(at: int) -> Order:
    return at, "level.override", "NCEMA.desk", {"incident": "I", "level": 1}


@pytest.mark.rule("ESC-07a")
def test_a_high_rumour_without_incident_opens_one() -> None:
    told = answer([log(3, topic="TEL", **HIGH)])

    assert [
        (
            "rumour.triaged",
            {"rumour": "R", "score": 6, "priority": "HIGH", "owner": "TDRA", "response_due": 33},
        ),
        ("incident.opened", {"incident": "INC-R", "type": "INF-RUMOUR", "rumour": "R"}),
        ("incident.graded", {"incident": "INC-R", "grade": 3, "level": 2, "lead": "TDRA", "first_statement_due": 33}),
    ] == told[:3]
    assert ["notify", "spokesperson.assigned"] == [kind for kind, _ in told[3:]]


def test_an_incident_is_opened_when_a_rumour_grows_high() -> None:
    told = answer([log(0, harm=3), grow(5, 1000)])

    assert ["rumour.triaged", "incident.opened", "incident.graded"] == [kind for kind, _ in told][:3]


def test_no_escalation_tells_of_the_rumour_that_opened_an_incident() -> None:
    assert [] == escalations(facts([log(0, **HIGH)]), "ESC-07a")


def test_the_incident_of_a_rumour_is_named_by_its_rumour() -> None:
    told = answer([log(0, **HIGH), draft(1, incident="INC-R")])

    assert "statement.drafted" == told[0][0]


@pytest.mark.rule("ESC-07a")
def test_a_high_rumour_on_an_incident_calls_its_lead_and_raises_it_to_level_two() -> None:
    told = answer([report(), log(3, incident="I", **HIGH)])

    assert [
        ("escalation", {"rule": "ESC-07a", "rumour": "R", "to": ["MOI.duty", "GCO.desk"]}),
        ("level.raised", {"incident": "I", "level": 2, "was": 1, "rule": "ESC-07a"}),
    ] == told[1:3]


def test_a_rumour_becomes_high_once() -> None:
    told = facts([report(), log(3, incident="I", **HIGH), lower(4), grow(5, 60_000)])

    assert [3] == [at for at, _ in escalations(told, "ESC-07a")]
    assert [3] == [at for at, _, _ in only(told, "level.raised")]


@pytest.mark.parametrize("reach", [999, 1000])
def test_growth_below_the_bound_does_not_make_it_high(reach: int) -> None:
    told = facts([report(), log(3, harm=3, incident="I"), grow(5, reach)])

    assert ([] if reach == 999 else [5]) == [at for at, _ in escalations(told, "ESC-07a")]


def test_the_mark_does_not_hold_a_high_rumour_back() -> None:
    told = facts([report(), update(1, emirates=["AE-DU", "AE-SH"]), lower(2), log(3, incident="I", **HIGH)])

    assert [(1, "ESC-04"), (3, "ESC-07a")] == [(at, data["rule"]) for at, _, data in only(told, "level.raised")]


def test_a_high_rumour_does_not_raise_what_is_higher() -> None:
    told = facts([report(kind="SEC-AIRTHREAT"), log(3, incident="I", **HIGH)])

    assert [] == only(told, "level.raised")


def test_a_high_rumour_on_an_ended_incident_escalates_and_raises_nothing() -> None:
    told = answer([report(), log(0, harm=3, incident="I"), close(1), grow(5, 1000)])

    assert ["rumour.triaged", "escalation"] == [kind for kind, _ in told]
    assert ["MOI.duty", "GCO.desk"] == told[1][1]["to"]


def test_a_high_rumour_of_a_drill_calls_addresses_of_drills() -> None:
    told = escalations(facts([report(exercise=True), log(3, incident="I", **HIGH)], until=40), "ESC-07a")

    assert [["EX:MOI.duty", "EX:GCO.desk"]] == [data["to"] for _, data in told]


def test_a_high_rumour_suspends_drills_of_the_same_lead() -> None:
    drill = report(0, "E", exercise=True)

    told = only(facts([report(), drill, log(3, incident="I", **HIGH)]), "exercise.suspended")

    assert [(3, "exercise.suspended", {"incident": "E", "because": "I", "rule": "DR-5"})] == told


def unanswered(commands: list[Order], until: int = 2000) -> list[tuple[int, int]]:
    """Minute and repeat of each reminder that a rumour has no answer."""
    return [(at, data["repeat"]) for at, data in escalations(facts(commands, until=until), "ESC-07b")]


def series(start: int) -> list[tuple[int, int]]:
    return [(start + 30 * repeat, repeat) for repeat in range(6)]


@pytest.mark.rule("ESC-07b")
@pytest.mark.parametrize(
    ("harm", "reach", "expected"),
    [
        pytest.param(3, 1000, series(33), id="high: 30 minutes"),
        pytest.param(3, 0, series(123), id="medium: 120 minutes"),
        pytest.param(2, 0, [], id="low: never"),
    ],
)
def test_an_unanswered_rumour_is_told_of_at_its_target_and_every_thirty_minutes(
    harm: int, reach: int, expected: list[tuple[int, int]]
) -> None:
    assert expected == unanswered([log(3, harm=harm, reach=reach)])


@pytest.mark.rule("ESC-07b")
@pytest.mark.parametrize(
    ("before", "to"),
    [([], "GCO.director"), ([report(exercise=True)], "EX:GCO.director")],
    ids=["real", "of a drill"],
)
def test_the_director_hears_of_an_unanswered_rumour(before: list[Order], to: str) -> None:
    of: Data = {"incident": "I"} if before else {}

    told = escalations(facts([*before, log(0, harm=3, **of)], until=130), "ESC-07b")

    assert [(120, {"rule": "ESC-07b", "rumour": "R", "repeat": 0, "to": [to]})] == told


def test_growth_starts_the_reminders_anew() -> None:
    """120 minutes from the growth of minute 160, in the middle of a series."""
    assert [(120, 0), (150, 1), *series(280)] == unanswered([log(0, harm=3), grow(160, 9)])


def test_growth_into_the_high_class_starts_a_shorter_clock() -> None:
    assert series(40) == unanswered([report(), log(0, harm=3, incident="I"), grow(10, 1000)])


def test_growth_that_opens_a_rumour_again_starts_the_reminders_again() -> None:
    keys = {"FACT": "GCO.f", "RELEASE": "GCO.r"}
    response = out(10, kind="RUMOUR_RESPONSE", answers=["R"], keys=keys)

    told = unanswered([report(), log(0, incident="I", **HIGH), *response, grow(200, 2000)])

    assert series(230) == told


@pytest.mark.rule("ESC-07b")
@pytest.mark.parametrize(
    "stops",
    [
        pytest.param(
            out(35, kind="RUMOUR_RESPONSE", answers=["R"], keys={**LEVEL_2, "FACT": "GCO.f"}), id="it is answered"
        ),
        pytest.param([report(35, "REAL", "MET-FLOOD", emirates=["AE-DU"])], id="its drill is suspended"),
    ],
)
def test_the_reminders_of_a_rumour_stop_when(stops: list[Order]) -> None:
    drill = stops[0][1] == "incident.report"
    before = [report(exercise=drill, emirates=["AE-DU"]), log(0, incident="I", **HIGH)]

    assert [(30, 0)] == unanswered([*before, *stops])


def test_a_closed_rumour_is_not_reminded_of() -> None:
    shut = (60, "rumour.close", "x", {"rumour": "R"})

    assert [] == unanswered([log(0, harm=3), shut])


def test_a_verified_rumour_still_waits_for_its_answer() -> None:
    verdict = (5, "rumour.verify", "GCO.a", {"rumour": "R", "verdict": "FALSE"})

    assert series(120) == unanswered([log(0, harm=3), verdict])


def test_an_answer_in_the_minute_of_the_target_is_in_time() -> None:
    response = out(30, kind="RUMOUR_RESPONSE", answers=["R"], keys={**LEVEL_2, "FACT": "GCO.f"})

    assert [] == unanswered([report(), log(0, incident="I", **HIGH), *response])


def test_an_ended_incident_does_not_silence_its_rumours() -> None:
    assert series(120) == unanswered([report(), log(0, harm=3, incident="I"), close(1)])
