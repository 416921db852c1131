"""How a language of a policy pack says a moment, in the offset of the space."""

from dataclasses import dataclass
from datetime import datetime

from hijridate import Gregorian
from jinja2 import Template

from crisis_bus.domain.forms import Digits
from crisis_bus.domain.instants import Instant
from crisis_bus.text import moments

_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def in_digits(text: str, digits: Digits) -> str:
    """A text with the digits of a language."""
    return text.translate(_ARABIC) if digits == "arab" else text


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a language, and its template over `time`, `day`, `month`, `year` and `hijri`."""

    months: tuple[str, ...]
    moment: Template
    language: str = "en"
    digits: Digits = "latn"

    def say(self, instant: Instant, offset_minutes: int) -> str:
        """Such as `18:05 on 16 April 2026` and `الساعة 18:05 من يوم 16 أبريل 2026 (الموافق 28 شوال 1447هـ)`."""
        moment = moments.local(instant, offset_minutes)
        month, hijri = self.months[moment.month - 1], _hijri(moment, self.language)
        said = self.moment.render(time=f"{moment:%H:%M}", day=moment.day, month=month, year=moment.year, hijri=hijri)
        return in_digits(said, self.digits)


def _hijri(moment: datetime, language: str) -> str:
    """The day in the calendar of Umm al-Qura; nothing outside its tables, 1924 to 2077."""
    try:
        day = Gregorian(moment.year, moment.month, moment.day).to_hijri()
    except OverflowError:
        return ""
    if language == "ar":
        return f"{day.day} {day.month_name('ar')} {day.year}هـ"
    return f"{day.day} {day.month_name('en')} {day.year} AH"
