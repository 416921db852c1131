"""Who has asked for a bulletin."""

from typing import Any

import pytest

from crisis_bus.rules.subscribing import languages, matches
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
