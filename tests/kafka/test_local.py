import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crisis_bus.bus import admin, jars, local
from crisis_bus.bus.local import FILES, LocalKafka
from crisis_bus.errors import NotReachable, UserError
from tests.conftest import LIBS

pytestmark = pytest.mark.kafka
POM = FILES / "pom.xml"
OWNER = """
import sys, time
from pathlib import Path
from crisis_bus.bus.local import LocalKafka
broker = LocalKafka(Path(sys.argv[1]), libs=Path(sys.argv[2]), heap_megabytes=256)
broker.start()
print(broker.port, flush=True)
time.sleep(3600)
"""


def processes(folder: Path) -> list[int]:
    """Processes whose command names the folder."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        if str(folder).encode() in command:
            found.append(int(file.parent.name))
    return found


def all_gone(folder: Path, seconds: float = 15) -> bool:
    give_up = time.monotonic() + seconds
    while processes(folder) and time.monotonic() < give_up:
        time.sleep(0.05)
    return not processes(folder)


def test_it_comes_back_on_its_port_with_its_storage_and_leaves_no_process(broker: LocalKafka) -> None:
    broker.start()
    port, storage = broker.port, (broker.folder / "storage" / "meta.properties").read_bytes()
    broker.stop()
    gone = all_gone(broker.folder)
    broker.start()

    assert asyncio.run(admin.answers(broker.bootstrap))
    assert (port, storage) == (broker.port, (broker.folder / "storage" / "meta.properties").read_bytes())
    assert gone


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_when_its_owner_dies_it_dies_too(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "kafka"
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, folder, LIBS], stdout=subprocess.PIPE, cwd=FILES.parents[1]
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        owner.send_signal(number)

    assert all_gone(folder, seconds=30)


def test_it_can_be_started_again_at_once_when_its_owner_was_killed(broker: LocalKafka) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, broker.folder, LIBS], stdout=subprocess.PIPE, cwd=FILES.parents[1]
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        owner.send_signal(signal.SIGKILL)

    broker.start()

    assert asyncio.run(admin.answers(broker.bootstrap))


def test_when_its_guard_is_killed_it_dies_too(broker: LocalKafka) -> None:
    broker.start()
    assert broker._guard is not None
    os.kill(broker._guard.pid, signal.SIGKILL)

    assert all_gone(broker.folder)


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(UserError, match=r"port [0-9]+ of 127\.0\.0\.1 is in use: stop the program"):
            LocalKafka(tmp_path, port=taken.getsockname()[1], libs=LIBS).start()


def test_a_folder_in_use_is_said_in_one_sentence(broker: LocalKafka) -> None:
    broker.start()

    with pytest.raises(UserError, match="is in use by another crisis-bus: stop it"):
        LocalKafka(broker.folder, libs=LIBS, heap_megabytes=256).start()


def test_a_missing_java_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UserError, match="Java is missing: install Java 17"):
        LocalKafka(tmp_path, libs=LIBS).start()


def test_a_missing_maven_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UserError, match=r"Maven \(mvn\) is missing"):
        jars.fetch(POM, tmp_path / "libs")


def maven_that(says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "mvn"
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("says", "error", "sentence"),
    [
        pytest.param("[ERROR] Could not transfer it", NotReachable, "Maven: Could not transfer it", id="no network"),
        pytest.param("[ERROR] No space left on device", UserError, "the disk is full", id="full disk"),
        pytest.param("", NotReachable, "Maven gave no reason", id="silence"),
    ],
)
def test_jars_that_cannot_be_fetched_are_said_in_one_sentence(
    says: str, error: type[Exception], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven_that(says, tmp_path, monkeypatch)

    with pytest.raises(error, match=sentence):
        jars.fetch(POM, tmp_path / "libs")
    assert not (tmp_path / "libs").exists()


def test_jars_are_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jars.fetch(POM, LIBS)
    maven_that("[ERROR] it was asked again", tmp_path, monkeypatch)

    assert LIBS == jars.fetch(POM, LIBS)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        pytest.param("java.io.IOException: No space left on device", "the disk is full", id="full disk"),
        pytest.param("java.lang.UnsupportedClassVersionError: kafka/Kafka", "Java is too old", id="old Java"),
        pytest.param("Permission denied", "it may not write to", id="a folder of somebody else"),
    ],
)
def test_what_the_log_says_becomes_a_sentence_for_people(said: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in str(local._failure(said, tmp_path))


def test_the_id_of_a_cluster_is_never_taken_for_an_option() -> None:
    made = [local._cluster_id() for _ in range(2000)]

    assert [] == [each for each in made if each.startswith("-") or len(each) != 22]
