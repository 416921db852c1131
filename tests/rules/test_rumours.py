"""Rumours: scored, grown, verified, closed (`rules.md` §3.8, `scenario-format.md` §5 and §7, Triage)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    Data,
    Order,
    answer,
    close,
    facts,
    log,
    only,
    out,
    refusal,
    report,
)

SUSPENDED = [
    report(name="E", exercise=True, emirates=["AE-DU"]),
    log(0, incident="E"),
    report(1, "REAL", "MET-FLOOD", emirates=["AE-DU"]),
]


def grow(at: int, reach: int, name: str = "R", *, by: str = "monitor") -> Order:
    return at, "rumour.grow", by, {"rumour": name, "reach": reach}


def verify(at: int, verdict: str = "FALSE", name: str = "R", *, by: str = "GCO.desk") -> Order:
    return at, "rumour.verify", by, {"rumour": name, "verdict": verdict}


def shut(at: int, name: str = "R", *, by: str = "anybody") -> Order:
    return at, "rumour.close", by, {"rumour": name}


def answered(at: int, **data: str) -> list[Order]:
    """A rumour response to R in incident I, whose topic has no owner but GCO."""
    keys = {"FACT": "GCO.f", "RELEASE": "MOI.r", **data}
    return out(at, kind="RUMOUR_RESPONSE", answers=["R"], keys=keys)


@pytest.mark.parametrize(
    ("harm", "reach", "score", "priority", "due"),
    [
        pytest.param(1, 0, 1, "LOW", 1445, id="nobody yet"),
        pytest.param(1, 999, 1, "LOW", 1445, id="999"),
        pytest.param(1, 1000, 2, "LOW", 1445, id="1000"),
        pytest.param(1, 49_999, 2, "LOW", 1445, id="49999"),
        pytest.param(1, 50_000, 3, "MEDIUM", 125, id="50000"),
        pytest.param(2, 999, 2, "LOW", 1445, id="harm 2, 999"),
        pytest.param(2, 1000, 4, "MEDIUM", 125, id="harm 2, 1000"),
        pytest.param(2, 50_000, 6, "HIGH", 35, id="harm 2, 50000"),
        pytest.param(3, 999, 3, "MEDIUM", 125, id="harm 3, 999"),
        pytest.param(3, 1000, 6, "HIGH", 35, id="harm 3, 1000"),
        pytest.param(3, 49_999, 6, "HIGH", 35, id="harm 3, 49999"),
        pytest.param(3, 50_000, 9, "HIGH", 35, id="harm 3, 50000"),
    ],
)
def test_a_rumour_is_scored_by_harm_and_reach(harm: int, reach: int, score: int, priority: str, due: int) -> None:
    told = answer([log(5, harm=harm, reach=reach, topic="TEL")])

    expected = {"rumour": "R", "score": score, "priority": priority, "owner": "TDRA", "response_due": due}
    assert ("rumour.triaged", expected) == told[0]


@pytest.mark.parametrize(
    ("before", "data", "expected"),
    [
        pytest.param([log(0)], {}, ("DUPLICATE_ID", None), id="taken"),
        pytest.param([close(0)], {"incident": "I"}, ("INCIDENT_CLOSED", None), id="the incident has ended"),
        pytest.param(SUSPENDED, {"name": "Q", "incident": "E"}, ("EXERCISE_SUSPENDED", None), id="suspended"),
        pytest.param([], {"by": "somebody"}, ("NOT_ALLOWED", None), id="not of the registry"),
        pytest.param([], {"by": "SPK-MOI-01"}, ("NOT_ALLOWED", None), id="a person is no entity"),
        pytest.param([], {"harm": 4}, ("BAD_VALUE", "harm"), id="too much harm"),
        pytest.param([], {"harm": 0}, ("BAD_VALUE", "harm"), id="no harm"),
        pytest.param([], {"reach": -1}, ("BAD_VALUE", "reach"), id="less than nobody"),
        pytest.param([], {"topic": "NONE"}, ("UNKNOWN_TOPIC", None), id="no topic"),
        pytest.param([log(0)], {"by": "somebody"}, ("DUPLICATE_ID", None), id="taken, before who"),
        pytest.param([close(0)], {"incident": "I", "by": "x"}, ("INCIDENT_CLOSED", None), id="open, before who"),
    ],
)
def test_a_rumour_is_refused(before: list[Order], data: Data, expected: tuple[str, str | None]) -> None:
    assert expected == refusal([report(), *before, log(2, **data)])


@pytest.mark.parametrize("by", ["monitor", "monitor.night", "EX:monitor", "POL-DU.desk", "WAM.a"])
def test_the_registry_and_the_monitor_log_rumours(by: str) -> None:
    assert "rumour.triaged" == answer([log(2, by=by)])[0][0]


def test_growth_scores_again_and_restarts_the_clock() -> None:
    told = answer([log(0, harm=2), grow(7, 1000)])

    expected = {"rumour": "R", "score": 4, "priority": "MEDIUM", "owner": "GCO", "response_due": 127}
    assert [("rumour.triaged", expected)] == told


@pytest.mark.parametrize(
    ("before", "order", "expected"),
    [
        pytest.param([log(0, reach=5)], grow(2, 5), ("BAD_VALUE", "reach"), id="not larger"),
        pytest.param([log(0, reach=5), grow(1, 9)], grow(2, 9), ("BAD_VALUE", "reach"), id="not larger than the last"),
        pytest.param([log(0, reach=5)], grow(2, 4, by="x"), ("NOT_ALLOWED", None), id="who, before the reach"),
        pytest.param(SUSPENDED, grow(2, 4, by="x"), ("EXERCISE_SUSPENDED", None), id="suspended, before who"),
        pytest.param([], grow(2, 4, "Q"), ("UNKNOWN_RUMOUR", None), id="unknown"),
    ],
)
def test_growth_is_refused(before: list[Order], order: Order, expected: tuple[str, str | None]) -> None:
    assert expected == refusal([report(), *before, order])


def test_a_rumour_of_an_ended_incident_may_grow() -> None:
    assert "rumour.triaged" == answer([report(), log(0, incident="I"), close(1), grow(2, 9)])[0][0]


@pytest.mark.parametrize("before", [answered(1), [shut(60)]], ids=["answered", "closed"])
def test_growth_reopens_what_was_answered_or_closed(before: list[Order]) -> None:
    again = out(62, "S2", "RUMOUR_RESPONSE", answers=["R"], keys={"FACT": "GCO.f", "RELEASE": "MOI.r"})

    told = only(facts([report(), log(0), *before, grow(61, 9), *again]), "rumour.answered")

    assert [62] == [at for at, _, _ in told if at > 60]


@pytest.mark.parametrize(
    ("by", "may"),
    [
        pytest.param("TDRA.a", True, id="the owner of the topic"),
        pytest.param("GCO.a", True, id="the Office"),
        pytest.param("NCEMA.a", True, id="the coordinator"),
        pytest.param("MOI.a", True, id="the lead of its incident"),
        pytest.param("FAACD.a", False, id="a supporting entity"),
        pytest.param("monitor", False, id="the monitor"),
    ],
)
def test_who_may_verify(by: str, may: bool) -> None:  # noqa: FBT001 a row
    commands = [report(), log(0, topic="TEL", incident="I"), verify(2, by=by)]

    if may:
        assert [("rumour.verdict", {"rumour": "R", "verdict": "FALSE"})] == answer(commands)
    else:
        assert ("NOT_ALLOWED", None) == refusal(commands)


def test_a_rumour_without_incident_has_no_lead() -> None:
    assert ("NOT_ALLOWED", None) == refusal([report(), log(0, topic="TEL"), verify(2, by="MOI.a")])


@pytest.mark.parametrize("verdict", ["TRUE", "FALSE", "UNVERIFIABLE"])
def test_a_verdict_may_change_and_comes_also_after_the_answer(verdict: str) -> None:
    told = answer([report(), log(0), verify(1, "TRUE"), *answered(2), verify(3, verdict)])

    assert [("rumour.verdict", {"rumour": "R", "verdict": verdict})] == told


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([log(0), shut(60), verify(61)], "WRONG_STATE", id="closed"),
        pytest.param([log(0), shut(60), verify(61, by="x")], "NOT_ALLOWED", id="who, before the state"),
        pytest.param([*SUSPENDED, verify(61, by="x")], "EXERCISE_SUSPENDED", id="suspended, before who"),
    ],
)
def test_a_verdict_is_refused(commands: list[Order], expected: str) -> None:
    assert (expected, None) == refusal(commands)


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([log(5), shut(64)], "TOO_EARLY", id="59 minutes after it was logged"),
        pytest.param([log(5), shut(65)], None, id="60 minutes after it was logged"),
        pytest.param([log(5), grow(15, 9), shut(74)], "TOO_EARLY", id="59 minutes after it grew"),
        pytest.param([log(5), grow(15, 9), shut(75)], None, id="60 minutes after it grew"),
        pytest.param([log(5), verify(50), shut(65)], None, id="a verdict is no growth"),
        pytest.param([log(5, harm=3), shut(65)], None, id="a medium one needs no answer"),
        pytest.param([log(5), shut(65), shut(66)], "ALREADY_DONE", id="closed"),
        pytest.param([log(5, harm=3, reach=1000), shut(6)], "RUMOUR_UNANSWERED", id="high, before the time"),
        pytest.param(
            [log(5, harm=3, reach=1000), verify(6), shut(99)], "RUMOUR_UNANSWERED", id="high and only verified"
        ),
        pytest.param([*SUSPENDED, shut(61)], "EXERCISE_SUSPENDED", id="suspended"),
    ],
)
def test_when_a_rumour_may_be_closed(commands: list[Order], expected: str | None) -> None:
    if expected is None:
        assert [("rumour.state", {"rumour": "R", "state": "CLOSED"})] == answer(commands)
    else:
        assert (expected, None) == refusal(commands)


def test_a_high_rumour_that_was_answered_may_be_closed() -> None:
    keys = {"FACT": "GCO.f", "RELEASE": "GCO.r"}
    high = [report(), log(5, harm=3, reach=1000, incident="I")]
    response = out(10, kind="RUMOUR_RESPONSE", answers=["R"], keys=keys)

    assert ("TOO_EARLY", None) == refusal([*high, *response, shut(64)])
    assert "rumour.state" == answer([*high, *response, shut(65)])[0][0]


def test_a_published_response_answers() -> None:
    """The minutes count since the last triage, the target is that of the priority."""
    told = only(facts([report(), log(0, harm=3), grow(20, 9), *answered(27)]), "rumour.answered")

    assert [(27, "rumour.answered", {"rumour": "R", "minutes": 7, "target": 120})] == told


@pytest.mark.parametrize("kind", ["SITREP", "LINES_TO_TAKE"])
def test_whatever_text_answers_a_rumour_answers_it(kind: str) -> None:
    told = only(facts([report(), log(0), *out(5, kind=kind, answers=["R"], keys=LEVEL_1)]), "rumour.answered")

    assert [(5, "rumour.answered", {"rumour": "R", "minutes": 5, "target": 1440})] == told


@pytest.mark.parametrize("before", [answered(1), [shut(60)]], ids=["answered", "closed"])
def test_a_rumour_that_is_answered_or_closed_is_not_answered_again(before: list[Order]) -> None:
    again = out(61, "S2", "RUMOUR_RESPONSE", answers=["R"], keys={"FACT": "GCO.f", "RELEASE": "MOI.r"})

    assert [] == [at for at, _, _ in only(facts([report(), log(0), *before, *again]), "rumour.answered") if at == 61]
