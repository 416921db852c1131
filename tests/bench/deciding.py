"""Decide alone: the rules on one core, without a log, by the processor's time, which others do not disturb."""

import time
from collections.abc import Iterator

from crisis_bus import packs
from crisis_bus.desk import decide
from tests.bench import work
from tests.bench.figures import Figure, Target

COMMANDS = 20_000
RUNS = 5


def run() -> Iterator[Figure]:
    policy = packs.load(work.PACK)
    commands = work.played(COMMANDS)
    rates = []
    for _ in range(RUNS):
        office, facts = work.office(policy), 0
        began = time.process_time()
        for command, at in commands:
            decision = decide(office, command, at)
            office, facts = decision.office, facts + len(decision.facts)
        rates.append(COMMANDS / (time.process_time() - began))
    note = f"({COMMANDS:,} commands led to {facts:,} facts)"
    yield Figure("decide alone", "commands/s", rates, Target(5000), note)
