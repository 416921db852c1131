"""A bulletin, and somebody who asked for it."""

from typing import Any

from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.subscriptions import Subscription


def bulletin(**fields: Any) -> Bulletin:
    known: dict[str, Any] = {
        "number": "uae/S1",
        "space": "uae",
        "statement": "S1",
        "incident": "I1",
        "incident_type": "MET-FLOOD",
        "kind": "HOLDING",
        "exercise": False,
        "rehearsal": False,
        "emirates": ["AE-FU", "AE-SH"],
        "grade": 3,
        "level": 2,
        "lead": "MOI",
        "audiences": ["PUBLIC_GEO", "MEDIA"],
        "channels": ["WEB", "MEDIA_WIRE"],
        "facts": {"roads": "closed"},
        "headline": {"ar": "فيضانات «الفجيرة»", "en": "Floods"},
        "text": {"ar": "ابتعدوا عن الأودية.", "en": "Keep away."},
        "chain": "uae/I1",
        "sequence": 1,
        "published_at": "2026-04-16T12:40:00.000Z",
    }
    return Bulletin.model_validate(known | fields)


def subscription(filter: dict[str, Any] | None = None, **fields: Any) -> Subscription:  # noqa: A002 as the model calls it
    known: dict[str, Any] = {
        "id": "sub-1",
        "space": "uae",
        "subscriber": "Al Bayan",
        "channel": "WEB",
        "transport": "webhook",
        "address": "http://127.0.0.1:1/hook",
        "filter": filter or {},
    }
    return Subscription.model_validate(known | fields)
