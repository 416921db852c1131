"""Runs a Faust app in the loop of its process, and ends when it must."""

import asyncio
import signal
from dataclasses import dataclass, field
from typing import Any

import faust
import structlog

from crisis_bus.errors import NotReachable

_STOP_SECONDS = 60.0
_WATCH_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Lifeline:
    """How a process and its worker talk: `stop` asks it to end, `ready` says that its tables are restored."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the worker in good order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)


async def run(app: faust.App, lifeline: Lifeline) -> None:
    """Run until asked to stop, then return; raises if the worker breaks, and then the process should end."""
    ending = [
        asyncio.ensure_future(lifeline.stop.wait()),
        asyncio.ensure_future(_start(app, lifeline)),
        asyncio.ensure_future(watch(app)),
    ]
    try:
        done, _ = await asyncio.wait(ending, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await _stop(app)
    for task in done:
        task.result()
    if app.crash_reason is not None:
        raise app.crash_reason


async def _start(app: faust.App, lifeline: Lifeline) -> None:
    await app.start()
    lifeline.ready.set()
    log.info("worker_ready", app=app.conf.id)
    await app.wait_until_stopped()


async def _stop(app: faust.App) -> None:
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await app.stop()
    except TimeoutError as error:
        msg = f"{app.conf.id}: messages in work did not end within {_STOP_SECONDS:.0f} s; they will be read again"
        raise NotReachable(msg) from error


async def watch(app: faust.App) -> None:
    """Raise when the worker has lost its consumer group for good: Faust would hang for ever."""
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        if app.crash_reason is not None:
            raise app.crash_reason
        error = _group_error(app)
        if error is not None:
            msg = f"{app.conf.id}: the consumer group is lost ({error!r}); start the process again"
            raise NotReachable(msg) from error


def _group_error(app: faust.App) -> BaseException | None:
    coordinator = _coordinator(app)
    pending: BaseException | None = getattr(coordinator, "_pending_exception", None)
    if pending is not None:
        return pending
    task: asyncio.Task[Any] | None = getattr(coordinator, "_coordination_task", None)
    if task is None or not task.done() or app.should_stop:
        return None
    return asyncio.CancelledError("its coordination task ended") if task.cancelled() else task.exception()


def _coordinator(app: faust.App) -> object:
    """The part of aiokafka that keeps the membership in the group, once it is there."""
    thread = getattr(app.consumer, "_thread", None)
    return getattr(getattr(thread, "_consumer", None), "_coordinator", None)
