from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.delivery import Bulletin, OutboxMessage
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.rules.subscribing import languages, matches
from crisis_bus.streams.roll import destination


def bulletin(**fields: Any) -> Bulletin:
    known: dict[str, Any] = {
        "number": "uae/S1",
        "space": "uae",
        "statement": "S1",
        "incident": "I1",
        "incident_type": "MET-FLOOD",
        "kind": "HOLDING",
        "exercise": False,
        "rehearsal": False,
        "emirates": ["AE-FU", "AE-SH"],
        "grade": 3,
        "level": 2,
        "lead": "MOI",
        "audiences": ["PUBLIC_GEO", "MEDIA"],
        "channels": ["WEB", "MEDIA_WIRE"],
        "facts": {"roads": "closed"},
        "headline": {"ar": "فيضانات «الفجيرة»", "en": "Floods"},
        "text": {"ar": "ابتعدوا عن الأودية.", "en": "Keep away."},
        "chain": "uae/I1",
        "sequence": 1,
        "published_at": "2026-04-16T12:40:00.000Z",
    }
    return Bulletin.model_validate(known | fields)


def subscription(filter: dict[str, Any] | None = None, **fields: Any) -> Subscription:  # noqa: A002 as the model calls it
    known: dict[str, Any] = {
        "id": "sub-1",
        "space": "uae",
        "subscriber": "Al Bayan",
        "channel": "WEB",
        "transport": "webhook",
        "address": "http://127.0.0.1:1/hook",
        "filter": filter or {},
    }
    return Subscription.model_validate(known | fields)


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


names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(
    name=names,
    address=names,
    secret=st.none() | st.text(st.characters(codec="utf-8")),
    outlet=st.booleans(),
    wanted=st.sampled_from([("ar",), ("en",), ("en", "ar")]),
)
def test_a_pasted_message_is_byte_for_byte_what_the_model_would_write(
    name: str,
    address: str,
    secret: str | None,
    outlet: bool,  # noqa: FBT001 drawn by Hypothesis
    wanted: tuple[str, ...],
) -> None:
    asked = subscription(id=name, subscriber=name, address=address, secret=secret, outlet=outlet, languages=wanted)
    said = bulletin(voice="MOI", text={"ar": "نص", "en": 'a "quoted" text'})
    expected = OutboxMessage(
        id=destination(asked).message_id(said),
        subscription=name,
        subscriber=name,
        channel="WEB",
        transport="webhook",
        address=address,
        languages=wanted,
        outlet=outlet,
        secret=secret,
        bulletin=said,
    )

    written = destination(asked).outbox_message(said, said.model_dump_json(exclude_none=True).encode())

    assert expected == OutboxMessage.model_validate_json(written)


def test_the_id_of_a_message_depends_on_bulletin_and_destination_only() -> None:
    changed = destination(subscription(address="http://127.0.0.1:2/"))

    assert destination(subscription()).message_id(bulletin()) == changed.message_id(bulletin(grade=1))
    assert changed.message_id(bulletin()) != changed.message_id(bulletin(number="uae/S2"))
