"""A real Kafka on this machine: one KRaft node on 127.0.0.1, durable, and never left behind."""

import asyncio
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from crisis_bus.bus import admin, guard, jars, ports
from crisis_bus.bus.ports import HOST
from crisis_bus.errors import CrisisBusError, NotReachable, UserError

FILES = Path(__file__).parents[2] / "deploy" / "kafka"
"""pom.xml, server.properties, log4j2.properties."""
_LOCK_SECONDS = 8.0
_PORT_SECONDS = 1.0

_REASONS = {
    "No space left on device": "the disk is full: make room under {folder} and start again",
    "Address already in use": "its port is in use: stop the program that has it, or choose another port",
    "UnsupportedClassVersionError": "Java is too old: it needs Java 17 or newer (Debian: openjdk-17-jre-headless)",
    "OutOfMemoryError": "its memory was not enough",
    "Could not reserve enough space": "this machine has not enough free memory for it",
    "Permission denied": "it may not write to {folder}: change the owner of the folder or choose another",
}
"""What the log says → what a person needs to know, most telling first."""


class LocalKafka:
    """One broker in one folder. Nothing here is async: call from a thread where a loop runs.

    `libs` can be shared by brokers of different folders. Port 0 takes a free one at the first start
    and keeps it, so that clients find a broker that was started again. `settings` are Kafka's own, over the template's.
    """

    def __init__(  # noqa: PLR0913 each is a decision of the caller
        self,
        folder: Path,
        *,
        port: int = 0,
        libs: Path | None = None,
        heap_megabytes: int = 512,
        start_seconds: float = 60,
        stop_seconds: float = 20,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._libs = libs or self.folder / "libs"
        self._heap = heap_megabytes
        self._start_seconds = start_seconds
        self._stop_seconds = stop_seconds
        self._more = settings or {}
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Where clients find it."""
        return f"{HOST}:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process is there; it may still be on its way up or down."""
        return self._guard is not None and self._guard.poll() is None

    def start(self) -> None:
        """Fetch, format and start, as far as each is needed, and wait until it answers."""
        if self.running:
            return
        if self._guard is not None:
            _until_silent(self.port)
        java = _java()
        jars.fetch(FILES / "pom.xml", self._libs)
        try:
            with _Lock(self.folder) as lock:
                self.port = self.port or ports.free_port()
                _must_be_free(self.port)
                self._prepare(java)
                self._launch(java, lock)
        except OSError as error:
            raise _failure(str(error), self.folder) from error
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """End it gracefully, or after a bound by force; no process is left either way."""
        if self._guard is None:
            return
        self._guard.terminate()
        try:
            self._guard.wait(self._stop_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._forget()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._guard is None:
            return
        if self.running:
            os.killpg(self._guard.pid, signal.SIGKILL)
        self._guard.wait()
        _until_silent(self.port)
        self._forget()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self._guard is not None and self.running:
            os.killpg(self._guard.pid, number)

    def _forget(self) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard = None

    def _prepare(self, java: str) -> None:
        """Write this start's settings, and format the storage if no start has done so."""
        values = {"port": self.port, "controller_port": ports.free_port(), "storage": self.folder / "storage"}
        self._settings.write_text(_filled(self._more, values))
        if (self.folder / "storage" / "meta.properties").is_file():
            return
        tool = ["kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", str(self._settings)]
        command = [*self._command(java, 128), *tool]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 the command is ours
        if done.returncode != 0:
            self._output.write_bytes(done.stdout + done.stderr)
            raise _failure(_said(self._output), self.folder)

    def _launch(self, java: str, lock: int) -> None:
        self._log.unlink(missing_ok=True)
        command = [*self._command(java, self._heap), "kafka.Kafka", str(self._settings)]
        with self._output.open("wb") as output:
            self._guard = subprocess.Popen(  # noqa: S603 the command is ours
                [sys.executable, "-S", "-E", guard.__file__, str(self._stop_seconds), str(lock), *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[lock],
            )

    def _command(self, java: str, heap: int) -> list[str]:
        options = [f"-Xmx{heap}m", "-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]
        logging = [f"-Dlog4j2.configurationFile={FILES / 'log4j2.properties'}", f"-Dcrisis-bus.log={self._log}"]
        return [java, *options, *logging, "-cp", f"{self._libs}/*"]

    def _wait(self) -> None:
        give_up = time.monotonic() + self._start_seconds
        while not _listens(self.port) or not asyncio.run(admin.answers(self.bootstrap)):
            if not self.running:
                raise _failure(_said(self._log, self._output), self.folder)
            if time.monotonic() > give_up:
                msg = f"Apache Kafka did not answer within {self._start_seconds:.0f} seconds: look into {self._log}"
                raise NotReachable(msg)
            time.sleep(0.05)

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _log(self) -> Path:
        return self.folder / "kafka.log"

    @property
    def _output(self) -> Path:
        return self.folder / "kafka.out"


def _filled(more: Mapping[str, str], values: Mapping[str, object]) -> str:
    """The settings of the template and more, each word in braces with its value."""
    text = (FILES / "server.properties").read_text() + "".join(f"{name}={value}\n" for name, value in more.items())
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _cluster_id() -> str:
    """As Kafka makes them: one that began with a hyphen would be taken for an option."""
    made = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return made if not made.startswith("-") else _cluster_id()


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        msg = "Java is missing: install Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless)"
        raise UserError(msg)
    return java


def _said(*files: Path) -> str:
    return "\n".join(file.read_text(errors="replace") for file in files if file.is_file())


def _failure(said: str, folder: Path) -> CrisisBusError:
    for sign, reason in _REASONS.items():
        if sign in said:
            return UserError(f"Apache Kafka did not start: {reason.format(folder=folder)}")
    return NotReachable(f"Apache Kafka did not start: look into kafka.log and kafka.out in {folder}")


class _Lock:
    """The folder is ours: guard and broker inherit the lock and keep it while they live, whatever becomes of us."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)

    def __enter__(self) -> int:
        # A broker whose owner was killed needs a moment to end.
        give_up = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > give_up:
                    os.close(self._file)
                    msg = f"the folder {self._folder} is in use by another crisis-bus: stop it, or choose another"
                    raise UserError(msg) from error
                time.sleep(0.1)
            else:
                return self._file

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def _must_be_free(port: int) -> None:
    # The kernel gives the lock of a broker that ends free a moment before its sockets.
    give_up = time.monotonic() + _PORT_SECONDS
    while not ports.is_free(port):
        if time.monotonic() < give_up:
            time.sleep(0.05)
            continue
        msg = f"port {port} of {HOST} is in use: stop the program that has it, or choose another port"
        raise UserError(msg)


def _until_silent(port: int) -> None:
    """A broker that was killed with its guard goes a moment after it, and its port with it."""
    give_up = time.monotonic() + _LOCK_SECONDS
    while _listens(port) and time.monotonic() < give_up:
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
