"""The real desk, follower and delivery worker, through whatever a seed brings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crisis_bus.bus.record import Record
from crisis_bus.streams import seat
from crisis_bus.wire import topics
from tests.simulation import history, world
from tests.simulation.story import History

ROOT = Path(__file__).parents[2]
SEEDS = range(150)
AT_ONCE = 10


@pytest.mark.parametrize("first", SEEDS[::AT_ONCE])
def test_every_claim_holds_whatever_goes_wrong(first: int) -> None:
    broken = {seed: history.violations(world.run(seed)) for seed in range(first, first + AT_ONCE)}

    assert {} == {seed: found for seed, found in broken.items() if found}, "python -m tests.simulation --seeds SEED"


@pytest.mark.parametrize("seed", [581, 1423, 3210])
def test_what_these_seeds_once_broke_holds(seed: int) -> None:
    assert [] == history.violations(world.run(seed))


def test_every_claim_holds_where_answers_are_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat, "AT_MOST", 2)
    told = {seed: world.run(seed) for seed in SEEDS[:AT_ONCE]}

    broken = {seed: history.violations(one) for seed, one in told.items()}

    assert {} == {seed: found for seed, found in broken.items() if found}
    assert any(b'"more":true' in (record.value or b"") for one in told.values() for record in _journal(one))


def _journal(told: History) -> list[Record]:
    return [record for records in told.log[topics.JOURNAL] for record in records]


def test_the_stories_are_worth_telling() -> None:
    told = [world.run(seed) for seed in SEEDS[:AT_ONCE]]

    seen = {line.split()[2] for one in told for line in one.trace}

    assert {"end", "freeze", "session_expired", "rebalance", "lost", "away", "leap", "arrive"} <= seen
    assert all(len(one.arrivals) >= 5 for one in told)


def test_the_same_seed_tells_the_same_story_byte_for_byte_in_every_process() -> None:
    told = [_trace(hash_seed) for hash_seed in ("1", "2")]

    assert told[0] == told[1]


def _trace(hash_seed: str) -> str:
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "3", "--trace"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    story, _, _speed = ended.stdout.rstrip().rpartition("\n")
    assert "arrive" in story
    return story
