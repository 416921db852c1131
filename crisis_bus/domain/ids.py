"""Ids: time-ordered for what begins something, derived from its cause for what follows."""

import uuid

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
