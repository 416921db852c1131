"""An instant as people say it, in the offset of the space."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from jinja2 import Template

from crisis_bus.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a language says a moment: its months, and a template over `time`, `day`, `month` and `year`."""

    months: tuple[str, ...]
    moment: Template


def spoken(instant: Instant, offset_minutes: int, calendar: Calendar) -> str:
    """Such as `18:05 on 16 April 2026` and `الساعة 18:05 من يوم 16 أبريل 2026`."""
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)
    month = calendar.months[moment.month - 1]
    return calendar.moment.render(time=f"{moment:%H:%M}", day=moment.day, month=month, year=moment.year)
