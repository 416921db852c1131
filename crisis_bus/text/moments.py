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


def local(instant: Instant, offset_minutes: int) -> datetime:
    """The instant by a clock of this offset."""
    zone = timezone(timedelta(minutes=offset_minutes))
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)


def date(moment: datetime, language: Language) -> str:
    """Such as `16 April 2026` and `16 أبريل 2026`."""
    return f"{moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"


def spoken(instant: Instant, offset_minutes: int, language: Language) -> str:
    """Such as `18:05 on 16 April 2026` and `الساعة 18:05 من يوم 16 أبريل 2026`."""
    moment = local(instant, offset_minutes)
    if language == "ar":
        return f"الساعة {moment:%H:%M} من يوم {date(moment, language)}"
    return f"{moment:%H:%M} on {date(moment, language)}"
