"""The token of a link that needs no sign-in: it names something for one purpose; only who has the secret can make one.

The link that unsubscribes is one (RFC 8058 §3.1), and the link by which an operator acknowledges a hand-over.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal

Purpose = Literal["unsubscribe", "acknowledge", "confirm"]
"""A token that the same secret makes for one purpose is none for another."""


def token(secret: bytes, purpose: Purpose, name: str) -> str:
    """The token for a name: the name and an HMAC-SHA256 of it, fit for a URL; the same for ever."""
    return f"{_encoded(name.encode())}.{_encoded(_mac(secret, purpose, name))}"


def named(secret: bytes, purpose: Purpose, token: str) -> str | None:
    """What a token names; None if we did not make it for this purpose."""
    name, _, mac = token.partition(".")
    try:
        said, given = _decoded(name).decode(), _decoded(mac)
    except ValueError:
        return None
    return said if hmac.compare_digest(_mac(secret, purpose, said), given) else None


def _mac(secret: bytes, purpose: Purpose, name: str) -> bytes:
    return hmac.digest(secret, f"crisis-bus {purpose}\0{name}".encode(), "sha256")


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
