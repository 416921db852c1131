"""The end of a crisis: who signs, and on which conditions (INV-12, `scenario-format.md` §5)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
    LEVEL_3,
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
from tests.rules.signing import LEVEL, sign, signed, stood_down


def refused(by: str, *reasons: str) -> tuple[str, Data]:
    return "stand_down.refused", {"incident": "I", "by": by, "reasons": [*reasons]}


@pytest.mark.parametrize(
    ("level", "by"), [(1, "MOI.duty"), (1, "GCO.desk"), (1, "EX:MOI.duty"), (2, "GCO.desk"), (2, "GCO")]
)
def test_below_level_three_one_signature_is_enough(level: int, by: str) -> None:
    assert [signed(by), stood_down()] == answer([*LEVEL[level], sign(1, by)])


@pytest.mark.rule("INV-12")
@pytest.mark.parametrize(
    ("before", "by", "reason"),
    [
        pytest.param(LEVEL[1], "NCEMA.ops", "AUTHORITY:MOI|GCO", id="level 1"),
        pytest.param([report(kind="INF-RUMOUR")], "NCEMA.ops", "AUTHORITY:GCO", id="level 1, led by GCO"),
        pytest.param(LEVEL[2], "MOI.duty", "AUTHORITY:GCO", id="level 2"),
        pytest.param(LEVEL[2], "NCEMA.ops", "AUTHORITY:GCO", id="level 2, the coordinator"),
        pytest.param(LEVEL[3], "MOI.duty", "AUTHORITY:GCO+NCEMA", id="level 3"),
        pytest.param(LEVEL[1], "SPK-MOI-01", "AUTHORITY:MOI|GCO", id="a person is no entity"),
        pytest.param([*LEVEL[1], override(1, 3)], "MOI.duty", "AUTHORITY:GCO+NCEMA", id="raised by hand"),
    ],
)
def test_the_wrong_authority_is_told_the_right_one(before: list[Order], by: str, reason: str) -> None:
    assert [refused(by, reason)] == answer([*before, sign(2, by)])


@pytest.mark.rule("INV-12")
@pytest.mark.parametrize("by", [("GCO.director", "NCEMA.head"), ("NCEMA.head", "GCO.director")])
def test_level_three_needs_both_in_any_order(by: tuple[str, str]) -> None:
    first, second = by
    missing = second.split(".")[0]

    assert [signed(first, missing)] == answer([*LEVEL[3], sign(1, first)])
    assert [signed(second), stood_down()] == answer([*LEVEL[3], sign(1, first), sign(2, second)])


CONTRADICTION: list[Order] = [
    sheet(1, deaths=2),
    (
        1,
        "publication.observe",
        "monitor",
        {"id": "P", "incident": "I", "source": "s", "government": True, "facts": {"deaths": 3}},
    ),
]
HIGH = [log(1, name, reach=1000, harm=3, incident="I") for name in ("b", "a")]
WARNED = out(1, "W", "PUBLIC_WARNING", keys=LEVEL_2)


@pytest.mark.rule("INV-12")
def test_all_conditions_that_fail_are_listed_in_their_order() -> None:
    before = [*LEVEL[2], *WARNED, *CONTRADICTION, submit(2), *HIGH]

    assert [
        refused(
            "MOI.duty",
            *["AUTHORITY:GCO", "OPEN_HIGH_RUMOUR:a,b", "OPEN_CONTRADICTION"],
            *["STATEMENT_IN_REVIEW", "NO_ALL_CLEAR_AFTER_WARNING"],
        )
    ] == answer([*before, sign(3, "MOI.duty")])


VERIFY = (2, "rumour.verify", "GCO.desk", {"rumour": "R", "verdict": "FALSE"})
SCHEDULED = out(1, "S", "PRESS_RELEASE", keys=LEVEL_2, embargo_until=90)


@pytest.mark.rule("INV-12")
@pytest.mark.parametrize(
    ("orders", "reasons"),
    [
        pytest.param([log(1, reach=1000, harm=3, incident="I"), VERIFY], ["OPEN_HIGH_RUMOUR:R"], id="VERIFIED"),
        pytest.param([log(1, reach=1000, harm=2, incident="I")], [], id="a MEDIUM rumour"),
        pytest.param(
            [
                log(1, reach=1000, harm=3, incident="I"),
                *out(2, kind="RUMOUR_RESPONSE", answers=["R"], keys={"FACT": "GCO.facts", "RELEASE": "GCO.release"}),
            ],
            [],
            id="a rumour that was answered",
        ),
        pytest.param(CONTRADICTION, ["OPEN_CONTRADICTION"], id="a contradiction"),
        pytest.param(
            [
                *CONTRADICTION,
                (2, "contradiction.resolve", "GCO.desk", {"contradiction": "P", "outcome": "NO_CONFLICT"}),
            ],
            [],
            id="one that was settled",
        ),
        pytest.param([submit(1)], ["STATEMENT_IN_REVIEW"], id="in review"),
        pytest.param(SCHEDULED, ["STATEMENT_IN_REVIEW"], id="scheduled"),
        pytest.param([draft(1), submit(1, "T", facts={"deaths": 1})], [], id="a draft, a blocked text"),
        pytest.param(WARNED, ["NO_ALL_CLEAR_AFTER_WARNING"], id="a warning"),
        pytest.param(
            [*WARNED, *out(2, "A", "ALL_CLEAR", refs=["W"], keys=LEVEL_3)], [], id="an all-clear that names it"
        ),
        pytest.param(
            [*WARNED, *out(2, "A", "RETRACTION", refs=["W"], keys={"ORIGINATOR": "NCEMA.ops"})],
            [],
            id="a retraction that names it",
        ),
        pytest.param(
            [*WARNED, *out(2, "A", "CORRECTION", refs=["W"], keys=LEVEL_3)],
            ["NO_ALL_CLEAR_AFTER_WARNING"],
            id="a correction does not end it",
        ),
        pytest.param(
            [*WARNED, *out(2, "H", keys=LEVEL_2), *out(3, "A", "ALL_CLEAR", refs=["H"], keys=LEVEL_2)],
            ["NO_ALL_CLEAR_AFTER_WARNING"],
            id="an all-clear that names another text",
        ),
        pytest.param(
            out(1, "W", "PUBLIC_WARNING", keys=LEVEL_2, expires=2), ["NO_ALL_CLEAR_AFTER_WARNING"], id="it expired"
        ),
    ],
)
def test_a_condition_holds_or_not(orders: list[Order], reasons: list[str]) -> None:
    expected = [refused("GCO.director", *reasons)] if reasons else [signed("GCO.director"), stood_down()]

    assert expected == answer([*LEVEL[2], *orders, sign(5)])


def test_the_days_of_the_report_follow_the_highest_grade_there_was() -> None:
    before = [
        report(severity="Severe", certainty="Likely"),
        update(1, severity="Extreme"),
        update(2, certainty="Unlikely"),
    ]

    told = only(facts([*before, sign(3), sign(3, "NCEMA.head")]), "incident.state")

    assert [7] == [data["aar_days"] for _, _, data in told]


@pytest.mark.parametrize(("data", "days"), [({"certainty": "Likely"}, 30), ({"severity": "Extreme"}, 14)])
def test_a_graver_incident_owes_its_report_sooner(data: Data, days: int) -> None:
    assert stood_down(days) == answer([report(**data), sign(1)])[-1]


CLOSED = [*LEVEL[1], (1, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"})]


@pytest.mark.parametrize(
    ("before", "last", "reason"),
    [
        (CLOSED, sign(2, "nobody"), "INCIDENT_CLOSED"),
        ([*LEVEL[1], sign(1)], sign(2), "INCIDENT_CLOSED"),
        ([*LEVEL[3], sign(1)], sign(2), "ALREADY_DONE"),
        ([*LEVEL[3], sign(1)], sign(60, "GCO.deputy"), "ALREADY_DONE"),
        ([*LEVEL[3], sign(1, "NCEMA.head")], sign(60, "EX:NCEMA.ops"), "ALREADY_DONE"),
    ],
)
def test_a_signature_is_refused(before: list[Order], last: Order, reason: str) -> None:
    assert (reason, None) == refusal([*before, last])


def test_a_condition_that_fails_is_told_before_a_signature_that_stands() -> None:
    before = [*LEVEL[3], sign(1), submit(2)]

    assert [refused("GCO.desk", "STATEMENT_IN_REVIEW")] == answer([*before, sign(3, "GCO.desk")])


def test_an_exercise_is_stood_down_like_a_crisis() -> None:
    drill = [report(exercise=True, fatalities=20), *out(1, marker=True, keys=LEVEL_3), sign(2, "EX:GCO.director")]

    assert [signed("EX:NCEMA.head"), stood_down()] == answer([*drill, sign(3, "EX:NCEMA.head")])


def test_the_level_one_signature_of_the_lead_ends_it_with_something_out() -> None:
    assert [signed("MOI.duty"), stood_down()] == answer([*LEVEL[1], *out(1, keys=LEVEL_1), sign(2, "MOI.duty")])
