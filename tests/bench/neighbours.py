"""The wait of destinations that are well, beside others like them and beside others that hang, refuse or dawdle."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain import ids
from crisis_bus.domain.values import Kind
from crisis_bus.wire import topics
from tests.bench import stage
from tests.bench.figures import Figure, Target, percentile
from tests.bench.overtaking import bulletin, record
from tests.bench.peers import Receiver, listening

ROUNDS, SECONDS = 5, 12
_A_SECOND = 10
_WELL, _FAULTY = 20, 5
"""Destinations in a record: of all messages a fifth go to neighbours that are not well."""
_NEIGHBOURS = 1_000
_ID = b"\nwebhook-id: "
_PATIENCE = 60.0
_BUSY = b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"


@dataclass
class Clock(Receiver):
    """When each message arrived."""

    at: dict[str, float] = field(default_factory=dict)

    def request(self, head: bytes, _body: bytes) -> None:
        start = head.index(_ID) + len(_ID)
        self.at.setdefault(head[start : head.index(b"\r", start)].decode(), time.monotonic())
        self.arrived += 1


def run() -> Iterator[Figure]:
    with stage.machine("deliver") as machine:
        quiet, troubled = asyncio.run(_rounds(machine.settings.kafka))
    load = f"{ROUNDS} rounds of {SECONDS} s, {_A_SECOND * _WELL}/s"
    note = f"({load}, and {_A_SECOND * _FAULTY}/s more to {_NEIGHBOURS:,} neighbours, which hang, refuse or dawdle)"
    yield Figure("well, beside others like them, p99", "ms", quiet, note=note)
    yield Figure("well, beside faults, p99", "ms", troubled, note=note)
    change = [100 * (after - before) / before for before, after in zip(quiet, troubled, strict=True)]
    yield Figure("  change of p99", "%", change, Target(10, at_least=False))


async def _rounds(kafka: str) -> tuple[list[float], list[float]]:
    quiet, troubled = [], []
    async with AsyncExitStack() as stack:
        well = await stack.enter_async_context(listening(Clock()))
        kinds = (Receiver(delay=1_000.0), Receiver(delay=2.0), Receiver(answer=_BUSY))
        bad = [await stack.enter_async_context(listening(each)) for each in kinds]
        publisher = Publisher(kafka, _PATIENCE, "bench")
        await publisher.start()
        stack.push_async_callback(publisher.stop)
        others = [(await stack.enter_async_context(listening(Receiver()))).url]
        await _round(publisher, well, "warm", others)
        for number in range(ROUNDS):
            quiet.append(await _round(publisher, well, f"quiet-{number}", others))
            troubled.append(await _round(publisher, well, f"troubled-{number}", [each.url for each in bad]))
    return quiet, troubled


async def _round(publisher: Publisher, well: Clock, name: str, neighbours: list[str]) -> float:
    """The p99 of the wait of well destinations, in milliseconds."""
    began, sent = time.monotonic(), dict[str, float]()
    for turn in range(SECONDS * _A_SECOND):
        await asyncio.sleep(max(0.0, began + turn / _A_SECOND - time.monotonic()))
        of = bulletin(f"{name}-{turn}", Kind.HOLDING)
        names = [f"w{place}" for place in range(_WELL)]
        outgoing = [_told(of.number, record(topics.OUTBOX_ROUTINE, of, names, well.url, turn), sent)]
        for place in range(_FAULTY):
            who = (turn * _FAULTY + place) % _NEIGHBOURS
            url = neighbours[who % len(neighbours)]
            outgoing.append(record(topics.OUTBOX_ROUTINE, of, [f"neighbour-{who}"], url, turn))
        await publisher.send_all(outgoing)
    async with asyncio.timeout(_PATIENCE):
        while not sent.keys() <= well.at.keys():  # noqa: ASYNC110 nothing that is measured waits for this look
            await asyncio.sleep(0.05)
    return 1000 * percentile([well.at[message] - at for message, at in sent.items()], 0.99)


def _told(number: str, outgoing: Outgoing, sent: dict[str, float]) -> Outgoing:
    now = time.monotonic()
    sent |= {ids.derived(number, f"w{place}"): now for place in range(_WELL)}
    return outgoing
