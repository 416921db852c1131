"""The review after a warning that left on one key (`rules.md` §4.4, ESC-13)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LIFE,
    LIFE_SAFETY,
    Order,
    answer,
    draft,
    escalations,
    facts,
    fail,
    out,
    refusal,
    report,
    warning,
)

WARNING = [report(**LIFE_SAFETY), *warning(0, by="MOI.drafter")]


def review(at: int, by: str, name: str = "W") -> Order:
    return at, "statement.review", by, {"statement": name}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param("MOI.drafter", "NOT_ALLOWED", id="not the author"),
        pytest.param("EX:MOI.drafter", "NOT_ALLOWED", id="nor the author under a prefix"),
        pytest.param("NCEMA.duty", "NOT_ALLOWED", id="nor the holder of the key"),
    ],
)
def test_who_may_not_review_a_warning(by: str, expected: str) -> None:
    assert (expected, None) == refusal([*WARNING, review(5, by)])


def test_anybody_else_may_review_a_warning_once() -> None:
    reviewed = [*WARNING, review(5, "somebody")]

    assert [("post_review.done", {"statement": "W", "by": "somebody"})] == answer(reviewed)
    assert ("ALREADY_DONE", None) == refusal([*reviewed, review(6, "somebody.else")])
    assert ("NOT_ALLOWED", None) == refusal([*reviewed, review(6, "NCEMA.duty")])


def test_a_retracted_warning_may_still_be_reviewed() -> None:
    retraction = out(2, "X", "RETRACTION", refs=["W"], keys={"ORIGINATOR": "NCEMA.a"})

    assert "post_review.done" == answer([*WARNING, *retraction, review(5, "somebody")])[0][0]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(out(1, keys=LEVEL_1), id="no warning"),
        pytest.param(out(1, kind="PUBLIC_WARNING", keys=LEVEL_1), id="a warning with a FACT key"),
        pytest.param([draft(1, kind="PUBLIC_WARNING")], id="a warning that is not out"),
    ],
)
def test_only_a_one_key_warning_that_is_out_is_reviewed(before: list[Order]) -> None:
    assert ("WRONG_STATE", None) == refusal([report(), *before, review(2, "MOI.drafter", "S")])


@pytest.mark.rule("ESC-13")
def test_the_director_is_told_thirty_minutes_after_a_warning_that_nobody_reviewed() -> None:
    told = escalations(facts(WARNING, until=90), "ESC-13")

    assert [(30, {"rule": "ESC-13", "statement": "W", "to": ["GCO.director"]})] == told


@pytest.mark.rule("ESC-13")
@pytest.mark.parametrize(
    "before",
    [
        pytest.param([review(30, "somebody")], id="reviewed in its last minute"),
        pytest.param(out(2, "X", "RETRACTION", refs=["W"], keys={"ORIGINATOR": "NCEMA.a"}), id="retracted"),
        pytest.param([fail(3, channel, "W") for channel in LIFE], id="failed everywhere"),
    ],
)
def test_nobody_asks_for_the_review_of_a_warning_that(before: list[Order]) -> None:
    assert [] == escalations(facts([*WARNING, *before], until=90), "ESC-13")


def test_nobody_asks_for_the_review_of_a_warning_of_a_suspended_exercise() -> None:
    commands = [report(exercise=True, emirates=["AE-DU"], **LIFE_SAFETY), *warning(0, marker=True)]
    real = report(5, "REAL", "MET-FLOOD", emirates=["AE-DU"])

    told = escalations(facts(commands, until=60), "ESC-13")
    silent = escalations(facts([*commands, real], until=60), "ESC-13")

    assert [(30, {"rule": "ESC-13", "statement": "W", "to": ["EX:GCO.director"]})] == told
    assert [] == silent
