"""What a destination is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain import ids
from crisis_bus.domain.delivery import OutboxMessage, Sheaf
from crisis_bus.domain.subscriptions import Consent, Quiet, Step
from crisis_bus.domain.values import Kind
from crisis_bus.streams.roll import Profiles, chunks
from tests.streams.asking import bulletin, subscription

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(
    name=names,
    address=names,
    secret=st.none() | st.text(st.characters(codec="utf-8")),
    outlet=st.booleans(),
    wanted=st.sampled_from([("ar",), ("en",), ("en", "ar")]),
)
def test_a_pasted_sheaf_says_what_the_model_would_write(
    name: str,
    address: str,
    secret: str | None,
    outlet: bool,  # noqa: FBT001 drawn by Hypothesis
    wanted: tuple[str, ...],
) -> None:
    asked = subscription(id=name, subscriber=name, address=address, secret=secret, outlet=outlet, languages=wanted)
    said = bulletin(voice="MOI", text={"ar": "نص", "en": 'a "quoted" text'})
    profiles = Profiles()
    expected = OutboxMessage(
        id=ids.derived(said.number, name),
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

    (chunk,) = chunks({name.encode(): profiles.destination(asked)}, said)

    written = Sheaf.model_validate_json(chunk.sheaf(said.model_dump_json(exclude_none=True).encode()))
    assert [expected] == [OutboxMessage.model_validate({**each, "bulletin": said}) for each in written.messages]
    assert said == written.bulletin


def test_equal_wishes_of_many_subscribers_are_one() -> None:
    profiles = Profiles()

    found = [
        profiles.destination(subscription(id=f"s{place}", address=f"http://127.0.0.1:{place}/")) for place in (1, 2)
    ]

    assert found[0][0] is found[1][0]
    assert found[0][1] != found[1][1]


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (200, [200]), (450, [200, 200, 50])])
def test_a_sheaf_is_of_a_bounded_size(count: int, sizes: list[int]) -> None:
    profiles = Profiles()
    people = {b"%d" % place: profiles.destination(subscription(id=str(place))) for place in range(count)}

    found = list(chunks(people, bulletin()))

    assert sizes == [len(chunk.messages) for chunk in found]


def test_each_has_his_own_ladder_and_equal_wishes_stay_one() -> None:
    profiles, steps = Profiles(), (Step(transport="sms", address="+971501234567", after_minutes=5),)
    people = {
        b"a": profiles.destination(subscription(id="a", ladder=steps)),
        b"b": profiles.destination(subscription(id="b")),
    }

    (chunk,) = chunks(people, bulletin())

    written = Sheaf.model_validate_json(chunk.sheaf(bulletin().model_dump_json(exclude_none=True).encode()))
    messages = [OutboxMessage.model_validate({**each, "bulletin": bulletin()}) for each in written.messages]
    assert [steps, None] == [message.ladder for message in messages]
    assert people[b"a"][0] is people[b"b"][0]


def test_all_who_agreed_until_one_day_are_matched_once() -> None:
    profiles, keep = Profiles(), "2028-01-01T00:00:00.000Z"
    people = [
        subscription(id=name, consent=Consent(asked_at=at, source="page", confirmed_at=at, keep_until=keep))
        for name, at in (("a", "2026-01-01T08:00:00Z"), ("b", "2026-01-01T09:00:00Z"))
    ]

    first, second = (profiles.destination(each)[0] for each in people)

    assert first is second


def test_quiet_hours_and_an_old_secret_stand_in_the_message() -> None:
    asked = subscription(
        id="s",
        quiet=Quiet(begin="22:00", end="06:00"),
        secret="new",
        old_secret="old",
        old_until="2026-04-17T00:00:00Z",
    )
    said = bulletin(kind=Kind.SITREP, grade=1, published_at="2026-04-16T18:30:00.000Z")

    (chunk,) = chunks({b"s": Profiles().destination(asked)}, said)

    written = Sheaf.model_validate_json(chunk.sheaf(said.model_dump_json(exclude_none=True).encode()))
    message = OutboxMessage.model_validate({**written.messages[0], "bulletin": said})
    assert ("2026-04-17T02:00:00.000Z", "old", "2026-04-17T00:00:00Z") == (
        message.not_before,
        message.old_secret,
        message.old_until,
    )
