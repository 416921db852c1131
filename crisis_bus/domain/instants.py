"""Time as the rules see it: an instant is whole milliseconds since 1970, a duration is minutes.

A real space writes instants as RFC 3339 text; a rehearsal counts whole minutes since its start,
as scenario files do (`scenario-format.md` §1, §2).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, SerializationInfo, ValidationInfo, WithJsonSchema

Instant = int
MINUTE = 60_000

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def minutes(count: int) -> int:
    """So many minutes, in milliseconds."""
    return count * MINUTE


def whole_minutes(duration: int) -> int:
    """A duration in whole minutes, rounded down (`scenario-format.md` §2, Live)."""
    return duration // MINUTE


def rounded_up(duration: int) -> int:
    """A duration in milliseconds, rounded up to a whole minute (⌈ ⌉ of the rule book)."""
    return -(-duration // MINUTE) * MINUTE


def parse(text: str) -> Instant:
    """Read RFC 3339 text; raises ValueError for anything else, Arabic-Indic digits included."""
    if not _RFC3339.fullmatch(text):
        msg = "not an RFC 3339 time with an offset, such as 2026-04-16T16:40:00+04:00"
        raise ValueError(msg)
    moment = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return moment // timedelta(milliseconds=1)


@lru_cache(maxsize=1024)
def text(instant: Instant) -> str:
    """RFC 3339 in UTC with milliseconds; an entry says the same instant several times."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Clock:
    """How a space reads and writes instants: `zero` is minute 0 of a rehearsal, None in a real space."""

    offset_minutes: int
    zero: Instant | None = None

    def read(self, value: object) -> Instant:
        """An instant from what a command or a journal says; raises ValueError."""
        if self.zero is None:
            if not isinstance(value, str):
                msg = "an instant must be RFC 3339 text"
                raise ValueError(msg)
            return parse(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            msg = "in a rehearsal an instant is a count of minutes since its start"
            raise ValueError(msg)
        return self.zero + minutes(value)

    def write(self, instant: Instant) -> int | str:
        """The instant as this space writes it."""
        return text(instant) if self.zero is None else whole_minutes(instant - self.zero)

    def day(self, instant: Instant) -> date:
        """The calendar day of an instant, in the offset of the space."""
        zone = timezone(timedelta(minutes=self.offset_minutes))
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone).date()


UTC_CLOCK = Clock(offset_minutes=0)


def _read(value: Any, info: ValidationInfo) -> Instant:  # noqa: ANN401 pydantic hands over anything
    if isinstance(info.context, Clock):
        return info.context.read(value)
    return value if type(value) is int else UTC_CLOCK.read(value)


def _write(value: Instant, info: SerializationInfo) -> int | str:
    clock = info.context if isinstance(info.context, Clock) else UTC_CLOCK
    return clock.write(value)


When = Annotated[
    int,
    PlainValidator(_read),
    PlainSerializer(_write),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer", "minimum": 0}],
            "description": "RFC 3339 in a real space; minutes since its start in a rehearsal",
        }
    ),
]
"""An instant inside a command or a fact. Pass the space's Clock as pydantic context where JSON comes in or goes
out; without one, the rules hand over milliseconds and JSON is RFC 3339."""
