"""Silence: thousands of incidents are opened at once and nobody answers; every clock of every one of them fires.

A copy of the pack with short minutes keeps it bounded: acknowledge in 1, spokesperson in 2, first statement in 3.
"""

import asyncio
import re
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pydantic_core import from_json

from crisis_bus import packs
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain.instants import parse
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope
from tests.bench import figures, log, stage, work
from tests.bench.figures import Figure, Target

INCIDENTS = 6_000
STEPS = ("ESC-01a", "ESC-01b", "ESC-02a", "ESC-02b", "ESC-02c")
_LAST = b'"rule":"ESC-02c"'
_SPACE = "uae"
_SECONDS = 360.0
_MINUTES = {"acknowledge": 1, "spokesperson": 2, "first_statement": 3}
Arrived = tuple[int, bytes]
"""When a journal record was read, in milliseconds, and the record."""


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="crisis-bus-pack-") as folder:
        pack = _short_minutes(Path(folder) / "pack")
        with stage.machine("desk", "follower", pack=str(pack)) as machine:
            before = stage.spent(machine)
            arrived = asyncio.run(_silence(machine.settings.kafka))
            used = {name: seconds - before[name] for name, seconds in stage.spent(machine).items()}
    late = _late(arrived)
    found = {step: len(late[step]) for step in STEPS}
    assert found == dict.fromkeys(STEPS, INCIDENTS), found
    note = f"({INCIDENTS:,} incidents; {', '.join(f'{name} {one:.1f} s' for name, one in used.items())} of processor)"
    everything = [one for step in STEPS for one in late[step]]
    yield Figure("silence, latest step", "s", [max(everything)], Target(10, at_least=False), note)
    yield Figure("silence, p99", "s", [figures.percentile(everything, 0.99)], Target(10, at_least=False))
    for step, seconds in sorted(late.items()):
        yield Figure(f"  {step}", "s", [max(seconds)], note=f"(latest of {len(seconds):,})")


def _short_minutes(pack: Path) -> Path:
    shutil.copytree(packs.folder(work.PACK), pack)
    for name in ("numbers.yaml", "incidents.yaml"):
        text = (pack / name).read_text(encoding="utf-8")
        for field, count in _MINUTES.items():
            text = re.sub(rf"\b{field}: [0-9]+", f"{field}: {count}", text)
        (pack / name).write_text(text, encoding="utf-8")
    return pack


def _reports() -> Iterator[Envelope]:
    types = [row.code for row in packs.load(work.PACK).incident_types]
    places = [row.code for row in packs.load(work.PACK).emirates]
    for number in range(INCIDENTS):
        data = {
            "id": f"I{number}",
            "type": types[number % len(types)],
            "severity": ("Minor", "Moderate", "Severe", "Extreme")[number % 4],
            "urgency": "Immediate",
            "certainty": "Likely",
            "emirates": [places[number % len(places)]],
        }
        yield messages.command(_SPACE, "incident.report", "MOI.ops", data, id=f"r{number}", at=0, source="/bench")


async def _silence(bootstrap: str) -> list[Arrived]:
    reader = Reader(bootstrap, [topics.JOURNAL], partitions={topics.JOURNAL: (0,)}, client_id="bench")
    await reader.start()
    listening = asyncio.create_task(_listen(reader))
    try:
        await log.fill(bootstrap, (Outgoing(topics.COMMANDS, _SPACE.encode(), one, 0) for one in _reports()))
        async with asyncio.timeout(_SECONDS):
            return await listening
    finally:
        listening.cancel()
        await reader.stop()


async def _listen(reader: Reader) -> list[Arrived]:
    arrived: list[Arrived] = []
    left = INCIDENTS
    async for batch in reader.batches():
        now = time.time_ns() // 1_000_000
        for record in batch:
            arrived.append((now, record.value or b""))
            left -= (record.value or b"").count(_LAST)
        if left <= 0:
            break
    return arrived


def _late(arrived: list[Arrived]) -> dict[str, list[float]]:
    """How long after its due time each escalation could be read in the journal, in seconds, by rule."""
    late: dict[str, list[float]] = defaultdict(list)
    for now, value in arrived:
        for fact in from_json(value)["facts"]:
            if fact["type"] == "escalation":
                late[fact["data"]["rule"]].append((now - parse(fact["at"])) / 1000)
    return late
