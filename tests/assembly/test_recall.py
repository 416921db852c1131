"""The gateway reads receipts again that it does not have at hand, from a real log."""

import asyncio
import time
import uuid

import pytest

from crisis_bus.assembly.gateway import Recall
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain.delivery import Outcome
from crisis_bus.wire import messages, topics, types
from tests.views.test_reach import receipt

pytestmark = pytest.mark.kafka


async def test_every_receipt_of_the_topic_is_handed_over_to_each_who_asks(catalogue_applied: str) -> None:
    publisher, mark = Publisher(catalogue_applied), uuid.uuid4().hex
    told = [receipt(f"{mark}-{number}", Outcome.DELIVERED, number) for number in range(20)]
    await publisher.start()
    for each in told:
        envelope = messages.message_for(
            each, types.RECEIPT, id=each.id, source="/delivery", at=time.time_ns() // 1_000_000
        )
        await publisher.send(Outgoing(topics.RECEIPTS, each.subscription.encode(), envelope))
    await publisher.stop()
    first, second = list[bytes | None](), list[bytes | None]()
    recall = Recall(catalogue_applied)

    await asyncio.gather(recall(first.append), recall(second.append))

    for found in (first, second):
        mine = [value for value in found if value is not None and mark.encode() in value]
        assert sorted(each.model_dump_json(exclude_none=True).encode() for each in told) == sorted(mine)
