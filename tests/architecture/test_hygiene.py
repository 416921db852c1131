"""What the repository must not hold: addresses of package indexes, paths of one machine, unpinned packages."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-mutants.lock"]
# Written in halves so that this file does not find itself.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "repo.maven" + ".apache.org",
    "repo1" + ".maven.org",
    "deb.debian" + ".org",
    "crates" + ".io",
]
PLACES = ["/work" + "/", "/home" + "/", "/root" + "/", "/Users" + "/"]
PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s;]+( ; [^\\]+)? \\")


def _tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True
    )
    return [ROOT / name for name in names.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("word", [*HOSTS, *PLACES])
def test_no_file_names_a_package_index_or_a_place_on_one_machine(word: str) -> None:
    found = [str(file.relative_to(ROOT)) for file in _tracked() if word.encode() in file.read_bytes()]

    assert [] == found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_its_hashes(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    entries = [line for line in lines if not line.startswith("    --hash=sha256:")]

    assert entries
    assert [] == [line for line in entries if not PINNED.fullmatch(line)]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_holds_an_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


def _pinned(lock: str) -> set[str]:
    return {line.split(" ")[0] for line in (ROOT / lock).read_text().splitlines() if "==" in line}


def test_the_development_lock_pins_what_the_other_one_pins() -> None:
    assert set() == _pinned("requirements.lock") - _pinned("requirements-dev.lock")


def test_mutants_are_tested_with_the_versions_of_the_development_but_for_click() -> None:
    versions = dict(pin.split("==") for pin in _pinned("requirements-dev.lock"))
    others = {pin for pin in _pinned("requirements-mutants.lock") if pin.split("==")[0] in versions}

    assert ["click"] == [pin.split("==")[0] for pin in others - _pinned("requirements-dev.lock")]
