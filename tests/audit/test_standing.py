"""What is wrong at this moment and may be mended: late clocks, broken chains, and whether all is well."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from pytest import MonkeyPatch  # noqa: PT013 a name for a type

from crisis_bus.audit.deliveries import Deliveries
from crisis_bus.audit.findings import Finding
from crisis_bus.bus.record import Record
from crisis_bus.domain.instants import MINUTE, minutes, parse
from crisis_bus.errors import NotReachable
from crisis_bus.streams import auditing
from crisis_bus.streams.auditing import AuditRunner
from crisis_bus.views.chain import Standing
from crisis_bus.wire import topics
from tests.audit.journals import answered, auditor, forged, played
from tests.audit.plants import PLANTS
from tests.streams.space import commands_of, scenario

ZERO = parse(scenario("S03").clock.start)


@dataclass
class Watching:
    """A watch that remembers."""

    entries: int = 0
    skips: list[Standing] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    behind: int = 0

    def checked(self, appended: int) -> None:  # noqa: ARG002 the form of a watch
        self.entries += 1

    def skipped(self, standing: Standing) -> None:
        self.skips.append(standing)

    def stands(self, findings: Sequence[Finding], behind: int) -> None:
        self.rules = [finding.rule for finding in findings]
        self.behind = behind


@dataclass
class Followed:
    """A log that says what it is told to say."""

    said: bool | None = False

    async def behind(self, read: dict[tuple[str, int], int]) -> bool:  # noqa: ARG002 the form of a log
        if self.said is None:
            msg = "Kafka is down"
            raise NotReachable(msg)
        return self.said


@dataclass
class World:
    """One runner with a clock of its own."""

    now: int = ZERO
    watch: Watching = field(default_factory=Watching)
    log: Followed = field(default_factory=Followed)
    settled: frozenset[str] = frozenset()
    runner: AuditRunner = field(init=False)

    def __post_init__(self) -> None:
        deliveries = Deliveries(MINUTE, 15 * MINUTE)
        self.runner = AuditRunner(
            auditor(), deliveries, lambda: self.now, self.watch, MINUTE, 30_000, settled=self.settled
        )

    async def look(self, now: int, *values: bytes | None) -> list[str]:
        """Read records, look at that time, and say what is wrong then."""
        self.now = now
        read = self.runner.read.get((topics.JOURNAL, 0), 0)
        self.runner.take(journal(*values, begin=read))
        await self.runner.follow(self.log)
        self.runner.look()
        return self.watch.rules


def journal(*values: bytes | None, begin: int = 0) -> list[Record]:
    return [Record(topics.JOURNAL, 0, begin + n, ZERO, b"uae", (), value) for n, value in enumerate(values)]


REPORTED = answered(commands_of(scenario("S03"), "uae")[1:-1])
"""S03 in a real space: reported in minute 0, acknowledged in minute 14, after ESC-01a in minute 10."""


async def test_a_clock_that_the_desk_lets_pass_is_found_and_mended_by_the_next_entry() -> None:
    world = World()

    in_time = await world.look(ZERO + minutes(11), *REPORTED[:2])
    late = await world.look(ZERO + minutes(11) + 1)
    mended = await world.look(ZERO + minutes(14), REPORTED[2])

    assert ([], ["CLOCK"], []) == (in_time, late, mended)


async def test_a_clock_of_a_rehearsal_is_never_late_on_the_wall() -> None:
    world = World()

    assert [] == await world.look(ZERO + minutes(90_000), *played("S03")[:2])


async def test_a_clock_is_not_called_late_while_the_journal_is_not_read_to_its_end() -> None:
    world = World(log=Followed(said=True))

    assert [] == await world.look(ZERO + minutes(90), *REPORTED[:2])


async def test_a_broken_chain_stands_until_the_chain_goes_on() -> None:
    world = World()

    whole = await world.look(ZERO, REPORTED[0])
    broken = await world.look(ZERO, b"junk", REPORTED[2])
    repeated = await world.look(ZERO, REPORTED[0])
    healed = await world.look(ZERO, REPORTED[1])

    assert ([], ["CHAIN"], ["CHAIN"], []) == (whole, broken, repeated, healed)
    assert [Standing.UNREADABLE, Standing.FORKED, Standing.REPEATED] == world.watch.skips
    assert 2 == world.watch.entries


async def test_a_finding_of_an_invariant_stays_until_somebody_settles_it() -> None:
    plant = next(each for each in PLANTS if each.code == "lowered_by")
    values = forged(played(plant.scenario), plant.forge)
    world = World()
    await world.look(ZERO, *values)
    (finding,) = world.runner.findings

    settled = World(settled=frozenset({finding.id}))

    assert ["INV-11"] == await world.look(ZERO + minutes(500))
    assert [] == await settled.look(ZERO, *values)


async def test_all_is_well_only_while_the_journal_is_followed_and_nothing_is_found() -> None:
    world = World(log=Followed(said=True))

    await world.look(ZERO, REPORTED[0])
    starting = world.runner.reasons()
    world.log.said = False
    await world.look(ZERO)
    well = world.runner.reasons()
    world.log.said = None
    await world.look(ZERO + 30_001)
    blind = world.runner.reasons()
    world.log.said = False
    await world.look(ZERO + 30_002, b"junk")
    broken = world.runner.reasons()

    assert "not been read to its end" in starting[0]
    assert [] == well
    assert "nothing was checked for 30 s" in blind[0]
    assert [True] == [reason.startswith("CHAIN: ") for reason in broken]


async def test_many_findings_are_counted_and_some_of_them_named() -> None:
    world = World()
    await world.look(ZERO, *forged(played("S01"), lambda e: [each["changes"].pop("timers", 0) for each in e]))

    assert 6 == len(world.runner.reasons())
    assert "more findings" in world.runner.reasons()[-1]


async def test_a_flood_of_findings_is_kept_within_bounds(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "_AT_MOST", 7)
    world = World()

    await world.look(ZERO, *forged(played("S01"), lambda e: [each["changes"].pop("timers", 0) for each in e]))

    assert 7 == len(world.runner.findings)


async def test_each_finding_is_one_line_of_the_log_without_a_person(monkeypatch: MonkeyPatch) -> None:
    lines: list[dict[str, Any]] = []
    capturing = structlog.testing.LogCapture()
    capturing.entries = lines  # type: ignore[assignment] # it is a list of such dictionaries
    monkeypatch.setattr(auditing, "log", structlog.wrap_logger(None, processors=[capturing]))
    plant = next(each for each in PLANTS if each.code == "key_wrong_entity")
    world = World()

    for _ in range(3):
        await world.look(ZERO, *forged(played(plant.scenario), plant.forge))

    told = [line for line in lines if line["event"] == "audit_finding"]
    assert len(world.runner.findings) == len(told)
    assert [] == [line for line in told if "chief" in str(line)]


async def test_the_runner_looks_until_it_is_asked_to_stop() -> None:
    world, stop = World(), asyncio.Event()
    task = asyncio.create_task(world.runner.watching(world.log, 0.01, stop))
    async with asyncio.timeout(5):
        while world.runner.followed_at is None:  # noqa: ASYNC110 a test may look again and again
            await asyncio.sleep(0.01)
        stop.set()
        await task

    assert [] == world.runner.reasons()
