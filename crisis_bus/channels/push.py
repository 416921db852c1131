"""Web Push (RFC 8030): a notification to a browser, encrypted for it (RFC 8291), in our name (RFC 8292)."""

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from py_vapid import Vapid02
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_json
from pywebpush import WebPusher

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared
from crisis_bus.channels.http import Answer, Post, wait_asked
from crisis_bus.channels.site import direction
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.pages import page_name
from crisis_bus.domain.subscriptions import Language, Transport
from crisis_bus.errors import PermanentDelivery, SettingsError, TransientDelivery

_MOST_BYTES = 3000
"""A push service takes 4,096 bytes (RFC 8291 §4), the encryption's own included."""
_LONGEST_TTL = 28 * 86_400
_TOKEN_SECONDS = 12 * 3600
_MOST_TOKENS = 1000
"""There are a handful of push services; but anybody may name another one."""
_TOPIC_SIGNS = 32
_AUTH_BYTES = 16
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_COME_AGAIN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""401 is about our token and clock and not about the browser: an operator can put it right."""


class PushOptions(BaseModel):
    """In whose name: `key_file` is a P-256 private key in PEM, `contact` a mailto: or https: address (RFC 8292 §2.1).

    `page` is the public address of the web page, ending in a slash; `ttl` (seconds) how long a push service keeps
    what has no expiry. `http` lets an endpoint be without TLS, for a push service on this machine.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key_file: Path
    contact: str = Field(pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://\S+)$")
    page: str | None = Field(None, pattern=r"^https?://[!-~]+/$")
    ttl: int = Field(86_400, ge=0, le=_LONGEST_TTL)
    http: bool = False


class _Browser(BaseModel):
    """A push subscription as browsers write it, or without the nesting."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    endpoint: str
    p256dh: str = Field(validation_alias=AliasChoices("p256dh", AliasPath("keys", "p256dh")))
    auth: str = Field(validation_alias=AliasChoices("auth", AliasPath("keys", "auth")))


class PushChannel:
    """Hands notifications to the push service of each browser; `post` says which hosts may be called."""

    name: Transport = "push"
    traits = Traits(
        "push",
        "push",
        "push subscription of a browser: its JSON in base64url",
        f"{_MOST_BYTES} bytes; longer words are cut, the page has them all",
        "both in one notification, the first in the title",
        "an undelivered text gives way to the newer one of its incident",
        "2xx of the push service",
        "none: the push service says nothing of the browser",
    )

    def __init__(self, options: PushOptions, post: Post, now: Callable[[], Instant]) -> None:
        self._options = options
        self._post = post
        self._now = now
        self._vapid = _vapid(options.key_file)
        self._tokens: dict[str, tuple[Instant, str]] = {}
        self._payloads = Shared(lambda bulletin, languages: _payload(bulletin, languages, options.page))

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that is no subscription of a browser; what is kept of the bytes is not encrypted yet."""
        scheme = urlsplit(_browser(message.address).endpoint).scheme
        if scheme != "https" and not (scheme == "http" and self._options.http):
            msg = "the address of the push service must start with https://"
            raise PermanentDelivery(msg)
        return Prepared(message, self._payloads.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Encrypt and post once; 404 and 410 mean that the browser wants nothing more."""
        browser = _browser(prepared.message.address)
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        body = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(prepared.payload)["body"]
        answer = await self._post(browser.endpoint, self._headers(browser, prepared.message.bulletin), body)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Taken(f"the push service answered {answer.status}", Outcome.ACCEPTED)
        raise _refusal(answer, self._now())

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._post.close()

    def _headers(self, browser: _Browser, bulletin: Bulletin) -> dict[str, str]:
        parts = urlsplit(browser.endpoint)
        return {
            "authorization": self._token(f"{parts.scheme}://{parts.netloc}"),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "topic": _topic(bulletin),
            "ttl": str(self._ttl(bulletin)),
            "urgency": "high" if bulletin.urgent else "normal",
        }

    def _ttl(self, bulletin: Bulletin) -> int:
        if bulletin.expires is None:
            return self._options.ttl
        return min(max((instants.parse(bulletin.expires) - self._now()) // 1000, 0), _LONGEST_TTL)

    def _token(self, origin: str) -> str:
        """One signature serves a push service for hours: half of the time that it is good for."""
        made = self._tokens.get(origin)
        now = self._now() // 1000
        if made is None or not 0 <= now - made[0] < _TOKEN_SECONDS // 2:
            claims = {"sub": self._options.contact, "aud": origin, "exp": now + _TOKEN_SECONDS}
            if len(self._tokens) >= _MOST_TOKENS:
                self._tokens.clear()
            made = self._tokens[origin] = (now, self._vapid.sign(claims)["Authorization"])
        return made[1]


def _topic(bulletin: Bulletin) -> str:
    """The newer text of a chain replaces the older one; but what is routine does not replace what is urgent."""
    digest = hashlib.sha256(f"{bulletin.chain}\x1f{bulletin.urgent}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_TOPIC_SIGNS]


def _payload(bulletin: Bulletin, languages: tuple[Language, ...], page: str | None) -> bytes:
    said = [each for each in languages if each in bulletin.text]
    if not said:
        msg = "the bulletin has no text in a language that the subscription asks for"
        raise PermanentDelivery(msg)
    content = {
        "id": bulletin.number,
        "title": bulletin.headline[said[0]],
        "body": "",
        "lang": said[0],
        "dir": direction(said[0]),
        "url": None if page is None else f"{page}{page_name(bulletin.number)}.{said[0]}.html",
        "tag": _topic(bulletin),
        "rehearsal": bulletin.rehearsal,
        "exercise": bulletin.exercise,
    }
    each_takes = (_MOST_BYTES - len(to_json(content))) // len(said) - 2
    body = "\n\n".join(_cut(bulletin.worded("push", each), each_takes) for each in said)
    return to_json(content | {"body": body})


def _cut(text: str, most: int) -> str:
    """As many whole words as fit into so many bytes of JSON; a sign is at least one."""
    if len(text) <= most and len(to_json(text)) <= most:
        return text
    words = text[:most].split(" ")
    while words:
        words.pop()
        cut = " ".join([*words, "…"])
        if len(to_json(cut)) <= most:
            return cut
    return ""


@lru_cache(maxsize=1024)
def _browser(address: str) -> _Browser:
    try:
        browser = _Browser.model_validate_json(_decoded(address))
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(browser.p256dh))
        wrong = len(_decoded(browser.auth)) != _AUTH_BYTES or not urlsplit(browser.endpoint).hostname
    except (ValidationError, ValueError) as error:
        msg = "the address is no push subscription of a browser: endpoint, p256dh and auth as JSON in base64url"
        raise PermanentDelivery(msg) from error
    if wrong or not browser.endpoint.isascii() or not browser.endpoint.isprintable():
        msg = "the address is no push subscription of a browser: its endpoint or its auth is none"
        raise PermanentDelivery(msg)
    return browser


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _vapid(path: Path) -> Vapid02:
    msg = "key_file: is no readable P-256 private key in PEM, without a password"
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(msg) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise SettingsError(msg)
    return Vapid02(key)


def _refusal(answer: Answer, now: Instant) -> TransientDelivery | PermanentDelivery:
    if answer.status in _GONE:
        return PermanentDelivery(f"the push service answered {answer.status}: the browser is gone", gone=True)
    msg = f"the push service answered {answer.status}"
    if answer.status in _COME_AGAIN or not HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return TransientDelivery(msg, wait_asked(answer.retry_after, now))
    return PermanentDelivery(msg)
