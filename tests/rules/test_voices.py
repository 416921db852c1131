"""Who may say what: originators, the lead, values of the sheet (blocks 11 to 13; CH-1, OV-2, OV-3)."""

from typing import Any

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LIFE_SAFETY,
    Data,
    Order,
    approve,
    block,
    facts,
    hit,
    log,
    only,
    out,
    override,
    report,
    sheet,
    submit,
    update,
)

ALL = ["AE-AZ", "AE-DU", "AE-SH", "AE-AJ", "AE-UQ", "AE-RK", "AE-FU"]


@pytest.mark.parametrize(
    ("triple", "one_key"),
    [
        pytest.param({}, True, id="severe, immediate, observed"),
        pytest.param({"severity": "Extreme"}, True, id="extreme"),
        pytest.param({"certainty": "Likely"}, True, id="likely"),
        pytest.param({"severity": "Moderate"}, False, id="moderate"),
        pytest.param({"severity": "Unknown"}, False, id="unknown severity"),
        pytest.param({"urgency": "Expected"}, False, id="expected"),
        pytest.param({"urgency": "Unknown"}, False, id="unknown urgency"),
        pytest.param({"certainty": "Possible"}, False, id="possible"),
        pytest.param({"certainty": "Unknown"}, False, id="unknown certainty"),
    ],
)
def test_the_life_safety_rule(triple: Data, one_key: bool) -> None:  # noqa: FBT001 a row
    text = submit(1, kind="PUBLIC_WARNING", by="somebody")

    told = block([report(**{**LIFE_SAFETY, **triple}), text])

    expected = hit("NOT_AN_ALERT_ORIGINATOR", "CH-1", originator="")
    assert expected == told if one_key else hit("NOT_LEAD", "OV-2", entity="somebody", lead="MOI") == told


@pytest.mark.parametrize("entity", ["NCEMA", "MOI", "MOHAP"])
def test_three_originators_warn_everywhere(entity: str) -> None:
    text = submit(1, kind="PUBLIC_WARNING", originator=entity, by="somebody")

    assert None is block([report(emirates=["AE"], **LIFE_SAFETY), text])


@pytest.mark.rule("CH-1")
@pytest.mark.parametrize(
    ("originator", "emirates", "expected"),
    [
        pytest.param("GCO", [], hit("NOT_AN_ALERT_ORIGINATOR", "CH-1", originator="GCO"), id="the Office is none"),
        pytest.param("POL-DU", [], None, id="no emirate is covered by anyone"),
        pytest.param("POL-DU", ["AE-DU"], None, id="its own"),
        pytest.param("POL-DU", ["AE-FU", "AE-DU", "AE-AZ"], ["AE-AZ", "AE-FU"], id="others, in the order of the table"),
        pytest.param("POL-SH", ["AE"], [code for code in ALL if code != "AE-SH"], id="nationwide needs all seven"),
        pytest.param("POL-SH", ["AE", "AE-SH"], [code for code in ALL if code != "AE-SH"], id="nationwide and more"),
    ],
)
def test_an_originator_warns_only_its_area(originator: str, emirates: list[str], expected: Any) -> None:
    if isinstance(expected, list):
        expected = hit("ORIGINATOR_OUT_OF_AREA", "CH-1", originator=originator, emirates=expected)

    text = submit(1, kind="PUBLIC_WARNING", originator=originator, by="somebody")

    assert expected == block([report(emirates=emirates, **LIFE_SAFETY), text])


def test_a_spread_while_the_key_is_awaited_does_not_stop_the_warning() -> None:
    commands = [
        report(emirates=["AE-DU"], **LIFE_SAFETY),
        submit(1, kind="PUBLIC_WARNING", originator="POL-DU", by="somebody"),
        update(2, emirates=["AE"]),
        approve(3, "ORIGINATOR", "POL-DU.duty"),
    ]

    assert [3] == [at for at, _, _ in only(facts(commands), "statement.published")]


NATIONAL = [report(0, "I", "FOR-CITIZENS"), override(0, 3)]
"""Lead and national voice are MOFA."""
FOREIGN = [report(0, "I", "MET-WARN")]


@pytest.mark.rule("OV-2")
@pytest.mark.parametrize(
    ("before", "by", "may"),
    [
        pytest.param(FOREIGN, "NCM.a", True, id="the lead"),
        pytest.param(FOREIGN, "EX:NCM.a", True, id="the lead with a prefix"),
        pytest.param(FOREIGN, "GCO.desk", True, id="the Office"),
        pytest.param(FOREIGN, "NCEMA.desk", True, id="the coordinator"),
        pytest.param(FOREIGN, "MOI.a", False, id="a supporting entity"),
        pytest.param(FOREIGN, "SPK-NCM-01", False, id="a person is no entity"),
        pytest.param([report(topic="TEL")], "TDRA.a", True, id="the owner of the incident's topic"),
        pytest.param([report(), log(0, "R", topic="TEL")], "TDRA.a", False, id="the owner of some rumour's topic"),
        pytest.param([report(0, "I", "FOR-CITIZENS"), override(0, 2)], "MOFA.a", True, id="the lead at level 2"),
    ],
)
@pytest.mark.parametrize("kind", ["HOLDING", "PUBLIC_WARNING"])
def test_who_may_speak(kind: str, before: list[Order], by: str, may: bool) -> None:  # noqa: FBT001 a row
    lead = "NCM" if before == FOREIGN else "MOI"
    expected = None if may else hit("NOT_LEAD", "OV-2", entity=by.split(".", maxsplit=1)[0], lead=lead)

    assert expected == block([*before, submit(1, kind=kind, by=by)])


@pytest.mark.rule("OV-2")
@pytest.mark.parametrize(("level", "may"), [(1, False), (2, False), (3, True)])
def test_the_national_voice_speaks_at_level_three(level: int, may: bool) -> None:  # noqa: FBT001 a row
    transfer = (0, "lead.transfer", "GCO.a", {"incident": "I", "to": "MOI"})
    levels = [override(0, level)] if level > 1 else []

    told = block([report(0, "I", "FOR-CITIZENS"), transfer, *levels, submit(1, by="MOFA.a")])

    assert (None if may else hit("NOT_LEAD", "OV-2", entity="MOFA", lead="MOI")) == told


@pytest.mark.rule("OV-2")
@pytest.mark.parametrize(
    ("kind", "may"),
    [("RUMOUR_RESPONSE", True), ("HOLDING", False), ("LINES_TO_TAKE", True), ("INTERNAL_BRIEFING", True)],
)
def test_the_owner_of_an_answered_topic_responds_and_internal_texts_are_anybodys(kind: str, may: bool) -> None:  # noqa: FBT001 a row
    told = block([report(), log(0, topic="TEL"), submit(1, kind=kind, by="TDRA.a", answers=["R"])])

    assert (None if may else hit("NOT_LEAD", "OV-2", entity="TDRA", lead="MOI")) == told


DIFFERENT = [
    pytest.param(1, "1", id="number and text"),
    pytest.param(1, True, id="number and truth"),
    pytest.param("true", True, id="text and truth"),
    pytest.param(0, False, id="zero and false"),
    pytest.param("x", "x ", id="a blank more"),
    pytest.param(2, 3, id="another number"),
]


@pytest.mark.rule("OV-3")
@pytest.mark.parametrize(("on_sheet", "stated"), DIFFERENT)
def test_a_value_is_the_sheets_strictly(on_sheet: Any, stated: Any) -> None:
    told = block([report(), sheet(0, a=on_sheet, b=1), submit(1, facts={"a": stated, "b": 1})])

    expected = hit("FACT_MISMATCH", "OV-3", facts={"a": {"stated": stated, "sheet": on_sheet}})
    assert repr(expected) == repr(told)


@pytest.mark.parametrize("value", [1, "1", True, 10**30])
def test_an_equal_value_passes(value: Any) -> None:
    assert None is block([report(), sheet(0, a=value), submit(1, facts={"a": value})])


@pytest.mark.rule("OV-3")
def test_a_mismatch_is_told_before_what_is_not_on_the_sheet_and_holds_only_what_differs() -> None:
    told = block([report(), sheet(0, a=1, b=2), submit(1, facts={"c": 1, "a": 1, "b": 3})])

    assert hit("FACT_MISMATCH", "OV-3", facts={"b": {"stated": 3, "sheet": 2}}) == told


@pytest.mark.rule("OV-3", "INV-8")
def test_what_is_not_on_the_sheet_is_listed_sorted_by_code_point() -> None:
    told = block([report(), sheet(0, a=1), submit(1, facts={"z": 1, "a": 1, "Z": 1, "س": 1})])

    assert hit("FACT_NOT_ON_SHEET", "OV-3", missing=["Z", "z", "س"]) == told


@pytest.mark.parametrize("kind", ["LINES_TO_TAKE", "INTERNAL_BRIEFING"])
def test_internal_texts_may_say_what_the_sheet_does_not(kind: str) -> None:
    assert None is block([report(), sheet(0, a=1), submit(1, kind=kind, facts={"a": 2, "b": 1})])


BLOCKED = {"statement": "S", "stage": "publish"}


@pytest.mark.rule("OV-3", "INV-8", "INV-9")
@pytest.mark.parametrize(
    ("text", "meanwhile", "expected"),
    [
        pytest.param(
            {"facts": {"a": 1, "b": 1}},
            sheet(2, a=2),
            hit("FACT_MISMATCH", "OV-3", facts={"a": {"stated": 1, "sheet": 2}}),
            id="a value changed",
        ),
        pytest.param(
            {"names_victims": True},
            update(2, by="MOI.a", next_of_kin_informed=False),
            hit("NEXT_OF_KIN_NOT_CONFIRMED", "INV-9"),
            id="next of kin do not know after all",
        ),
        pytest.param(
            {"kind": "INTERNAL_BRIEFING", "names_victims": True},
            update(2, by="MOI.a", next_of_kin_informed=False),
            hit("NEXT_OF_KIN_NOT_CONFIRMED", "INV-9"),
            id="in an internal text too",
        ),
    ],
)
def test_facts_are_checked_again_at_the_moment_of_publication(text: Data, meanwhile: Order, expected: Data) -> None:
    keys = {"INTERNAL": "MOI.a"} if text.get("kind") else LEVEL_1
    known = [sheet(0, a=1, b=1), update(0, by="MOI.a", next_of_kin_informed=True)]
    approvals = [approve(3, key, by) for key, by in keys.items()]

    told = facts([report(), *known, submit(1, **text), meanwhile, *approvals])

    assert [(3, "statement.blocked", {**BLOCKED, **expected})] == only(told, "statement.blocked")
    assert [] == only(told, "statement.published")


def test_an_internal_text_is_published_whatever_the_sheet_says() -> None:
    commands = [report(), sheet(0, a=1), submit(1, kind="INTERNAL_BRIEFING", facts={"a": 1}), sheet(2, a=2)]

    assert [3] == [at for at, _, _ in only(facts([*commands, approve(3, "INTERNAL", "x")]), "statement.published")]


@pytest.mark.rule("INV-3")
def test_a_text_blocked_at_publication_has_no_keys_and_may_be_submitted_again() -> None:
    blocked = [report(), sheet(0, a=1), submit(1, facts={"a": 1}), sheet(2, a=2)]
    blocked += [approve(3, key, by) for key, by in LEVEL_1.items()]

    told = facts([*blocked, approve(4, "FACT", "MOI.x"), *out(5, facts={"a": 2}, keys=LEVEL_1)])

    assert [(4, "NOT_IN_REVIEW")] == [(at, data["reason"]) for at, _, data in only(told, "key.refused")]
    assert [5] == [at for at, _, _ in only(told, "statement.published")]
