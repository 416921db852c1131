"""The way of one message: wait for its turn, attempt, receipt, wait, again; until the final receipt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from crisis_bus.channels.contract import Channel, Taken
from crisis_bus.delivery import retries
from crisis_bus.delivery.chains import Chains, Place
from crisis_bus.delivery.ports import Limits, OnGone, Slots, World
from crisis_bus.delivery.retries import End, Tried, Wait
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import DeliveryError, NotReachable, PermanentDelivery, TransientDelivery

Tell = Callable[[Outcome, int, str, float], Awaitable[None]]
"""Puts a receipt on the log: outcome, attempt, sentence, seconds that the attempt took."""


@dataclass(slots=True)
class Stop:
    """Whether the worker stops, and what made it; nobody who comes later may miss that."""

    asked: bool = False
    failure: NotReachable | None = None

    async def abandon(self) -> None:
        """End this task without an answer, so that its record is read again after the restart."""
        if self.failure is not None:
            raise self.failure
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Road:
    """What all journeys of a worker share."""

    channels: Mapping[Transport, Channel]
    chains: Chains
    slots: Slots
    limits: Limits
    world: World
    on_gone: OnGone
    stop: Stop


class Journey:
    """One message on its way; `run` returns its final outcome when the receipt is on the log."""

    def __init__(self, message: OutboxMessage, road: Road, tell: Tell, tried: Tried) -> None:
        self._message = message
        self._road = road
        self._tell = tell
        self._tried = tried
        self._changed = asyncio.Event()
        self._place = Place(message, self._changed.set)

    async def run(self) -> Outcome:
        """Go all the way."""
        chains, outcome = self._road.chains, None
        chains.join(self._place)
        try:
            # Whoever comes with this one joins before any of them leaves: it may be replaced.
            await asyncio.sleep(0)
            while outcome is None:
                outcome = await self._step()
            return outcome
        finally:
            chains.leave(self._place, delivered=outcome is not None and outcome.reached)

    async def _step(self) -> Outcome | None:
        """Go as far as the next receipt; None if it was not the last one."""
        self._changed.clear()
        if (end := self._overtaken()) is not None:
            await self._tell(end.outcome, self._tried.attempts, end.why, 0.0)
            return end.outcome
        if self._road.stop.asked:
            await self._road.stop.abandon()
        if not self._road.chains.may_begin(self._place):
            await self._sleep(self._until_expiry())
            return None
        return await self._go()

    async def _go(self) -> Outcome | None:
        """Take a slot, and attempt if it is still this message's turn by then."""
        async with self._road.slots.of(self._message):
            # The wait for a slot can be long: by now the worker may stop or something newer may have come.
            if self._road.stop.asked or self._overtaken() is not None:
                return None
            if not self._road.chains.begin(self._place):
                return None
            began = self._road.world.now()
            result = await self._attempt()
        seconds = (self._road.world.now() - began) / 1000
        if isinstance(result, Wait):
            await self._tell(Outcome.RETRYING, self._tried.attempts, result.why, seconds)
            self._road.chains.rest(self._place)
            await self._wait(result.seconds)
            return None
        await self._tell(result.outcome, self._tried.attempts, result.why, seconds)
        return result.outcome

    async def _attempt(self) -> Wait | End:
        self._tried = replace(self._tried, attempts=self._tried.attempts + 1)
        try:
            taken = await self._send()
        except DeliveryError as error:
            self._road.slots.answered(self._message, well=not isinstance(error, TransientDelivery))
            if isinstance(error, PermanentDelivery) and error.gone:
                await self._road.on_gone(self._message)
            tried = replace(self._tried, now=self._road.world.now())
            return retries.after(error, tried, self._road.limits.retries, self._road.world.chance())
        self._road.slots.answered(self._message, well=True)
        return End(taken.outcome, taken.detail)

    async def _send(self) -> Taken:
        channel = self._road.channels.get(self._message.transport)
        if channel is None:
            msg = f"no channel serves {self._message.transport} here"
            raise PermanentDelivery(msg)
        prepared = channel.prepare(self._message)
        seconds = self._road.limits.attempt_seconds
        try:
            async with asyncio.timeout(seconds):
                return await channel.send(prepared)
        except TimeoutError as error:
            msg = f"no answer within {seconds:g} s"
            raise TransientDelivery(msg) from error

    def _overtaken(self) -> End | None:
        if self._place.replaced_by is not None:
            return End(Outcome.REPLACED, f"not sent: {self._place.replaced_by} came after it")
        if self._until_expiry() == 0:
            return End(Outcome.EXPIRED, "not sent: the statement has expired")
        return None

    def _until_expiry(self) -> float | None:
        expires = self._tried.expires
        return None if expires is None else max(0.0, (expires - self._road.world.now()) / 1000)

    async def _wait(self, seconds: float) -> None:
        """Wait for the next attempt, unless something newer comes, or the end of the worker."""
        until = asyncio.get_running_loop().time() + seconds
        while self._place.replaced_by is None and not self._road.stop.asked:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return
            self._changed.clear()
            await self._sleep(left)

    async def _sleep(self, seconds: float | None) -> None:
        """Wait until something changed, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def stop(self) -> None:
        """Wake up, to see that the worker stops."""
        self._changed.set()
