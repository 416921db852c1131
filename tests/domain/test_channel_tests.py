"""The silent test of channels: which, when, and what it says."""

import pytest

from crisis_bus import packs
from crisis_bus.domain import channel_tests
from crisis_bus.domain.instants import parse


def test_nothing_public_and_nothing_of_exercises_is_tested() -> None:
    testable = channel_tests.testable(packs.load("uae"))

    assert {"GOV_INTERNAL", "LEADERSHIP_BRIEF", "MEDIA_WIRE"} <= set(testable)
    assert {"WEB", "SOCIAL", "CELL_BROADCAST", "EX_SANDBOX", "EX_INTERNAL"}.isdisjoint(testable)


@pytest.mark.parametrize(
    ("now", "weekly", "expected"),
    [
        pytest.param("2026-11-25T06:00:00Z", "WED 10:00", "TEST-2026-W48", id="at its minute, four hours east"),
        pytest.param("2026-11-25T05:59:59Z", "WED 10:00", None, id="a second before"),
        pytest.param("2026-11-26T05:59:00Z", "WED 10:00", "TEST-2026-W48", id="within a day"),
        pytest.param("2026-11-26T06:00:00Z", "WED 10:00", None, id="a day late"),
        pytest.param("2026-12-31T20:30:00Z", "FRI 00:15", "TEST-2026-W53", id="the first of January is a Friday"),
        pytest.param("2026-11-25T06:00:00Z", "", None, id="never"),
    ],
)
def test_a_week_has_one_test_by_the_government_s_clock(now: str, weekly: str, expected: str | None) -> None:
    assert expected == channel_tests.of_the_week(parse(now), weekly, 240)


def test_a_test_says_that_it_is_one_and_ends_by_itself() -> None:
    made = channel_tests.bulletin("uae", "TEST-1", ("GOV_INTERNAL",), 0, {"en": ("Channel test", "A test.")})

    assert (True, False, "uae/TEST-1", 1) == (made.test, made.urgent, made.chain, made.sequence)
    assert "1970-01-02T00:00:00.000Z" == made.expires
