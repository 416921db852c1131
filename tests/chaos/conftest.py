from collections.abc import Iterator

import pytest

from crisis_bus import packs, rehearsal
from crisis_bus.cli import rehearsing
from tests.chaos.flood import SCENARIO, play, without_space
from tests.live.system import System, ended, running_system


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system, started once for the tests of a module."""
    with running_system(tmp_path_factory.mktemp("live")) as system:
        yield system


@pytest.fixture(scope="module")
def expected() -> bytes:
    """The facts of the scenario, one a line, played in memory where nothing can be killed."""
    scenario = rehearsing.load(packs.scenario(SCENARIO, "uae"))
    return b"".join(rehearsal.as_json(line).encode() + b"\n" for line in rehearsal.play(scenario, packs.load("uae")))


@pytest.fixture(scope="module")
def undisturbed(live: System) -> set[tuple[str, str]]:
    """Which destination gets which statement when nothing is killed."""
    space = "rehearsal-calm"
    samples = live.subscribed(space)
    with live.begun(*play(space)) as process:
        assert ended(process).returncode == 0
    return without_space(live.due(samples, space), space)
