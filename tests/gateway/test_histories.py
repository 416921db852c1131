"""What a recipient was sent, for its owner and administrators; and the proof of one message."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.errors import NotReachable
from crisis_bus.views.gathered import Views
from crisis_bus.views.histories import Histories
from tests.gateway.stage import Stage, stage
from tests.gateway.test_reading import receipt

TOLD = [
    receipt("m1", Outcome.ACCEPTED).model_copy(
        update={"provider": "relay", "provider_id": "q-1", "payload": "ab" * 32, "due": "2026-04-16T11:59:58Z"}
    ),
    receipt("m1", Outcome.DELIVERED, "2026-04-16T12:01:00Z").model_copy(update={"due": "2026-04-16T11:59:58Z"}),
    receipt("m2", Outcome.FAILED, "2026-04-16T12:02:00Z").model_copy(update={"subscription": "wam/hook"}),
]


def tell(on: Stage, *told: Receipt) -> None:
    for each in told:
        on.deps.views.receipt(each.model_dump_json().encode())


async def test_the_owner_reads_everything_that_was_sent_with_the_answers(on: Stage) -> None:
    tell(on, *TOLD)

    async with on.client() as client:
        page = (await client.get("/v1/history/site")).json()

    [sent] = page["items"]
    assert ("m1", "delivered", "2026-04-16T11:59:58Z") == (sent["message"], sent["outcome"], sent["due"])
    assert ["accepted", "delivered"] == [answer["outcome"] for answer in sent["answers"]]
    assert (False, "2026-04-16T11:59:58Z|m1") == (page["more"], page["after"])


async def test_a_history_goes_on_after_a_page_and_ends_with_an_empty_one(on: Stage) -> None:
    tell(on, *TOLD)

    async with on.client() as client:
        first = (await client.get("/v1/history/site", params={"limit": "1"})).json()
        last = await client.get("/v1/history/site", params={"after": first["after"]})

    assert (200, []) == (last.status_code, last.json()["items"])


@pytest.mark.parametrize(
    ("key", "name", "status"),
    [
        pytest.param("gco", "wam/hook", 200, id="owner, an id with a slash"),
        pytest.param("admin", "site", 200, id="administrator"),
        pytest.param("media", "site", 404, id="somebody else"),
        pytest.param("reader", "site", 403, id="a key without the scope"),
        pytest.param("gco", "nothing", 404, id="no such subscription"),
    ],
)
async def test_a_history_is_for_its_owner_and_administrators(on: Stage, key: str, name: str, status: int) -> None:
    tell(on, *TOLD)

    async with on.client(key) as client:
        answer = await client.get(f"/v1/history/{name}")

    assert status == answer.status_code


async def test_a_subscription_to_which_nothing_was_sent_has_an_empty_history(on: Stage) -> None:
    wanted = {"channel": "WEB", "transport": "webhook", "address": "https://example.test/hook"}

    async with on.client("media") as client:
        await client.put("/v1/subscriptions/hook", json=wanted)
        answer = await client.get("/v1/history/hook")

    assert (200, []) == (answer.status_code, answer.json()["items"])


async def test_a_proof_has_the_hash_the_name_at_the_provider_and_the_times(on: Stage) -> None:
    tell(on, *TOLD)

    async with on.client("reader") as client:
        proof = (await client.get("/v1/deliveries/m1")).json()
        none = await client.get("/v1/deliveries/m9")

    accepted, delivered = proof["answers"]
    assert ("relay", "q-1", "ab" * 32) == (accepted["provider"], accepted["provider_id"], accepted["payload"])
    assert ("2026-04-16T12:00:00Z", "2026-04-16T12:01:00Z") == (accepted["at"], delivered["at"])
    assert 404 == none.status_code


async def test_a_proof_is_not_given_to_whom_the_space_is_closed(on: Stage) -> None:
    tell(on, TOLD[0].model_copy(update={"space": "rehearsal-1"}))

    async with on.client("reader") as reader, on.client("admin") as admin:
        answers = await reader.get("/v1/deliveries/m1"), await admin.get("/v1/deliveries/m1")

    assert [404, 200] == [answer.status_code for answer in answers]


async def test_what_is_not_at_hand_is_read_from_the_topic(tmp_path: Path) -> None:
    async def recall(look: Callable[[bytes | None], None]) -> None:
        for told in TOLD:
            look(told.model_dump_json().encode())

    on = stage(tmp_path, views=Views(histories=Histories(at_hand=1)), recall=recall)
    tell(on, *TOLD)

    async with on.client("admin") as client:
        history = (await client.get("/v1/history/site")).json()
        proof = (await client.get("/v1/deliveries/m1")).json()

    assert ["m1"] == [each["message"] for each in history["items"]]
    assert ["accepted", "delivered"] == [each["outcome"] for each in proof["answers"]]


async def test_while_the_log_is_away_a_history_that_is_not_at_hand_is_not_told_by_halves(tmp_path: Path) -> None:
    async def recall(_look: Callable[[bytes | None], None]) -> None:
        msg = "away"
        raise NotReachable(msg)

    on = stage(tmp_path, views=Views(histories=Histories(at_hand=1)), recall=recall)
    tell(on, *TOLD)

    async with on.client("admin") as client:
        answer = await client.get("/v1/history/site")

    assert 503 == answer.status_code
