"""An urgent message while 100,000 routine ones wait: how long until its receiver has it."""

import asyncio
import time
from collections.abc import Iterable, Iterator

from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain import ids
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Sheaf
from crisis_bus.domain.values import Kind
from crisis_bus.wire import messages, topics, types
from tests.bench import log, stage
from tests.bench.figures import Figure, Target, percentile
from tests.bench.peers import receiving
from tests.channels import samples

ROUTINE = 100_000
URGENT = 100
_A_SECOND = 20
_IN_A_RECORD = 200
_PARTITIONS = 6
_SECONDS = 60.0


def run() -> Iterator[Figure]:
    """The waits of urgent messages, from their being on the log to their arrival."""
    with stage.machine("deliver") as machine:
        waits, left = asyncio.run(_waits(machine.settings.kafka))
    note = f"({URGENT} at {_A_SECOND}/s; {left:,} of {ROUTINE:,} routine messages still waited at the end)"
    yield Figure("urgent overtakes, p50", "ms", [1000 * percentile(waits, 0.5)], note=note)
    yield Figure("urgent overtakes, p99", "ms", [1000 * percentile(waits, 0.99)], Target(250, at_least=False), note)


async def _waits(kafka: str) -> tuple[list[float], int]:
    async with receiving() as receiver:
        await log.fill(kafka, _routine(receiver.url))
        await receiver.until(1, _SECONDS)
        publisher = Publisher(kafka, _SECONDS, "bench")
        await publisher.start()
        try:
            begun = {}
            for place in range(URGENT):
                urgent = bulletin(f"urgent-{place}", Kind.PUBLIC_WARNING)
                begun[urgent.number] = time.monotonic()
                await publisher.send(record(topics.OUTBOX_URGENT, urgent, [f"u{place}"], receiver.url, place))
                await asyncio.sleep(1 / _A_SECOND)
            async with asyncio.timeout(_SECONDS):
                while not begun.keys() <= receiver.first.keys():  # noqa: ASYNC110 nothing that is measured waits for this look
                    await asyncio.sleep(0.01)
        finally:
            await publisher.stop()
        return [receiver.first[number] - at for number, at in begun.items()], ROUTINE + URGENT - receiver.arrived


def _routine(url: str) -> Iterator[Outgoing]:
    routine = bulletin("routine", Kind.HOLDING)
    for begin in range(0, ROUTINE, _IN_A_RECORD):
        names = [f"r{place}" for place in range(begin, begin + _IN_A_RECORD)]
        yield record(topics.OUTBOX_ROUTINE, routine, names, url, begin // _IN_A_RECORD)


def bulletin(name: str, kind: Kind) -> Bulletin:
    return samples.bulletin(name, kind=kind, grade=1, chain=f"uae/{name}")


def record(topic: str, of: Bulletin, names: Iterable[str], url: str, place: int) -> Outgoing:
    sent = tuple(
        OutboxMessage(
            id=ids.derived(of.number, name),
            subscription=name,
            subscriber="bench",
            channel="WEB",
            transport="webhook",
            address=f"{url}/{name}",
            languages=("ar", "en"),
            outlet=False,
            bulletin=of,
        ).model_dump(mode="json", exclude={"bulletin"}, exclude_none=True)
        for name in names
    )
    key = f"{of.number}/{place}"
    at = time.time_ns() // 1_000_000
    envelope = messages.message_for(
        Sheaf(bulletin=of, messages=sent), types.OUTBOX, id=ids.derived("sheaf", key), source="/bench", at=at
    )
    return Outgoing(topic, key.encode(), envelope, partition=place % _PARTITIONS)
