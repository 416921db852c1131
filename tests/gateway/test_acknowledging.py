"""The link by which an operator says whether what was handed over has been put out."""

import json
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain import links
from crisis_bus.wire import topics
from tests.gateway.stage import Stage, stage

SECRET = b"0123456789abcdef"
LINK = f"/acknowledge/{links.token(SECRET, 'acknowledge', 'radio/room/m-1')}"


@pytest.fixture
def linked(tmp_path: Path) -> Stage:
    return stage(tmp_path, link_secret=SECRET)


def told(on: Stage) -> list[dict[str, Any]]:
    return [json.loads(envelope.data or b"") for topic, _, envelope in on.log.sent if topic == topics.CALLBACKS]


async def test_looking_at_the_link_changes_nothing_and_asks_in_both_languages(linked: Stage) -> None:
    async with linked.client(None) as client:
        page = await client.get(LINK)

    assert (200, []) == (page.status_code, linked.log.sent)
    assert ("هل بُثَّ" in page.text, "Has this statement been put out?" in page.text) == (True, True)
    assert "no-store" == page.headers["cache-control"]


@pytest.mark.parametrize(
    ("answer", "outcome", "detail"),
    [
        ("done", "delivered", "acknowledged by غرفة البث"),
        ("cannot", "failed", "غرفة البث says that it cannot be put out"),
    ],
)
@pytest.mark.parametrize("form", [True, False])
async def test_an_answer_is_told_to_deliver_once(
    linked: Stage, answer: str, outcome: str, detail: str, *, form: bool
) -> None:
    given = {"who": "غرفة البث", "answer": answer}
    async with linked.client(None) as client:
        said = [await (client.post(LINK, data=given) if form else client.post(LINK, json=given)) for _ in range(2)]

    first, second = told(linked)
    assert [200, 200] == [each.status_code for each in said]
    assert "your answer is recorded" in said[0].text
    assert ("radio/room", "m-1", outcome, detail) == tuple(
        first[name] for name in ("provider", "provider_id", "outcome", "detail")
    )
    assert first["id"] == second["id"]


@pytest.mark.parametrize(
    "given",
    [
        {"answer": "done"},
        {"who": "room"},
        {"who": " ", "answer": "done"},
        {"who": "x" * 101, "answer": "done"},
        {"who": "a\nb", "answer": "done"},
        {"who": "room", "answer": "maybe"},
    ],
)
async def test_an_answer_of_nobody_or_about_nothing_is_asked_again(linked: Stage, given: dict[str, str]) -> None:
    async with linked.client(None) as client:
        page = await client.post(LINK, data=given)

    assert (422, []) == (page.status_code, linked.log.sent)
    assert "Give your name" in page.text


@pytest.mark.parametrize(
    "token", ["nonsense", links.token(SECRET, "unsubscribe", "radio/m-1"), LINK.rpartition("/")[2][:-2], "x" * 5000]
)
async def test_a_token_that_is_not_ours_says_nothing(linked: Stage, token: str) -> None:
    async with linked.client(None) as client:
        page = await client.get(f"/acknowledge/{token}")
        refused = await client.post(f"/acknowledge/{token}", data={"who": "room", "answer": "done"})

    assert (404, 404, []) == (page.status_code, refused.status_code, linked.log.sent)
    assert set(linked.meter.denials) <= {"acknowledge_link"}
