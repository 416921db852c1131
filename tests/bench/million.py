"""A million subscribers: how fast one statement becomes messages, and what a worker's half of them takes in memory."""

import gc
import resource
import time
import tracemalloc
from collections.abc import Iterator

from crisis_bus.domain.delivery import Order
from crisis_bus.streams.dispatch import parcels
from crisis_bus.streams.roll import Destination, Profiles, chunks
from crisis_bus.wire import messages, types
from tests.bench.figures import Figure, Target
from tests.channels.samples import bulletin
from tests.streams.asking import subscription

_SUBSCRIBERS, _HALF = 1_000_000, 500_000
_RUNS = 3
_EMIRATES = ("AE-AZ", "AE-DU", "AE-SH", "AE-AJ", "AE-UQ", "AE-RK", "AE-FU")


def run() -> Iterator[Figure]:
    tracemalloc.start()
    half = _people(_HALF)
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    note = f"({_HALF:,} subscribers with e-mail addresses, {len(_EMIRATES) * 2} different wishes)"
    yield Figure("memory, subscribers of a worker", "MB", [taken / 1e6], Target(400, at_least=False), note)
    del half
    people = _people(_SUBSCRIBERS)
    rates = [_expanded(people) for _ in range(_RUNS)]
    note = "(one core, without Kafka: messages of one statement, as records of the outbox)"
    yield Figure("expansion", "messages/s", rates, Target(25_000), note)
    yield Figure("  resident memory", "MB", [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000])


def _people(count: int) -> dict[bytes, Destination]:
    profiles = Profiles()
    people = {}
    for place in range(count):
        name = f"person-{place:07}"
        wish = {"emirates": [_EMIRATES[place % len(_EMIRATES)], "AE-FU"], "min_grade": 1 + place % 2}
        asked = subscription(id=name, subscriber=name, transport="email", address=f"{name}@example.test", filter=wish)
        people[name.encode()] = profiles.destination(asked)
    return people


def _expanded(people: dict[bytes, Destination]) -> float:
    """Messages a second, from the order to the bytes of every record."""
    said = bulletin(emirates=("AE-FU",), grade=3)
    order = Order(id="order", partition=0, bulletin=said)
    envelope = messages.message_for(order, types.ORDER, id="order", source="/bench", at=0)
    begun, count = time.perf_counter(), 0
    found = list(chunks(people, said))
    for _ in parcels(said, 0, found, envelope):
        count += 1
    told = sum(len(chunk.messages) for chunk in found)
    assert count == len(found)
    return told / (time.perf_counter() - begun)
