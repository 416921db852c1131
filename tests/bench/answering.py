"""The desk on Kafka: commands that wait in one partition, answered by one desk process."""

import asyncio
from collections.abc import Iterator

from crisis_bus.assembly.machine import Machine
from crisis_bus.bus.ends import Ends
from crisis_bus.bus.record import Outgoing
from crisis_bus.wire import topics
from tests.bench import log, stage, work
from tests.bench.figures import Figure, Target

COMMANDS = 20_000
_WARM = 2_000
"""Entries before the clock starts: imports, assignment and the first polls are not the desk's pace."""
RUNS = 2
_SECONDS = 120.0
_JOURNAL = ((topics.JOURNAL, 0),)


def run() -> Iterator[Figure]:
    rates = [_once() for _ in range(RUNS)]
    note = f"({COMMANDS - _WARM:,} of {COMMANDS:,} waiting commands, one partition, one desk process)"
    yield Figure("desk on Kafka", "commands/s", [wall for wall, _ in rates], Target(3000), note)
    note = "(by the time of its own processor, which others do not disturb)"
    yield Figure("desk, one core", "commands/s", [own for _, own in rates], note=note)


def _once() -> tuple[float, float]:
    with stage.machine() as machine:
        bootstrap = machine.settings.kafka
        key = work.SPACE.encode()
        waiting = (Outgoing(topics.COMMANDS, key, envelope, 0) for envelope in work.envelopes(COMMANDS))
        asyncio.run(log.fill(bootstrap, waiting))
        machine.start(("desk",))
        return asyncio.run(_pace(machine, bootstrap))


async def _pace(machine: Machine, bootstrap: str) -> tuple[float, float]:
    async with Ends(bootstrap, "bench") as ends:
        warm = await log.reached(ends, _JOURNAL, _WARM, _SECONDS)
        before, already = stage.spent(machine)["desk"], await log.standing(ends, _JOURNAL)
        done = await log.reached(ends, _JOURNAL, COMMANDS, _SECONDS)
    count = COMMANDS - already
    return count / (done - warm), count / (stage.spent(machine)["desk"] - before)
