"""The token of an unsubscribe link names a subscription; only who has the secret can make one (RFC 8058 §3.1)."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

_PURPOSE = b"crisis-bus unsubscribe\x00"
"""A token that the same secret makes for anything else is none here."""


def token(secret: bytes, subscription: str) -> str:
    """The token for one subscription: its id and an HMAC-SHA256 of it, fit for a URL; the same for ever."""
    return f"{_encoded(subscription.encode())}.{_encoded(_mac(secret, subscription))}"


def subscription(secret: bytes, token: str) -> str | None:
    """The subscription that a token names; None if we did not make the token."""
    name, _, mac = token.partition(".")
    try:
        named = _decoded(name).decode()
        given = _decoded(mac)
    except ValueError:
        return None
    return named if hmac.compare_digest(_mac(secret, named), given) else None


def _mac(secret: bytes, named: str) -> bytes:
    return hmac.digest(secret, _PURPOSE + named.encode(), "sha256")


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
