"""What every process has: signals that end it, logs, metrics and health."""

import asyncio
import gc
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from crisis_bus.domain.instants import Instant
from crisis_bus.settings import Settings
from crisis_bus.telemetry import logs, server
from crisis_bus.telemetry.metrics import Metrics, Readiness


def now() -> Instant:
    """This machine's clock, in milliseconds; the only one of the system."""
    return time.time_ns() // 1_000_000


def chance(count: int) -> bytes:
    """So many random bytes; the only chance of the system."""
    return os.urandom(count)


@dataclass(frozen=True, slots=True)
class Life:
    """A process under way: `stop` asks it to end; `waiting` names what it still waits for."""

    settings: Settings
    metrics: Metrics
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: dict[str, Callable[[], bool]] = field(default_factory=dict)

    def readiness(self) -> Sequence[str]:
        """What is not there yet."""
        return [name for name, there in self.waiting.items() if not there()]

    def needs(self, name: str, there: Callable[[], bool]) -> None:
        """Until `there()`, the process is not ready."""
        self.waiting[name] = there


_COLLECTIONS = (50_000, 20, 200)
"""When Python looks for cycles (`gc.set_threshold`). Looking through a heap of 100,000 messages or subscribers stops a
process for most of a second, in the middle of a warning; what we let go of is freed without it."""


@asynccontextmanager
async def living(settings: Settings, alive: Readiness | None = None) -> AsyncIterator[Life]:
    """A process from its start to its end: SIGTERM and SIGINT set `stop`; `alive` says why all is not well."""
    logs.configure(settings.log_format, settings.log_level)
    gc.set_threshold(*_COLLECTIONS)
    life = Life(settings, Metrics(CollectorRegistry()))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, life.stop.set)
    async with server.serving(settings.metrics_port, life.metrics, life.readiness, alive=alive):
        yield life


async def until_stopped(life: Life, *work: "asyncio.Task[None]") -> None:
    """Run tasks until the process is asked to end, or one of them breaks; then the process must end too."""
    stop = asyncio.create_task(life.stop.wait())
    done, _ = await asyncio.wait({stop, *work}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    for task in done - {stop}:
        task.result()
