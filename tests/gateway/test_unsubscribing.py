"""The link in a mail that ends a subscription."""

from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain import links
from crisis_bus.wire import topics
from tests.gateway.stage import Stage, stage

SECRET = b"0123456789abcdef"
MAIL: dict[str, Any] = {"channel": "MEDIA_WIRE", "transport": "email", "address": "desk@wam.example"}
LINK = f"/unsubscribe/{links.token(SECRET, 'unsubscribe', 'wam')}"


@pytest.fixture
async def linked(tmp_path: Path) -> Stage:
    made = stage(tmp_path, link_secret=SECRET)
    async with made.client("media") as client:
        await client.put("/v1/subscriptions/wam", json=MAIL)
    return made


async def test_looking_at_the_link_changes_nothing_and_asks_in_both_languages(linked: Stage) -> None:
    async with linked.client(None) as client:
        page = await client.get(LINK)

    assert (200, 1) == (page.status_code, len(linked.log.sent))
    assert ("هل تريد" in page.text, "Yes, unsubscribe" in page.text) == (True, True)
    assert "no-store" == page.headers["cache-control"]


@pytest.mark.parametrize("form", [{"List-Unsubscribe": "One-Click"}, {}])
async def test_one_click_ends_the_subscription_and_a_second_one_changes_nothing(
    linked: Stage, form: dict[str, str]
) -> None:
    async with linked.client(None) as client:
        first = await client.post(LINK, data=form)
        second = await client.post(LINK, data=form)

    (topic, key, envelope) = linked.log.sent[-1]
    assert [200, 200] == [first.status_code, second.status_code]
    assert "You have unsubscribed" in first.text
    assert (topics.SUBSCRIPTIONS, b"wam", None, 3) == (topic, key, envelope.data, len(linked.log.sent))


async def test_who_has_unsubscribed_is_not_signed_up_for_that_channel_again(linked: Stage) -> None:
    async with linked.client(None) as client:
        await client.post(LINK)
    async with linked.client("media") as client:
        again = await client.put("/v1/subscriptions/wam-2", json=MAIL)
        as_a_step = await client.put(
            "/v1/subscriptions/wam-3",
            json=MAIL
            | {"address": "other@wam.example", "ladder": [{"transport": "email", "address": "DESK@wam.example"}]},
        )
        elsewhere = await client.put("/v1/subscriptions/wam-4", json=MAIL | {"channel": "WEB"})

    (_, _, act) = linked.log.sent[1]
    assert b"wam.example" not in (act.data or b"")
    assert (422, "address") == (again.status_code, again.json()["field"])
    assert (422, "ladder.0.address") == (as_a_step.status_code, as_a_step.json()["field"])
    assert 201 == elsewhere.status_code


@pytest.mark.parametrize(
    "token",
    ["nonsense", LINK.rpartition("/")[2][:-2], links.token(b"another secret..", "unsubscribe", "wam"), "x" * 5000],
)
async def test_a_token_that_is_not_ours_ends_nothing(linked: Stage, token: str) -> None:
    async with linked.client(None) as client:
        page = await client.get(f"/unsubscribe/{token}")
        refused = await client.post(f"/unsubscribe/{token}")

    assert (404, 404, 1) == (page.status_code, refused.status_code, len(linked.log.sent))


async def test_a_denial_is_counted(linked: Stage) -> None:
    async with linked.client(None) as client:
        await client.post("/unsubscribe/nonsense")

    assert ["unsubscribe_link"] == linked.meter.denials


async def test_without_a_secret_there_are_no_links(tmp_path: Path) -> None:
    async with stage(tmp_path).client(None) as client:
        page = await client.get(LINK)

    assert 404 == page.status_code
