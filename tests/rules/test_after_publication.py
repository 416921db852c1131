"""What a publication changes around it (`scenario-format.md` §7, Publish 6 to 9)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
    LIFE_SAFETY,
    Data,
    Order,
    answer,
    facts,
    log,
    only,
    out,
    override,
    report,
    sheet,
    states,
    update,
    warning,
)

SHEET = sheet(0, a=1, b=1)


def stand_down(at: int, name: str = "I", by: str = "GCO.desk") -> Order:
    return at, "incident.stand_down", by, {"incident": name}


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        pytest.param("HOLDING", {}, True, id="holding"),
        pytest.param("SITREP", {}, True, id="sitrep"),
        pytest.param("PRESS_RELEASE", {}, True, id="press release"),
        pytest.param("RUMOUR_RESPONSE", {"answers": ["R"]}, True, id="rumour response"),
        pytest.param("CORRECTION", {"refs": ["X"]}, True, id="correction"),
        pytest.param("RETRACTION", {"refs": ["X"]}, False, id="not a retraction"),
        pytest.param("ALL_CLEAR", {"refs": ["X"]}, False, id="nor an all-clear"),
        pytest.param("PUBLIC_WARNING", {}, False, id="nor a warning"),
        pytest.param("LINES_TO_TAKE", {}, False, id="nor an internal text"),
    ],
)
def test_a_sitrep_supersedes_what_it_restates(kind: str, data: Data, expected: bool) -> None:  # noqa: FBT001 a row
    before = [report(), SHEET, log(0, topic="SEC"), *out(1, "X", keys=LEVEL_1)]
    older = out(2, "P", kind, keys=LEVEL_1, facts={"a": 1}, by="GCO.w", **data)

    told = states([*before, *older, *out(5, kind="SITREP", keys=LEVEL_1, facts={"b": 1, "a": 1})])

    assert expected == ((5, "P", "SUPERSEDED", "S") in told)


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        pytest.param({"facts": {"a": 1}}, {"facts": {"a": 1}}, True, id="the same keys"),
        pytest.param({"facts": {"a": 1, "b": 1}}, {"facts": {"a": 1}}, False, id="a key is not restated"),
        pytest.param({"facts": {}}, {"facts": {"a": 1}}, False, id="it has no facts"),
        pytest.param({}, {}, False, id="neither has facts"),
        pytest.param({"facts": {"a": 1}}, {"facts": {"a": 1}, "kind": "HOLDING"}, False, id="no sitrep"),
    ],
)
def test_a_statement_is_superseded_when_all_its_keys_are_restated(older: Data, newer: Data, expected: bool) -> None:  # noqa: FBT001 a row
    text: Data = {"kind": "SITREP", "keys": LEVEL_1, **newer}

    told = states([report(), SHEET, *out(2, "P", keys=LEVEL_1, **older), *out(5, **text)])

    assert ([(5, "P", "SUPERSEDED", "S")] if expected else []) == told


def test_keys_count_and_not_values() -> None:
    older = out(2, "P", keys=LEVEL_1, facts={"a": 1})

    told = states([report(), SHEET, *older, sheet(3, a=2), *out(5, kind="SITREP", keys=LEVEL_1, facts={"a": 2})])

    assert [(5, "P", "SUPERSEDED", "S")] == told


def test_only_what_is_published_in_the_same_incident_is_superseded() -> None:
    other = [report(name="J"), sheet(0, "J", a=1), *out(1, "Q", incident="J", keys=LEVEL_1, facts={"a": 1})]
    corrected = [*out(1, "P", keys=LEVEL_1, facts={"a": 1}), *out(2, "C", "CORRECTION", keys=LEVEL_1, refs=["P"])]

    told = states([report(), SHEET, *other, *corrected, *out(5, kind="SITREP", keys=LEVEL_1, facts={"a": 1})])

    assert [(2, "P", "CORRECTED", "C")] == told


ONE_KEY = [report(**LIFE_SAFETY), *warning(1)]
RETRACTED = out(2, "X", "RETRACTION", refs=["W"], keys={"ORIGINATOR": "NCEMA.x"})


@pytest.mark.rule("ESC-13")
def test_a_one_key_warning_is_to_be_reviewed_in_thirty_minutes() -> None:
    assert [(1, "post_review.due", {"statement": "W", "due": 31})] == only(facts(ONE_KEY), "post_review.due")


def test_a_warning_with_a_fact_key_needs_no_review() -> None:
    assert [] == only(facts([report(), *out(1, kind="PUBLIC_WARNING", keys=LEVEL_1)]), "post_review.due")


@pytest.mark.rule("INV-12")
@pytest.mark.parametrize(
    ("kind", "keys", "ended"),
    [
        ("RETRACTION", {"ORIGINATOR": "NCEMA.x"}, True),
        ("ALL_CLEAR", {"COORD": "NCEMA.x", **LEVEL_2}, True),
        ("CORRECTION", {"COORD": "NCEMA.x", **LEVEL_2}, False),
    ],
)
def test_a_warning_is_ended_by_a_retraction_or_an_all_clear(kind: str, keys: Data, ended: bool) -> None:  # noqa: FBT001 a row
    told = answer([*ONE_KEY, *out(2, "X", kind, refs=["W"], keys=keys), stand_down(3)])

    open_warning = {"incident": "I", "by": "GCO.desk", "reasons": ["NO_ALL_CLEAR_AFTER_WARNING"]}
    assert ended or [("stand_down.refused", open_warning)] == told
    assert not ended or "stand_down.signed" == told[0][0]


def test_a_warning_is_ended_in_whatever_incident_it_is_open() -> None:
    """It came to J by a merge; the all-clear that names it is another incident's."""
    merged = (2, "incident.merge", "ops", {"incident": "I", "into": "J"})
    keys = {"FACT": "NCM.f", "COORD": "NCEMA.c", "RELEASE": "NCM.r"}
    clear = out(3, "X", "ALL_CLEAR", refs=["W"], keys=keys, by="NCM.w", incident="K")
    before = [
        report(),
        report(name="J"),
        report(name="K", kind="MET-WARN"),
        update(0, **LIFE_SAFETY),
        *warning(1),
        merged,
    ]

    assert ["NO_ALL_CLEAR_AFTER_WARNING"] == answer([*before, stand_down(4, "J")])[0][1]["reasons"]
    assert "stand_down.signed" == answer([*before, *clear, stand_down(4, "J")])[0][0]


@pytest.mark.rule("OV-2")
@pytest.mark.parametrize(
    ("level", "kind", "exercise", "expected"),
    [
        pytest.param(1, "HOLDING", False, [], id="level 1"),
        pytest.param(2, "HOLDING", False, [["FAACD", "MOHAP", "MOEI"]], id="level 2"),
        pytest.param(2, "PUBLIC_WARNING", False, [], id="no warning"),
        pytest.param(2, "LINES_TO_TAKE", False, [], id="no internal text"),
        pytest.param(2, "HOLDING", True, [], id="no drill"),
    ],
)
def test_the_supporting_entities_amplify_at_level_two(
    level: int,
    kind: str,
    exercise: bool,  # noqa: FBT001 a row
    expected: list[Data],
) -> None:
    keys = LEVEL_1 if level == 1 else LEVEL_2
    levels = [override(0, level)] if level > 1 else []

    told = facts([report(exercise=exercise), *levels, *out(1, kind=kind, keys=keys, marker=True)])

    assert [{"statement": "S", "to": to} for to in expected] == [data for _, _, data in only(told, "amplify.requested")]


@pytest.mark.parametrize(
    ("kind", "by", "keys", "expected"),
    [
        pytest.param(
            "CYB-GOV", "CSC.w", {"FACT": "CSC.a", "RELEASE": "GCO.a"}, [["TDRA", "MOI"]], id="not PP, not GCO"
        ),
        pytest.param("INF-RUMOUR", "GCO.w", {"FACT": "GCO.b", "RELEASE": "GCO.a"}, [["NMA"]], id="not PP alone"),
        pytest.param(
            "INF-FALSEALERT",
            "NCEMA.w",
            {"FACT": "NCEMA.a", "COORD": "NCEMA.b", "RELEASE": "GCO.a"},
            [["MOI", "TDRA"]],
            id="level 3",
        ),
    ],
)
def test_some_supporting_entities_stay_silent(kind: str, by: str, keys: Data, expected: list[list[str]]) -> None:
    levels = [override(0, 2)] if kind == "INF-RUMOUR" else []

    told = facts([report(kind=kind), *levels, *out(1, by=by, keys=keys)])

    assert expected == [data["to"] for _, _, data in only(told, "amplify.requested")]


def test_nobody_is_asked_when_all_of_them_stay_silent() -> None:
    """NMA takes over from GCO: GCO and PP support it."""
    transfer = (0, "lead.transfer", "GCO.a", {"incident": "I", "to": "NMA"})
    keys = {"FACT": "NMA.a", "RELEASE": "GCO.a"}

    told = facts([report(kind="INF-RUMOUR"), override(0, 2), transfer, *out(1, by="NMA.w", keys=keys)])

    assert [1] == [at for at, _, _ in only(told, "statement.published")]
    assert [] == only(told, "amplify.requested")


def test_the_old_lead_amplifies_first_after_a_transfer() -> None:
    transfer = (0, "lead.transfer", "GCO.a", {"incident": "I", "to": "MOHAP"})

    told = facts([report(), override(0, 2), transfer, *out(1, by="MOHAP.w", keys={**LEVEL_2, "FACT": "MOHAP.a"})])

    assert [["MOI", "FAACD", "MOEI"]] == [data["to"] for _, _, data in only(told, "amplify.requested")]


@pytest.mark.parametrize(
    ("kind", "data", "first"),
    [
        pytest.param("HOLDING", {}, True, id="holding"),
        pytest.param("SITREP", {}, True, id="sitrep"),
        pytest.param("PRESS_RELEASE", {}, True, id="press release"),
        pytest.param("PUBLIC_WARNING", {}, True, id="warning"),
        pytest.param("RUMOUR_RESPONSE", {"answers": ["R"]}, True, id="rumour response"),
        pytest.param("RETRACTION", {"refs": ["X"]}, True, id="retraction"),
        pytest.param("CORRECTION", {"refs": ["X"]}, False, id="correction"),
        pytest.param("ALL_CLEAR", {"refs": ["X"]}, False, id="all-clear"),
        pytest.param("LINES_TO_TAKE", {}, False, id="lines to take"),
    ],
)
def test_the_first_statement_meets_the_deadline(kind: str, data: Data, first: bool) -> None:  # noqa: FBT001 a row
    before = [report(), report(name="J"), log(0, topic="SEC"), *out(1, "X", keys=LEVEL_1, incident="J")]

    told = facts([*before, *out(7, kind=kind, keys=LEVEL_1, **data)])

    expected = [(7, "deadline.met", {"incident": "I", "minutes": 7, "target": 60})] if first else []
    assert expected == [fact for fact in only(told, "deadline.met") if fact[2]["incident"] == "I"]


@pytest.mark.parametrize("exercise", [False, True], ids=["real", "drill"])
@pytest.mark.parametrize(
    ("at", "fact"), [(60, "deadline.met"), (61, "deadline.late")], ids=["in its last minute", "a minute later"]
)
def test_the_deadline_is_met_or_late(at: int, fact: str, exercise: bool) -> None:  # noqa: FBT001 a row
    told = facts([report(exercise=exercise), *out(at, keys=LEVEL_1, marker=True)])

    expected = [(at, fact, {"incident": "I", "minutes": at, "target": 60})]
    assert expected == only(told, "deadline.met", "deadline.late")


def test_only_the_first_statement_meets_the_deadline() -> None:
    told = facts([report(), *out(5, "P", keys=LEVEL_1), *out(7, keys=LEVEL_1)])

    assert [5] == [at for at, _, _ in only(told, "deadline.met")]


def test_an_open_warning_that_expired_is_still_open() -> None:
    told = answer([report(**LIFE_SAFETY), *warning(1, expires=2), stand_down(3)])

    assert ["NO_ALL_CLEAR_AFTER_WARNING"] == told[0][1]["reasons"]
