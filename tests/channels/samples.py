"""Bulletins and messages for tests of what leaves."""

from ipaddress import IPv4Network
from typing import Any

from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Sheaf
from crisis_bus.domain.values import Kind

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def bulletin(statement: str = "W1", **changes: Any) -> Bulletin:
    values: dict[str, Any] = {
        "number": f"uae/{statement}",
        "space": "uae",
        "statement": statement,
        "incident": "I2",
        "incident_type": "MET-FLOOD",
        "kind": Kind.PUBLIC_WARNING,
        "exercise": False,
        "rehearsal": False,
        "emirates": ("AE-DU", "AE-FU"),
        "grade": 3,
        "level": 2,
        "lead": "MOI",
        "audiences": ("PUBLIC_GEO",),
        "channels": ("WEB", "MEDIA_WIRE"),
        "facts": {"fatalities": 0},
        "headline": {"ar": "تحذير عام: سيول", "en": "Public warning: flash flood"},
        "text": {"ar": "ابتعد عن الأودية.\n\nاتصل بالرقم 999.", "en": "Keep away from wadis.\n\nCall 999."},
        "chain": "uae/I2",
        "sequence": 1,
        "published_at": "2026-04-16T12:40:00.000Z",
    }
    return Bulletin(**(values | changes))


def message(id: str = "m-1", **changes: Any) -> OutboxMessage:  # noqa: A002 the model calls it so
    values: dict[str, Any] = {
        "id": id,
        "subscription": "sub-1",
        "subscriber": "ministry-1",
        "channel": "WEB",
        "transport": "webhook",
        "address": f"memory:{changes.get('subscription', 'sub-1')}",
        "languages": ("ar", "en"),
        "outlet": False,
    }
    of_bulletin = changes.pop("bulletin", None) or bulletin()
    return OutboxMessage(**(values | changes), bulletin=of_bulletin)


def sheaf(*messages: OutboxMessage) -> Sheaf:
    """Messages of one bulletin as one record of the outbox carries them."""
    bare = tuple(each.model_dump(mode="json", exclude={"bulletin"}, exclude_none=True) for each in messages)
    return Sheaf(bulletin=messages[0].bulletin, messages=bare)


LOOPBACK = (IPv4Network("127.0.0.0/8"),)
"""Where the peers of the tests are."""
