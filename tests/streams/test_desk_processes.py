"""The desk as processes on a real broker: killed, frozen, joined and left, and nobody can tell afterwards."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisis_bus.domain.delivery import Order
from crisis_bus.wire import topics
from tests.conftest import ROOT
from tests.streams.space import (
    answered,
    ask,
    broken,
    commands_of,
    everything,
    expected,
    fresh_space,
    publishing,
    scenario,
    told,
)

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


class Desks:
    """Desk and follower processes against one broker; none outlives the test."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self._environment = {**os.environ, "CRISIS_BUS_KAFKA": bootstrap, "CRISIS_BUS_DATA": str(folder)}
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, name: str = "desk") -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "crisis_bus", name]
        process = subprocess.Popen(command, cwd=ROOT, env=self._environment, start_new_session=True)
        self._started.append(process)
        return process

    def kill(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def desks(catalogue_applied: str, tmp_path: Path) -> Iterator[Desks]:
    desks = Desks(catalogue_applied, tmp_path)
    yield desks
    desks.kill()


async def orders_of(bootstrap: str, space: str) -> list[Order]:
    orders = [Order.model_validate_json(one.value or b"") for one in await everything(bootstrap, topics.ORDERS)]
    return [order for order in orders if order.bulletin.space == space]


async def ordered(bootstrap: str, space: str, statements: set[str], seconds: float = 60) -> list[Order]:
    """The orders of a space, once there is one for each statement and partition."""
    async with asyncio.timeout(seconds):
        while len({order.id for order in await orders_of(bootstrap, space)}) < 6 * len(statements):  # noqa: ASYNC110 the log is all there is to ask
            await asyncio.sleep(0.2)
    return await orders_of(bootstrap, space)


def published(facts: list[str]) -> set[str]:
    found = [json.loads(line) for line in facts]
    return {fact["data"]["statement"] for fact in found if fact["type"] == "statement.published"}


async def test_killed_again_and_again_it_decides_what_it_would_have_decided(
    desks: Desks, catalogue_applied: str
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 pytest shows it when the test fails
    chance, played, space = random.Random(seed), scenario("S01"), fresh_space("S01")
    commands = commands_of(played, space)
    cuts = sorted(chance.sample(range(1, len(commands)), 3))

    async with publishing(catalogue_applied) as publisher:
        for begin, end in zip([0, *cuts], [*cuts, len(commands)], strict=True):
            desk = desks.start()
            await ask(publisher, space, commands[begin:end])
            await answered(catalogue_applied, space, chance.randint(begin, end - 1))
            desk.kill()
            desk.wait()
        desks.start()
        found = await answered(catalogue_applied, space, len(commands))
        desks.start("follower")
        orders = await ordered(catalogue_applied, space, published(expected(played)))

    assert expected(played) == told(found)
    assert [] == await broken(catalogue_applied)
    statements = published(expected(played))
    assert {(name, number) for name in statements for number in range(6)} == {
        (order.bulletin.statement, order.partition) for order in orders
    }
    assert 6 * len(statements) == len({order.id for order in orders})


async def test_a_desk_that_wakes_up_after_its_partitions_went_changes_nothing(
    desks: Desks, catalogue_applied: str
) -> None:
    played, space = scenario("S01"), fresh_space("S01")
    commands = commands_of(played, space)

    async with publishing(catalogue_applied) as publisher:
        zombie = desks.start()
        await ask(publisher, space, commands[:10])
        await answered(catalogue_applied, space, 10)
        zombie.send_signal(signal.SIGSTOP)
        await ask(publisher, space, commands[10:20])
        desks.start()
        await answered(catalogue_applied, space, 20)
        zombie.send_signal(signal.SIGCONT)
        await ask(publisher, space, commands[20:])
        found = await answered(catalogue_applied, space, len(commands))

    assert expected(played) == told(found)
    assert [] == await broken(catalogue_applied)


async def test_desks_that_join_and_leave_in_the_middle_lose_nothing(desks: Desks, catalogue_applied: str) -> None:
    played, spaces = scenario("S01"), [fresh_space("S01") for _ in range(4)]
    commands = {space: commands_of(played, space) for space in spaces}
    count = len(commands[spaces[0]])

    async with publishing(catalogue_applied) as publisher:
        first = desks.start()
        for step in range(count):
            for space in spaces:
                await ask(publisher, space, [commands[space][step]])
            if step == count // 3:
                await answered(catalogue_applied, spaces[0], 1)
                desks.start()
            if step == 2 * count // 3:
                first.terminate()
            await asyncio.sleep(0.05)
        found = {space: await answered(catalogue_applied, space, count) for space in spaces}

    assert {space: expected(played) for space in spaces} == {space: told(found[space]) for space in spaces}
    assert [] == await broken(catalogue_applied)
    assert 0 == first.wait(30)


async def test_an_order_says_the_statement_in_both_languages_and_in_its_place(
    desks: Desks, catalogue_applied: str
) -> None:
    played, space = scenario("S01"), fresh_space("S01")
    commands = commands_of(played, space)

    async with publishing(catalogue_applied) as publisher:
        desks.start()
        desks.start("follower")
        await ask(publisher, space, commands)
        orders = await ordered(catalogue_applied, space, published(expected(played)))

    bulletins = {order.bulletin.number: order.bulletin for order in orders}.values()
    assert all(one.text["ar"] and one.text["en"] and one.headline["ar"] and one.rehearsal for one in bulletins)
    assert [1] * len(bulletins) == list(Counter((one.chain, one.sequence) for one in bulletins).values())
