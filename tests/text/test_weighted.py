"""A post is as long as X says it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.text import weighted
from tests.text.vectors import rows


@pytest.mark.parametrize("case", rows("x_weighted_length.json", "v3"))
def test_a_post_is_weighed_as_the_network_does(case: dict[str, Any]) -> None:
    found = weighted.length(case["text"])

    assert case["expected"]["weightedLength"] == found
    assert case["expected"]["valid"] == (0 < found <= weighted.MOST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("تحذير عام", 9, id="an Arabic letter weighs one"),
        pytest.param("\u2068a\u2069", 5, id="an isolate weighs two"),
        pytest.param("https://gov.example/" + "a" * 100 + ".", 24, id="the full stop after an address is none of it"),
        pytest.param("(https://gov.example)", 25, id="nor are brackets"),
        pytest.param("النص: https://gov.example/W1.ar.html", 29, id="an address after Arabic"),
        pytest.param("gov.example", 23, id="an address without a scheme"),
        pytest.param("name@gov.example", 16, id="a mail address is none"),
    ],
)
def test_a_post_weighs(text: str, expected: int) -> None:
    assert expected == weighted.length(text)


@given(st.text("aح故😜👨\u200d👩 é", max_size=50))
def test_an_address_weighs_the_same_whatever_stands_before_it(text: str) -> None:
    assert weighted.length(text) + 24 == weighted.length(f"{text} https://gov.example/{'W' * 40}")
