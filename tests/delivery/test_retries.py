"""When a message is tried again, by table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.delivery.retries import End, Tried, Wait, after
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.providers import Retries
from crisis_bus.errors import DeliveryError, PermanentDelivery, TransientDelivery

RETRIES = Retries(first_wait=1, longest_wait=60, longest_asked=300, give_up=900)
GIVEN_UP = "busy; given up after 9 attempts in 841 s"


def busy(asked: float | None = None) -> TransientDelivery:
    return TransientDelivery("busy", asked)


@pytest.mark.parametrize(
    ("error", "tried", "now", "chance", "expected"),
    [
        pytest.param(PermanentDelivery("no"), Tried(1, 0), 0, 1.0, End(Outcome.FAILED, "no"), id="a no is final"),
        pytest.param(busy(), Tried(1, 0), 0, 1.0, Wait(1, "busy"), id="first wait"),
        pytest.param(busy(), Tried(4, 0), 0, 1.0, Wait(8, "busy"), id="it doubles"),
        pytest.param(busy(), Tried(4, 0), 0, 0.25, Wait(2, "busy"), id="jitter is full"),
        pytest.param(busy(), Tried(4, 0), 0, 0.0, Wait(0, "busy"), id="jitter may be none"),
        pytest.param(busy(), Tried(99, 0), 0, 1.0, Wait(60, "busy"), id="never longer than the longest"),
        pytest.param(busy(7), Tried(1, 0), 0, 1.0, Wait(7, "busy"), id="at least as long as asked"),
        pytest.param(busy(0), Tried(1, 0), 0, 0.5, Wait(0.5, "busy"), id="longer than asked"),
        pytest.param(busy(86_400), Tried(1, 0), 0, 1.0, Wait(300, "busy"), id="a long wish is capped"),
        pytest.param(busy(), Tried(9, 0), 840_000, 1.0, Wait(60, "busy"), id="just in time"),
        pytest.param(busy(), Tried(9, 0), 841_000, 1.0, End(Outcome.FAILED, GIVEN_UP), id="give up"),
        pytest.param(busy(), Tried(9, 0, 5_000), 0, 1.0, Wait(5, "busy"), id="no longer than until it expires"),
        pytest.param(busy(), Tried(9, 0, 5_000), 9_000, 1.0, Wait(0, "busy"), id="expired meanwhile"),
    ],
)  # fmt: skip
def test_what_an_answer_leads_to(
    error: DeliveryError, tried: Tried, now: int, chance: float, expected: Wait | End
) -> None:
    assert expected == after(error, tried, RETRIES, now, chance)


@given(
    attempts=st.integers(1, 10_000),
    spent=st.integers(0, 10**7),
    chance=st.floats(0, 1),
    asked=st.none() | st.floats(0, 1e9),
)
def test_no_wait_ends_after_the_worker_has_given_up(
    attempts: int, spent: int, chance: float, asked: float | None
) -> None:
    step = after(busy(asked), Tried(attempts, 0), RETRIES, spent, chance)

    assert isinstance(step, End) or 0 <= step.seconds <= RETRIES.give_up - spent / 1000
