"""The fifteen blocks at submit, their details and their order (`scenario-format.md` §7)."""

import pytest

from tests.rules.playing import (
    DRILL,
    EXERCISE,
    LEVEL_1,
    Data,
    Order,
    block,
    draft,
    hit,
    in_exercise,
    log,
    out,
    report,
    submit,
    update,
)

OUT = out(0, "P", keys=LEVEL_1)


@pytest.mark.rule("DR-1", "INV-5")
@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        pytest.param(
            ["WEB", "EX_SANDBOX", "GOV_INTERNAL", "DIPLO"],
            hit("DRILL_LEAK", "DR-1", channels=["WEB", "GOV_INTERNAL", "DIPLO"]),
            id="real channels, as asked",
        ),
        pytest.param(["WEB", "WEB"], hit("DRILL_LEAK", "DR-1", channels=["WEB"]), id="each once"),
        pytest.param(["EX_SANDBOX", "EX_INTERNAL"], None, id="its own channels"),
    ],
)
def test_a_drill_asks_only_for_channels_of_drills(channels: list[str], expected: Data | None) -> None:
    assert expected == block([EXERCISE, in_exercise(1, channels=channels)])


@pytest.mark.rule("DR-2")
def test_a_drill_says_that_it_is_one() -> None:
    assert hit("DRILL_MARKER_MISSING", "DR-2") == block([EXERCISE, in_exercise(1, marker=False)])


def test_a_real_text_needs_no_marker_and_may_carry_one() -> None:
    assert None is block([report(), submit(1, marker=True)])


@pytest.mark.rule("DR-1", "INV-5")
def test_a_real_text_never_asks_for_a_channel_of_drills() -> None:
    told = block([report(), submit(1, channels=["EX_INTERNAL", "WEB", "EX_SANDBOX"])])

    assert hit("REAL_ON_EXERCISE_CHANNEL", "DR-1", channels=["EX_INTERNAL", "EX_SANDBOX"]) == told


@pytest.mark.rule("CH-3")
@pytest.mark.parametrize("kind", ["LINES_TO_TAKE", "INTERNAL_BRIEFING"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"channels": ["HEALTH_NET", "MEDIA_WIRE", "WEB"]},
            hit("INTERNAL_ONLY", "CH-3", channels=["MEDIA_WIRE", "WEB"]),
            id="public and media channels, as asked",
        ),
        pytest.param({"embargo_until": 9}, hit("INTERNAL_ONLY", "CH-3", channels=[]), id="an embargo"),
        pytest.param({"embargo_until": 0}, hit("INTERNAL_ONLY", "CH-3", channels=[]), id="even one that is over"),
        pytest.param({"channels": ["HEALTH_NET", "LEADERSHIP_BRIEF"]}, None, id="internal channels"),
    ],
)
def test_internal_kinds_stay_inside(kind: str, data: Data, expected: Data | None) -> None:
    assert expected == block([report(), submit(1, kind=kind, **data)])


@pytest.mark.rule("INV-4")
@pytest.mark.parametrize(
    ("data", "missing"),
    [
        pytest.param({"kind": "CORRECTION"}, True, id="correction"),
        pytest.param({"kind": "RETRACTION"}, True, id="retraction"),
        pytest.param({"kind": "ALL_CLEAR"}, True, id="all-clear"),
        pytest.param({"kind": "ALL_CLEAR", "answers": ["R"]}, True, id="answers are no references"),
        pytest.param({"kind": "RUMOUR_RESPONSE"}, True, id="rumour response"),
        pytest.param({"kind": "RUMOUR_RESPONSE", "refs": ["P"]}, True, id="references are no answers"),
        pytest.param({"kind": "SITREP"}, False, id="a sitrep needs none"),
        pytest.param({"kind": "CORRECTION", "refs": ["P"]}, False, id="correction of a statement"),
        pytest.param({"kind": "RUMOUR_RESPONSE", "answers": ["R"]}, False, id="response to a rumour"),
    ],
)
def test_what_refers_names_what_it_refers_to(data: Data, missing: bool) -> None:  # noqa: FBT001 a row
    expected = hit("MISSING_REFERENCE", "INV-4") if missing else None

    assert expected == block([report(), *OUT, log(0), submit(1, **data)])


@pytest.mark.rule("OV-2")
@pytest.mark.parametrize(
    ("kind", "topics", "expected"),
    [
        pytest.param(
            "RUMOUR_RESPONSE",
            ("TEL", "GEN", "TEL", "AVN"),
            hit("MIXED_OWNERS", "OV-2", owners=["GCAA", "GCO", "TDRA"]),
            id="each owner once, sorted",
        ),
        pytest.param("RUMOUR_RESPONSE", ("TEL", "TEL"), None, id="one owner"),
        pytest.param("SITREP", ("TEL", "GEN"), None, id="only a response is bound to one owner"),
    ],
)
def test_a_response_answers_rumours_of_one_owner(kind: str, topics: tuple[str, ...], expected: Data | None) -> None:
    rumours = {f"R{number}": topic for number, topic in enumerate(topics)}
    logs = [log(0, name, topic=topic) for name, topic in rumours.items()]

    assert expected == block([report(), *logs, submit(1, kind=kind, answers=list(rumours))])


@pytest.mark.rule("DR-3")
def test_a_real_text_does_not_refer_to_a_drill() -> None:
    logs = [log(0, "R1"), log(0, "R2", incident="E"), log(0, "R3", incident="I")]
    text = submit(1, kind="SITREP", refs=["P", "Q"], answers=["R1", "R2", "R3"])

    told = block([report(), EXERCISE, *DRILL, *out(0, "Q", keys=LEVEL_1), *logs, text])

    assert hit("EXERCISE_MISMATCH", "DR-3", refs=["P", "R2"]) == told


@pytest.mark.rule("DR-3")
def test_a_drill_does_not_refer_to_what_is_real_and_a_rumour_without_incident_is_real() -> None:
    logs = [log(0, "R1"), log(0, "R2", incident="E"), log(0, "R3", incident="I")]
    text = in_exercise(1, kind="SITREP", refs=["P"], answers=["R1", "R2", "R3"])

    told = block([report(), EXERCISE, *OUT, *logs, text])

    assert hit("EXERCISE_MISMATCH", "DR-3", refs=["P", "R1", "R3"]) == told


def test_what_crosses_is_listed_as_references_and_then_as_answers_also_under_one_name() -> None:
    text = submit(1, kind="SITREP", refs=["P"], answers=["P"])

    told = block([report(), EXERCISE, *DRILL, log(0, "P", incident="E"), text])

    assert hit("EXERCISE_MISMATCH", "DR-3", refs=["P", "P"]) == told


def states(name: str) -> list[Order]:
    """Commands that bring statement P into a state."""
    correct: Data = {"keys": LEVEL_1, "refs": ["P"]}
    return {
        "DRAFT": [draft(0, "P")],
        "IN_REVIEW": [submit(0, "P")],
        "BLOCKED": [submit(0, "P", by="NCM.a")],
        "SCHEDULED": out(0, "P", keys=LEVEL_1, embargo_until=99),
        "REJECTED": [submit(0, "P"), (0, "statement.reject", "MOI.a", {"statement": "P", "reason": "no"})],
        "WITHDRAWN": [draft(0, "P"), (0, "statement.withdraw", "MOI.a", {"statement": "P"})],
        "PUBLISHED": OUT,
        "CORRECTED": [*OUT, *out(0, "Q", "CORRECTION", **correct)],
        "RETRACTED": [*OUT, *out(0, "Q", "RETRACTION", **correct)],
        "SUPERSEDED": [*OUT, *out(0, "Q", "ALL_CLEAR", **correct)],
        "EXPIRED": out(0, "P", keys=LEVEL_1, expires=0),
        "FAILED": [
            *OUT,
            *(
                (0, "delivery.fail", "delivery", {"statement": "P", "channel": channel})
                for channel in ("WEB", "SOCIAL", "CALL_CENTRE", "MEDIA_WIRE", "GOV_INTERNAL", "SIGNAGE")
            ),
        ],
    }[name]


@pytest.mark.rule("INV-4")
@pytest.mark.parametrize("kind", ["CORRECTION", "SITREP"])
@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("DRAFT", False),
        ("IN_REVIEW", False),
        ("BLOCKED", False),
        ("SCHEDULED", False),
        ("REJECTED", False),
        ("WITHDRAWN", False),
        ("PUBLISHED", True),
        ("CORRECTED", True),
        ("SUPERSEDED", True),
        ("EXPIRED", True),
        ("RETRACTED", False),
        ("FAILED", False),
    ],
)
def test_what_is_referred_to_is_out_and_stands(kind: str, state: str, may: bool) -> None:  # noqa: FBT001 a row
    expected = None if may else hit("REFERENCE_NOT_PUBLISHED", "INV-4", refs=["P"])

    assert expected == block(
        [report(), *out(0, "OK", keys=LEVEL_1), *states(state), submit(1, kind=kind, refs=["OK", "P"])]
    )


@pytest.mark.rule("EMB-1")
@pytest.mark.parametrize(
    ("data", "waits"),
    [
        pytest.param({"kind": "PUBLIC_WARNING"}, True, id="warning"),
        pytest.param({"kind": "RETRACTION", "refs": ["P"]}, True, id="retraction"),
        pytest.param({"kind": "ALL_CLEAR", "refs": ["P"]}, True, id="all-clear"),
        pytest.param({"kind": "CORRECTION", "refs": ["P"]}, False, id="a correction may wait"),
        pytest.param({"kind": "HOLDING"}, False, id="a holding statement may wait"),
    ],
)
@pytest.mark.parametrize("until", [0, 99])
def test_what_saves_lives_does_not_wait(data: Data, until: int, waits: bool) -> None:  # noqa: FBT001 a row
    expected = hit("EMBARGO_ON_LIFE_SAFETY", "EMB-1") if waits else None

    assert expected == block([report(), *OUT, submit(1, embargo_until=until, **data)])


@pytest.mark.rule("INV-6")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param({"text": {"ar": "نص", "en": "text"}}, [], id="both languages"),
        pytest.param({"text": {}}, ["ar", "en"], id="neither"),
        pytest.param({"text": {"ar": " ", "en": "text"}}, ["ar"], id="a blank one"),
        pytest.param({"text": {"ar": "نص", "hi": "x"}}, ["en"], id="others do not count"),
        pytest.param({"parts": {}}, ["known", "not_known", "being_done", "what_to_do", "next_update"], id="no part"),
        pytest.param(
            {"parts": {"next_update": "", "not_known": "x", "known": "x", "what_to_do": "x", "more": "x"}},
            ["being_done", "next_update"],
            id="parts in the order of the table",
        ),
        pytest.param(
            {"text": {"en": "text"}, "parts": {"known": "x"}},
            ["ar", "not_known", "being_done", "what_to_do", "next_update"],
            id="languages, then parts",
        ),
        pytest.param({"kind": "LINES_TO_TAKE", "text": {"ar": "نص"}}, [], id="internal kinds need Arabic only"),
        pytest.param(
            {"kind": "INTERNAL_BRIEFING", "text": {"en": "x"}, "parts": {}},
            ["ar", "situation", "instructions"],
            id="internal kinds need it too",
        ),
    ],
)
def test_what_is_given_is_given_in_full(text: Data, expected: list[str]) -> None:
    wanted = hit("CONTENT_INCOMPLETE", "INV-6", missing=expected) if expected else None

    assert wanted == block([report(), submit(1, **text)])


VICTIMS: Data = {"names_victims": True}


@pytest.mark.rule("INV-9")
@pytest.mark.parametrize("kind", ["HOLDING", "LINES_TO_TAKE", "INTERNAL_BRIEFING"])
@pytest.mark.parametrize(
    ("before", "may"),
    [
        pytest.param([], False, id="unknown"),
        pytest.param([update(0, by="MOI.duty", next_of_kin_informed=True)], True, id="informed"),
        pytest.param(
            [update(0, by="MOI.duty", next_of_kin_informed=informed) for informed in (True, False)],
            False,
            id="not informed after all",
        ),
    ],
)
def test_victims_are_named_after_their_next_of_kin_know(kind: str, before: list[Order], may: bool) -> None:  # noqa: FBT001 a row
    expected = None if may else hit("NEXT_OF_KIN_NOT_CONFIRMED", "INV-9")

    assert expected == block([report(), *before, submit(1, kind=kind, **VICTIMS)])
