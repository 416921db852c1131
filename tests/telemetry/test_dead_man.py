"""The dead man's switch is fed while all is well, and not one time more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web

from crisis_bus.telemetry import dead_man

EVERY = 0.02


@dataclass
class Switch:
    """A switch on loopback that counts how often it was fed."""

    url: str = ""
    fed: int = 0
    status: int = 200
    hangs: bool = False

    async def answer(self, request: web.Request) -> web.Response:  # noqa: ARG002 the form of a handler
        self.fed += 1
        if self.hangs:
            await asyncio.sleep(30)
        return web.Response(status=self.status)

    async def until(self, fed: int) -> None:
        async with asyncio.timeout(10):
            while self.fed < fed:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def listening(switch: Switch) -> AsyncIterator[Switch]:
    app = web.Application()
    app.router.add_get("/alive", switch.answer)
    running = web.AppRunner(app, shutdown_timeout=0.1)
    await running.setup()
    site = web.TCPSite(running, "127.0.0.1", 0)
    await site.start()
    _, port = running.addresses[0][:2]
    switch.url = f"http://127.0.0.1:{port}/alive"
    try:
        yield switch
    finally:
        await running.cleanup()


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
