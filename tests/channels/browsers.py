"""A browser's push subscription, and how it opens what a push service hands it."""

import base64
import json
from pathlib import Path
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

BROWSER = ec.generate_private_key(ec.SECP256R1())
AUTH = b"0123456789abcdef"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


P256DH = text(BROWSER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def browser(endpoint: str, p256dh: str = P256DH, auth: bytes = AUTH) -> str:
    """As `PushSubscription.toJSON` writes it."""
    keys = {"p256dh": p256dh, "auth": text(auth)}
    return text(json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys}).encode())


def pem(folder: Path, key: Any) -> Path:
    path = folder / "vapid.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def opened(body: bytes) -> dict[str, Any]:
    """What the page's worker is given."""
    read: dict[str, Any] = json.loads(
        http_ece.decrypt(body, private_key=BROWSER, auth_secret=AUTH, version="aes128gcm")
    )
    return read
