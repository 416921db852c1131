"""Feeds the views from the topics that the gateway reads; a record that cannot be read is told and passed over."""

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

import structlog

from crisis_bus.errors import UnreadableMessage
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.wire import topics

log = structlog.get_logger(__name__)
TOPICS = (topics.JOURNAL, topics.RECEIPTS, topics.EXPANSIONS, topics.SUBSCRIPTIONS, topics.CONTROLS)
"""What a gateway reads, from the beginning."""


class Arrived(Protocol):
    """A record as the reader brings it."""

    @property
    def topic(self) -> str:
        """Where it stood."""

    @property
    def partition(self) -> int:
        """Where it stood."""

    @property
    def offset(self) -> int:
        """Where it stood."""

    @property
    def key(self) -> bytes | None:
        """Its key."""

    @property
    def value(self) -> bytes | None:
        """Its bytes."""


async def feed(deps: GatewayDeps, batches: AsyncIterator[Iterable[Arrived]]) -> None:
    """Take batches until there are no more; whoever waits is woken once for each batch."""
    async for batch in batches:
        take(deps, batch)


def take(deps: GatewayDeps, batch: Iterable[Arrived]) -> None:
    """Take one batch."""
    for record in batch:
        try:
            _apply(deps, record)
        except UnreadableMessage as error:
            place = f"{record.topic}/{record.partition}/{record.offset}"
            log.warning("record_passed_over", place=place, reason=str(error))
    deps.bell.ring()


def _apply(deps: GatewayDeps, record: Arrived) -> None:
    views = deps.views
    if record.topic == topics.JOURNAL:
        deps.meter.entry(*views.journal(record.partition, record.value))
    elif record.topic == topics.RECEIPTS:
        views.receipt(record.value)
    elif record.topic == topics.EXPANSIONS:
        views.expansion(record.value)
    elif record.topic == topics.SUBSCRIPTIONS:
        views.subscription(record.key, record.value)
    elif record.topic == topics.CONTROLS:
        views.control(record.value)
