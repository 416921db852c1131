"""Apache Kafka as a folder of jars, fetched once by Maven from the coordinates in deploy/kafka/pom.xml."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from crisis_bus.errors import NotReachable, UserError

_STAMP = "pom.sha256"
_SECONDS = 600


def fetch(pom: Path, folder: Path) -> Path:
    """The folder with the jars of that pom: made now, or found as an earlier start left it."""
    wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    stamp = folder / _STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=folder.name) as made:
        _copy(pom, Path(made))
        (Path(made) / _STAMP).write_text(wanted)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder, copy_function=shutil.move, dirs_exist_ok=True)
    return folder


def _copy(pom: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        msg = "Maven (mvn) is missing: install it (Debian: apt-get install maven); it fetches Apache Kafka"
        raise UserError(msg)
    # Maven's own store stays beside the jars: nothing outside of our folder is touched.
    options = [f"-Dmaven.repo.local={folder.parent / 'maven'}", f"-DoutputDirectory={folder}"]
    command = [maven, "-q", "-B", "-f", str(pom), *options, "dependency:copy-dependencies"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 the command is ours
    except subprocess.TimeoutExpired as error:
        msg = (
            f"Apache Kafka could not be fetched by Maven within {_SECONDS} seconds: look at the network and start again"
        )
        raise NotReachable(msg) from error
    if done.returncode != 0:
        raise _failure(done.stdout.decode(errors="replace"))


def _failure(output: str) -> NotReachable | UserError:
    if "No space left on device" in output:
        return UserError("the disk is full: Apache Kafka needs about 60 MB for its jars; make room and start again")
    lines = [line.strip() for line in output.splitlines() if line.startswith("[ERROR]") and line != "[ERROR]"]
    reason = lines[0].removeprefix("[ERROR]").strip() if lines else "Maven gave no reason"
    return NotReachable(f"Apache Kafka could not be fetched by Maven: {reason}")
