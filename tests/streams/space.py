"""What the desk tests do with a real broker: commands in, entries and what follows from them out."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from crisis_bus import packs, rehearsal
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing, Placed, Record
from crisis_bus.domain.commands import CLOCK_TICK, REHEARSAL_OPEN
from crisis_bus.domain.instants import minutes, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.policy import Policy
from crisis_bus.rehearsal import Line, Scenario
from crisis_bus.views import chain
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope

SCENARIOS = Path(packs.__file__).parent / "uae" / "scenarios"


@cache
def policy() -> Policy:
    return packs.load("uae")


def scenario(name: str) -> Scenario:
    return rehearsal.read((SCENARIOS / f"{name}.json").read_bytes())


def fresh_space(name: str = "try") -> str:
    return f"rehearsal-{name.lower()}-{uuid.uuid4().hex[:8]}"


def commands_of(played: Scenario, space: str) -> list[Envelope]:
    """The commands of a scenario as they go on the log: opened first, ticked to the end last."""
    zero = parse(played.clock.start)

    def command(number: int, name: object, by: object, data: object, at: int) -> Envelope:
        return messages.command(
            space, str(name), by, data, id=f"{space}-{number}", at=zero + minutes(at), source="/tests"
        )

    roster = {name: change.model_dump(mode="json", exclude_none=True) for name, change in played.roster.items()}
    steps = [command(n, step.type, step.by, step.data, step.at) for n, step in enumerate(played.commands, 1)]
    opened = command(0, REHEARSAL_OPEN, "tests", {"start": played.clock.start, "roster": roster}, 0)
    return [opened, *steps, command(len(steps) + 1, CLOCK_TICK, "clock", {}, played.clock.until_minutes)]


def expected(played: Scenario) -> list[str]:
    """The facts that the rehearsal in memory tells, byte for byte."""
    return [rehearsal.as_json(line) for line in rehearsal.play(played, policy())]


@asynccontextmanager
async def publishing(bootstrap: str) -> AsyncIterator[Publisher]:
    publisher = Publisher(bootstrap)
    await publisher.start()
    try:
        yield publisher
    finally:
        await publisher.stop()


async def ask(publisher: Publisher, space: str, envelopes: Sequence[Envelope]) -> list[Placed]:
    return await publisher.send_all([Outgoing(topics.COMMANDS, space.encode(), one) for one in envelopes])


async def everything(bootstrap: str, topic: str) -> list[Record]:
    reader = Reader(bootstrap, [topic])
    await reader.start()
    try:
        return [record async for batch in reader.batches(for_ever=False) for record in batch]
    finally:
        await reader.stop()


async def entries(bootstrap: str, space: str) -> list[Entry]:
    """The entries of a space that count."""
    chains = chain.Chains()
    found = []
    for record in await everything(bootstrap, topics.JOURNAL):
        entry = chain.read(record.value)
        if chains.of(record.partition).counts(entry, record.value or b"") and entry.space == space:
            found.append(entry)
    return found


async def answered(bootstrap: str, space: str, count: int, seconds: float = 60) -> list[Entry]:
    """The entries of a space, once so many commands are answered."""
    async with asyncio.timeout(seconds):
        found = await entries(bootstrap, space)
        while sum(not entry.more for entry in found) < count:
            await asyncio.sleep(0.1)
            found = await entries(bootstrap, space)
    return found


def told(found: Sequence[Entry]) -> list[str]:
    """The facts of entries, as the rehearsal writes them; that it is a rehearsal is none of them."""
    lines: list[Line] = [{"at": fact.at, "type": fact.type, "data": fact.data} for one in found for fact in one.facts]
    return [rehearsal.as_json(line) for line in lines if line["type"] != "rehearsal.opened"]


async def broken(bootstrap: str) -> list[chain.Break]:
    """Where the chain of a partition of the journal breaks."""
    records = await everything(bootstrap, topics.JOURNAL)
    verdicts = chain.verify((one.partition, one.offset, one.value) for one in records)
    return [verdict.broken for verdict in verdicts.values() if verdict.broken is not None]


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 a test may look again and again
            await asyncio.sleep(0.02)


@dataclass
class Seen:
    """A watch that remembers."""

    decisions: int = 0
    dead: list[str] = field(default_factory=list)
    waiting: int = 0

    def decided(self, at: int, seconds: float) -> None:  # noqa: ARG002 the form of a watch
        self.decisions += 1

    def dead_letter(self, topic: str) -> None:
        self.dead.append(topic)

    def behind(self, records: int, oldest: int | None) -> None:  # noqa: ARG002 the form of a watch
        self.waiting = records
