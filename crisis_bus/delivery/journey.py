"""The way of one message: its turn, a provider, an attempt, a receipt, again; to the last receipt or a long wait."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Protocol

from crisis_bus.delivery import attempting, ladder
from crisis_bus.delivery.carriers import Carrier, Hold
from crisis_bus.delivery.chains import Place
from crisis_bus.delivery.lines import Passenger
from crisis_bus.delivery.retries import Attempt, End, Laying, Tried, Wait
from crisis_bus.delivery.road import Road
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import PermanentDelivery

_TURN_SECONDS = 3600.0
"""Who waits for his turn is woken when it comes; after this he looks himself."""


class Log(Protocol):
    """Where a journey puts what has to outlive it; returns when Kafka has it, raises NotReachable."""

    def tell(self, outcome: Outcome, attempt: Attempt, why: str, *, goes_on: bool = False) -> Awaitable[None]:
        """Put a receipt there."""

    def lay_by(self, tried: Tried, laying: Laying) -> Awaitable[None]:
        """Put the message among those that wait."""


class Journey:
    """One message on its way; `run` returns its final outcome with the receipt on the log, None if it was laid by."""

    def __init__(self, message: OutboxMessage, road: Road, log: Log, tried: Tried, place: Place) -> None:
        self._origin = message
        self.message = message.at(tried.step)
        self._road = road
        self._log = log
        self.tried = tried
        self._changed = asyncio.Event()
        self.place = place
        self.laid_for: Laying | None = None
        self.perhaps_sent = False  # by a worker before us, which died before its receipt
        self.passenger: Passenger | None = None
        """Its place in a line; None if it was laid by and goes on."""

    async def run(self) -> Outcome | None:
        """Go as far as the last receipt, or as far as a long wait."""
        chains, outcome = self._road.chains, None
        self.place.wake = self._changed.set
        try:
            while outcome is None and self.laid_for is None:
                outcome = await self._step()
        except BaseException:
            chains.leave(self.place, delivered=False)
            raise
        if outcome is not None:
            chains.leave(self.place, delivered=outcome.reached)
        return outcome

    async def _step(self) -> Outcome | None:
        """Go as far as the next receipt; None if it was not the last one."""
        self._changed.clear()
        if (end := self._overtaken()) is not None:
            await self._log.tell(end.outcome, self._no_attempt(), end.why)
            return end.outcome
        if self._road.stop.asked:
            await self._road.stop.abandon()
        if seconds := _seconds_until(_moment(self.message.not_before), self._now()):
            await self._hold(seconds, "quiet hours")
            return None
        if self._step_left() == 0:
            self._climb()
        if not self._road.chains.may_begin(self.place):
            await self._await_turn()
            return None
        try:
            carrier = self._road.carriers.choose(self.message, self._now())
        except PermanentDelivery as error:
            return await self._end(End(Outcome.FAILED, str(error)), self._no_attempt(), None)
        if isinstance(carrier, Hold):
            await self._hold(carrier.seconds, carrier.why)
            return None
        return await self._go(carrier)

    async def _go(self, carrier: Carrier) -> Outcome | None:
        """Take a slot, and attempt if it is still this message's turn by then."""
        async with carrier.slots.of(self.message, self.make_room):
            # The wait for a slot can be long: by now the worker may stop or something newer may have come.
            if self._road.stop.asked or self._overtaken() is not None:
                return None
            if (seconds := carrier.rate_wait(self.message, self._now())) > 0:
                await _happens(self._changed, seconds)
                return None
            if carrier.holds(self.message, self._now()) is not None or not self._road.chains.begin(self.place):
                return None
            self.tried, result, attempt = await attempting.attempt(self.message, carrier, self.tried, self._road)
        if isinstance(result, Wait):
            await self._log.tell(Outcome.RETRYING, attempt, result.why)
            self._road.chains.rest(self.place)
            await self._hold(result.seconds, result.why)
            return None
        return await self._end(result, attempt, carrier.provider.confirm_within)

    async def _end(self, result: End, attempt: Attempt, confirm_within: float | None) -> Outcome | None:
        """Tell how it ended; None if there is another way to climb to."""
        way = self._origin.after(self.tried.step)
        if result.outcome is Outcome.FAILED and way is not None:
            await self._log.tell(Outcome.RETRYING, attempt, f"{result.why}; next: {way.transport}")
            self._road.chains.rest(self.place)
            self._climb()
            return None
        left = self._step_left()
        seconds = confirm_within if left is None else left
        confirmed = result.outcome is not Outcome.ACCEPTED or seconds is None
        if not confirmed:
            # Before the receipt: an acceptance that nobody waits for would be forgotten in a crash.
            await self._lay_by(seconds or 0.0, "waits to be confirmed", confirm=True)
        await self._log.tell(result.outcome, attempt, result.why, goes_on=not confirmed)
        return result.outcome

    def _climb(self) -> None:
        self.tried = ladder.climbed(self.tried, self._now())
        self.message = self._origin.at(self.tried.step)

    def _step_left(self) -> float | None:
        """Seconds that are left for this step of the ladder, which begins when somebody asks first."""
        if self.tried.stepped is None and self._origin.ladder:
            self.tried = replace(self.tried, stepped=self._now())
        return ladder.seconds_left(self._origin, self.tried, self._now())

    async def _await_turn(self) -> None:
        self.make_room()
        if self.message.bulletin.urgent:
            self._road.chains.hurry(self.place)
        held = self._road.world.held
        await _happens(self._changed, min(held, _seconds_until(self.tried.expires, self._now()) or held))
        if not self._changed.is_set() and not self._road.stop.asked:
            await self._lay_by(_TURN_SECONDS, "waits for what is before it", turn=True)

    async def _hold(self, seconds: float, why: str) -> None:
        """Wait here for a short time; a long one is laid by. What is newer, the end of the worker or expiry ends it."""
        seconds = min(seconds, ladder.seconds_left(self._origin, self.tried, self._now()) or seconds)
        if seconds > self._road.world.held:
            await self._lay_by(seconds, why)
            return
        self.make_room()
        until = asyncio.get_running_loop().time() + seconds
        while self._overtaken() is None and not self._road.stop.asked:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return
            self._changed.clear()
            await _happens(self._changed, left)

    async def _lay_by(self, seconds: float, why: str, *, turn: bool = False, confirm: bool = False) -> None:
        expires = self.tried.expires
        due = self._now() + round(seconds * 1000)
        due = due if expires is None else min(due, expires)
        laying = Laying(due, why, turn, confirm)
        await self._log.lay_by(self.tried, laying)
        self.laid_for = laying

    def _overtaken(self) -> End | None:
        return _over(self.place, self.tried, self._now(), perhaps_sent=self.perhaps_sent)

    def _no_attempt(self) -> Attempt:
        return Attempt(self.tried.attempts, step=self.tried.step)

    def _now(self) -> Instant:
        return self._road.world.now()

    def make_room(self) -> None:
        """Let the next one of the line go: this one rests, or is done."""
        if self.passenger is not None:
            self.passenger.leave()

    def stop(self) -> None:
        """Wake up, to see that the worker stops."""
        self._changed.set()


def _moment(said: str | None) -> Instant | None:
    return None if said is None else instants.parse(said)


def _seconds_until(moment: Instant | None, now: Instant) -> float | None:
    return None if moment is None else max(0.0, (moment - now) / 1000)


def _over(place: Place, tried: Tried, now: Instant, *, perhaps_sent: bool) -> End | None:
    said = "no receipt says that it was sent" if perhaps_sent else "not sent"
    if place.replaced_by is not None:
        return End(Outcome.REPLACED, f"{said}: {place.replaced_by} came after it")
    if _seconds_until(tried.expires, now) == 0:
        return End(Outcome.EXPIRED, f"{said}: the statement has expired")
    return None


async def _happens(changed: asyncio.Event, seconds: float) -> None:
    """Wait until something changed, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        return
