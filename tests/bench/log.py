"""What benchmarks do with the log: fill it, and see how far it has come."""

import asyncio
import time
from collections.abc import Iterable
from itertools import islice

from crisis_bus.bus.ends import Ends
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing

_AT_ONCE = 2000
_LOOK_SECONDS = 0.02


async def fill(bootstrap: str, records: Iterable[Outgoing]) -> None:
    """Put records on the log, in their order."""
    publisher = Publisher(bootstrap, client_id="bench")
    await publisher.start()
    waiting = iter(records)
    try:
        while batch := list(islice(waiting, _AT_ONCE)):
            await publisher.send_all(batch)
    finally:
        await publisher.stop()


async def reached(ends: Ends, places: Iterable[tuple[str, int]], records: int, seconds: float) -> float:
    """When so many records stood in these partitions, by the clock `time.monotonic`; TimeoutError if they never do."""
    wanted = tuple(places)
    async with asyncio.timeout(seconds):
        while await standing(ends, wanted) < records:  # noqa: ASYNC110 the log tells nobody
            await asyncio.sleep(_LOOK_SECONDS)
    return time.monotonic()


async def standing(ends: Ends, places: Iterable[tuple[str, int]]) -> int:
    """How many records stand in these partitions."""
    return sum([await ends.end(topic, partition) for topic, partition in places])
