"""When a provider may be asked."""

import pytest

from crisis_bus.delivery.gates import Bucket, Circuits, Quota
from crisis_bus.domain.providers import Breaker, Limits

SECOND, DAY = 1000, 86_400_000
BREAKER = Breaker(window=4, least=3, failing=0.5, open_seconds=30)


def test_without_a_number_nothing_is_limited() -> None:
    bucket, quota = Bucket(Limits()), Quota(Limits())

    for _ in range(1000):
        bucket.take()
        quota.take(0)

    assert (0.0, 0.0) == (bucket.wait(0, urgent=False), quota.wait(0, urgent=False))


def test_a_burst_goes_at_once_and_then_one_after_the_other() -> None:
    bucket = Bucket(Limits(per_second=2, burst=3, reserve=0))
    waits = []

    for _ in range(5):
        waits.append(bucket.wait(0, urgent=False))
        bucket.take()

    assert [0.0, 0.0, 0.0, 0.5, 1.0] == waits
    assert 0.0 == bucket.wait(10 * SECOND, urgent=False)


def test_the_reserve_of_a_burst_is_for_urgent_messages() -> None:
    bucket = Bucket(Limits(per_second=1, burst=10, reserve=0.2))

    for _ in range(8):
        bucket.wait(0, urgent=False)
        bucket.take()

    assert (1.0, 0.0) == (bucket.wait(0, urgent=False), bucket.wait(0, urgent=True))


def test_a_burst_of_one_lets_routine_messages_go_too() -> None:
    assert 0.0 == Bucket(Limits(per_second=1, burst=1, reserve=0.9)).wait(0, urgent=False)


def test_a_used_quota_waits_for_the_next_day_and_urgent_messages_have_the_rest() -> None:
    quota = Quota(Limits(per_day=10, reserve=0.3))
    for _ in range(7):
        quota.take(DAY + SECOND)

    waits = [quota.wait(DAY + SECOND, urgent=urgent) for urgent in (False, True)]
    for _ in range(3):
        quota.take(DAY + SECOND)

    assert [86_399.0, 0.0] == waits
    assert 86_399.0 == quota.wait(DAY + SECOND, urgent=True)
    assert 0.0 == quota.wait(2 * DAY, urgent=False)


def test_what_left_on_an_earlier_day_does_not_count_today() -> None:
    quota = Quota(Limits(per_day=1, reserve=0))
    quota.take(3 * DAY)

    quota.take(2 * DAY)

    assert (1, 0.0) == (quota.used, quota.wait(4 * DAY, urgent=False))


@pytest.mark.parametrize(
    ("answers", "open_after"),
    [
        pytest.param([False, False], False, id="too few"),
        pytest.param([False, False, False], True, id="all fail"),
        pytest.param([True, False, True, False], False, id="not enough failures"),
        pytest.param([False, True, False, False], True, id="more than half"),
        pytest.param([False, False, True, True, True, True, False], False, id="long ago"),
    ],
)
def test_a_breaker_opens_when_too_many_of_the_last_answers_were_failures(
    answers: list[bool], *, open_after: bool
) -> None:
    circuits = Circuits(BREAKER)

    for well in answers:
        circuits.answered("host", 0, well=well)

    assert (30.0 if open_after else 0.0) == circuits.wait("host", 0)
    assert 0.0 == circuits.wait("another", 0)


def opened() -> Circuits:
    circuits = Circuits(BREAKER)
    for _ in range(3):
        circuits.answered("host", 0, well=False)
    return circuits


def test_after_its_time_one_probe_is_let_through_and_the_others_wait_for_its_answer() -> None:
    circuits = opened()
    first = circuits.wait("host", 30 * SECOND)

    circuits.ask("host")

    assert (0.0, 1.0) == (first, circuits.wait("host", 30 * SECOND))


@pytest.mark.parametrize(("well", "wait"), [(True, 0.0), (False, 30.0)])
def test_the_answer_to_the_probe_decides(*, well: bool, wait: float) -> None:
    circuits = opened()
    circuits.ask("host")

    circuits.answered("host", 40 * SECOND, well=well)

    assert wait == circuits.wait("host", 40 * SECOND)
    assert ([] if well else ["host"]) == circuits.open(40 * SECOND)


def test_a_probe_that_was_broken_off_lets_another_one_through() -> None:
    circuits = opened()
    circuits.ask("host")

    circuits.give_back("host")

    assert 0.0 == circuits.wait("host", 30 * SECOND)
