"""The silent test of channels and liaisons (AC05.2, AC19.1, KPI-24): weekly, or when somebody asks; never public."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.instants import MINUTE, Instant
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import ChannelClass, Kind

PREFIX = "TEST-"
"""How the names of tests begin; no statement is called so."""
ENOUGH_PERCENT, ENOUGH_MINUTES = 95.0, 15
"""AC19.1: under this share of acceptances after so long, something is wrong."""
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_EXPIRES = 24 * 60 * MINUTE


def testable(policy: Policy) -> tuple[str, ...]:
    """The channels that may be tested: none that the public sees, none of exercises."""
    apart = {ChannelClass.PUBLIC, ChannelClass.EXERCISE}
    return tuple(row.code for row in policy.channels if row.reaches not in apart)


def asked(at: Instant) -> str:
    """The name of a test that somebody asks for now."""
    return f"{PREFIX}{instants.text(at).replace('-', '').replace(':', '')[:15]}"


def of_the_week(now: Instant, weekly: str, offset_minutes: int) -> str | None:
    """The name of the weekly test whose time has come and is not a day past, by ISO 8601 weeks; None without one."""
    if not weekly:
        return None
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now + offset_minutes * MINUTE)
    day, clock = weekly.split()
    hours, minutes = map(int, clock.split(":"))
    monday = datetime(local.year, local.month, local.day, tzinfo=UTC) - timedelta(days=local.weekday())
    time = monday + timedelta(days=_DAYS.index(day), hours=hours, minutes=minutes)
    if not time <= local < time + timedelta(days=1):
        return None
    year, week, _ = time.isocalendar()
    return f"{PREFIX}{year}-W{week:02}"


def bulletin(
    space: str, name: str, channels: tuple[str, ...], at: Instant, words: Mapping[Language, tuple[str, str]]
) -> Bulletin:
    """The message of a test; `words` are headline and text by language."""
    return Bulletin(
        number=f"{space}/{name}",
        space=space,
        statement=name,
        incident=name,
        incident_type=PREFIX,
        kind=Kind.SITREP,
        exercise=False,
        rehearsal=False,
        emirates=(),
        grade=1,
        level=1,
        lead="",
        audiences=(),
        channels=channels,
        facts={},
        headline={language: headline for language, (headline, _) in words.items()},
        text={language: text for language, (_, text) in words.items()},
        chain=f"{space}/{name}",
        sequence=1,
        published_at=instants.text(at),
        expires=instants.text(at + _EXPIRES),
        test=True,
    )
