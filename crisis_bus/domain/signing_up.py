"""Signing up by anybody (double opt-in): nothing is kept of an address before its owner has confirmed it.

What somebody asks for stands in the link that is sent to the address and in no other place; the link is a token
(`links.py`). Whoever opens it and says yes has a subscription, with the consent in it.
"""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crisis_bus.domain import ids, instants, links
from crisis_bus.domain.delivery import Bulletin, OutboxMessage
from crisis_bus.domain.instants import MINUTE, Instant
from crisis_bus.domain.subscriptions import Address, Consent, Filter, Language, Name, Subscription, Transport
from crisis_bus.domain.values import Kind

SUBSCRIBER = "public"
_DAY = 24 * 60 * MINUTE
_GOOD_FOR = _DAY
"""Milliseconds after which a link is none any more."""


class Wish(BaseModel):
    """What somebody asks for; `at` is RFC 3339."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    transport: Transport
    address: Address
    languages: tuple[Language, ...] = Field(min_length=1, max_length=5)
    emirates: tuple[Name, ...] = Field((), max_length=20)
    at: str


def token(secret: bytes, wish: Wish) -> str:
    """The token that only the owner of the address gets."""
    return links.token(secret, "confirm", wish.model_dump_json())


def wish(secret: bytes, said: str, now: Instant) -> Wish | None:
    """What a token asks for; None if it is none of ours, or older than a day."""
    named = links.named(secret, "confirm", said)
    try:
        found = None if named is None else Wish.model_validate_json(named)
    except ValidationError:
        return None
    return found if found is not None and now - instants.parse(found.at) <= _GOOD_FOR else None


def subscription(wish: Wish, space: str, channel: str, now: Instant, keep_days: int) -> Subscription:
    """The subscription of somebody who has confirmed; the same address for the same channel has the same one."""
    until = (now // _DAY + keep_days) * _DAY  # whole days: thousands who agreed on one day are matched once
    plain = wish.address.casefold() if wish.transport == "email" else wish.address
    consent = Consent(
        asked_at=wish.at,
        source="public page",
        confirmed_at=instants.text(now),
        keep_until=instants.text(until),
    )
    return Subscription(
        id=f"public.{ids.derived('sign-up', space, channel, wish.transport, plain)}",
        space=space,
        subscriber=SUBSCRIBER,
        channel=channel,
        transport=wish.transport,
        address=wish.address,
        languages=wish.languages,
        filter=Filter(emirates=wish.emirates),
        consent=consent,
    )


def question(
    wish: Wish, space: str, channel: str, name: str, words: Mapping[Language, tuple[str, str]]
) -> OutboxMessage:
    """The one message that an address gets before it is confirmed; `words` are headline and text by language."""
    asked = Bulletin(
        number=f"{space}/CONFIRM-{name}",
        space=space,
        statement=f"CONFIRM-{name}",
        incident=f"CONFIRM-{name}",
        incident_type="CONFIRM",
        kind=Kind.PRESS_RELEASE,
        exercise=False,
        rehearsal=False,
        emirates=(),
        grade=1,
        level=1,
        lead=SUBSCRIBER,
        audiences=(),
        channels=(channel,),
        facts={},
        headline={language: headline for language, (headline, _) in words.items()},
        text={language: text for language, (_, text) in words.items()},
        chain=f"{space}/CONFIRM-{name}",
        sequence=1,
        published_at=wish.at,
        expires=instants.text(instants.parse(wish.at) + _GOOD_FOR),
        test=True,
    )
    return OutboxMessage(
        id=ids.derived("confirm", name),
        subscription=f"confirm.{name}",
        subscriber=SUBSCRIBER,
        channel=channel,
        transport=wish.transport,
        address=wish.address,
        languages=tuple(words),
        outlet=False,
        bulletin=asked,
    )
