"""The fact sheet: who keeps it, what changed, what is stale (`scenario-format.md` §5 and §6, AC06.2)."""

from typing import Any

import pytest

from tests.rules.playing import (
    LEVEL_1,
    Data,
    Order,
    answer,
    close,
    draft,
    log,
    out,
    override,
    refusal,
    report,
    sheet,
)

MET = report(kind="MET-WARN", topic="TEL")
"""NCM leads; NCEMA, MOI, MOE, ESE, MOHRE and GCAA support; the topic is TDRA's."""


@pytest.mark.rule("OV-3")
@pytest.mark.parametrize(
    ("by", "may"),
    [
        pytest.param("NCM.a", True, id="the lead"),
        pytest.param("MOHRE.a", True, id="a supporting entity"),
        pytest.param("GCO.a", True, id="the Office"),
        pytest.param("NCEMA.a", True, id="the coordinator"),
        pytest.param("TDRA.a", True, id="the owner of its topic"),
        pytest.param("CBUAE.a", True, id="the owner of the topic of a rumour"),
        pytest.param("GCAA.a", True, id="a supporting entity too"),
        pytest.param("MOFA.a", False, id="the owner of the topic of somebody else's rumour"),
        pytest.param("monitor", False, id="the monitor"),
    ],
)
def test_who_keeps_the_sheet(by: str, may: bool) -> None:  # noqa: FBT001 a row
    shut = (60, "rumour.close", "x", {"rumour": "R"})
    before = [MET, log(0, topic="FIN", incident="I"), log(0, "Q", topic="FOR"), shut]

    if may:
        assert "factsheet.updated" == answer([*before, sheet(61, by=by, a=1)])[0][0]
    else:
        assert ("NOT_ALLOWED", None) == refusal([*before, sheet(61, by=by, a=1)])


@pytest.mark.parametrize(
    ("before", "order", "expected"),
    [
        pytest.param([close(1)], sheet(2, by="x", a=1), ("INCIDENT_CLOSED", None), id="ended, before who"),
        pytest.param([], sheet(2), ("BAD_VALUE", "facts"), id="nothing"),
        pytest.param([], sheet(2, a=[1]), ("BAD_VALUE", "facts"), id="no lists"),
        pytest.param([], sheet(2, a=None), ("BAD_VALUE", "facts"), id="no null"),
    ],
)
def test_a_sheet_is_refused(before: list[Order], order: Order, expected: tuple[str, str | None]) -> None:
    assert expected == refusal([report(), *before, order])


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        pytest.param({}, {"a": 1}, {}, id="a new key has no old value"),
        pytest.param({"a": 1}, {"a": 1}, {}, id="a repeat changes nothing"),
        pytest.param({"a": 1, "b": 2}, {"a": 3, "b": 2, "c": 4}, {"a": 1}, id="old values of what changed"),
        pytest.param({"a": 1}, {"a": True}, {"a": 1}, id="a truth is no number"),
        pytest.param({"a": "1"}, {"a": 1}, {"a": "1"}, id="a number is no text"),
    ],
)
def test_what_was_set_and_what_it_was_before(old: Data, new: Data, changed: Data) -> None:
    told = answer([report(), *([sheet(0, **old)] if old else []), sheet(1, **new)])

    expected = {"incident": "I", "facts": new, "changed": changed, "stale": []}
    assert repr([("factsheet.updated", expected)]) == repr(told)


def stale(*texts: Order) -> Any:
    """What is stale after a becomes 2."""
    sheets = [sheet(0, a=1, b=1), sheet(0, "J", a=1)]
    return answer([report(), report(name="J"), *sheets, *texts, sheet(9, a=2)])[0][1]["stale"]


SAYS: Data = {"facts": {"a": 1}, "keys": LEVEL_1}


@pytest.mark.rule("INV-7")
@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([*out(1, "Z", **SAYS), *out(1, "A", **SAYS)], ["A", "Z"], id="sorted"),
        pytest.param(out(1, facts={"b": 1}, keys=LEVEL_1), [], id="another key"),
        pytest.param([draft(1, facts={"a": 1})], [], id="not out"),
        pytest.param(out(1, kind="LINES_TO_TAKE", **SAYS), [], id="internal"),
        pytest.param(out(1, incident="J", **SAYS), [], id="of another incident"),
        pytest.param([*out(1, **SAYS), *out(2, "C", "CORRECTION", refs=["S"], keys=LEVEL_1)], [], id="corrected"),
    ],
)
def test_what_says_another_value_in_public_is_stale(texts: list[Order], expected: list[str]) -> None:
    assert expected == stale(*texts)


def test_a_statement_is_stale_as_long_as_it_says_another_value_than_what_is_set() -> None:
    """A repeat of the value changes nothing, and the statement still says another."""
    told = answer([report(), sheet(0, a=1), *out(1, **SAYS), sheet(2, a=2), sheet(3, a=2)])

    assert {"incident": "I", "facts": {"a": 2}, "changed": {}, "stale": ["S"]} == told[0][1]


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        pytest.param({"a": 1}, True, id="a repeat leaves the signature"),
        pytest.param({"a": True}, False, id="another value, strictly"),
        pytest.param({"b": 1}, False, id="a new key"),
    ],
)
def test_signatures_lapse_when_the_sheet_changes(facts: Data, stands: bool) -> None:  # noqa: FBT001 a row
    first, second = ((at, "incident.stand_down", "GCO.a", {"incident": "I"}) for at in (1, 3))

    told = answer([report(), override(0, 3), sheet(0, a=1), first, sheet(2, **facts), second])

    assert ("command.refused" if stands else "stand_down.signed") == told[0][0]
