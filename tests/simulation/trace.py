"""What happens in a story, line by line; the same seed writes the same lines."""

from collections.abc import Iterator, MutableSequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from crisis_bus.domain.instants import Instant
from crisis_bus.wire import topics
from tests.simulation.loop import SeededLoop, current

START = 1_776_340_800_000
"""2026-04-16T12:00:00Z."""
_EVENTS = {"append", "start", "rebalance", "session_expired"}
"""As long as these happen, it is not calm yet."""
_TICKING = {topics.COMMANDS, topics.JOURNAL}
"""Each space ticks for ever; what a tick brings about is seen on the other topics."""


@dataclass
class Clock:
    """The clock on every wall: it goes on with the loop, and leaps now and then, so that timers are due."""

    loop: SeededLoop
    leaps: list[tuple[Instant, Instant]] = field(default_factory=list)

    def now(self) -> Instant:
        """The time in milliseconds."""
        return START + sum(far for _, far in self.leaps) + round(self.loop.at * 1000)

    def leap(self, far: Instant) -> None:
        """Go on at once by so many milliseconds."""
        self.leaps.append((self.now() + far, far))


@dataclass
class Trace:
    """The lines so far, when the last thing happened, and what must not happen at all."""

    loop: SeededLoop
    lines: list[str] = field(default_factory=list)
    last: float = 0.0
    asked: float = 0.0
    """When the last command came."""
    broken: list[str] = field(default_factory=list)

    def note(self, what: str, *about: object) -> None:
        """One line: when, in which process, what."""
        process = current() or self.loop.outside
        self.lines.append(" ".join((f"{self.loop.at:10.4f} {process.name:10} {what}", *map(str, about))))
        if what in _EVENTS and _TICKING.isdisjoint(map(str, about[:1])):
            self.last = self.loop.at
        if what == "append" and topics.COMMANDS in about[:1]:
            self.asked = self.loop.at

    @contextmanager
    def with_logs(self) -> Iterator[None]:
        """What the processes log goes into the trace, too; an exception in a log is a break."""
        processors: MutableSequence[Any] = structlog.get_config()["processors"]
        before = list(processors)
        processors[:] = [self._logged]
        try:
            yield
        finally:
            processors[:] = before

    def _logged(self, _logger: object, _method: str, event: Any) -> Any:
        said = sorted((name, str(value)) for name, value in event.items() if name != "exc_info")
        self.note("log", *(f"{name}={value}" for name, value in said))
        if event.get("exc_info"):
            self.broken.append(f"an exception was logged: {said}")
        raise structlog.DropEvent
