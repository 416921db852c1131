"""An instant by the clock on the wall, in the offset of the space."""

from datetime import UTC, datetime, timedelta, timezone

from crisis_bus.domain.instants import Instant


def local(instant: Instant, offset_minutes: int) -> datetime:
    """The instant by a clock of this offset."""
    zone = timezone(timedelta(minutes=offset_minutes))
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)
