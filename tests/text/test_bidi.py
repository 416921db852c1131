"""Characters that make a text read otherwise than it is written are found."""

import pytest

from crisis_bus.text import bidi


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("الطريق E11 مغلق", id="mixed directions"),
        pytest.param("\u2067الطريق\u2069 closed", id="closed isolate"),
        pytest.param("\u2066\u2068a\u2069\u2069", id="nested isolates"),
        pytest.param("a\u200e\u200f\u061cb", id="marks without a scope"),
        pytest.param("", id="empty"),
    ],
)
def test_a_text_of_safe_direction_is_taken(text: str) -> None:
    assert bidi.check(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *(pytest.param(f"a{chr(code)}b", f"U+{code:04X}", id=f"U+{code:04X}") for code in range(0x202A, 0x202F)),
        pytest.param("a\u2067b", "isolate", id="not closed"),
        pytest.param("a\u2069b", "isolate", id="never opened"),
        pytest.param("\u2069\u2066", "isolate", id="closed before it is opened"),
        pytest.param("\u2066a\nb\u2069", "isolate", id="closed in another line"),
    ],
)
def test_a_text_of_unsafe_direction_is_refused_with_its_reason(text: str, names: str) -> None:
    reason = bidi.check(text)

    assert reason is not None
    assert names in reason
    assert "اتجاه" in reason


@pytest.mark.parametrize(
    ("value", "english", "arabic"),
    [
        pytest.param("GCO.desk", "GCO.desk", "\u2068GCO.desk\u2069", id="a code stands apart in Arabic"),
        pytest.param("14:10", "14:10", "14:10", id="a number does not have to"),
        pytest.param("دبي", "دبي", "دبي", id="nor does an Arabic name"),
        pytest.param("a\n14:00 b", "a 14:00 b", "\u2068a 14:00 b\u2069", id="no line is forged"),
        pytest.param("a\x1b[31mb", "a [31mb", "\u2068a [31mb\u2069", id="no terminal is steered"),
        pytest.param("1\u202e2\u2069\u2028", "1 2 ", "1 2 ", id="nothing is turned around"),
    ],
)
def test_a_value_stays_on_its_line_and_keeps_its_direction(value: str, english: str, arabic: str) -> None:
    assert (english, arabic) == (bidi.isolated(value, "en"), bidi.isolated(value, "ar"))
