"""DKIM signatures (RFC 6376, RFC 8463): dkimpy says what is signed, cryptography signs.

Not `dkim.sign`: it takes the time of the clock, so that a mail would not be the same bytes at each attempt, it wants
PyNaCl for Ed25519, and it computes RSA in Python, ten times slower than this.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from dkim import rfc822_parse, select_headers
from dkim.canonicalization import CanonicalizationPolicy
from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.errors import SettingsError

_RELAXED = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
_ONLY_ONCE = (b"from", b"to", b"subject", b"date", b"reply-to")
"""Signed once more than they are there: a second one breaks the signature (RFC 6376 §8.15)."""
_LEAST_BITS = 2048
_LINE = 70
_Domain = Field(pattern=r"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?$", max_length=253)


class DkimKey(BaseModel):
    """A key, its public half at `<selector>._domainkey.<domain>`; `key_file` is PEM: RSA of 2048 bits, or Ed25519."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    selector: str = _Domain
    domain: str = _Domain
    key_file: Path


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs mails with one key."""

    selector: str
    domain: str
    key: RSAPrivateKey | Ed25519PrivateKey

    def header(self, mail: bytes, seconds: int) -> bytes:
        """The header line to put before a mail, signed at this time; the same mail and time give the same line."""
        headers, body = rfc822_parse(mail)
        names = [*(name.lower() for name, _ in headers), *_ONLY_ONCE]
        body_hash = b64encode(hashlib.sha256(_RELAXED.canonicalize_body(body)).digest())
        value = b";\r\n ".join((self._tags(seconds), b"h=" + b":\r\n ".join(names), b"bh=" + body_hash, b"b="))
        line = (b"DKIM-Signature", b" " + value)
        signed = select_headers(_RELAXED.canonicalize_headers(headers), names)
        last = _RELAXED.canonicalize_headers([line])[0]
        signature = self._signature(_bytes([*signed, (last[0], last[1].rstrip())]))
        return b": ".join((line[0], value)) + _folded(b64encode(signature)) + b"\r\n"

    def _tags(self, seconds: int) -> bytes:
        algorithm = "rsa" if isinstance(self.key, RSAPrivateKey) else "ed25519"
        tags = f"v=1; a={algorithm}-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector}; t={seconds}"
        return tags.encode()

    def _signature(self, signed: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(signed, PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(signed).digest())


def signer(options: DkimKey) -> Signer:
    """Read a key; raises SettingsError if the file has none that receivers accept."""
    try:
        key = serialization.load_pem_private_key(options.key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = f"dkim: the key file of selector {options.selector} is no readable PEM private key without a password"
        raise SettingsError(msg) from error
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= _LEAST_BITS):
        return Signer(options.selector, options.domain, key)
    msg = f"dkim: the key of selector {options.selector} must be Ed25519, or RSA of at least {_LEAST_BITS} bits"
    raise SettingsError(msg)


def _bytes(headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(name + b":" + value for name, value in headers)


def _folded(text: bytes) -> bytes:
    return b"\r\n ".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))
