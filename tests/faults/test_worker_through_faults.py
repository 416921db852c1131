"""A worker whose way to its destinations breaks again and again: nothing is lost, doubled or turned."""

import asyncio
import time
from collections import defaultdict
from random import Random
from typing import Any

from crisis_bus.bus.record import Record
from crisis_bus.delivery.carriers import plain
from crisis_bus.delivery.ports import World
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.domain.providers import Breaker, Limits, Provider, Retries
from crisis_bus.domain.values import Kind
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import to_kafka
from tests.channels.samples import bulletin, sheaf
from tests.delivery.virtual import Seen
from tests.faults import channels
from tests.faults.channels import Setting
from tests.faults.proxy import FAULTS, through

DESTINATIONS, STATEMENTS = 6, 5
PROVIDER = Provider(
    name="any",
    kind="any",
    limits=Limits(at_once=10, timeout=0.5),
    retries=Retries(first_wait=0.05, longest_wait=0.2, give_up=60),
    breaker=Breaker(window=20, least=10, open_seconds=0.3),
)


def message(setting: Setting, destination: int, sequence: int) -> OutboxMessage:
    of = bulletin(f"S{sequence}", sequence=sequence, kind=Kind.SITREP, grade=1)
    return setting.message(f"{destination}-{sequence}", subscription=f"d{destination}", bulletin=of)


def record(offset: int, *together: OutboxMessage) -> Record:
    envelope = messages.message_for(sheaf(*together), types.OUTBOX, id=str(offset), source="/dispatch", at=0)
    headers, value = to_kafka(envelope)
    return Record(topics.OUTBOX_ROUTINE, 0, offset, 0, b"key", tuple(headers), value)


async def test_whatever_breaks_all_arrive_in_their_order_and_the_receipts_say_so() -> None:
    receipts: list[Receipt] = []

    async def publish(batch: Any) -> None:
        told = [out.envelope.data for out in batch if out.topic == topics.RECEIPTS]
        receipts.extend(Receipt.model_validate_json(data) for data in told)

    async def gone(sent: OutboxMessage) -> None:
        raise AssertionError(sent)

    async with channels.CHANNELS["webhook"]() as setting:
        world = World(lambda: round(time.time() * 1000), Random(1).random)
        worker = Worker(plain({"webhook": setting.channel}, PROVIDER), publish, world, Seen(), gone)
        given = [[message(setting, each, place) for each in range(DESTINATIONS)] for place in range(1, STATEMENTS + 1)]
        work = [asyncio.create_task(worker.handle(record(place, *sent))) for place, sent in enumerate(given)]
        async with asyncio.timeout(60):
            for fault in FAULTS.values():
                setting.proxy.strike(fault)
                await asyncio.sleep(0.4)
            setting.proxy.strike(through)
            await asyncio.gather(*work)
        took = setting.took()

    due = {each.id for sent in given for each in sent}
    finals = [told for told in receipts if told.outcome is not Outcome.RETRYING]
    assert due == set(took)
    assert due == {told.message for told in finals if told.outcome is Outcome.DELIVERED}
    assert len(finals) == len(due), "one final receipt each"
    assert [] == _turned(took)


def _turned(took: list[str]) -> list[str]:
    """What arrived after something newer of its destination."""
    newest: dict[str, int] = defaultdict(int)
    late = []
    for name in took:
        destination, sequence = name.removeprefix("m-").split("-")
        if int(sequence) < newest[destination]:
            late.append(name)
        newest[destination] = max(newest[destination], int(sequence))
    return late
