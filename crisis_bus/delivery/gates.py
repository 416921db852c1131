"""When a provider may be asked: rate, quota and breaker. Each says how many seconds to wait; nothing here waits."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.providers import Breaker, Limits

_DAY = 86_400_000
_REMEMBERED = 10_000
"""Breakers that have seen a failure and are kept; the longest unheard go first."""


@dataclass(slots=True)
class Bucket:
    """A token bucket; the share `reserve` of it is left for urgent messages."""

    limits: Limits
    tokens: float = 0.0
    filled: Instant | None = None

    def wait(self, now: Instant, *, urgent: bool) -> float:
        """Seconds until a message may take a token; 0 if it may now."""
        if self.limits.per_second is None:
            return 0.0
        self._fill(now, self.limits.per_second)
        left = 0.0 if urgent else min(self.limits.reserve * self.limits.burst, self.limits.burst - 1)
        return max(0.0, (1 + left - self.tokens) / self.limits.per_second)

    def take(self) -> None:
        """A message leaves."""
        self.tokens -= 1

    def _fill(self, now: Instant, rate: float) -> None:
        since = self.limits.burst / rate if self.filled is None else max(0, now - self.filled) / 1000
        self.tokens = min(float(self.limits.burst), self.tokens + since * rate)
        self.filled = now


@dataclass(slots=True)
class Quota:
    """How many messages a provider was given this day (UTC); the last share of them is for urgent ones."""

    limits: Limits
    day: int = -1
    used: int = 0

    def wait(self, now: Instant, *, urgent: bool) -> float:
        """Seconds until the day on which a message may leave; 0 if it is today."""
        if self.limits.per_day is None:
            return 0.0
        self._turn(now)
        most = self.limits.per_day if urgent else self.limits.per_day * (1 - self.limits.reserve)
        return 0.0 if self.used < most else ((self.day + 1) * _DAY - now) / 1000

    def take(self, now: Instant) -> None:
        """A message leaves, or a receipt says that one left at that time."""
        self._turn(now)
        if now // _DAY == self.day:
            self.used += 1

    def _turn(self, now: Instant) -> None:
        if now // _DAY > self.day:
            self.day, self.used = now // _DAY, 0


@dataclass(slots=True)
class _Circuit:
    answers: deque[bool]
    open_until: Instant | None = None
    probing: bool = False


@dataclass(slots=True)
class Circuits:
    """The breakers of a provider, by what fails together; those that never failed cost nothing."""

    breaker: Breaker
    _circuits: OrderedDict[str, _Circuit] = field(default_factory=OrderedDict)

    def wait(self, name: str, now: Instant) -> float:
        """Seconds until somebody may ask; while a probe is under way, as long as the breaker stays open at least."""
        circuit = self._circuits.get(name)
        if circuit is None or circuit.open_until is None:
            return 0.0
        if circuit.probing:
            return max(1.0, (circuit.open_until - now) / 1000)
        return max(0.0, (circuit.open_until - now) / 1000)

    def ask(self, name: str) -> None:
        """An attempt begins; the first one after the time is the probe."""
        circuit = self._circuits.get(name)
        if circuit is not None and circuit.open_until is not None:
            circuit.probing = True

    def answered(self, name: str, now: Instant, *, well: bool) -> bool:
        """Note an answer; true if it opened the breaker or kept it open."""
        circuit = self._circuits.get(name)
        if circuit is None:
            if well:
                return False
            circuit = self._circuits[name] = _Circuit(deque(maxlen=self.breaker.window))
            if len(self._circuits) > _REMEMBERED:
                self._circuits.popitem(last=False)
        circuit.answers.append(well)
        if circuit.open_until is not None and well:
            del self._circuits[name]
            return False
        if not well and (circuit.probing or self._too_many(circuit.answers)):
            circuit.open_until, circuit.probing = now + round(self.breaker.open_seconds * 1000), False
        return circuit.open_until is not None

    def _too_many(self, answers: deque[bool]) -> bool:
        failures = answers.count(False)
        return failures >= self.breaker.least and failures >= self.breaker.failing * len(answers)

    def give_back(self, name: str) -> None:
        """An attempt ended without an answer: somebody else may probe."""
        if (circuit := self._circuits.get(name)) is not None:
            circuit.probing = False

    def open(self, now: Instant) -> list[str]:
        """Those that nobody may ask now."""
        return [name for name in self._circuits if self.wait(name, now) > 0]
