"""What operators do to deliveries: whose office it is, and where it is read and written."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from crisis_bus.bus.controls import Letter
from crisis_bus.bus.record import Again
from crisis_bus.domain.controls import Control
from crisis_bus.errors import NotReachable
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem

T = TypeVar("T")


async def _nothing() -> Sequence[T]:
    return ()


async def _nowhere(_again: Again) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Operations:
    """The topics are read anew each time: acts are rare, and the command line writes them too.

    `office` is the entity whose own keys may act, `targets` are the transports and providers that can be paused;
    `one_by_one` is held from looking at a letter until it is handled.
    """

    office: str = ""
    targets: tuple[str, ...] = ()
    acts: Callable[[], Awaitable[Sequence[Control]]] = _nothing
    letters: Callable[[], Awaitable[Sequence[Letter]]] = _nothing
    put_back: Callable[[Again], Awaitable[object]] = _nowhere
    one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)


async def read(reading: Awaitable[T]) -> T:
    """What the log says; raises Problem if it does not answer."""
    try:
        return await reading
    except NotReachable as error:
        detail = Both("لا يستجيب السجل الآن؛ أعد المحاولة بعد ثوانٍ", "the log does not answer; try again in seconds")
        raise Problem(503, Code.BUSY, detail, headers={"Retry-After": "5"}) from error
