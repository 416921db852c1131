"""One POST, and what the other side answered: the seam between the webhook and an HTTP client."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol

import httpx2

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


class Httpx2Post:
    """One client with kept connections for all destinations."""

    def __init__(self, timeout_seconds: float, connections: int) -> None:
        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._timeout = timeout_seconds
        self._client = httpx2.AsyncClient(
            timeout=timeout_seconds, limits=limits, follow_redirects=False, trust_env=False
        )

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one request within the timeout, whatever slows it down."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._answer(url, headers, body)
        except httpx2.InvalidURL as error:
            msg = "the address is no web address"
            raise PermanentDelivery(msg) from error
        except (TimeoutError, httpx2.TimeoutException) as error:
            msg = f"no answer within {self._timeout:g} s"
            raise TransientDelivery(msg) from error
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            msg = f"no usable answer: {type(error).__name__}"
            raise TransientDelivery(msg) from error

    async def _answer(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        async with self._client.stream("POST", url, content=body, headers=dict(headers)) as response:
            read = 0
            async for piece in response.aiter_raw():
                read += len(piece)
                if read > _MOST_READ:
                    break
            return Answer(response.status_code, response.headers.get("retry-after"))

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()


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
