"""How a language of a policy pack says a moment, in the offset of the space."""

from dataclasses import dataclass

from jinja2 import Template

from crisis_bus.domain.instants import Instant
from crisis_bus.text import moments


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a language, and its template over `time`, `day`, `month` and `year`."""

    months: tuple[str, ...]
    moment: Template

    def say(self, instant: Instant, offset_minutes: int) -> str:
        """Such as `18:05 on 16 April 2026` and `الساعة 18:05 من يوم 16 أبريل 2026`."""
        moment = moments.local(instant, offset_minutes)
        month = self.months[moment.month - 1]
        return self.moment.render(time=f"{moment:%H:%M}", day=moment.day, month=month, year=moment.year)
