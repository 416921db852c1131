"""What runs the other way stands apart where the channel can show it, and an address stays an address."""

import pytest

from crisis_bus.text import bidi


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param("بيان WAM رقم 5", "ar", "بيان \u2068WAM\u2069 رقم 5", id="Latin in Arabic"),
        pytest.param(
            "Ministry وزارة الداخلية says", "en", "Ministry \u2068وزارة الداخلية\u2069 says", id="Arabic in English"
        ),
        pytest.param("رقم uae/W1.", "ar", "رقم \u2068uae/W1\u2069.", id="a number of a statement is one run"),
        pytest.param(
            "«تمرين – EXERCISE» نص", "ar", "«تمرين – \u2068EXERCISE\u2069» نص", id="signs between stay outside"
        ),
        pytest.param("انظر https://gov.example/W1.ar.html", "ar", "انظر https://gov.example/W1.ar.html", id="address"),
        pytest.param("وسم #UAE هنا", "ar", "وسم #UAE هنا", id="hashtag"),
        pytest.param("بيان \u2068WAM\u2069", "ar", "بيان \u2068WAM\u2069", id="not twice"),
        pytest.param("نص 2026-04-16", "ar", "نص 2026-04-16", id="digits run as the text does"),
    ],
)
def test_a_run_of_the_other_direction_is_set_apart(text: str, language: str, expected: str) -> None:
    assert expected == bidi.apart(text, language)


def test_what_cannot_show_isolates_gets_none() -> None:
    assert "بيان WAM" == bidi.plain("\u200fبيان \u2068WAM\u2069")


def test_what_was_set_apart_is_balanced_and_reads_the_same() -> None:
    text = "بيان WAM وNCEMA رقم uae/W1\nسطر Dubai"

    assert bidi.check(bidi.apart(text, "ar")) is None
    assert text == bidi.plain(bidi.apart(text, "ar"))
