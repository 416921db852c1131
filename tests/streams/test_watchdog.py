import asyncio
from types import SimpleNamespace
from typing import Any, cast

import faust
import pytest

from crisis_bus.errors import NotReachable
from crisis_bus.streams.worker import watch


def app_with(**coordinator: Any) -> faust.App:
    """What the watchdog looks at, and nothing else of an app."""
    kafka = SimpleNamespace(_coordinator=SimpleNamespace(**coordinator))
    thread = SimpleNamespace(_consumer=kafka)
    app = SimpleNamespace(
        crash_reason=None,
        should_stop=False,
        conf=SimpleNamespace(id="crisis-intake"),
        consumer=SimpleNamespace(_thread=thread),
    )
    return cast("faust.App", app)


async def ended(error: Exception | None) -> "asyncio.Task[None]":
    async def end() -> None:
        if error is not None:
            raise error

    task = asyncio.create_task(end())
    await asyncio.wait({task})
    return task


async def test_a_fatal_error_of_the_group_ends_the_worker() -> None:
    app = app_with(_pending_exception=ValueError("no access to the group"), _coordination_task=None)

    with pytest.raises(NotReachable, match="crisis-intake: the consumer group is lost"):
        await asyncio.wait_for(watch(app), 5)


async def test_the_death_of_the_coordination_ends_the_worker() -> None:
    app = app_with(_pending_exception=None, _coordination_task=await ended(ValueError("gone")))

    with pytest.raises(NotReachable, match="gone"):
        await asyncio.wait_for(watch(app), 5)


async def test_a_healthy_group_is_left_alone() -> None:
    app = app_with(_pending_exception=None, _coordination_task=asyncio.create_task(asyncio.sleep(60)))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(watch(app), 2.5)
