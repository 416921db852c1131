"""The two faults of Faust that the transport mends; when Faust mends them itself, these tests say so."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from crisis_bus.streams.faust_app import StreamConfig, consumer_of, new_app
from crisis_bus.streams.transport import CarefulConsumer

PLACE = TP("crisis.reports.v1", 0)


def message(offset: int, place: TP = PLACE) -> Message:
    return Message(place.topic, place.partition, offset, 0.0, 0, None, b"k", b"v", None, tp=place)


@pytest.fixture
async def consumer(tmp_path: Path) -> AsyncIterator[CarefulConsumer]:
    consumer = consumer_of(new_app(StreamConfig("127.0.0.1:1", tmp_path, "test")))
    consumer._committed_offset[PLACE] = 5
    yield consumer
    consumer._thread.thread_loop.close()


def in_work(consumer: CarefulConsumer, *offsets: int) -> list[Message]:
    messages = [message(offset) for offset in offsets]
    for each in messages:
        consumer._unacked_messages.add(each)
    return messages


def acked(consumer: CarefulConsumer, *offsets: int) -> None:
    consumer._acked[PLACE] = list(offsets)
    consumer._acked_index[PLACE] = set(offsets)


def of_faust(consumer: CarefulConsumer) -> Any:
    return driver.Consumer._new_offset(consumer, PLACE)


async def test_faust_alone_commits_past_a_message_in_work(consumer: CarefulConsumer) -> None:
    acked(consumer, 6, 7)

    assert 8 == of_faust(consumer)


async def test_nothing_is_committed_past_a_message_in_work(consumer: CarefulConsumer) -> None:
    kept = in_work(consumer, 5)
    acked(consumer, 6, 7)

    assert consumer._new_offset(PLACE) is None

    consumer._unacked_messages.discard(kept[0])
    consumer._acked[PLACE].append(5)
    assert 8 == consumer._new_offset(PLACE)


async def test_what_comes_before_the_message_in_work_is_committed(consumer: CarefulConsumer) -> None:
    kept = in_work(consumer, 7)
    acked(consumer, 5, 6, 8)

    assert 7 == consumer._new_offset(PLACE)

    consumer._committed_offset[PLACE] = 7
    consumer._unacked_messages.discard(kept[0])
    consumer._acked[PLACE].append(7)
    assert 9 == consumer._new_offset(PLACE)


async def test_work_on_another_partition_holds_nothing_back(consumer: CarefulConsumer) -> None:
    other = message(1, TP(PLACE.topic, 1))
    consumer._unacked_messages.add(other)
    acked(consumer, 5, 6)

    assert 7 == consumer._new_offset(PLACE)


async def test_faust_alone_takes_the_message_after_a_gap_for_handled(consumer: CarefulConsumer) -> None:
    await driver.Consumer._add_gap(consumer, PLACE, 6, 9)
    acked(consumer, 5, 10)

    assert 11 == of_faust(consumer)


async def test_the_message_after_a_gap_is_not_handled_yet(consumer: CarefulConsumer) -> None:
    await consumer._add_gap(PLACE, 6, 9)
    acked(consumer, 5, 10)

    assert 9 == consumer._new_offset(PLACE)


async def test_a_gap_is_committed_with_what_follows_it(consumer: CarefulConsumer) -> None:
    await consumer._add_gap(PLACE, 6, 9)
    acked(consumer, 5, 9)

    assert 10 == consumer._new_offset(PLACE)


async def test_a_message_that_is_given_back_is_never_committed(consumer: CarefulConsumer) -> None:
    (given,) = in_work(consumer, 5)
    consumer.leave(given)

    assert not consumer.unacked
    assert consumer._new_offset(PLACE) is None


async def test_the_producer_is_idempotent_and_waits_for_all_replicas(tmp_path: Path) -> None:
    app = new_app(StreamConfig("127.0.0.1:1", tmp_path, "test"))

    assert {"acks": "all", "enable_idempotence": True} == dict(app.producer._settings_extra())  # type: ignore[attr-defined]  # private to Faust
