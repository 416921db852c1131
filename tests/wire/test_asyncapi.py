"""The AsyncAPI document is valid for the official parser, and says what the catalogue says."""

import fcntl
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from crisis_bus.wire import topics
from crisis_bus.wire.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "deploy" / "asyncapi"
DOCUMENT = ROOT / "topics" / "asyncapi.yaml"
INSTALL = ("npm", "ci", "--silent", "--no-audit", "--no-fund")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=TOOL, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture(scope="session", autouse=True)
def parser() -> None:
    """Install the parser once, and again when its lock file is newer."""
    installed, lock = TOOL / "node_modules" / ".package-lock.json", TOOL / "package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # Two workers of one test run must not install at once.
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            done = run(*INSTALL)
            assert done.returncode == 0, done.stderr
            installed.touch()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "topics" / "schemas", tmp_path / "schemas")
    return tmp_path / "asyncapi.yaml"


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


def test_the_document_is_valid() -> None:
    done = run("node", "validate.mjs", DOCUMENT)

    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        pytest.param("action: send", "action: shout", "action", id="unknown action"),
        pytest.param(
            "'#/channels/crisis.journal.v1'", "'#/channels/crisis.diary.v1'", "crisis.diary.v1", id="unknown channel"
        ),
        pytest.param("schemas/org.crisisbus.report.v1/1.0.json", "schemas/none.json", "none.json", id="no schema"),
        pytest.param("protocol: kafka", "protokoll: kafka", "protokoll", id="misspelt field"),
        pytest.param("asyncapi: 3.1.0", "asyncapi: 4.0.0", "is not supported", id="version of the future"),
    ],
)
def test_a_broken_copy_is_refused_and_the_place_named(copy: Path, right: str, wrong: str, sentence: str) -> None:
    content = DOCUMENT.read_text(encoding="utf-8")
    copy.write_text(content.replace(right, wrong), encoding="utf-8")

    done = run("node", "validate.mjs", copy)

    assert right in content
    assert done.returncode == 1
    assert sentence in done.stderr


def test_a_schema_that_is_none_is_refused(copy: Path) -> None:
    shutil.copy(DOCUMENT, copy)
    (copy.parent / "schemas" / "org.crisisbus.report.v1" / "1.0.json").write_text('{"type": "parrot"}')

    done = run("node", "validate.mjs", copy)

    assert done.returncode == 1


def test_the_validator_wants_a_file() -> None:
    assert run("node", "validate.mjs").returncode == 2


def test_the_lock_names_no_host_of_packages() -> None:
    assert '"resolved"' not in (TOOL / "package-lock.json").read_text(encoding="utf-8")


def test_a_channel_says_how_its_topic_is_made(document: dict[str, Any], catalogue: Catalogue) -> None:
    binding = document["channels"][topics.COMMANDS]["bindings"]["kafka"]

    commands = catalogue.topic(topics.COMMANDS)
    expected = (commands.partitions, 3, ["delete"], -1)
    configuration = binding["topicConfiguration"]
    assert expected == (
        binding["partitions"],
        binding["replicas"],
        configuration["cleanup.policy"],
        configuration["retention.ms"],
    )


def test_every_writer_sends_and_every_reader_receives(document: dict[str, Any], catalogue: Catalogue) -> None:
    expected = {f"{process}.send.{topic.name}" for topic in catalogue.topics for process in topic.writers}
    expected |= {f"{process}.receive.{topic.name}" for topic in catalogue.topics for process in topic.readers}

    assert expected == set(document["operations"])
