"""A dead man's switch outside of this site: it is fed while all is well, and calls people when it is not fed."""

import asyncio
from contextlib import suppress

import aiohttp
import structlog

from crisis_bus.telemetry.metrics import Readiness

_PATIENCE_SECONDS = 10.0

log = structlog.get_logger(__name__)


async def feed(url: str, every: float, reasons: Readiness, stop: asyncio.Event) -> None:
    """Request the address again and again, but only while there is no reason not to."""
    timeout = aiohttp.ClientTimeout(total=min(_PATIENCE_SECONDS, every))
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while not stop.is_set():
            why = reasons()
            if why:
                log.error("dead_man_not_fed", reasons=len(why), first=why[0])
            else:
                await _request(session, url)
            await _asleep(every, stop)


async def _request(session: aiohttp.ClientSession, url: str) -> None:
    """Say that all is well; a switch that cannot be reached calls by itself, so a failure is only told."""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            if answer.status >= 400:  # noqa: PLR2004 HTTP's errors
                log.warning("dead_man_refuses", status=answer.status)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("dead_man_not_reached", error=type(error).__name__)


async def _asleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
