"""Decide alone: the rules on one core, without a log, by the processor's time, which others do not disturb."""

import time
from collections.abc import Iterator

from crisis_bus import packs
from crisis_bus.desk import decide
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office
from tests.bench import work
from tests.bench.figures import Figure, Target

COMMANDS = 10_000
RUNS = 3
OPEN = (0, 500, 6_000)
"""Incidents that stay open beside those that the commands are about."""


def run() -> Iterator[Figure]:
    policy = packs.load(work.PACK)
    for count in OPEN:
        yield _with_open(policy, count)


def _with_open(policy: Policy, count: int) -> Figure:
    begin = work.office(policy)
    for command in work.opening(count):
        begin = decide(begin, command, begin.now).office
    found = [_rate(begin) for _ in range(RUNS)]
    note = f"({COMMANDS:,} commands led to {found[0][1]:,} facts)"
    target = Target(5000) if count else None
    return Figure(f"decide, {count:,} open", "commands/s", [rate for rate, _ in found], target, note)


def _rate(office: Office) -> tuple[float, int]:
    facts, commands = 0, work.played(COMMANDS, step=1)
    began = time.process_time()
    for command, at in commands:
        decision = decide(office, command, at)
        office, facts = decision.office, facts + len(decision.facts)
    return COMMANDS / (time.process_time() - began), facts
