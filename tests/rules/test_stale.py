"""The fact sheet names the statements that it makes stale (`scenario-format.md` §6, factsheet.updated)."""

from typing import Any

import pytest

from tests.rules.playing import LEVEL_1, Data, Order, answer, draft, out, report, sheet

BEFORE = [report(), sheet(0, deaths=1, roads=2)]


def stale(orders: list[Order], **values: Any) -> Data:
    ((_, told),) = answer([*BEFORE, *orders, sheet(9, **values)])
    return {"changed": told["changed"], "stale": told["stale"]}


def says(name: str, kind: str = "HOLDING", **values: Any) -> list[Order]:
    return out(1, name, kind, keys=LEVEL_1, facts=values)


@pytest.mark.rule("INV-7")
def test_statements_that_say_another_value_are_stale_and_sorted() -> None:
    orders = [*says("b", deaths=1), *says("a", deaths=1, roads=2), *says("c", roads=2), *says("d")]

    assert {"changed": {"deaths": 1}, "stale": ["a", "b"]} == stale(orders, deaths=2)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param(1, [], id="the same value"),
        pytest.param("1", ["S"], id="a text"),
        pytest.param(True, ["S"], id="a boolean"),
    ],
)
def test_a_value_is_the_same_only_if_it_is_of_the_same_kind(value: object, names: list[str]) -> None:
    assert names == stale(says("S", deaths=1), deaths=value)["stale"]


@pytest.mark.parametrize(
    "orders",
    [
        pytest.param([draft(1, facts={"deaths": 1})], id="a draft"),
        pytest.param(says("S", "LINES_TO_TAKE", deaths=1), id="an internal text"),
        pytest.param(says("S", roads=2), id="a text without the key"),
    ],
)
def test_what_the_public_does_not_read_now_is_not_stale(orders: list[Order]) -> None:
    assert {"changed": {"deaths": 1}, "stale": []} == stale(orders, deaths=5)


def test_a_superseded_statement_is_not_stale_and_what_stays_wrong_is_told_again() -> None:
    orders = [*says("S", deaths=1), *says("T", "SITREP", deaths=1, roads=2), sheet(2, deaths=2)]

    assert {"changed": {}, "stale": ["T"]} == stale(orders, deaths=2)


def test_a_key_that_is_not_set_now_makes_nothing_stale() -> None:
    assert {"changed": {"roads": 2}, "stale": []} == stale([*says("S", deaths=1), sheet(2, deaths=2)], roads=3)
