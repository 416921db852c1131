"""Whether a message is tried again, and when: a pure function of what the destination answered."""

from dataclasses import dataclass

from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.providers import Retries
from crisis_bus.errors import DeliveryError, TransientDelivery


@dataclass(frozen=True, slots=True)
class Tried:
    """Attempts so far, when the first of this step began (None before it), and when the bulletin expires.

    `step` of the ladder, since `stepped` (None: it has not begun).
    """

    attempts: int = 0
    began: Instant | None = None
    expires: Instant | None = None
    step: int = 0
    stepped: Instant | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a receipt says of an attempt: which one, how long it took (0: nothing was sent), who made it, what left."""

    number: int
    seconds: float = 0.0
    provider: str | None = None
    provider_id: str | None = None
    payload: str | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Laying:
    """When a message that is laid by goes on, why, and whether it only waits for its turn or to be confirmed."""

    due: Instant
    why: str
    turn: bool = False
    confirm: bool = False


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


def after(error: DeliveryError, tried: Tried, retries: Retries, now: Instant, chance: float) -> Wait | End:
    """Wait exponentially longer with full jitter, at least as long as asked; `chance` is from 0 to 1."""
    if not isinstance(error, TransientDelivery):
        return End(Outcome.FAILED, str(error))
    seconds = max(_jittered(tried.attempts, retries, chance), min(error.after_seconds or 0.0, retries.longest_asked))
    spent = 0.0 if tried.began is None else (now - tried.began) / 1000
    if spent + seconds > retries.give_up:
        return End(Outcome.FAILED, f"{error}; given up after {tried.attempts} attempts in {spent:.0f} s")
    if tried.expires is not None:
        seconds = min(seconds, max(0.0, (tried.expires - now) / 1000))
    return Wait(seconds, str(error))


def _jittered(attempts: int, retries: Retries, chance: float) -> float:
    doubled = retries.first_wait * 2.0 ** min(attempts - 1, 30)
    return chance * min(doubled, retries.longest_wait)
