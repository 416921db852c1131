"""The process on a real broker: it vouches for a journal, finds what is planted in it, and falls silent."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from crisis_bus.bus import ports
from crisis_bus.bus.admin import Admin
from crisis_bus.bus.local import LocalKafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.wire import catalogue, plan, topics, types
from crisis_bus.wire.envelope import Envelope
from tests.audit.journals import forged, played
from tests.audit.plants import PLANTS
from tests.conftest import ROOT
from tests.telemetry.switch import Switch, listening

pytestmark = pytest.mark.kafka
LOWERED = next(each for each in PLANTS if each.code == "lowered_by")
CUT = 20
"""So many entries of S03 are read before anything is planted; the level is lowered after them."""


async def applied(bootstrap: str) -> None:
    async with Admin(bootstrap) as admin:
        await admin.apply(plan.plan(catalogue.load(ROOT / "topics"), await admin.present(), brokers=1))


@asynccontextmanager
async def journal(bootstrap: str) -> AsyncIterator[Any]:
    """Writes records to one partition of the journal."""
    publisher = Publisher(bootstrap)
    await publisher.start()

    async def write(*values: bytes) -> None:
        made = [Envelope(f"e{hash(value)}", "/tests", types.JOURNAL_ENTRY, 0, value) for value in values]
        await publisher.send_all([Outgoing(topics.JOURNAL, b"x", one, 2) for one in made])

    try:
        yield write
    finally:
        await publisher.stop()


@contextmanager
def auditing(bootstrap: str, folder: Path, url: str) -> Iterator[int]:
    """The process itself, by its port for health."""
    port = ports.free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "CRISIS_BUS_KAFKA": bootstrap,
        "CRISIS_BUS_TOPICS": str(ROOT / "topics"),
        "CRISIS_BUS_DATA": str(folder),
        "CRISIS_BUS_METRICS_PORT": str(port),
        "CRISIS_BUS_DEAD_MAN_URL": url,
        "CRISIS_BUS_DEAD_MAN_SECONDS": "0.1",
        "CRISIS_BUS_LOG_FORMAT": "json",
    }
    with (folder / "audit.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "crisis_bus", "audit"], env=environment, cwd=folder, stdout=log, stderr=log
        )
        try:
            yield port
            process.terminate()
            assert 0 == process.wait(30)
        finally:
            process.kill()
            process.wait(30)


def once(bootstrap: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`crisis-bus audit --once` on the same journal."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CRISIS_BUS_KAFKA": bootstrap}
    return subprocess.run(
        [sys.executable, "-m", "crisis_bus", "audit", "--once", "--format", "jsonl"],
        env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


async def alive(port: int, status: int) -> dict[str, Any]:
    """What /alive says, once it says so."""
    async with asyncio.timeout(60), httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        while True:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/alive")
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == status:
                said: dict[str, Any] = answer.json()
                return said
            await asyncio.sleep(0.1)


async def numbers(port: int) -> str:
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        return (await client.get(f"http://127.0.0.1:{port}/metrics")).text


async def plant(write: Any, switch: Switch, port: int) -> tuple[dict[str, Any], int]:
    """Write a record that fits nowhere: what /alive says then, and how often the switch is fed after that."""
    await write(b'{"a": "record that fits nowhere"}')
    said, before = await alive(port, 503), switch.fed
    await asyncio.sleep(1)
    return said, switch.fed - before


async def test_it_vouches_while_all_is_well_and_falls_silent_when_a_fault_is_planted(
    broker: LocalKafka, tmp_path: Path
) -> None:
    await asyncio.to_thread(broker.start)
    await applied(broker.bootstrap)
    values = forged(played("S03"), LOWERED.forge)
    async with listening(Switch()) as switch, journal(broker.bootstrap) as write:
        await write(*values[:CUT])
        with auditing(broker.bootstrap, tmp_path, switch.url) as port:
            well = await alive(port, 200)
            await switch.until(3)

            broken, silent = await plant(write, switch, port)
            await write(*values[CUT : CUT + 2])
            healed = await alive(port, 200)
            await write(*values[CUT + 2 :])
            lowered = await alive(port, 503)
            metrics = await numbers(port)
            checked = await asyncio.to_thread(once, broker.bootstrap, tmp_path)

    assert (1, ["INV-11"]) == (checked.returncode, [json.loads(line)["rule"] for line in checked.stdout.splitlines()])
    lines = (tmp_path / "audit.log").read_text(encoding="utf-8")
    assert {"alive": True, "reasons": []} == well == healed
    assert ["CHAIN"] == [reason.split(":")[0] for reason in broken["reasons"]]
    assert ["INV-11"] == [reason.split(":")[0] for reason in lowered["reasons"]]
    assert silent <= 1, "the switch was fed although something was found"
    assert 'crisis_bus_audit_findings{rule="INV-11"} 1.0' in metrics
    assert f"crisis_bus_audit_entries_total {len(values)}.0" in metrics
    assert 'crisis_bus_audit_skipped_total{reason="unreadable"} 1.0' in metrics
    assert [1, 1] == [lines.count(f'"rule": "{rule}"') for rule in ("CHAIN", "INV-11")]
