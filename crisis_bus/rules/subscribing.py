"""Who has asked for a bulletin."""

from collections.abc import Callable, Collection

from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.instants import MINUTE, Instant, parse
from crisis_bus.domain.places import Shape
from crisis_bus.domain.subscriptions import Filter, Language, Subscription

_DAY = 24 * 60
"""Minutes."""


Touches = Callable[[tuple[Shape, ...], Collection[str]], bool]
"""Whether one of the drawn places reaches into one of these parts of the country (ISO 3166-2)."""


def everywhere(_places: tuple[Shape, ...], _codes: Collection[str]) -> bool:
    """Without a map, whoever drew a place is told of everything."""
    return True


def matches(subscription: Subscription, bulletin: Bulletin, touches: Touches = everywhere) -> bool:
    """Whether a bulletin goes to a destination: every dimension must agree, one value of it is enough.

    A drill stays apart because its bulletin lists exercise channels only, and a rehearsal because
    it is a space of its own.
    """
    return (
        not subscription.paused
        and _agreed(subscription, bulletin)
        and subscription.space == bulletin.space
        and subscription.channel in bulletin.channels
        and bool(languages(subscription, bulletin))
        and (bulletin.test or _wanted(subscription.filter, bulletin, touches))
    )


def _agreed(subscription: Subscription, bulletin: Bulletin) -> bool:
    """Whether the consent of a person still holds; a ministry needs none, and a rehearsal's day is not ours."""
    consent = subscription.consent
    return consent is None or bulletin.rehearsal or parse(bulletin.published_at) < parse(consent.keep_until)


def languages(subscription: Subscription, bulletin: Bulletin) -> tuple[Language, ...]:
    """The languages that the destination asked for and that the bulletin has, in the order asked for."""
    return tuple(language for language in subscription.languages if language in bulletin.text)


def held_until(subscription: Subscription, bulletin: Bulletin) -> Instant | None:
    """When the quiet hours end that keep a bulletin from a destination; None if nothing does.

    A rehearsal lives in a day of its own, and the channel itself never sleeps.
    """
    quiet = subscription.quiet
    if quiet is None or subscription.outlet or bulletin.rehearsal or bulletin.urgent or bulletin.grade >= quiet.passes:
        return None
    published = parse(bulletin.published_at)
    now = (published // MINUTE + quiet.offset_minutes) % _DAY
    begin, end = _minute(quiet.begin), _minute(quiet.end)
    if not (now - begin) % _DAY < (end - begin) % _DAY:
        return None
    return (published // MINUTE + (end - now) % _DAY) * MINUTE


def _minute(clock: str) -> int:
    """The minute of the day."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _wanted(wish: Filter, bulletin: Bulletin, touches: Touches) -> bool:
    return (
        _asked(wish.types, (bulletin.incident_type,))
        and _asked(wish.kinds, (bulletin.kind,))
        and _asked(wish.audiences, bulletin.audiences)
        and _concerns(wish, bulletin, touches)
        and wish.min_grade <= bulletin.grade
        and wish.min_level <= bulletin.level
    )


def _asked(wish: tuple[str, ...], there: tuple[str, ...]) -> bool:
    return not wish or not set(wish).isdisjoint(there)


def _concerns(wish: Filter, bulletin: Bulletin, touches: Touches) -> bool:
    """What concerns the whole country concerns each part of it, and the other way round (ISO 3166: `XX`, `XX-YY`)."""
    if not wish.emirates and not wish.places:
        return True
    if any(_same_place(one, other) for one in wish.emirates for other in bulletin.emirates):
        return True
    return bool(wish.places) and touches(wish.places, bulletin.emirates)


def _same_place(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")
