"""Planned initiatives: clashes, notices, held and released (`scenario-format.md` §5, `rules.md` §3.10)."""

from typing import TypedDict

import pytest

from tests.rules.playing import Data, Order, answer, facts, only, override, refusal, report


class Audience(TypedDict, total=False):
    audience: str


def plan(
    at: int, name: str = "P", *, by: str = "GCO.desk", owner: str = "MOI", start: int = 5000, **data: object
) -> Order:
    usual: Data = {"id": name, "owner": owner, "kind": "CAMPAIGN", "start": start}
    return at, "initiative.plan", by, {**usual, **data}


def release(at: int, name: str = "P", by: str = "GCO.desk") -> Order:
    return at, "initiative.release", by, {"initiative": name}


def held(commands: list[Order]) -> list[tuple[int, str, str]]:
    return [(at, data["initiative"], data["incident"]) for at, _, data in only(facts(commands), "initiative.held")]


CRISIS = report(kind="SEC-INCIDENT")
"""Level 2, led by MOI, supported by NCEMA PP NMA MOHAP."""


@pytest.mark.parametrize("by", ["MOI.press", "GCO.desk"])
def test_the_owner_or_the_office_plans(by: str) -> None:
    expected = {"initiative": "P", "owner": "MOI", "start": 5000, "clashes": [], "flags": []}

    assert [("initiative.planned", expected)] == answer([plan(0, by=by)])


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (plan(10, "TAKEN", by="NCM.press", start=9), ("DUPLICATE_ID", None)),
        (plan(10, by="NCM.press", start=9), ("NOT_ALLOWED", None)),
        (plan(10, by="NCEMA.ops"), ("NOT_ALLOWED", None)),
        (plan(10, start=9), ("BAD_VALUE", "start")),
        (plan(10, start=-1), ("BAD_VALUE", "start")),
        (plan(10, owner="NOBODY", kind="PARTY"), ("BAD_VALUE", "kind")),
        (plan(10, owner="NOBODY"), ("UNKNOWN_ENTITY", None)),
        (plan(10, audience=" "), ("BAD_VALUE", "audience")),
        (plan(10, notice_at="soon"), ("BAD_VALUE", "notice_at")),
        (release(10, "TAKEN", by="MOI.press"), ("NOT_ALLOWED", None)),
        (release(10, "TAKEN", by="NCEMA.ops"), ("NOT_ALLOWED", None)),
        (release(10, "TAKEN"), ("WRONG_STATE", None)),
        (release(10, "NONE", by="MOI.press"), ("UNKNOWN_INITIATIVE", None)),
    ],
)
def test_the_first_check_that_fails_refuses(last: Order, reason: tuple[str, str | None]) -> None:
    assert reason == refusal([plan(1, "TAKEN"), last])


def test_a_start_at_this_minute_is_not_before_now() -> None:
    assert ["initiative.planned"] == [kind for kind, _ in answer([plan(10, start=10)])]


@pytest.mark.parametrize(
    ("apart", "audiences", "clash"),
    [
        pytest.param(0, (None, None), True, id="at once"),
        pytest.param(59, (None, None), True, id="59 minutes later"),
        pytest.param(60, (None, None), False, id="60 minutes later"),
        pytest.param(-59, ("A", "B"), True, id="59 minutes before"),
        pytest.param(-60, ("A", "B"), False, id="60 minutes before"),
        pytest.param(1439, ("A", "A"), True, id="one audience, 1439 minutes later"),
        pytest.param(-1439, ("A", "A"), True, id="one audience, 1439 minutes before"),
        pytest.param(1440, ("A", "A"), False, id="one audience, 1440 minutes later"),
        pytest.param(100, ("A", "B"), False, id="different audiences"),
        pytest.param(100, (None, "A"), False, id="an audience and none"),
        pytest.param(100, (None, None), False, id="no audience is no common one"),
    ],
)
def test_plans_clash(apart: int, audiences: tuple[str | None, str | None], clash: bool) -> None:  # noqa: FBT001 a column
    first, second = (Audience() if audience is None else Audience(audience=audience) for audience in audiences)

    ((_, told),) = answer([plan(0, "A", **first), plan(1, "B", start=5000 + apart, **second)])

    assert (["A"] if clash else []) == told["clashes"]


def test_clashes_are_sorted_and_know_no_state() -> None:
    before = [plan(0, "b"), plan(0, "a"), plan(0, "C"), CRISIS, release(1, "a")]

    ((_, told),) = answer([*before, plan(2, owner="NCM")])

    assert ["C", "a", "b"] == told["clashes"]


@pytest.mark.rule("DR-8")
@pytest.mark.parametrize(
    ("data", "flags"),
    [
        pytest.param({"kind": "EXERCISE"}, ["NO_NOTICE_24H"], id="no notice"),
        pytest.param({"kind": "EXERCISE", "notice_at": 3560}, [], id="24 hours before"),
        pytest.param({"kind": "EXERCISE", "notice_at": 3561}, ["NO_NOTICE_24H"], id="a minute less"),
        pytest.param({"kind": "EXERCISE", "notice_at": 6000}, ["NO_NOTICE_24H"], id="after the start"),
        pytest.param({"kind": "CAMPAIGN"}, [], id="a campaign needs none"),
        pytest.param({"kind": "ANNOUNCEMENT", "notice_at": 4999}, [], id="nor does an announcement"),
    ],
)
def test_an_exercise_without_notice_is_flagged(data: Data, flags: list[str]) -> None:
    ((_, told),) = answer([plan(0, **data)])

    assert flags == told["flags"]


@pytest.mark.rule("OV-7")
def test_a_crisis_holds_the_plans_of_those_who_handle_it() -> None:
    plans = [
        plan(0, "Z", owner="PP"),
        plan(0, "A"),
        plan(0, "N", owner="NCM"),
        plan(0, "S", start=4),
        plan(0, "T", start=5),
    ]

    told = only(facts([*plans, report(5, kind="SEC-INCIDENT")]), "initiative.held")

    assert [
        (5, "initiative.held", {"initiative": "Z", "incident": "I", "owner": "PP", "rule": "OV-7"}),
        (5, "initiative.held", {"initiative": "A", "incident": "I", "owner": "MOI", "rule": "OV-7"}),
        (5, "initiative.held", {"initiative": "T", "incident": "I", "owner": "MOI", "rule": "OV-7"}),
    ] == told


@pytest.mark.parametrize(
    ("incident", "hold"),
    [
        pytest.param([report()], False, id="level 1"),
        pytest.param([report(kind="SEC-INCIDENT", exercise=True)], False, id="an exercise"),
        pytest.param([CRISIS], True, id="real, level 2"),
        pytest.param([report(), override(1, 2)], True, id="raised by hand"),
        pytest.param([CRISIS, override(1, 1)], False, id="lowered"),
        pytest.param(
            [CRISIS, (1, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"})], False, id="ended"
        ),
        pytest.param(
            [CRISIS, (1, "lead.transfer", "GCO.desk", {"incident": "I", "to": "NCM"})], True, id="the old lead supports"
        ),
    ],
)
def test_a_plan_made_during_a_crisis_is_held_at_once(incident: list[Order], hold: bool) -> None:  # noqa: FBT001 a column
    assert ([(2, "P", "I")] if hold else []) == held([*incident, plan(2)])


@pytest.mark.rule("OV-7")
@pytest.mark.parametrize(
    "rise",
    [
        pytest.param((1, "incident.update", "ops", {"incident": "I", "fatalities": 5}), id="an update"),
        pytest.param(override(1, 3), id="by hand"),
        pytest.param(
            (
                1,
                "rumour.log",
                "monitor",
                {"id": "R", "claim": "c", "reach": 1000, "harm": 3, "topic": "GEN", "incident": "I"},
            ),
            id="a HIGH rumour",
        ),
    ],
)
def test_every_rise_holds(rise: Order) -> None:
    assert [(1, "P", "I")] == held([plan(0), report(), rise])


def test_a_new_lead_holds_its_own_plans() -> None:
    transfer = (1, "lead.transfer", "GCO.desk", {"incident": "I", "to": "NCM"})

    assert [(1, "P", "I")] == held([plan(0, owner="NCM"), CRISIS, transfer])


def test_the_first_crisis_in_the_order_of_opening_holds_it() -> None:
    assert [(2, "P", "J")] == held([report(1, "J", "MET-FLOOD"), report(1, "I", "SEC-INCIDENT"), plan(2)])


@pytest.mark.rule("OV-7")
def test_a_released_plan_is_released_and_not_held_again() -> None:
    before = [plan(0), CRISIS, release(1)]

    assert [("initiative.released", {"initiative": "P"})] == answer(before)
    assert [(0, "P", "I")] == held([*before, override(2, 3)])
    assert ("WRONG_STATE", None) == refusal([*before, release(2)])
