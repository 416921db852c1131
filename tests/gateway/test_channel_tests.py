"""Tests of channels: ordered in every partition, never public, and told with their share."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain import channel_tests as rules
from crisis_bus.domain.delivery import Expansion, Order, Outcome
from crisis_bus.gateway import channel_tests
from crisis_bus.wire.envelope import Envelope
from tests.gateway.stage import Stage, stage
from tests.gateway.test_reading import receipt


class Orders:
    """Keeps what is ordered, by partition."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, Order]] = []

    async def __call__(self, partition: int, envelope: Envelope) -> None:
        self.sent.append((partition, Order.model_validate_json(envelope.data or b"")))


@pytest.fixture
def orders() -> Orders:
    return Orders()


@pytest.fixture
def testing(tmp_path: Path, orders: Orders) -> Stage:
    return stage(tmp_path, order=orders, order_partitions=2, testable=("GOV_INTERNAL", "DIPLO"))


async def test_a_test_is_ordered_in_every_partition(testing: Stage, orders: Orders) -> None:
    async with testing.client("admin") as client:
        asked = await client.post("/v1/channel-tests", json={"channels": ["DIPLO"]})

    assert (202, ["DIPLO"]) == (asked.status_code, asked.json()["channels"])
    assert [0, 1] == [partition for partition, _ in orders.sent]
    assert {True} == {order.bulletin.test for _, order in orders.sent}
    assert {("DIPLO",)} == {order.bulletin.channels for _, order in orders.sent}
    assert {asked.json()["test"]} == {order.bulletin.statement for _, order in orders.sent}
    assert {"ar", "en"} == set(orders.sent[0][1].bulletin.text)


async def test_what_the_public_sees_is_not_tested(testing: Stage, orders: Orders) -> None:
    async with testing.client("admin") as client:
        refused = await client.post("/v1/channel-tests", json={"channels": ["DIPLO", "WEB"]})

    assert (422, "channels[1]", []) == (refused.status_code, refused.json()["field"], orders.sent)


async def test_only_administrators_test(testing: Stage, orders: Orders) -> None:
    async with testing.client("media") as client:
        refused = await client.post("/v1/channel-tests", json={})

    assert (403, []) == (refused.status_code, orders.sent)


@pytest.mark.parametrize(("accepted", "well"), [(20, True), (18, False)])
async def test_a_test_is_well_when_enough_accepted_it_in_time(testing: Stage, accepted: int, *, well: bool) -> None:
    reach, name = testing.deps.views.reach, "TEST-2026-W16"
    reach.expansion(
        Expansion(order="o", partition=0, number=f"uae/{name}", space="uae", statement=name, channels={"DIPLO": 20})
    )
    for number in range(accepted):
        told = receipt(f"m{number}", Outcome.ACCEPTED).model_copy(update={"statement": name, "channel": "DIPLO"})
        reach.receipt(told)

    async with testing.client() as client:
        [found] = (await client.get("/v1/channel-tests")).json()["items"]

    assert (name, well, 20, accepted) == (
        found["test"],
        found["well"],
        found["channels"][0]["due"],
        found["channels"][0]["accepted"],
    )


async def test_the_weekly_test_is_published_once(
    testing: Stage, orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_tests, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(rules, "of_the_week", _week)
    running = asyncio.create_task(channel_tests.weekly(testing.deps, "WED 10:00"))
    async with asyncio.timeout(5):
        while len(orders.sent) < 2:  # noqa: ASYNC110 the test is another task
            await asyncio.sleep(0.01)
    told = orders.sent[0][1].bulletin
    testing.deps.views.reach.expansion(
        Expansion(order="o", partition=0, number=told.number, space="uae", statement=told.statement, channels={})
    )
    before = len(orders.sent)
    await asyncio.sleep(0.1)
    running.cancel()

    assert "TEST-2026-W48" == told.statement
    assert len(orders.sent) <= before + 2


def _week(*_: Any) -> str:
    return "TEST-2026-W48"
