"""Onto the log, or a clear answer why not: nothing is accepted before all in-sync replicas have it."""

import asyncio
from collections.abc import Awaitable

import structlog

from crisis_bus.bus.record import Again
from crisis_bus.errors import NotAcknowledged, NotReachable
from crisis_bus.gateway.deps import GatewayDeps, Taken
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem
from crisis_bus.wire.envelope import Envelope

log = structlog.get_logger(__name__)
SOURCE = "/gateway"
_SLACK_SECONDS = 1.0
"""The publisher has the timeout of its own; ours only guards against one that hangs."""


class Publishing:
    """Sends what the gateway takes, and sheds load before anything queues up."""

    def __init__(self, deps: GatewayDeps) -> None:
        self._deps = deps
        self._in_flight = 0

    async def send(self, what: Taken, name: str, to: tuple[str, str], envelope: Envelope) -> None:
        """Return when it is acknowledged on a topic under a key; raises Problem."""
        if self._in_flight >= self._deps.limits.max_in_flight:
            detail = Both("أعد المحاولة بعد ثانية؛ لم يُسجَّل شيء", "try again in a second; nothing was recorded")
            raise Problem(503, Code.BUSY, detail, headers={"Retry-After": "1"})
        self._in_flight += 1
        try:
            await self._acknowledged(self._deps.publish(to[0], to[1].encode(), envelope), to[0], envelope.id)
        finally:
            self._in_flight -= 1
        self._deps.meter.taken(what, name)
        log.info("taken", what=what, name=name, id=envelope.id, correlation=envelope.correlation or envelope.id)

    async def put_back(self, again: Again, place: str) -> None:
        """Put a dead letter back where it came from; raises Problem."""
        await self._acknowledged(self._deps.operations.put_back(again), again.topic, place)
        log.info("put_back", place=place)

    async def _acknowledged(self, sending: Awaitable[object], topic: str, name: str) -> None:
        try:
            async with asyncio.timeout(self._deps.limits.ack_timeout_seconds + _SLACK_SECONDS):
                await sending
        except (NotAcknowledged, TimeoutError) as error:
            raise _uncertain(name) from error
        except NotReachable as error:
            log.warning("log_not_reachable", topic=topic, reason=str(error))
            raise _uncertain(name) from error


def _uncertain(name: str) -> Problem:
    detail = Both(
        f"قد يكون الطلب سُجِّل وقد لا يكون؛ اسأل عن المعرّف {name} أو أعد إرساله بالمعرّف نفسه",
        f"it may or may not be on the log; ask for the id {name}, or send it again with the same id",
    )
    extra = {"id": name}
    return Problem(503, Code.NOT_ACKNOWLEDGED, detail, headers={"Retry-After": "5"}, extra=extra)
