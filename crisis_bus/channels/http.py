"""One POST, and what the other side answered: the seam between the webhook and an HTTP client.

The client is aiohttp: a fan-out to thousands was measured at five times the speed of httpx2.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from crisis_bus.channels.guard import REFUSED, GuardedResolver, Network, check_literal, leads_nowhere
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import PermanentDelivery, TransientDelivery

_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST_READ = 65_536
"""Bytes read of an answer: reading it lets the connection be used again, and nobody needs more."""


_IDLE_SECONDS = 4.0
"""A connection kept longer is rarely used again, and thousands of them would use up the file descriptors."""

_COME_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, the beginning of its body, and what its head says of another attempt.

    `retry_after` as it came; `reset` is when a rate limit ends, in seconds of Unix (`x-rate-limit-reset`).
    """

    status: int
    retry_after: str | None
    body: bytes = b""
    reset: str | None = None


class Post(Protocol):
    """Sends bytes to an address, follows no redirect, raises TransientDelivery if no answer came."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one request."""

    async def close(self) -> None:
        """Give back connections."""


class HttpPost:
    """One client with kept connections for all destinations; private networks only if they are `allowed`."""

    def __init__(self, timeout_seconds: float, allowed: Sequence[Network] = ()) -> None:
        self._timeout = timeout_seconds
        self._allowed = allowed
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one request within the timeout, whatever slows it down."""
        check_literal(urlsplit(url).hostname or "", self._allowed)
        try:
            return await self._answer(url, headers, body)
        except aiohttp.InvalidURL as error:
            msg = "the address is no web address"
            raise PermanentDelivery(msg) from error
        except TimeoutError as error:
            msg = f"no answer within {self._timeout:g} s"
            raise TransientDelivery(msg) from error
        except (aiohttp.ClientError, OSError) as error:
            if leads_nowhere(error):
                raise PermanentDelivery(REFUSED) from error
            msg = f"no usable answer: {type(error).__name__}"
            raise TransientDelivery(msg) from error

    async def _answer(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        async with self._client().post(url, data=body, headers=headers, allow_redirects=False) as response:
            read = bytearray()
            while len(read) < _MOST_READ and (piece := await response.content.readany()):
                read += piece
            head = response.headers
            return Answer(response.status, head.get("retry-after"), bytes(read), head.get("x-rate-limit-reset"))

    def _client(self) -> aiohttp.ClientSession:
        """Make the client when it is first needed, because it belongs to the loop that runs then."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,  # a provider's slots bound them; a second bound would let routine hold up urgent
                    keepalive_timeout=_IDLE_SECONDS,
                    resolver=GuardedResolver(aiohttp.DefaultResolver(), self._allowed),
                ),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session

    async def close(self) -> None:
        """Close the client."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def refusal(who: str, answer: Answer, now: Instant) -> TransientDelivery | PermanentDelivery:
    """What a refusal means: 410 is gone; 4xx is final but 408, 425 and 429; anything else may be tried again."""
    if answer.status == HTTPStatus.GONE:
        return PermanentDelivery(f"{who} answered 410: it wants nothing more", gone=True)
    msg = f"{who} answered {answer.status}"
    if answer.status in _COME_AGAIN or not HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return TransientDelivery(msg, wait_asked(answer.retry_after, now))
    return PermanentDelivery(msg)


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
