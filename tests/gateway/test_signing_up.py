"""Anybody signs up, and nothing is kept of an address before its owner has confirmed it."""

import asyncio
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain import instants, signing_up, suppressing
from crisis_bus.domain.delivery import OutboxMessage, Sheaf
from crisis_bus.domain.subscriptions import Consent, Subscription
from crisis_bus.gateway.signing_up import Asked, forget
from crisis_bus.wire import topics
from tests.gateway.stage import Stage, stage

SECRET = b"0123456789abcdef"
FORM: dict[str, Any] = {
    "transport": "email",
    "address": "Mona@example.ae",
    "language": ["ar", "en"],
    "emirate": "AE-DU",
}
DAY = 86_400_000


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path, link_secret=SECRET, signup={"email": "WEB"}, public_url="https://gov.example")


def questions(on: Stage) -> list[OutboxMessage]:
    sheaves = [
        Sheaf.model_validate_json(envelope.data or b"")
        for topic, _, envelope in on.log.sent
        if topic == topics.OUTBOX_ROUTINE
    ]
    return [OutboxMessage.model_validate({**sheaf.messages[0], "bulletin": sheaf.bulletin}) for sheaf in sheaves]


def subscriptions(on: Stage) -> list[Subscription]:
    return [
        Subscription.model_validate_json(envelope.data or b"")
        for topic, _, envelope in on.log.sent
        if topic == topics.SUBSCRIPTIONS and envelope.data
    ]


async def asked(on: Stage, **changes: Any) -> str:
    """Fill the form in; gives the path of the link in the message that follows."""
    async with on.client(None) as client:
        page = await client.post("/subscribe", data=FORM | changes)
    assert 200 == page.status_code
    found = re.search(r"https://gov\.example(/confirm/\S+)", questions(on)[-1].bulletin.text["en"])
    assert found is not None
    return found[1]


async def test_one_message_goes_to_the_address_and_nothing_else_is_kept(on: Stage) -> None:
    link = await asked(on)

    [question] = questions(on)
    assert 1 == len(on.log.sent)
    assert ("email", "Mona@example.ae", ("ar", "en"), False) == (
        question.transport,
        question.address,
        question.languages,
        question.outlet,
    )
    assert link in question.bulletin.text["ar"]


async def test_looking_at_the_link_changes_nothing_and_saying_yes_subscribes_with_consent(on: Stage) -> None:
    link = await asked(on)
    async with on.client(None) as client:
        look = await client.get(link)
        before = subscriptions(on)
        done = [await client.post(link) for _ in range(2)]

    first, second = subscriptions(on)
    assert (200, []) == (look.status_code, before)
    assert "Did you ask" in look.text
    assert [200, 200] == [page.status_code for page in done]
    assert ("WEB", "Mona@example.ae", ("AE-DU",), "public") == (
        first.channel,
        first.address,
        first.filter.emirates,
        first.subscriber,
    )
    assert first.consent is not None
    assert instants.parse(first.consent.asked_at) <= instants.parse(first.consent.confirmed_at)
    days = (instants.parse(first.consent.keep_until) - instants.parse(first.consent.confirmed_at)) / DAY
    assert 729 < days <= 730
    assert first.id == second.id


async def test_the_same_address_is_asked_once_in_ten_minutes_and_the_page_does_not_tell(on: Stage) -> None:
    await asked(on)
    async with on.client(None) as client:
        again = await client.post("/subscribe", data=FORM | {"address": "mona@EXAMPLE.ae"})
        other = await client.post("/subscribe", data=FORM | {"address": "other@example.ae"})

    assert 2 == len(questions(on))
    assert again.text == other.text


def test_nobody_uses_it_to_write_to_strangers() -> None:
    asked, now = Asked(), 10 * DAY
    at_once = [asked.may(f"mark {place}", now) for place in range(130)]
    later = [asked.may(f"mark {place}", now + 61_000) for place in (0, 500)]
    much_later = asked.may("mark 0", now + 601_000)

    assert (120, [False, True], True) == (sum(at_once), later, much_later)


async def test_who_is_on_the_suppression_list_is_not_asked(on: Stage) -> None:
    on.deps.views.suppressed.add(suppressing.mark(SECRET, "email", "mona@example.ae"))

    async with on.client(None) as client:
        page = await client.post("/subscribe", data=FORM)

    assert (200, []) == (page.status_code, on.log.sent)


async def test_who_had_unsubscribed_may_come_back_by_himself(on: Stage) -> None:
    mark = suppressing.mark(SECRET, "email", "mona@example.ae", "WEB")
    on.deps.views.suppressed.add(mark)
    link = await asked(on)

    async with on.client(None) as client:
        done = await client.post(link)

    assert (200, 1) == (done.status_code, len(subscriptions(on)))
    assert mark not in on.deps.views.suppressed


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "nobody"},
        {"address": ""},
        {"address": "a@b\r\nBcc: c@d"},
        {"transport": "sms", "address": "+971501234567"},
        {"transport": "pigeon"},
        {"language": []},
        {"language": "xx"},
    ],
)
async def test_what_cannot_be_is_asked_again(on: Stage, changes: dict[str, Any]) -> None:
    async with on.client(None) as client:
        page = await client.post("/subscribe", data=FORM | changes)

    assert (422, []) == (page.status_code, on.log.sent)
    assert "Check the address" in page.text


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a&" * 200, b"%"])
async def test_rubbish_is_asked_again(on: Stage, body: bytes) -> None:
    async with on.client(None) as client:
        page = await client.post(
            "/subscribe", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
        )

    assert (422, []) == (page.status_code, on.log.sent)


async def test_a_link_is_good_for_a_day_and_only_ours_counts(on: Stage) -> None:
    wish = signing_up.Wish(
        transport="email", address="a@example.ae", languages=("ar",), at=instants.text(on.deps.now() - 2 * DAY)
    )
    links = [signing_up.token(SECRET, wish), "nonsense", "x" * 5000, signing_up.token(b"another secret..", wish)]

    async with on.client(None) as client:
        seen = [(await client.get(f"/confirm/{each}"), await client.post(f"/confirm/{each}")) for each in links]

    assert {404} == {page.status_code for both in seen for page in both}
    assert [] == on.log.sent


async def test_without_the_setting_nobody_signs_up(tmp_path: Path) -> None:
    shut = stage(tmp_path, link_secret=SECRET)
    async with shut.client(None) as client:
        look, post = await client.get("/subscribe"), await client.post("/subscribe", data=FORM)

    assert (404, 404, []) == (look.status_code, post.status_code, shut.log.sent)


async def test_what_somebody_agreed_to_is_erased_when_it_is_over(on: Stage) -> None:
    now, then = on.deps.now(), "2024-01-01T00:00:00Z"
    for name, until in (("old", now - 1), ("new", now + DAY)):
        consent = Consent(asked_at=then, source="page", confirmed_at=then, keep_until=instants.text(until))
        one = {"id": name, "space": "uae", "subscriber": "public", "channel": "WEB", "transport": "email"}
        on.deps.views.subscriptions.apply(name, Subscription(**one, address="a@b.ae", consent=consent))

    with suppress(TimeoutError):
        await asyncio.wait_for(forget(on.deps), 0.2)

    assert [(topics.SUBSCRIPTIONS, b"old", None)] == [(topic, key, sent.data) for topic, key, sent in on.log.sent]


async def test_a_consent_stays_when_the_subscription_is_written_anew(on: Stage) -> None:
    link = await asked(on)
    async with on.client(None) as client:
        await client.post(link)
    [made] = subscriptions(on)
    async with on.client("admin") as client:
        again = await client.put(
            f"/v1/subscriptions/{made.id}",
            json={"channel": "WEB", "transport": "email", "address": made.address, "subscriber": "public"},
        )

    assert made.consent is not None
    assert made.consent.model_dump() == again.json()["consent"]
    assert made.consent == subscriptions(on)[-1].consent
