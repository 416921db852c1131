"""Every scenario of the shipped pack gives exactly the facts that it demands."""

from pathlib import Path

import pytest

from crisis_bus import packs, rehearsal
from crisis_bus.domain.policy import Policy

SHIPPED = sorted((packs.SHIPPED / "uae" / "scenarios").glob("*.json"))
SHARED = sorted(Path("../shared/domain/scenarios").glob("*.json"))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return packs.load("uae")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_gives_exactly_its_facts(path: Path, policy: Policy) -> None:
    scenario = rehearsal.read(path.read_bytes())

    told = list(rehearsal.play(scenario, policy))

    assert rehearsal.first_difference([fact.model_dump() for fact in scenario.facts], told) is None


def test_the_shipped_scenarios_are_those_of_the_rule_book() -> None:
    if not SHARED:
        pytest.skip("the shared corpora (../shared/domain) are not here")

    assert {path.name: path.read_bytes() for path in SHARED} == {path.name: path.read_bytes() for path in SHIPPED}
