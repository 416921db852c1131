"""One POST, and what the other side answered: the seam between the webhook and an HTTP client."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol

import aiohttp

from crisis_bus.domain.instants import Instant
from crisis_bus.errors import PermanentDelivery, TransientDelivery

_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST_READ = 65_536
"""Bytes read of an answer: reading it lets the connection be used again, and nobody needs more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, and its `Retry-After` as it came."""

    status: int
    retry_after: str | None


class Post(Protocol):
    """Sends bytes to an address, follows no redirect, raises TransientDelivery if no answer came."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one request."""

    async def close(self) -> None:
        """Give back connections."""


class AiohttpPost:
    """One client with kept connections for all destinations."""

    def __init__(self, timeout_seconds: float, connections: int) -> None:
        self._timeout = timeout_seconds
        self._connections = connections
        self._made: aiohttp.ClientSession | None = None

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one request within the timeout, whatever slows it down."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._answer(url, headers, body)
        except aiohttp.InvalidURL as error:
            msg = "the address is no web address"
            raise PermanentDelivery(msg) from error
        except TimeoutError as error:
            msg = f"no answer within {self._timeout:g} s"
            raise TransientDelivery(msg) from error
        except (aiohttp.ClientError, OSError) as error:
            msg = f"no usable answer: {type(error).__name__}"
            raise TransientDelivery(msg) from error

    async def _answer(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        async with self._session().post(url, data=body, headers=headers, allow_redirects=False) as response:
            read = 0
            async for piece in response.content.iter_any():
                read += len(piece)
                if read > _MOST_READ:
                    break
            return Answer(response.status, response.headers.get("retry-after"))

    def _session(self) -> aiohttp.ClientSession:
        """The client, made with the first request: it belongs to the loop that runs then."""
        if self._made is None:
            self._made = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=aiohttp.ClientTimeout(total=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("accept", "accept-encoding"),
            )
        return self._made

    async def close(self) -> None:
        """Close the client."""
        if self._made is not None:
            await self._made.close()


def wait_asked(retry_after: str | None, now: Instant) -> float | None:
    """Seconds that a `Retry-After` asks for, given in seconds or as an HTTP date; None if it says neither."""
    if retry_after is None:
        return None
    if _SECONDS.fullmatch(retry_after.strip()):
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, date.timestamp() - now / 1000)
