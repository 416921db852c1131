"""Each invariant finds its own fault, in a journal whose chain holds."""

import pytest

from crisis_bus.audit.auditor import AT_END, AT_FACT
from crisis_bus.audit.sentences import RULES, SENTENCES
from tests.audit.journals import audited, forged, played
from tests.audit.plants import PLANTS, Plant

ELSEWHERE = {
    "chain_broken",
    "clock_late",
    "delivered_unpublished",
    "delivered_elsewhere",
    "delivered_early",
    "destination_missed",
}
"""Codes that need more than a journal: test_deliveries.py, and the tests below."""


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.id)
def test_a_planted_fault_is_found(plant: Plant) -> None:
    found = audited(forged(played(plant.scenario), plant.forge))

    assert (plant.rule, plant.code) in {(finding.rule, finding.code) for finding in found}
    assert "CHAIN" not in {finding.rule for finding in found}


def test_every_code_has_a_fault_that_it_finds() -> None:
    assert set(SENTENCES) == {plant.code for plant in PLANTS} | ELSEWHERE


def test_every_rule_is_watched() -> None:
    assert [f"INV-{number}" for number in range(1, 16)] + ["CLOCK", "LIVE", "CHAIN"] == list(RULES)
    assert set(RULES) == {row.rule for row in SENTENCES.values()}


def test_every_check_names_its_invariant() -> None:
    checks = [*AT_END, *(check for several in AT_FACT.values() for check in several)]

    assert [] == [check.__name__ for check in checks if not (check.__doc__ or "").startswith("INV-")]
