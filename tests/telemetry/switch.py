"""A dead man's switch on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web


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
            while self.fed < fed:  # noqa: ASYNC110 a test may look again and again
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
