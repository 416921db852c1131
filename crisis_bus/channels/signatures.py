"""Signatures of webhooks as Standard Webhooks say: `v1` (HMAC-SHA256) and `v1a` (Ed25519), several in one header."""

import binascii
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from crisis_bus.errors import PermanentDelivery, SettingsError

_PRIVATE, _PUBLIC = "whsk_", "whpk_"
_SEED_BYTES, _PAIR_BYTES = 32, 64


class SigningKey:
    """The key by which anybody can check that a webhook is ours; `whsk_` and base64 of 32 or 64 bytes."""

    def __init__(self, said: str) -> None:
        """Read a key; raises SettingsError, which does not repeat it."""
        try:
            raw = b64decode(said.removeprefix(_PRIVATE), validate=True)
        except binascii.Error:
            raw = b""
        if not said.startswith(_PRIVATE) or len(raw) not in {_SEED_BYTES, _PAIR_BYTES}:
            msg = (
                "webhook_signing_key: it is whsk_ and the base64 of 32 or 64 bytes (crisis-bus keys webhook makes one)"
            )
            raise SettingsError(msg)
        self._key = Ed25519PrivateKey.from_private_bytes(raw[:_SEED_BYTES])
        if len(raw) == _PAIR_BYTES and raw[_SEED_BYTES:] != self._raw_public():
            msg = "webhook_signing_key: its second half is not the public key of the first"
            raise SettingsError(msg)

    @property
    def public(self) -> str:
        """What receivers check with: `whpk_` and base64."""
        return _PUBLIC + b64encode(self._raw_public()).decode()

    def sign(self, message: str, seconds: int, body: bytes) -> str:
        """The `v1a` signature of a message at a time (seconds of Unix)."""
        signed = self._key.sign(b".".join((message.encode(), str(seconds).encode(), body)))
        return "v1a," + b64encode(signed).decode()

    def detached(self, body: bytes) -> bytes:
        """The signature of bytes, in base64."""
        return b64encode(self._key.sign(body))

    def _raw_public(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_signed(public: str, body: bytes, signature: bytes) -> bool:
    """Whether bytes were signed by whoever has the other half of a public key (`whpk_` and base64)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public.removeprefix(_PUBLIC), validate=True))
        key.verify(signature, body)
    except (ValueError, InvalidSignature):
        return False
    return True


def made(seed: bytes) -> str:
    """A key of 32 random bytes, as the settings take it."""
    return _PRIVATE + b64encode(seed).decode()


def sign(secret: str, message: str, seconds: int, body: bytes) -> str:
    """The `v1` signature by a subscription's secret; raises PermanentDelivery if that is none."""
    # The library reads the clock face of whatever zone it is given, so it must be given UTC.
    return signer(secret).sign(message, datetime.fromtimestamp(seconds, tz=UTC), body.decode())


@lru_cache(maxsize=65_536)
def signer(secret: str) -> Webhook:
    """What signs by a secret; raises PermanentDelivery."""
    try:
        return Webhook(secret)
    except (binascii.Error, ValueError, EmptyWebhookSecretError) as error:
        msg = "the subscription's secret is no Standard Webhooks secret (whsec_ and base64)"
        raise PermanentDelivery(msg) from error
