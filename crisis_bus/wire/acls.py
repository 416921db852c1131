"""Which rights on a cluster follow from subscriptions of the transport `kafka`: a ministry reads its own topic only."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import topics

Operation = Literal["READ", "WRITE", "DESCRIBE"]
_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}", re.ASCII)
"""What may stand in a right; `*` would mean everybody, or everything."""


@dataclass(frozen=True, order=True, slots=True)
class Acl:
    """One right to allow, from any host; a PREFIXED `name` stands for all that begins so."""

    principal: str
    operation: Operation
    resource: Literal["TOPIC", "GROUP"]
    name: str
    pattern: Literal["LITERAL", "PREFIXED"] = "LITERAL"


@dataclass(frozen=True, slots=True)
class Rights:
    """What to allow, and the topics of which a person has to decide."""

    wanted: tuple[Acl, ...]
    refused: tuple[str, ...]


def principal(subscriber: str) -> str:
    """How a subscriber is called by Kafka."""
    return f"User:{subscriber}"


def rights(subscriptions: Iterable[Subscription], deliver: str) -> Rights:
    """Work out the rights of subscribers, and of the principal of deliver, which writes."""
    readers: dict[str, set[str]] = {}
    for one in subscriptions:
        if one.transport == "kafka":
            readers.setdefault(one.address, set()).add(one.subscriber)
    refused = {topic: why for topic in sorted(readers) if (why := _why_not(topic, readers[topic]))}
    wanted = {
        acl
        for topic, subscribers in readers.items()
        if topic not in refused
        for acl in _of(topic, min(subscribers), deliver)
    }
    return Rights(tuple(sorted(wanted)), tuple(f"{topic}: {why}" for topic, why in refused.items()))


def not_wanted(present: Iterable[Acl], wanted: Iterable[Acl]) -> list[Acl]:
    """Rights on topics and groups that a ministry with a topic of its own has beside those: somebody gave them."""
    wanted = set(wanted)
    readers = {acl.principal for acl in wanted if acl.resource == "GROUP"}
    return sorted(acl for acl in present if acl.principal in readers and acl not in wanted)


def _why_not(topic: str, subscribers: set[str]) -> str | None:
    if topic in topics.ALL:
        return "it is the system's own; no right on it follows from a subscription"
    if strange := [name for name in (topic, *sorted(subscribers)) if not _NAME.fullmatch(name)]:
        return f"{strange[0]!r} cannot stand in a right: letters A-Z, digits, '.', '_' and '-' only"
    if len(subscribers) > 1:
        return f"{', '.join(sorted(subscribers))} all ask for it; a topic belongs to one ministry"
    return None


def _of(topic: str, subscriber: str, deliver: str) -> Iterator[Acl]:
    reader = principal(subscriber)
    yield Acl(reader, "READ", "TOPIC", topic)
    yield Acl(reader, "DESCRIBE", "TOPIC", topic)
    # With the point at its end, MOI does not stand for MOIAT.
    yield Acl(reader, "READ", "GROUP", f"{subscriber}.", "PREFIXED")
    yield Acl(deliver, "WRITE", "TOPIC", topic)
    yield Acl(deliver, "DESCRIBE", "TOPIC", topic)
