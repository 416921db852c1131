"""An event loop without wall clock, threads and sockets: one seed, one order of everything.

Every callback belongs to a simulated process (by a context variable). Inside a process callbacks run in
the order in which they became ready, as asyncio promises; which process goes next is drawn from the seed, as
between real processes nothing is promised. When nothing is ready, the clock jumps to the next timer.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")
MOST_STEPS = 2_000_000
"""More steps than any healthy seed takes: a loop that never ends is found and not waited for."""


class Stuck(Exception):
    """Nothing can happen any more, or no end is in sight."""


class Process:
    """What lives and dies together; a frozen process has callbacks that are ready and do not run."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.frozen = False
        self.fuse: int | None = None
        """After so many steps more it ends."""
        self.ready: deque[asyncio.Handle] = deque()
        self.context: Context = copy_context()
        self.context.run(_PROCESS.set, self)


_PROCESS: ContextVar[Process] = ContextVar("process")


def current() -> Process | None:
    """The process to which what runs now belongs; between two steps there is none."""
    return _PROCESS.get(None)


class SeededLoop(asyncio.BaseEventLoop):
    """Runs one callback a step; the same seed runs the same callbacks in the same order."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = Random(seed)
        self.at = 0.0
        self.steps = 0
        self.outside = Process("outside")
        self.on_fuse: Callable[[Process], None] = self.kill
        self._numbers = itertools.count()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._runnable: list[Process] = []
        self.dead: list[Process] = []

    def time(self) -> float:
        return self.at

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override] # callbacks are of any kind here
        handle = asyncio.Handle(callback, args, self, context)
        self._make_ready(handle)
        return handle

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override] # see above
        del callback, args, context
        msg = "there are no threads in a simulation"
        raise Stuck(msg)

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:  # type: ignore[override] # see above
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:  # type: ignore[override] # see above
        return self.call_at(self.at + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled timer is passed over when its time comes."""

    def _run_once(self) -> None:
        if not self._runnable:
            self._jump()
        number = int(self.chance.random() * len(self._runnable)) if len(self._runnable) > 1 else 0
        process = self._runnable[number]
        handle = process.ready.popleft()
        if not process.ready:
            del self._runnable[number]
        if handle.cancelled():
            return
        self.steps += 1
        if self.steps > MOST_STEPS:
            msg = f"no end after {self.steps} steps"
            raise Stuck(msg)
        handle._run()
        if process.fuse is not None:
            self._burn(process, process.fuse - 1)

    def _burn(self, process: Process, left: int) -> None:
        process.fuse = left if left > 0 else None
        if left <= 0:
            self.on_fuse(process)

    def _jump(self) -> None:
        """To the next timer, and to all others of that instant."""
        while not self._runnable:
            if not self._timers:
                msg = "everybody waits for somebody else"
                raise Stuck(msg)
            self.at = max(self.at, self._timers[0][0])
            while self._timers and self._timers[0][0] <= self.at:
                handle = heapq.heappop(self._timers)[2]
                if not handle.cancelled():
                    self._make_ready(handle)

    def _make_ready(self, handle: asyncio.Handle) -> None:
        process = handle._context.get(_PROCESS, self.outside)  # type: ignore[attr-defined] # the handle keeps it there
        process.ready.append(handle)
        if process.alive and not process.frozen and len(process.ready) == 1:
            self._runnable.append(process)

    def start(self, process: Process, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task of a process."""
        return self.create_task(work, context=process.context)

    def freeze(self, process: Process) -> None:
        """Stop a process between two steps, as a long pause of its machine does."""
        process.frozen = True
        self._forget(process)

    def thaw(self, process: Process) -> None:
        """Let it go on; whatever became due meanwhile is due now."""
        process.frozen = False
        if process.alive and process.ready and process not in self._runnable:
            self._runnable.append(process)

    def kill(self, process: Process) -> None:
        """End a process between two steps: nothing of it runs again, no `finally` either."""
        if process.alive:
            process.alive = False
            self._forget(process)
            self.dead.append(process)

    def _forget(self, process: Process) -> None:
        if process in self._runnable:
            self._runnable.remove(process)

    def play(self, story: Coroutine[Any, Any, T]) -> T:
        """Run a story in the outside world to its end; then let go of everything that is left."""
        asyncio.set_event_loop(None)
        try:
            return self.run_until_complete(self.create_task(story, context=self.outside.context))
        finally:
            self._bury()
            self.close()

    def _bury(self) -> None:
        """End the tasks that are left, so that Python finds no half-run coroutine; nobody looks any more."""
        self.on_fuse = _let_live
        for process in self.dead:
            process.alive = True
            self.thaw(process)
        self.dead.clear()
        self.run_until_complete(self._all_ended())

    async def _all_ended(self) -> None:
        mine = {asyncio.current_task(self)}
        while left := asyncio.all_tasks(self) - mine:  # a task may begin another one as it ends
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=60)


def _let_live(_process: Process) -> None:
    """After the story nobody dies any more."""
