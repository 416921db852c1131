"""Durations and times as people read them, with all Arabic plural forms."""

from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from crisis_bus.domain.instants import MINUTE, Instant, minutes
from crisis_bus.domain.subscriptions import Language

_HOUR = 60
_DAY = 24 * _HOUR
_DAYS_FROM = 2 * _DAY
_FEW = range(3, 11)


class _Unit(NamedTuple):
    one: str
    two: str
    two_after: str
    """After قبل, منذ, بعد."""
    few: str
    many: str
    english: str


_MINUTES = _Unit("دقيقة واحدة", "دقيقتان", "دقيقتين", "دقائق", "دقيقة", "min")
_HOURS = _Unit("ساعة", "ساعتان", "ساعتين", "ساعات", "ساعة", "h")
_DAYS = _Unit("يوم", "يومان", "يومين", "أيام", "يوماً", "d")


def duration(count: int, language: Language, *, after: bool = False) -> str:
    """So many minutes; `after` a preposition the Arabic dual changes."""
    if count < 1:
        return "أقل من دقيقة" if language == "ar" else "under a minute"
    join = " و" if language == "ar" else " "
    return join.join(_said(number, unit, language, after=after) for number, unit in _parts(count))


def _parts(count: int) -> list[tuple[int, _Unit]]:
    if count >= _DAYS_FROM:
        return [(count // _DAY, _DAYS)]
    found = [(count // _HOUR, _HOURS), (count % _HOUR, _MINUTES)]
    return [(number, unit) for number, unit in found if number]


def _said(number: int, unit: _Unit, language: Language, *, after: bool) -> str:
    if language == "en":
        return f"{number} {unit.english}"
    if number == 1:
        return unit.one
    if number == 2:  # noqa: PLR2004 the dual
        return unit.two_after if after else unit.two
    return f"{number} {unit.few if number % 100 in _FEW else unit.many}"


def clock(instant: Instant, offset_minutes: int) -> str:
    """The time of day where the government is."""
    return _local(instant, offset_minutes).strftime("%H:%M")


_MONTHS = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)
_WEEK = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


def day(instant: Instant, offset_minutes: int, language: Language) -> str:
    """The date where the government is."""
    local = _local(instant, offset_minutes)
    if language == "ar":
        return f"{_WEEK[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{local:%A} {local.day} {local:%B %Y}"


def _local(instant: Instant, offset_minutes: int) -> datetime:
    zone = timezone(timedelta(milliseconds=minutes(offset_minutes)))
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)


def minutes_between(earlier: Instant, later: Instant) -> int:
    """Whole minutes, rounded towards nothing."""
    return abs(later - earlier) // MINUTE
