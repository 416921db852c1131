"""What becomes of the statements that a text refers to, and of those that expire (`scenario-format.md` §7, 7 and 8)."""

import pytest

from tests.rules.playing import LEVEL_1, Order, approve, fail, out, report, states, submit


@pytest.mark.parametrize(
    ("before", "kind", "state"),
    [
        pytest.param([], "CORRECTION", "CORRECTED", id="corrected"),
        pytest.param([], "RETRACTION", "RETRACTED", id="retracted"),
        pytest.param([], "ALL_CLEAR", "SUPERSEDED", id="over"),
        pytest.param(["CORRECTION"], "CORRECTION", None, id="corrected again"),
        pytest.param(["CORRECTION"], "RETRACTION", "RETRACTED", id="corrected, then retracted"),
        pytest.param(["CORRECTION"], "ALL_CLEAR", None, id="corrected stays on an all-clear"),
        pytest.param(["ALL_CLEAR"], "CORRECTION", "CORRECTED", id="over, then corrected"),
        pytest.param(["ALL_CLEAR"], "ALL_CLEAR", None, id="over already"),
        pytest.param(["ALL_CLEAR"], "RETRACTION", "RETRACTED", id="over, then retracted"),
    ],
)
def test_the_state_of_what_is_referred_to(before: list[str], kind: str, state: str | None) -> None:
    earlier = [order for step in before for order in out(2, f"{step}-1", step, keys=LEVEL_1, refs=["P"])]

    told = states([report(), *out(1, "P", keys=LEVEL_1), *earlier, *out(5, kind=kind, keys=LEVEL_1, refs=["P"])])

    assert ([(5, "P", state, "S")] if state else []) == [change for change in told if change[0] == 5]


@pytest.mark.parametrize("kind", ["CORRECTION", "ALL_CLEAR", "RETRACTION"])
def test_retracted_is_final(kind: str) -> None:
    """The reference was not retracted when the text was submitted."""
    text = submit(2, kind=kind, refs=["P"])
    retraction = out(3, "X", "RETRACTION", keys=LEVEL_1, refs=["P"])

    told = states(
        [report(), *out(1, "P", keys=LEVEL_1), text, *retraction, *(approve(5, *key) for key in LEVEL_1.items())]
    )

    assert [(3, "P", "RETRACTED", "X")] == told


def test_what_expired_or_failed_meanwhile_is_corrected_too() -> None:
    expired = [*out(1, "P", keys=LEVEL_1, expires=2), *out(5, kind="CORRECTION", keys=LEVEL_1, refs=["P"])]

    assert [(2, "P", "EXPIRED", "clock"), (5, "P", "CORRECTED", "S")] == states([report(), *expired])


def test_a_sitrep_changes_no_state_of_what_it_refers_to() -> None:
    assert [] == states([report(), *out(1, "P", keys=LEVEL_1), *out(5, kind="SITREP", keys=LEVEL_1, refs=["P"])])


@pytest.mark.parametrize(
    ("expires", "at"),
    [
        pytest.param(30, 30, id="later"),
        pytest.param(5, 5, id="in the minute of its publication"),
        pytest.param(0, 5, id="in the past: it is due now"),
    ],
)
@pytest.mark.parametrize("kind", ["HOLDING", "PUBLIC_WARNING"])
def test_a_text_expires(kind: str, expires: int, at: int) -> None:
    told = states([report(), *out(5, kind=kind, keys=LEVEL_1, expires=expires)], until=60)

    assert [(at, "S", "EXPIRED", "clock")] == told


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param(out(9, "C", "CORRECTION", refs=["S"], keys=LEVEL_1), "CORRECTED", id="corrected"),
        pytest.param(
            [fail(9, name) for name in ("WEB", "SOCIAL", "CALL_CENTRE", "MEDIA_WIRE", "GOV_INTERNAL", "SIGNAGE")],
            "FAILED",
            id="failed",
        ),
    ],
)
def test_only_what_is_published_expires(change: list[Order], state: str) -> None:
    told = states([report(), *out(5, keys=LEVEL_1, expires=30), *change], until=60)

    assert [state] == [found for _, _, found, _ in told]
