"""Is this official? (AC11.2, `scenario-format.md` §5, verification.ask)."""

import pytest

from tests.rules.playing import L1, LEVEL_1, Order, answer, draft, fail, out, refusal, report, submit

OUT = out(0, keys=LEVEL_1)
CHANNELS = [*L1, "SIGNAGE"]


def ask(ref: object, at: int = 2) -> Order:
    return at, "verification.ask", "anybody", {"ref": ref}


def by_reference(kind: str) -> list[Order]:
    return [*OUT, *out(1, "X", kind, refs=["S"], keys=LEVEL_1)]


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        pytest.param([], "NOT_FOUND", id="unknown"),
        pytest.param([draft(0)], "NOT_FOUND", id="draft"),
        pytest.param([submit(0)], "NOT_FOUND", id="in review"),
        pytest.param([submit(0, by="NCM.a")], "NOT_FOUND", id="blocked"),
        pytest.param(out(0, keys=LEVEL_1, embargo_until=9), "NOT_FOUND", id="scheduled"),
        pytest.param([draft(0), (0, "statement.withdraw", "MOI.a", {"statement": "S"})], "NOT_FOUND", id="withdrawn"),
        pytest.param(
            [submit(0), (0, "statement.reject", "MOI.a", {"statement": "S", "reason": "no"})],
            "NOT_FOUND",
            id="rejected",
        ),
        pytest.param(OUT, "OFFICIAL_CURRENT", id="published"),
        pytest.param(by_reference("CORRECTION"), "OFFICIAL_CORRECTED", id="corrected"),
        pytest.param(by_reference("RETRACTION"), "OFFICIAL_RETRACTED", id="retracted"),
        pytest.param(by_reference("ALL_CLEAR"), "OFFICIAL_SUPERSEDED", id="superseded"),
        pytest.param(out(0, keys=LEVEL_1, expires=1), "OFFICIAL_EXPIRED", id="expired"),
        pytest.param([*OUT, *(fail(1, channel) for channel in CHANNELS)], "NOT_FOUND", id="failed"),
        pytest.param(out(0, kind="LINES_TO_TAKE", keys=LEVEL_1), "NOT_FOUND", id="internal and out"),
        pytest.param(out(0, kind="INTERNAL_BRIEFING", keys={"INTERNAL": "x"}), "NOT_FOUND", id="a briefing"),
    ],
)
def test_the_verdict_of_a_statement(before: list[Order], verdict: str) -> None:
    assert [("verification.answered", {"ref": "S", "verdict": verdict})] == answer([report(), *before, ask("S")])


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        pytest.param([draft(0)], "NOT_FOUND", id="draft"),
        pytest.param(out(0, keys=LEVEL_1, marker=True), "EXERCISE", id="published"),
        pytest.param(out(0, keys=LEVEL_1, marker=True, expires=1), "EXERCISE", id="expired"),
        pytest.param(
            [*out(0, keys=LEVEL_1, marker=True), fail(1, "EX_SANDBOX"), fail(1, "EX_INTERNAL")],
            "EXERCISE",
            id="failed",
        ),
        pytest.param(out(0, kind="LINES_TO_TAKE", keys=LEVEL_1, marker=True), "NOT_FOUND", id="internal and out"),
    ],
)
def test_the_verdict_of_a_statement_of_a_drill(before: list[Order], verdict: str) -> None:
    told = answer([report(exercise=True), *before, ask("S")])

    assert [("verification.answered", {"ref": "S", "verdict": verdict})] == told


@pytest.mark.parametrize("ref", ["I", "https://example.ae/1", "s", "S "])
def test_what_is_no_statement_is_not_found(ref: str) -> None:
    told = answer([report(), *OUT, ask(ref)])

    assert [("verification.answered", {"ref": ref, "verdict": "NOT_FOUND"})] == told


@pytest.mark.parametrize("ref", ["", " ", 1, None, ["S"]])
def test_a_question_needs_a_text(ref: object) -> None:
    assert ("BAD_VALUE", "ref") == refusal([ask(ref)])
