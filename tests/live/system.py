"""The whole system as its users have it: real processes, a real broker, the real command line."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic_core import from_json

from crisis_bus import packs
from crisis_bus.assembly.machine import Machine
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing, Record
from crisis_bus.cli import demo, playing, running, topics
from crisis_bus.cli.client import Gateway, Json
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.settings import Settings
from crisis_bus.wire.envelope import Envelope, from_kafka
from tests.conftest import LIBS, ROOT
from tests.live.witness import Witness, free_port, listening

T = TypeVar("T")
LONG_SECONDS = 120.0
"""The longest wait: no test is decided by how fast this machine is."""


@dataclass
class System:
    """A machine, destinations that remember, and ways to ask."""

    machine: Machine
    settings: Settings
    witness: Witness
    environment: dict[str, str]

    @cached_property
    def gateway(self) -> Gateway:
        """The gateway, with the key of this machine's command line."""
        return Gateway(self.settings)

    def cli(self, *words: str, **changed: str) -> "subprocess.CompletedProcess[bytes]":
        """Run `crisis-bus …` to its end; `changed` are settings that differ."""
        return self.together([words], **changed)[0]

    def together(self, asked: Sequence[Sequence[str]], **changed: str) -> "list[subprocess.CompletedProcess[bytes]]":
        """Run several at the same time, all to their end."""
        with contextlib.ExitStack() as stack:
            begun = [stack.enter_context(self.begun(*words, **changed)) for words in asked]
            return [ended(process) for process in begun]

    @contextlib.contextmanager
    def begun(self, *words: str, **changed: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Run `crisis-bus …` beside the test; it is over when the block is."""
        more = {f"CRISIS_BUS_{name.upper()}": value for name, value in changed.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "crisis_bus", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.environment, **more},
            cwd=ROOT,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def subscribed(self, space: str) -> list[Subscription]:
        """The sample destinations of the pack, each with a place of its own for this space."""
        samples = packs.subscriptions(self.settings.pack, space, f"{self.witness.web}/{space}")
        for sample in samples:
            body = sample.model_dump(mode="json", exclude={"id"}, exclude_none=True)
            path = f"/v1/subscriptions/{sample.id}"
            playing.patiently(lambda path=path, body=body: self.gateway.put(path, body))  # type: ignore[misc] # mypy cannot infer a lambda with defaults
        return samples

    def due(self, samples: list[Subscription], space: str) -> set[tuple[str, str]]:
        """Which destination must have which statement."""
        entries = self.gateway.pages("/v1/journal", {"space": space})
        return {(one.subscription, one.statement) for one in demo.due_of(samples, entries)}

    def finished(self, space: str, count: int) -> list[Json]:
        """The final receipts of a space, once there are so many."""

        def look() -> list[Json] | None:
            found = [
                one for one in self.gateway.pages("/v1/receipts", {"space": space}) if one["outcome"] != "retrying"
            ]
            return found if len(found) >= count else None

        return eventually(look, f"{count} receipts of {space}")

    def records(self, topic: str) -> list[Record]:
        """All that stands on a topic now, in the order of its partitions."""
        return asyncio.run(_read(self.settings.kafka, topic))

    def envelopes(self, topic: str) -> list[Envelope]:
        return [from_kafka(record.headers, record.value) for record in self.records(topic)]

    def publish(self, *outgoing: Outgoing) -> None:
        asyncio.run(_publish(self.settings.kafka, outgoing))


def ended(process: "subprocess.Popen[bytes]") -> "subprocess.CompletedProcess[bytes]":
    """A process that has come to its end, within the bound."""
    out, err = process.communicate(timeout=LONG_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


async def _read(bootstrap: str, topic: str) -> list[Record]:
    reader = Reader(bootstrap, [topic])
    await reader.start()
    found: list[Record] = []
    try:
        async for batch in reader.batches(for_ever=False):
            found += batch
    finally:
        await reader.stop()
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def _publish(bootstrap: str, outgoing: Sequence[Outgoing]) -> None:
    publisher = Publisher(bootstrap)
    await publisher.start()
    try:
        await publisher.send_all(outgoing)
    finally:
        await publisher.stop()


def eventually(look: Callable[[], T | None], what: str, seconds: float = LONG_SECONDS) -> T:
    """What `look` finds, once it finds something."""
    ends = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < ends, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.2)
    return found


def lines(output: bytes) -> list[Json]:
    return [from_json(line) for line in output.splitlines()]


@contextlib.contextmanager
def running_system(folder: Path) -> Iterator[System]:
    """Everything started on free ports with a data folder of its own; stopped at the end of the block."""
    with listening() as witness:
        settings = _settings(folder)
        environment = {
            f"CRISIS_BUS_{name.upper()}": str(getattr(settings, name)) for name in settings.model_fields_set
        } | {"CRISIS_BUS_SMTP_HOST": "127.0.0.1", "CRISIS_BUS_SMTP_PORT": str(witness.mail_port)}
        with Machine(settings, print, environment, libs=LIBS) as machine:
            machine.kafka.start()
            topics.apply_all(settings, print)
            running.ensure_keys(settings)
            machine.start()
            system = System(machine, settings, witness, environment)
            yield system
            system.gateway._http.close()


def _settings(folder: Path) -> Settings:
    port = free_port()
    return Settings(
        kafka=f"127.0.0.1:{free_port()}",
        topics=ROOT / "topics",
        data=folder,
        gateway_port=port,
        gateway_url=f"http://127.0.0.1:{port}",
        public_url=f"http://127.0.0.1:{port}",
        delivery_first_wait_seconds=0.2,
        log_format="json",
    )
