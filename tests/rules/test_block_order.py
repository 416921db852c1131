"""The order of the blocks at submit: the first that holds is told (`scenario-format.md` §7)."""

from tests.rules.playing import (
    DRILL,
    EXERCISE,
    LIFE_SAFETY,
    Data,
    block,
    draft,
    in_exercise,
    log,
    report,
    sheet,
    submit,
    warning,
)

CONTENT = {"ar": "بيان", "en": "statement"}


def test_the_first_block_in_the_order_of_the_book_is_the_one_told() -> None:
    """One text with everything wrong; what is told is put right, and the next is told."""
    before = [
        report(**LIFE_SAFETY),
        EXERCISE,
        *warning(0),
        sheet(0, a=1),
        log(0, "R1", topic="TEL"),
        log(0, "R2"),
        *DRILL,
    ]
    wrong: Data = {
        "kind": "ALL_CLEAR",
        "channels": ["EX_SANDBOX"],
        "answers": ["R1", "R2"],
        "embargo_until": 9,
        "by": "NCM.a",
        "facts": {"a": 2, "b": 1},
        "names_victims": True,
        "text": {},
    }
    repairs: list[tuple[str, Data]] = [
        ("REAL_ON_EXERCISE_CHANNEL", {"channels": []}),
        ("MISSING_REFERENCE", {"refs": ["P", "D"]}),
        ("EXERCISE_MISMATCH", {"refs": ["D"]}),
        ("REFERENCE_NOT_PUBLISHED", {"refs": ["W"]}),
        ("EMBARGO_ON_LIFE_SAFETY", {"kind": "HOLDING"}),
        ("NOT_LEAD", {"by": "MOI.a"}),
        ("FACT_MISMATCH", {"facts": {"a": 1, "b": 1}}),
        ("FACT_NOT_ON_SHEET", {"facts": {"a": 1}}),
        ("NEXT_OF_KIN_NOT_CONFIRMED", {"names_victims": False}),
        ("CONTENT_INCOMPLETE", {"text": CONTENT}),
    ]
    told = []
    for _, repair in repairs:
        told.append((block([*before, draft(0, "D"), submit(1, **wrong)]) or {})["reason"])
        wrong |= repair

    assert [reason for reason, _ in repairs] == told
    assert None is block([*before, submit(1, **wrong)])


def test_the_blocks_of_a_drill_come_in_the_order_of_the_book() -> None:
    before = [EXERCISE, log(0, "R1", topic="TEL"), log(0, "R2")]
    wrong: Data = {"channels": ["WEB"], "marker": False, "kind": "RUMOUR_RESPONSE"}
    repairs: list[tuple[str, Data]] = [
        ("DRILL_LEAK", {"channels": []}),
        ("DRILL_MARKER_MISSING", {"marker": True}),
        ("MISSING_REFERENCE", {"answers": ["R1", "R2"]}),
        ("MIXED_OWNERS", {"answers": ["R1"]}),
        ("EXERCISE_MISMATCH", {"kind": "LINES_TO_TAKE", "embargo_until": 3, "answers": []}),
        ("INTERNAL_ONLY", {}),
    ]
    told = []
    for _, repair in repairs:
        told.append((block([*before, in_exercise(1, **wrong)]) or {})["reason"])
        wrong |= repair

    assert [reason for reason, _ in repairs] == told
