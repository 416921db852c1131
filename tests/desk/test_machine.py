"""Random days of a space against the model of the rule book; `--hypothesis-profile=long` plays thousands of them."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from crisis_bus.domain.facts import FACTS
from crisis_bus.domain.reasons import BlockReason, KeyReason, Reason
from tests.desk.machine import Desk
from tests.desk.model.shapes import ESCALATION_FIELDS, SHAPES
from tests.desk.space import REACHED

LONG = settings.get_current_profile_name() == "long"
DAYS = settings(
    max_examples=100 if LONG else 20,
    stateful_step_count=80,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
SEEDS = range(20) if LONG else range(4, 20)
"""The same days every time; of the short run at least three seeds, and then no more than it takes to reach all."""
AT_LEAST = len(SEEDS) if LONG else 3
OF_POLICY = {"policy.proposed", "policy.adopted", "command.refused UNKNOWN_POLICY"}
"""What only the live system tells of a change of its tables is no part of the rule book's commands."""
EVERYTHING = {
    *FACTS,
    *ESCALATION_FIELDS,
    *(f"command.refused {reason}" for reason in Reason),
    *(f"statement.blocked {reason}" for reason in BlockReason),
    *(f"key.refused {reason}" for reason in KeyReason),
} - OF_POLICY


def test_every_fact_has_a_shape_in_the_model() -> None:
    assert FACTS.keys() - OF_POLICY == SHAPES.keys()


@pytest.mark.rule("INV-1", "INV-2", "INV-3", "INV-4", "INV-5", "INV-7", "INV-8", "INV-9", "INV-10", "INV-11", "INV-12")
@pytest.mark.rule("INV-13", "INV-15")
@pytest.mark.timeout(14_400 if LONG else 600)
def test_random_days_keep_the_rules_and_reach_every_fact_and_reason(
    record_property: Callable[[str, object], None],
) -> None:
    """How often each was reached is told with `--junit-xml`."""
    REACHED.clear()

    for played, number in enumerate(SEEDS):
        if played >= AT_LEAST and REACHED.keys() >= EVERYTHING:
            break
        run_state_machine_as_test(seed(number)(Desk), settings=DAYS)

    record_property("reached", dict(sorted(REACHED.items())))
    assert [] == sorted(EVERYTHING - REACHED.keys())
