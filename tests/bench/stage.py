"""Where a benchmark plays: a broker or a whole machine of its own, in a temporary folder, on free ports."""

import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crisis_bus.assembly.machine import Machine
from crisis_bus.bus.local import LocalKafka
from crisis_bus.cli import running, topics
from crisis_bus.gateway import keys
from crisis_bus.settings import Settings

ROOT = Path(__file__).parents[2]
SIGNER = "GCO.director"
LIBS = ROOT / ".crisis-bus" / "kafka" / "libs"


@contextmanager
def machine(*names: str, pack: str = "uae") -> Iterator[Machine]:
    """A machine with its broker, its topics and these processes; nothing is left of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="crisis-bus-bench-") as folder:
        settings = _settings(Path(folder), pack)
        broker = LocalKafka(settings.data / "kafka", port=int(settings.kafka.rpartition(":")[2]), libs=LIBS)
        with Machine(settings, say=_quiet, extra=_environment(settings), _kafka=broker) as found:
            broker.start()
            topics.apply_all(settings, _quiet)
            _make_key(settings)
            found.start(names)
            yield found


def spent(machine: Machine) -> dict[str, float]:
    """Seconds of processor time that each process has used so far: what the load of the machine does not change."""
    pids = {name: child.process.pid for name, child in machine.children.items() if child.process is not None}
    return {name: _processor_seconds(pid) for name, pid in pids.items()}


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _settings(folder: Path, pack: str) -> Settings:
    gateway = free_port()
    return Settings(
        data=folder,
        topics=ROOT / "topics",
        kafka=f"127.0.0.1:{free_port()}",
        pack=pack,
        gateway_port=gateway,
        gateway_url=f"http://127.0.0.1:{gateway}",
    )


def _environment(settings: Settings) -> dict[str, str]:
    names = ("data", "topics", "kafka", "pack", "gateway_port", "gateway_url")
    return {f"CRISIS_BUS_{name.upper()}": str(getattr(settings, name)) for name in names}


def _make_key(settings: Settings) -> None:
    """A key for who gives the last key of statements: in a real space, nobody speaks for others."""
    token, record = keys.make("bench", SIGNER, [settings.space], list(keys.Scope), secrets.token_bytes(32))
    running.write_secretly(running.key_file(settings), keys.as_toml(record))
    running.write_secretly(settings.data / "cli-key", token)


def _quiet(_sentence: str) -> None:
    """Say nothing: the table is what people want to see."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
