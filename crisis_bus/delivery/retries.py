"""Whether a message is tried again, and when: a pure function of what the destination answered."""

from dataclasses import dataclass

from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.errors import DeliveryError, TransientDelivery


@dataclass(frozen=True, slots=True)
class Retries:
    """How patient a worker is, in seconds; a destination that asks for more than `longest_asked` is not obeyed."""

    first_wait: float = 0.5
    longest_wait: float = 60.0
    longest_asked: float = 300.0
    give_up: float = 900.0


@dataclass(frozen=True, slots=True)
class Tried:
    """Attempts so far, when the first began, what time it is, and when the bulletin expires."""

    attempts: int
    began: Instant
    now: Instant
    expires: Instant | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again after so many seconds."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """It is over."""

    outcome: Outcome
    why: str


def after(error: DeliveryError, tried: Tried, retries: Retries, chance: float) -> Wait | End:
    """Wait exponentially longer with full jitter, at least as long as asked; `chance` is from 0 to 1."""
    if not isinstance(error, TransientDelivery):
        return End(Outcome.FAILED, str(error))
    seconds = max(_jittered(tried.attempts, retries, chance), min(error.after_seconds or 0.0, retries.longest_asked))
    spent = (tried.now - tried.began) / 1000
    if spent + seconds > retries.give_up:
        return End(Outcome.FAILED, f"{error}; given up after {tried.attempts} attempts in {spent:.0f} s")
    if tried.expires is not None:
        seconds = min(seconds, max(0.0, (tried.expires - tried.now) / 1000))
    return Wait(seconds, str(error))


def _jittered(attempts: int, retries: Retries, chance: float) -> float:
    doubled = retries.first_wait * 2.0 ** min(attempts - 1, 30)
    return chance * min(doubled, retries.longest_wait)
