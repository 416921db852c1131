"""Webhooks, signed as Standard Webhooks say; the body is the bulletin as a structured CloudEvent.

The id is the message's and stays over retries; the timestamp is the attempt's. Redirects are not
followed: a destination that has moved is told to its owner, not guessed.
"""

from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared, bulletin_data, bulletin_event
from crisis_bus.channels.http import Post, refusal
from crisis_bus.channels.signatures import SigningKey, sign, signer
from crisis_bus.domain.delivery import Bulletin, OutboxMessage
from crisis_bus.domain.instants import Instant, parse
from crisis_bus.domain.subscriptions import Language, Transport
from crisis_bus.errors import PermanentDelivery
from crisis_bus.wire.envelope import STRUCTURED, to_structured

_PEER = "the webhook"


class WebhookChannel:
    """Posts bulletins, signed by each subscription's secret, and by our `key` if there is one."""

    name: Transport = "webhook"
    traits = Traits(
        "webhook",
        "webhook",
        "https URL",
        "none of ours; the receiver's body limit",
        "both in one event",
        "by chain, at the destination",
        "a 2xx answer",
        "the answer is the receipt",
    )

    def __init__(self, post: Post, now: Callable[[], Instant], key: SigningKey | None = None) -> None:
        self._post = post
        self._now = now
        self._key = key
        self._bodies = Shared(_body)

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that is no HTTP address and a secret that is none."""
        check_address(message.address)
        for secret in _secrets(message):
            signer(secret)
        return Prepared(message, self._bodies.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Post once; 2xx is taken, 410 is gone, other refusals are final but 408, 425 and 429."""
        answer = await self._post(prepared.message.address, self._headers(prepared), prepared.payload)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Taken(f"the webhook answered {answer.status}")
        raise refusal(_PEER, answer, self._now())

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._post.close()

    def _headers(self, prepared: Prepared) -> dict[str, str]:
        message, seconds = prepared.message, self._now() // 1000
        headers = {
            "content-type": f"{STRUCTURED}; charset=utf-8",
            "user-agent": "crisis-bus",
            "webhook-id": message.id,
            "webhook-timestamp": str(seconds),
        }
        signed = [sign(secret, message.id, seconds, prepared.payload) for secret in _secrets(message)]
        if self._key is not None:
            signed.append(self._key.sign(message.id, seconds, prepared.payload))
        return headers | ({"webhook-signature": " ".join(signed)} if signed else {})


def _secrets(message: OutboxMessage) -> list[str]:
    """The secret, and for a while after a change the one before it."""
    until = message.old_until
    old = until is not None and parse(message.bulletin.published_at) < parse(until)
    return [secret for secret in (message.secret, message.old_secret if old else None) if secret is not None]


def _body(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    return to_structured(bulletin_event(bulletin, bulletin_data(bulletin, languages)))


@lru_cache(maxsize=65_536)
def check_address(address: str) -> str:
    """Give the host of a web address that may be called; raises PermanentDelivery."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        msg = "the webhook's address is no web address"
        raise PermanentDelivery(msg) from error
    if parts.scheme not in {"http", "https"} or not host or port == 0 or not address.isascii() or " " in address:
        msg = "the webhook's address must start with http:// or https://, name a host and be plain ASCII"
        raise PermanentDelivery(msg)
    if parts.username is not None or parts.password is not None:
        msg = "the webhook's address carries a user name or password; give the subscription a secret instead"
        raise PermanentDelivery(msg)
    return host
