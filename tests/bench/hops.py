"""Where the time between a command and its first receipt goes: the records' own times, topic by topic."""

import statistics
from collections import defaultdict
from itertools import pairwise

from crisis_bus.bus.reader import Reader
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import from_kafka

_WAY = (topics.COMMANDS, topics.JOURNAL, topics.ORDERS, topics.OUTBOX_URGENT, topics.RECEIPTS)


async def medians(bootstrap: str) -> list[tuple[str, float]]:
    """For each hop, how many milliseconds it takes in the middle of all messages that went the whole way."""
    ways = [way for way in (await _ways(bootstrap)).values() if len(way) == len(_WAY)]
    return [
        (f"{_short(before)} → {_short(after)}", statistics.median(way[after] - way[before] for way in ways))
        for before, after in pairwise(_WAY)
    ]


async def _ways(bootstrap: str) -> dict[str, dict[str, int]]:
    """When a message that follows from each command was first on each topic."""
    ways: dict[str, dict[str, int]] = defaultdict(dict)
    reader = Reader(bootstrap, _WAY, client_id="bench")
    await reader.start()
    try:
        async for batch in reader.batches(for_ever=False):
            for record in batch:
                envelope = from_kafka(record.headers, record.value)
                way = ways[envelope.correlation or envelope.id]
                way[record.topic] = min(record.timestamp, way.get(record.topic, record.timestamp))
    finally:
        await reader.stop()
    return ways


def _short(topic: str) -> str:
    return topic.removeprefix("crisis.").removesuffix(".v1")
