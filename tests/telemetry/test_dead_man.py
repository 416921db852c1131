"""The dead man's switch is fed while all is well, and not one time more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from crisis_bus.telemetry import dead_man
from tests.telemetry.switch import Switch, listening

EVERY = 0.02


@asynccontextmanager
async def feeding(url: str, reasons: list[str]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(dead_man.feed(url, EVERY, lambda: reasons, stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await task


async def test_it_is_fed_again_and_again_while_all_is_well() -> None:
    async with listening(Switch()) as switch, feeding(switch.url, []):
        await switch.until(3)

    assert switch.fed >= 3


async def test_it_is_not_fed_while_there_is_a_reason_not_to() -> None:
    reasons = ["INV-1: a statement left without its keys"]
    async with listening(Switch()) as switch, feeding(switch.url, reasons):
        await asyncio.sleep(5 * EVERY)
        before = switch.fed
        reasons.clear()
        await switch.until(1)

    assert 0 == before


@pytest.mark.parametrize(
    "switch", [Switch(status=500), Switch(status=302), Switch(hangs=True)], ids=["refuses", "moved", "hangs"]
)
async def test_a_switch_that_fails_is_fed_again(switch: Switch) -> None:
    async with listening(switch), feeding(switch.url, []):
        await switch.until(3)

    assert switch.fed >= 3


async def test_a_switch_that_is_not_there_ends_nothing() -> None:
    async with listening(Switch()) as switch:
        url = switch.url
    async with feeding(url, []):
        await asyncio.sleep(5 * EVERY)
