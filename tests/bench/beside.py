"""Beside two peers on the same machine in the same run: Prometheus Alertmanager (Debian's) and Apprise.

Neither keeps anything: what they have not sent is lost with the process. Their figures say what this machine can do.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from crisis_bus.assembly.machine import PROCESSES
from tests.bench import stage, telling
from tests.bench.figures import Figure, Target
from tests.bench.peers import receiving

SLOW = 1_000
DELAY = 0.1
_WEBHOOKS = 1_000
_ALERTS = 10
_SECONDS = 120.0
_APPRISE = """
import asyncio, sys, time
import apprise
url, count = sys.argv[1], int(sys.argv[2])
many = apprise.Apprise()
for place in range(count):
    many.add(f"{url}/{place}")
began = time.monotonic()
taken = asyncio.run(many.async_notify(title="Public warning", body="Keep away from wadis." * 20))
print(time.monotonic() - began if taken else -1.0)
"""


def run() -> Iterator[Figure]:
    """Ours first, then the peers."""
    yield from telling.fan_out()
    with stage.machine(*PROCESSES) as machine:
        rounds, _ = asyncio.run(telling.told_rounds(machine, SLOW, DELAY))
    note = f"(last key → last arrival; {SLOW:,} receivers that take {1000 * DELAY:.0f} ms)"
    yield Figure("slow receivers", "s", [arrival for _, arrival in rounds], Target(2.0, at_least=False), note)
    yield from _apprise()
    yield from _alertmanager()


def _apprise() -> Iterator[Figure]:
    instant = asyncio.run(_apprise_seconds(SLOW, 0.0))
    yield Figure("Apprise, instant receivers", "sends/s", [SLOW / instant])
    yield Figure("Apprise, slow receivers", "s", [asyncio.run(_apprise_seconds(SLOW, DELAY))], note=f"({SLOW:,})")


async def _apprise_seconds(count: int, delay: float) -> float:
    async with receiving(delay) as receiver:
        url = receiver.url.replace("http://", "json://")
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _APPRISE, url, str(count), stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(_SECONDS):
            said, _ = await program.communicate()
        assert count == receiver.arrived
        return float(said)


def _alertmanager() -> Iterator[Figure]:
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        sys.stderr.write("  Alertmanager is left out: Debian's package prometheus-alertmanager is not on the PATH\n")
        return
    figure = asyncio.run(_alertmanager_rate(program))
    yield Figure("Alertmanager, instant receivers", "sends/s", [figure], note=f"({_ALERTS} alerts × {_WEBHOOKS:,})")


async def _alertmanager_rate(program: str) -> float:
    async with receiving() as receiver:
        with _alerting(program, receiver.url) as url:
            async with httpx2.AsyncClient(base_url=url) as client:
                await _ready(client)
                began = time.monotonic()
                alerts = [{"labels": {"alertname": f"flood-{place}"}} for place in range(_ALERTS)]
                (await client.post("/api/v2/alerts", json=alerts)).raise_for_status()
            await receiver.until(_ALERTS * _WEBHOOKS, _SECONDS)
            return _ALERTS * _WEBHOOKS / (receiver.last - began)


@contextmanager
def _alerting(program: str, receiver: str) -> Iterator[str]:
    """Alertmanager on a free port of loopback, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="crisis-bus-bench-") as folder:
        route = {"receiver": "all", "group_by": ["..."], "group_wait": "0s", "group_interval": "1h"}
        webhooks = [{"url": f"{receiver}/{place}", "send_resolved": False} for place in range(_WEBHOOKS)]
        config = {"route": route, "receivers": [{"name": "all", "webhook_configs": webhooks}]}
        file = Path(folder) / "alertmanager.yml"
        file.write_text(json.dumps(config), encoding="utf-8")
        port = stage.free_port()
        options = (
            f"--config.file={file}",
            f"--storage.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            "--log.level=error",
        )
        process = subprocess.Popen([program, *options])
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


async def _ready(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                (await client.get("/-/ready")).raise_for_status()
            except httpx2.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return
