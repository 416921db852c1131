"""`crisis-bus text fit`: parts, units and encoding, and an exit code."""

import io
import json
import sys
from typing import Any

import pytest


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(text: str | bytes) -> None:
        content = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return put


def test_a_text_message_is_told_with_parts_units_and_encoding(cli: Any, given: Any) -> None:
    given("ح" * 71 + "\n")

    ran = cli("text", "fit", "--channel", "sms", "--lang", "ar")

    assert (0, "") == (ran.code, ran.err)
    assert ["parts       2", "units       71", "encoding    UCS-2"] == ran.lines[:3]


def test_a_text_that_is_too_long_fails_and_says_by_how_much_in_both_languages(cli: Any, given: Any) -> None:
    given("a" * 250)

    ran = cli("text", "fit", "--channel", "sms", "--lang", "en", "--format", "jsonl")

    told = json.loads(ran.out)
    assert (1, 2, "GSM-7", False) == (ran.code, told["parts"], told["encoding"], told["fits"])
    assert "too long by 55 UCS-2 units" in ran.err
    assert "بمقدار 55" in ran.err


def test_isolates_are_counted_where_they_leave(cli: Any, given: Any) -> None:
    lengths = []
    for channel in ("x", "sms"):
        given("بيان WAM")
        lengths.append(
            json.loads(cli("text", "fit", "--channel", channel, "--lang", "ar", "--format", "jsonl").out)["length"]
        )

    assert [12, 8] == lengths


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"\xff\xfe", "is no UTF-8", id="no UTF-8"),
        pytest.param("  \n", "is empty", id="nothing"),
        pytest.param("0001\u202e", "U+202E", id="an override"),
    ],
)
def test_what_is_no_text_is_wrong_input(cli: Any, given: Any, content: Any, sentence: str) -> None:
    given(content)

    ran = cli("text", "fit", "--channel", "x", "--lang", "ar")

    assert 2 == ran.code
    assert sentence in ran.err
