"""`make mutants`: changes the rules in small ways, one at a time, and asks whether any test of the core notices.

mutmut runs in a copy below `.crisis-bus`. Verdicts are kept there: what survived is tried again each time, what was
killed only when its function has changed (`make mutants FRESH=1` begins anew). Each survivor stands in
`survivors.yaml` with the reason why it may live.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".crisis-bus" / "mutation"
SURVIVORS = Path(__file__).with_name("survivors.yaml")
COPIED = ("crisis_bus", "tests", "pyproject.toml")
KILLED = {"killed", "timeout"}
WANTED = 90
"""Per cent that must be killed."""


@dataclass(frozen=True, order=True, slots=True)
class Mutant:
    """A change of one function: the lines as they were, and as they are now."""

    function: str
    was: str
    now: str

    @property
    def sentence(self) -> str:
        return f"in {self.function}\n  - {self.was}\n  + {self.now}"


def refresh() -> None:
    """Copy what may have changed, and leave the verdicts; which test calls which function is found out anew."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        here, there = ROOT / name, PLACE / name
        if here.is_file():
            shutil.copy2(here, there)
            continue
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (PLACE / "mutants").rglob("*"):
        known = file.suffix in {".meta", ".spans"} or file.parent.name == "rules"
        if file.is_file() and not (known and "tests" not in file.parts[len(PLACE.parts) :]):
            file.unlink()


def verdicts() -> dict[Path, dict[str, str]]:
    """The verdict on each mutant, by the file that mutmut keeps them in."""
    kept = {file: json.loads(file.read_text()) for file in sorted((PLACE / "mutants").rglob("*.meta"))}
    return {
        file: {name: status_by_exit_code[code] for name, code in data["exit_code_by_key"].items()}
        for file, data in kept.items()
    }


def forget_survivors() -> None:
    """What survived is tried again: there may be a new test."""
    for file, found in verdicts().items():
        data = json.loads(file.read_text())
        again = {name: None for name, verdict in found.items() if verdict not in KILLED}
        file.write_text(json.dumps(data | {"exit_code_by_key": data["exit_code_by_key"] | again}))


def run(wanted: list[str]) -> None:
    """Let mutmut try what it has no verdict on; Hypothesis draws the same examples each time."""
    names = [f"crisis_bus.rules.{module}.*" for module in wanted]
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", os.environ.get("CHILDREN", "2"), *names]
    subprocess.run(command, cwd=PLACE, env=os.environ | {"CI": "true", "PYTHONPATH": ""}, check=True)


def told(name: str) -> Mutant:
    """A mutant as the list of survivors names it: what stays the same when other lines of the file move."""
    lines = get_diff_for_mutant(name).splitlines()[2:]
    was = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    now = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    function = name.rpartition("__mutmut_")[0].removeprefix("crisis_bus.rules.").replace(".x_", ".")
    return Mutant(function.replace(".xǁ", ".").replace("ǁ", "."), was, now)


def reasons() -> dict[Mutant, str]:
    """The survivors that may live, each with its reason."""
    groups = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8"))
    return {
        Mutant(one["in"], one["was"], one.get("now", "")): group["why"] for group in groups for one in group["mutants"]
    }


def judged(found: dict[str, str], *, whole: bool) -> Iterator[str]:
    """What is wrong with the verdicts, a sentence each."""
    killed = sum(verdict in KILLED for verdict in found.values())
    if killed * 100 < WANTED * len(found):
        yield f"{killed} of {len(found)} mutants were killed, less than {WANTED} %"
    allowed = reasons()
    alive = {told(name) for name, verdict in found.items() if verdict not in KILLED}
    yield from (
        f"survived, and no reason says why it may: {mutant.sentence}" for mutant in sorted(alive - set(allowed))
    )
    if whole:
        gone = sorted(set(allowed) - alive)
        yield from (f"{SURVIVORS.name} lists what does not survive any more: {mutant.sentence}" for mutant in gone)


def main(wanted: list[str]) -> int:
    """Try every mutant of the rules, or of the modules that are named."""
    if os.environ.get("FRESH"):
        shutil.rmtree(PLACE, ignore_errors=True)
    refresh()
    forget_survivors()
    run(wanted)
    os.chdir(PLACE)
    kept = {file.name.removesuffix(".py.meta"): found for file, found in verdicts().items()}
    found = {
        name: verdict
        for module, all_ in kept.items()
        if not wanted or module in wanted
        for name, verdict in all_.items()
    }
    complaints = list(judged(found, whole=not wanted))
    for complaint in complaints:
        sys.stdout.write(complaint + "\n")
    killed = sum(verdict in KILLED for verdict in found.values())
    sys.stdout.write(f"{killed} of {len(found)} mutants killed, {100 * killed / max(1, len(found)):.1f} %\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
