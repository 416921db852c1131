"""Callbacks over a real log: one that comes before its receipt outlives the worker that read it first."""

import asyncio
import time
import uuid
from pathlib import Path
from random import Random

import pytest

from crisis_bus.assembly import deliver
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery import receipts
from crisis_bus.delivery.carriers import plain
from crisis_bus.delivery.ports import World
from crisis_bus.delivery.reading import read_receipt
from crisis_bus.delivery.retries import Attempt
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.callbacks import Callback
from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.domain.providers import Provider
from crisis_bus.settings import Settings
from crisis_bus.wire import messages, topics, types
from tests.channels.samples import bulletin, message
from tests.delivery.virtual import Seen

pytestmark = pytest.mark.kafka
_SOME_TURNS = 80


def now() -> int:
    return time.time_ns() // 1_000_000


class Place:
    """The topics, and one worker after the other that hears."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.publisher = Publisher(settings.kafka)
        self.provider = f"far-{uuid.uuid4().hex[:8]}"

    async def said(self) -> None:
        made = Callback(
            id=self.provider,
            provider=self.provider,
            provider_id="77",
            outcome=Outcome.DELIVERED,
            detail="so",
            at="2026-04-16T12:00:00.000Z",
        )
        envelope = messages.message_for(made, types.CALLBACK, id=made.id, source="/gateway", at=now())
        await self.publisher.send(Outgoing(topics.CALLBACKS, b"77", envelope))

    async def accepted(self) -> None:
        sent = message(f"m-{self.provider}", bulletin=bulletin("S1"))
        attempt = Attempt(1, provider=self.provider, provider_id="77")
        told = receipts.receipt(sent, Outcome.ACCEPTED, attempt, now(), "taken")
        envelope = messages.message_for(told, types.RECEIPT, id=told.id, source="/delivery", at=now())
        await self.publisher.send(Outgoing(topics.RECEIPTS, told.subscription.encode(), envelope))

    async def hears(self, enough: int) -> list[Receipt]:
        """Let a new worker hear until so many receipts are there, eight seconds if none are to come."""
        worker = Worker(
            plain({"webhook": MemoryChannel()}, Provider(name=self.provider, kind="memory")),
            self.publisher.send_all,
            World(now, Random(1).random),
            Seen(),
            self._gone,
        )
        found: list[Receipt] = []
        told = Reader(self.settings.kafka, [topics.RECEIPTS])
        await told.start()
        tasks = [
            asyncio.create_task(self._take(told, worker, found)),
            asyncio.create_task(deliver.hear(self.settings, worker, told)),
        ]
        for turn in range(600):
            if (enough or turn > _SOME_TURNS) and len(found) >= enough:
                break
            await asyncio.sleep(0.1)
        await told.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return found

    async def _take(self, reader: Reader, worker: Worker, found: list[Receipt]) -> None:
        async for batch in reader.batches():
            for told in map(read_receipt, batch):
                worker.recall(told)
                if told.provider == self.provider:
                    found.append(told)

    async def _gone(self, _message: object) -> None:
        """Nothing to pause here."""


async def test_a_word_that_came_before_its_receipt_outlives_the_worker_that_read_it(
    catalogue_applied: str, tmp_path: Path
) -> None:
    place = Place(Settings(kafka=catalogue_applied, data=tmp_path))
    await place.publisher.start()
    await place.said()

    first = await place.hears(0)
    await place.accepted()
    second = await place.hears(2)
    await place.publisher.stop()

    assert [] == first
    assert [Outcome.ACCEPTED, Outcome.DELIVERED] == [told.outcome for told in second]
