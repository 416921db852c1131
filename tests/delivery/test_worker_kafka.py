"""The worker between real topics: receipts, order over a restart, nothing lost and nothing sent again."""

import asyncio
import time
import uuid
from collections.abc import Callable
from random import Random

import pytest

from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.bus.lanes import lane_of_its_own
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery.carriers import plain
from crisis_bus.delivery.ports import World
from crisis_bus.delivery.reading import read_receipt
from crisis_bus.delivery.running import run
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.domain.providers import Provider
from crisis_bus.domain.values import Kind
from crisis_bus.wire import messages, topics, types
from tests.channels.samples import bulletin, message, sheaf
from tests.delivery.given import BUSY, Answer, Answers
from tests.delivery.virtual import Seen

pytestmark = pytest.mark.kafka
OUTBOX = (topics.OUTBOX_URGENT, topics.OUTBOX_ROUTINE)


def now() -> int:
    return time.time_ns() // 1_000_000


class Place:
    """One worker after the other on the same topics; every test has ids of its own."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self.mark = uuid.uuid4().hex[:8]
        self.publisher = Publisher(bootstrap)

    def message(self, name: str, sequence: int, kind: Kind = Kind.SITREP) -> OutboxMessage:
        space = f"space-{self.mark}"
        of = bulletin(
            name, space=space, number=f"{space}/{name}", chain=f"{space}/I2", sequence=sequence, kind=kind, grade=1
        )
        return message(f"{name}-{self.mark}", subscription=f"sub-{self.mark}", bulletin=of)

    async def publish(self, *given: OutboxMessage) -> None:
        for each in given:
            topic = topics.OUTBOX_URGENT if each.bulletin.urgent else topics.OUTBOX_ROUTINE
            envelope = messages.message_for(sheaf(each), types.OUTBOX, id=each.id, source="/dispatch", at=now())
            await self.publisher.send(Outgoing(topic, each.subscription.encode(), envelope))

    async def work(self, channel: MemoryChannel, until: Callable[[list[Receipt]], bool]) -> list[Receipt]:
        """Let a worker work until the receipts on the log of this test's messages satisfy."""
        seen = Seen()
        carriers = plain({"webhook": channel}, Provider(name="any", kind="any"))
        worker = Worker(carriers, self.publisher.send_all, World(now, Random(1).random), seen, self._gone)
        group = f"deliver-{self.mark}"
        consumer = ContiguousConsumer(
            self.bootstrap, group, OUTBOX, worker.handle, 10_000, lane_of=lane_of_its_own, drain_seconds=1
        )
        working = asyncio.create_task(run(worker, consumer, Reader(self.bootstrap, [topics.RECEIPTS])))
        try:
            async with asyncio.timeout(40):
                while not until(found := await self.receipts()) and not working.done():  # noqa: ASYNC110 a test may look again and again
                    await asyncio.sleep(0.1)
        finally:
            worker.stop()
            await consumer.stop()
            await working
        return found

    async def receipts(self) -> list[Receipt]:
        reader = Reader(self.bootstrap, [topics.RECEIPTS])
        await reader.start()
        found: list[Receipt] = []
        taking = asyncio.create_task(_take(reader, found))
        await reader.until_caught_up()
        await reader.stop()
        await taking
        return [told for told in found if told.message.endswith(self.mark)]

    async def _gone(self, _message: OutboxMessage) -> None:
        """Nothing to pause here."""


async def _take(reader: Reader, found: list[Receipt]) -> None:
    async for batch in reader.batches():
        found.extend(read_receipt(record) for record in batch)


def finals(receipts: list[Receipt]) -> dict[str, Outcome]:
    return {told.message.partition("-")[0]: told.outcome for told in receipts if told.outcome is not Outcome.RETRYING}


async def test_a_worker_that_starts_again_sends_nothing_twice_and_nothing_older_after_something_newer(
    catalogue_applied: str,
) -> None:
    place = Place(catalogue_applied)
    await place.publisher.start()
    busy: dict[str, list[Answer]] = {f"S3-{place.mark}": [BUSY]}
    first = MemoryChannel(answer=Answers(**busy))
    second = MemoryChannel()
    await place.publish(place.message("S2", 2, Kind.RETRACTION), place.message("S3", 3))

    await place.work(first, lambda found: "S2" in finals(found) and any(told.attempt > 1 for told in found))
    await place.publish(place.message("S1", 1))
    receipts = await place.work(second, lambda found: len(finals(found)) == 3)
    await place.publisher.stop()

    mine = [each.id.partition("-")[0] for each in [*first.taken, *second.taken] if each.id.endswith(place.mark)]
    assert mine == ["S2", "S3"]
    assert finals(receipts) == {"S2": Outcome.DELIVERED, "S3": Outcome.DELIVERED, "S1": Outcome.REPLACED}
    assert len({told.id for told in receipts}) == len(receipts)
