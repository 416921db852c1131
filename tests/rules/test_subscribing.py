"""Who has asked for a bulletin."""

from collections.abc import Collection
from typing import Any

import pytest
from pydantic import ValidationError

from crisis_bus.domain.instants import text
from crisis_bus.domain.places import Shape
from crisis_bus.domain.subscriptions import Consent, Quiet
from crisis_bus.domain.values import Kind
from crisis_bus.rules.subscribing import held_until, languages, matches
from tests.streams.asking import bulletin, subscription


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        pytest.param({}, True, id="nothing asked means everything"),
        pytest.param({"types": ["MET-FLOOD"]}, True, id="type"),
        pytest.param({"types": ["FIRE-BLDG", "MET-FLOOD"]}, True, id="one of two types"),
        pytest.param({"types": ["FIRE-BLDG"]}, False, id="another type"),
        pytest.param({"emirates": ["AE-SH"]}, True, id="one of its emirates"),
        pytest.param({"emirates": ["AE-DU"]}, False, id="another emirate"),
        pytest.param({"emirates": ["AE"]}, True, id="whoever asks for the country asks for its emirates"),
        pytest.param({"kinds": ["HOLDING", "SITREP"]}, True, id="kind"),
        pytest.param({"kinds": ["SITREP"]}, False, id="another kind"),
        pytest.param({"audiences": ["SCHOOLS", "MEDIA"]}, True, id="audience"),
        pytest.param({"audiences": ["SCHOOLS"]}, False, id="another audience"),
        pytest.param({"min_grade": 3}, True, id="grave enough"),
        pytest.param({"min_grade": 4}, False, id="not grave enough"),
        pytest.param({"min_level": 2}, True, id="high enough"),
        pytest.param({"min_level": 3}, False, id="not high enough"),
        pytest.param({"types": ["MET-FLOOD"], "emirates": ["AE-DU"]}, False, id="every dimension must agree"),
    ],
)
def test_a_filter_chooses(wish: dict[str, Any], expected: bool) -> None:  # noqa: FBT001 a column of the table
    assert expected == matches(subscription(wish), bulletin())


CIRCLE = {"lat": 25.4, "lon": 55.5, "km": 5}


@pytest.mark.parametrize(
    ("wish", "touched", "expected"),
    [
        pytest.param({"places": [CIRCLE]}, True, True, id="the place that he drew"),
        pytest.param({"places": [CIRCLE]}, False, False, id="somewhere else"),
        pytest.param({"places": [CIRCLE], "emirates": ["AE-SH"]}, False, True, id="or one of the emirates"),
        pytest.param({"places": [CIRCLE], "emirates": ["AE-DU"]}, True, True, id="the place, if no emirate"),
        pytest.param({"emirates": ["AE-DU"]}, True, False, id="no place was drawn"),
        pytest.param({"places": [CIRCLE], "types": ["FIRE-BLDG"]}, True, False, id="every dimension must agree"),
    ],
)
def test_a_place_is_where_somebody_wants_to_know(wish: dict[str, Any], *, touched: bool, expected: bool) -> None:
    asked = []

    def touches(places: tuple[Shape, ...], codes: Collection[str]) -> bool:
        asked.append((len(places), tuple(codes)))
        return touched

    assert expected == matches(subscription(wish), bulletin(), touches)
    assert set(asked) <= {(1, bulletin().emirates)}


@pytest.mark.parametrize(
    ("until", "rehearsal", "expected"),
    [
        ("2027-01-01T00:00:00Z", False, True),
        ("2026-01-01T00:00:00Z", False, False),
        ("2026-01-01T00:00:00Z", True, True),
    ],
)
def test_a_consent_holds_until_its_day(until: str, *, rehearsal: bool, expected: bool) -> None:
    then = "2025-01-01T00:00:00Z"
    consent = Consent(asked_at=then, source="public page", confirmed_at=then, keep_until=until)

    assert expected == matches(subscription(consent=consent), bulletin(rehearsal=rehearsal))


def test_without_a_map_whoever_drew_a_place_is_told() -> None:
    assert matches(subscription({"places": [CIRCLE]}), bulletin())


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"paused": True}, id="paused"),
        pytest.param({"space": "drill-1"}, id="another space"),
        pytest.param({"channel": "SOCIAL"}, id="a channel that the statement does not use"),
        pytest.param({"languages": ()}, id="no language"),
    ],
)
def test_it_goes_only_where_it_belongs(fields: dict[str, Any]) -> None:
    assert not matches(subscription(**fields), bulletin())


def test_a_drill_reaches_the_channels_of_drills_only() -> None:
    drill = bulletin(exercise=True, channels=["EX_SANDBOX", "EX_INTERNAL"])

    assert not matches(subscription(channel="WEB"), drill)
    assert matches(subscription(channel="EX_SANDBOX"), drill)
    assert not matches(subscription(channel="EX_SANDBOX"), bulletin())


def test_a_bulletin_for_the_country_concerns_each_emirate() -> None:
    assert matches(subscription({"emirates": ["AE-DU"]}), bulletin(emirates=["AE"]))


def test_a_bulletin_without_a_place_is_none_of_an_emirates_business() -> None:
    assert not matches(subscription({"emirates": ["AE"]}), bulletin(emirates=[]))


def test_languages_are_those_that_are_asked_for_and_there() -> None:
    english_only = bulletin(text={"en": "Keep away."})

    assert languages(subscription(), english_only) == ("en",)
    assert languages(subscription(languages=("en", "ar")), bulletin()) == ("en", "ar")
    assert not matches(subscription(languages=("ar",)), english_only)


NIGHT = Quiet(begin="22:00", end="06:00")


@pytest.mark.parametrize(
    ("quiet", "published", "expected"),
    [
        pytest.param(NIGHT, "2026-04-16T18:30:00Z", "2026-04-17T02:00:00.000Z", id="in the evening"),
        pytest.param(NIGHT, "2026-04-16T01:59:59Z", "2026-04-16T02:00:00.000Z", id="in the last minute"),
        pytest.param(NIGHT, "2026-04-16T02:00:00Z", None, id="when they end"),
        pytest.param(NIGHT, "2026-04-16T12:00:00Z", None, id="by day"),
        pytest.param(NIGHT, "2026-04-16T18:00:00Z", "2026-04-17T02:00:00.000Z", id="when they begin"),
        pytest.param(
            Quiet(begin="13:00", end="15:00"), "2026-04-16T10:00:00Z", "2026-04-16T11:00:00.000Z", id="at noon"
        ),
        pytest.param(
            Quiet(begin="22:00", end="06:00", offset_minutes=0), "2026-04-16T18:30:00Z", None, id="another clock"
        ),
    ],
)
def test_what_can_wait_waits_until_quiet_hours_end(quiet: Quiet, published: str, expected: str | None) -> None:
    held = held_until(subscription(quiet=quiet), bulletin(kind=Kind.SITREP, grade=1, published_at=published))

    assert expected == (None if held is None else text(held))


@pytest.mark.parametrize(
    ("of", "to"),
    [
        pytest.param({"kind": Kind.PUBLIC_WARNING}, {}, id="a warning"),
        pytest.param({"kind": Kind.CORRECTION}, {}, id="a correction"),
        pytest.param({"grade": 2}, {"quiet": Quiet(begin="22:00", end="06:00", passes=2)}, id="as grave as was said"),
        pytest.param({"rehearsal": True}, {}, id="a rehearsal"),
        pytest.param({}, {"outlet": True}, id="the channel itself"),
        pytest.param({}, {"quiet": None}, id="no quiet hours"),
    ],
)
def test_some_things_come_at_any_hour(of: dict[str, Any], to: dict[str, Any]) -> None:
    night = {"kind": Kind.SITREP, "grade": 1, "published_at": "2026-04-16T18:30:00Z"}

    assert held_until(subscription(**{"quiet": NIGHT} | to), bulletin(**night | of)) is None


def test_hours_that_are_none_are_refused() -> None:
    with pytest.raises(ValidationError, match="begin and end are the same"):
        Quiet(begin="22:00", end="22:00")


def test_a_test_goes_to_whoever_is_on_its_channels_whatever_else_he_asks_for() -> None:
    asked = subscription(filter={"types": ["NUC-RAD"], "min_grade": 4})

    assert [False, True] == [matches(asked, bulletin(test=test)) for test in (False, True)]
    assert not matches(subscription(paused=True), bulletin(test=True))
