"""One machine: a local Kafka and every process of the system, started, watched and stopped together."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.error import URLError

from crisis_bus.bus import ports
from crisis_bus.bus.local import LocalKafka
from crisis_bus.errors import NotReachable, UserError
from crisis_bus.settings import Settings

PROCESSES = ("desk", "follower", "intake", "dispatch", "deliver", "audit", "gateway")
_READY_SECONDS = 90.0
_STOP_SECONDS = 20.0
_RESTARTS = 20
_LEAST_FREE_BYTES = 500_000_000
_PR_SET_PDEATHSIG = 1
_LOOPBACK = {"CRISIS_BUS_ALLOWED_NETWORKS": '["127.0.0.0/8", "::1/128"]'}
"""On one machine, subscribers of this machine are meant."""
Say = Callable[[str], None]


@dataclass
class Child:
    """One process: its port for health, its log file, and how often it had to be started again."""

    name: str
    port: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    restarts: int = 0

    @property
    def ready(self) -> bool:
        """Whether it says that it does its work."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 HTTP's OK
        except (URLError, OSError):
            return False


@dataclass
class Machine:
    """Everything on one machine; use it as a context, so that nothing is left behind."""

    settings: Settings
    say: Say
    extra: Mapping[str, str] = field(default_factory=dict)
    """More environment for the processes."""
    libs: Path | None = None
    """Where Kafka's jars are shared with other machines; in its own data folder, if left out."""
    children: dict[str, Child] = field(default_factory=dict)
    _kafka: LocalKafka | None = None
    _files: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Check what must be so before anything starts; raises UserError and NotReachable."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.settings.data).free < _LEAST_FREE_BYTES:
            msg = f"the disk of {self.settings.data.absolute()} has less than 500 MB left; make room and start again"
            raise UserError(msg)
        host, port = self.settings.gateway_host, self.settings.gateway_port
        if not ports.is_free(port, host):
            msg = f"port {port} of {host} is in use; stop what uses it, or set CRISIS_BUS_GATEWAY_PORT to another"
            raise UserError(msg)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every process, then Kafka."""
        for child in reversed(list(self.children.values())):
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        ends = time.monotonic() + _STOP_SECONDS
        for child in self.children.values():
            _end(child, max(0.0, ends - time.monotonic()))
        if self._kafka is not None:
            self._kafka.stop()
        self._files.close()

    @property
    def kafka(self) -> LocalKafka:
        """The broker of this machine."""
        if self._kafka is None:
            _, _, port = self.settings.kafka.rpartition(":")
            self._kafka = LocalKafka(self.settings.data / "kafka", port=int(port), libs=self.libs)
        return self._kafka

    def start(self, names: tuple[str, ...] = PROCESSES) -> None:
        """Start processes and wait until all are ready; raises NotReachable, which names the log to read."""
        logs = self.settings.data / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        for name in names:
            port = self.settings.gateway_port if name == "gateway" else ports.free_port()
            self.children[name] = Child(name, port, logs / f"{name}.log")
            self._spawn(self.children[name])
        self._wait(names)

    def watch(self) -> None:
        """Start again what has died; raises NotReachable when that does not help."""
        if not self.kafka.running:
            self.say("Kafka has died and is started again")
            self.kafka.start()
        for child in self.children.values():
            if child.process is not None and child.process.poll() is not None:
                child.restarts += 1
                if child.restarts > _RESTARTS:
                    msg = f"{child.name} has died {child.restarts} times; read {child.log}"
                    raise NotReachable(msg)
                self.say(f"{child.name} has died (exit code {child.process.returncode}) and is started again")
                self._spawn(child)

    def _spawn(self, child: Child) -> None:
        out: IO[bytes] = self._files.enter_context(child.log.open("ab"))
        environment = {**_LOOPBACK, **os.environ, **self.extra, "CRISIS_BUS_METRICS_PORT": str(child.port)}
        if child.name == "gateway":
            environment["CRISIS_BUS_METRICS_PORT"] = "0"
        child.process = subprocess.Popen(  # noqa: S603 our own command
            [sys.executable, "-m", "crisis_bus", child.name],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 it only asks the kernel for a signal
        )

    def _wait(self, names: tuple[str, ...]) -> None:
        ends = time.monotonic() + _READY_SECONDS
        waiting = list(names)
        while waiting:
            for name in waiting:
                child = self.children[name]
                if child.process is not None and child.process.poll() is not None:
                    msg = f"{name} ended at its start: {_last_line(child.log)} (all of it: {child.log})"
                    raise NotReachable(msg)
            waiting = [name for name in waiting if not self.children[name].ready]
            if waiting and time.monotonic() > ends:
                msg = (
                    f"{', '.join(waiting)} did not become ready in {_READY_SECONDS:g} s; read {self.settings.data}/logs"
                )
                raise NotReachable(msg)
            time.sleep(0.1)


def _end(child: Child, seconds: float) -> None:
    if child.process is None:
        return
    try:
        child.process.wait(seconds)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait(_STOP_SECONDS)


def _die_with_parent() -> None:
    """Ask Linux to end a process when the one that started it is gone, however that came."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _last_line(path: Path) -> str:
    lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
