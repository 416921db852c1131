"""Debian's mosquitto as the broker of a test, and a device that listens to all of it."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from tests.channels.certificates import Authority

_SECONDS = 10.0


def _program(name: str) -> tuple[str, dict[str, str]]:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        pytest.skip(f"{name} is missing: `make test` unpacks Debian's package mosquitto, where there is one")
    libraries = ":".join(str(folder) for folder in (Path(found).parents[1] / "lib").glob("*-linux-*"))
    return found, os.environ | {"LD_LIBRARY_PATH": libraries}


@dataclass
class Broker:
    """`lines` are more lines of its configuration; `forbidden` is a topic that it lets nobody publish to."""

    folder: Path
    lines: tuple[str, ...] = ("allow_anonymous true",)
    forbidden: str | None = None
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program, environment = _program("mosquitto")
        self.port = self.port or _free()
        denied = [f"topic deny {self.forbidden}"] if self.forbidden else []
        (self.folder / "acl").write_text("\n".join(["topic readwrite #", *denied, "user bus", "topic readwrite #", ""]))
        acl = f"acl_file {self.folder / 'acl'}"
        lines = ("user root", f"listener {self.port} 127.0.0.1", acl, *self.lines, "")
        (self.folder / "mosquitto.conf").write_text("\n".join(lines))
        command = [program, "-c", str(self.folder / "mosquitto.conf")]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        _wait(lambda: _open(self.port), "the broker does not listen")

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait(_SECONDS)

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)


def locked(folder: Path, trusted: Authority) -> tuple[str, ...]:
    """Lines of a broker that speaks TLS and lets in `bus` with its password only."""
    program, environment = _program("mosquitto_passwd")
    path = folder / "passwords"
    subprocess.run(
        [program, "-c", "-b", str(path), "bus", "secret-word"], env=environment, check=True, timeout=_SECONDS
    )
    files = f"certfile {trusted.certificate}", f"keyfile {trusted.key}"
    return ("allow_anonymous false", f"password_file {path}", *files)


@dataclass
class Device:
    """Listens to every topic by a connection of its own, and finds it again when the broker was away."""

    port: int
    heard: list[MQTTMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._client.reconnect_delay_set(0.05, 0.05)  # type: ignore[arg-type] # paho counts in fractions too
        self._client.on_connect = self._listen
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_disconnect = lambda *_: self._ready.clear()
        self._client.on_message = lambda _client, _data, message: self.heard.append(message)
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()

    def _listen(self, *_: Any) -> None:
        self._client.subscribe("#", 1)

    def ready(self) -> "Device":
        assert self._ready.wait(_SECONDS), "the device found no broker"
        return self

    def messages(self) -> list[MQTTMessage]:
        """All that the broker took before: the broker gives one device what it got in the order in which it came."""
        if self._ready.is_set():
            mark = f"mark/{time.monotonic_ns()}"
            self._client.publish(mark, b"", 1)
            _wait(lambda: any(each.topic == mark for each in self.heard), "the device hears nothing")
        return [each for each in self.heard if not each.topic.startswith("mark/")]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def ident(message: MQTTMessage) -> str:
    properties: Any = message.properties
    return str(dict(properties.UserProperty)["id"])


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(reached: Any, otherwise: str) -> None:
    end = time.monotonic() + _SECONDS
    while not reached():
        assert time.monotonic() < end, otherwise
        time.sleep(0.01)
