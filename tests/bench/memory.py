"""Memory: what a thousand open incidents and a thousand answered commands take in the desk."""

import gc
import tracemalloc
from collections.abc import Iterator

from crisis_bus import packs
from crisis_bus.desk import decide
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office
from tests.bench import work
from tests.bench.figures import Figure

_FEW, _MANY = 500, 3_500


def run() -> Iterator[Figure]:
    policy = packs.load(work.PACK)
    _opened(policy, 10)
    thousands = (_MANY - _FEW) / 1000
    office = (_opened(policy, _MANY) - _opened(policy, _FEW)) / thousands
    yield Figure("memory, office", "bytes/1,000 open incidents", [office], note="(their clocks and command ids, too)")
    ids = (_known(policy, 200_000) - _known(policy, 100_000)) / 100
    yield Figure("memory, command ids", "bytes/1,000 answered", [ids])


def _opened(policy: Policy, count: int) -> int:
    """The bytes of an office with so many open incidents."""
    commands = list(work.opening(count))
    begin = _begin()
    office = work.office(policy)
    for command in commands:
        office = decide(office, command, office.now).office
    return _since(begin, office)


def _known(policy: Policy, count: int) -> int:
    """The bytes of an office that has answered so many commands."""
    begin = _begin()
    office = Office.restored(policy, 0, (f"0193d2c0-0000-7000-8000-{number:012}" for number in range(count)), {})
    return _since(begin, office)


def _begin() -> int:
    gc.collect()
    tracemalloc.start()
    return tracemalloc.get_traced_memory()[0]


def _since(begin: int, office: Office) -> int:
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] - begin
    tracemalloc.stop()
    assert office.policy
    return size
