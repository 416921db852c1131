"""Text messages take as many parts as an operator charges, and no part breaks a sign."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.text import sms
from crisis_bus.text.graphemes import signs
from crisis_bus.text.sms import Encoding, Sms
from tests.text.vectors import rows

TEXTS = st.text(st.sampled_from("ab€^é ح\u064e😜🇮🇹\u200d👨👩\u0301\r\n"), max_size=400)


@pytest.mark.parametrize("case", rows("sms_segments.json", "cases"))
def test_a_message_is_parted_as_the_peer_does(case: dict[str, Any]) -> None:
    found = sms.parted(case["body"])

    bits = {Encoding.GSM7: 7, Encoding.UCS2: 16}[found.encoding]
    assert (case["encoding"], case["segments"], case["messageSize"]) == (
        found.encoding,
        len(found.parts),
        found.units * bits,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Sms(Encoding.GSM7, 0, ("",)), id="nothing"),
        pytest.param("€" * 80, Sms(Encoding.GSM7, 160, ("€" * 80,)), id="an extended sign takes two septets"),
        pytest.param("€" * 81, Sms(Encoding.GSM7, 162, ("€" * 76, "€" * 5)), id="no escape pair is split"),
        pytest.param("ح" * 70, Sms(Encoding.UCS2, 70, ("ح" * 70,)), id="Arabic is UCS-2"),
        pytest.param("ح" * 71, Sms(Encoding.UCS2, 71, ("ح" * 67, "ح" * 4)), id="Arabic in two parts"),
        pytest.param("ç", Sms(Encoding.UCS2, 1, ("ç",)), id="the small cedilla is not in the table"),
        pytest.param(
            "ح" * 65 + "🇮🇹" + "ح" * 5,
            Sms(Encoding.UCS2, 74, ("ح" * 65, "🇮🇹" + "ح" * 5)),
            id="a flag is not split",
        ),
    ],
)
def test_a_message_is_parted(text: str, expected: Sms) -> None:
    assert expected == sms.parted(text)


@given(TEXTS)
def test_parts_joined_are_the_text_and_each_fits(text: str) -> None:
    found = sms.parted(text)

    most = sms.PART if len(found.parts) > 1 else sms.SINGLE
    measured = [sms.parted(part).units if found.encoding is Encoding.GSM7 else sms.utf16(part) for part in found.parts]
    assert text == "".join(found.parts)
    assert found.units == sum(measured)
    assert all(units <= most[found.encoding] for units in measured)


@given(TEXTS)
def test_no_sign_that_fits_into_a_part_is_split(text: str) -> None:
    parts = sms.parted(text).parts

    edges = {len("".join(parts[:number])) for number in range(1, len(parts))}
    at = 0
    for sign in signs(text):
        if sms.utf16(sign) <= sms.PART[Encoding.UCS2]:
            assert not edges & set(range(at + 1, at + len(sign)))
        at += len(sign)


def test_a_letter_under_more_marks_than_a_part_holds_is_still_sent_whole() -> None:
    heap = "ح" + "\u064e" * 200

    found = sms.parted(heap)

    assert (3, heap) == (len(found.parts), "".join(found.parts))
