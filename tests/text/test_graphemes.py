"""A text is cut where a reader would cut it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.text.graphemes import cut, signs


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        pytest.param("one two", 7, "one two", id="fits"),
        pytest.param("one two three", 9, "one two…", id="a word stays whole"),
        pytest.param("one two three", 8, "one two…", id="exactly the words"),
        pytest.param("one, two", 6, "one…", id="no comma before the dots"),
        pytest.param("unbroken", 4, "unb…", id="one long word is cut"),
        pytest.param("حَرَكَة", 3, "حَرَ…", id="marks stay on their letter"),
        pytest.param("see https://gov.example/W1 now", 20, "see…", id="an address is whole or not there"),
        pytest.param("https://gov.example/W1", 9, "…", id="even alone"),
        pytest.param("#طوارئ_الإمارات", 6, "…", id="a hashtag too"),
    ],
)
def test_a_text_is_cut(text: str, most: int, expected: str) -> None:
    assert expected == cut(text, most)


@given(st.text("ab ح\u064e😜👨\u200d👩🇮🇹\u0301", max_size=60), st.integers(1, 70))
def test_a_cut_text_is_never_longer_and_begins_as_the_whole_does(text: str, most: int) -> None:
    found = cut(text, most)

    assert len(signs(found)) <= most
    assert found == text or " ".join(text.split()).startswith(found.removesuffix("…"))
