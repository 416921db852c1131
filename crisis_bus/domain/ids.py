"""Ids: time-ordered for what begins something, derived from its cause for what follows."""

import uuid
from collections.abc import Callable
from hashlib import sha1

_NAMESPACE = uuid.UUID("6f1d3f0a-52c9-5d6e-9b7c-0c71515b0500")


def uuid7(milliseconds: int, chance: bytes) -> str:
    """A UUIDv7 (RFC 9562 §5.7) of an instant and ten random bytes, both brought by the caller."""
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(chance[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def derived(*cause: str) -> str:
    """The id of what follows from a cause: the same cause gives the same id, for ever."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(cause)))


def deriving(*cause: str) -> Callable[[bytes], bytes]:
    """`derived(*cause, last)` for many a `last` (UTF-8), as ASCII: what all share is hashed once."""
    # RFC 9562 §5.5 asks for SHA-1; nothing secret depends on it.
    begun = sha1(_NAMESPACE.bytes + "\x1f".join((*cause, "")).encode(), usedforsecurity=False)

    def of(last: bytes) -> bytes:
        whole = begun.copy()
        whole.update(last)
        said = whole.hexdigest()
        variant = _VARIANT[said[16]]
        return f"{said[:8]}-{said[8:12]}-5{said[13:16]}-{variant}{said[17:20]}-{said[20:32]}".encode()

    return of


_VARIANT = {digit: "89ab"[int(digit, 16) & 0x3] for digit in "0123456789abcdef"}
