"""An instant as people say it, in the offset of the space."""

from datetime import UTC, datetime, timedelta, timezone

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language

_MONTHS: dict[Language, tuple[str, ...]] = {
    "ar": (
        "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
        "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def spoken(instant: Instant, offset_minutes: int, language: Language) -> str:
    """Such as `18:05 on 16 April 2026` and `الساعة 18:05 من يوم 16 أبريل 2026`."""
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)
    date = f"{moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"
    if language == "ar":
        return f"الساعة {moment:%H:%M} من يوم {date}"
    return f"{moment:%H:%M} on {date}"
