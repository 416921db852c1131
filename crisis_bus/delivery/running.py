"""A worker between its topics: first what the receipts say, then the outbox."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.bus.reader import Reader
from crisis_bus.delivery.reading import read_receipt
from crisis_bus.delivery.worker import Worker
from crisis_bus.errors import UnreadableMessage


async def run(worker: Worker, consumer: ContiguousConsumer, receipts: Reader) -> None:
    """Deliver until `consumer.stop`, knowing every receipt there is before the first record; raises NotReachable.

    The consumer handles `worker.handle`, each record in its own lane. To stop: `worker.stop`, then `consumer.stop`.
    """
    await receipts.start()
    following = asyncio.create_task(_follow(worker, receipts))
    try:
        await _while(following, receipts.until_caught_up())
        await _while(following, consumer.run())
    finally:
        worker.stop()
        await receipts.stop()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _follow(worker: Worker, receipts: Reader) -> None:
    async for batch in receipts.batches():
        for record in batch:
            try:
                worker.recall(read_receipt(record))
            except UnreadableMessage:
                # It says nothing about a delivery; whoever shows receipts meets it too.
                continue


async def _while(following: "asyncio.Task[None]", work: Coroutine[Any, Any, None]) -> None:
    """Do the work; if the following ends before it, end with what ended it."""
    working = asyncio.create_task(work)
    try:
        await asyncio.wait({following, working}, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            await following
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
