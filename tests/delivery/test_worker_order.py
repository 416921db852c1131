"""Order and fairness: nothing older after something newer, and nobody waits for another's destination."""

import asyncio

from crisis_bus.channels.contract import Prepared
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.domain.providers import Limits
from crisis_bus.errors import TransientDelivery
from tests.delivery.given import BUSY, Answer, Answers, CarrierChannel, D, R, X, routine, urgent
from tests.delivery.virtual import Stage, play


def test_messages_of_a_chain_arrive_in_their_order_although_the_first_is_tried_again() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m1=[BUSY, BUSY, BUSY, None])))
        stage.give(routine("m1", 1), routine("m3", 3), routine("m2", 2))
        await stage.all_done()
        return stage

    assert play(story).taken == ["m1", "m2", "m3"]


def test_a_waiting_message_is_replaced_by_a_newer_one_and_never_sent() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m1=[TransientDelivery("later", 200.0)])))
        stage.give(routine("m1", 1))
        await asyncio.sleep(10)
        stage.give(urgent("m2", 2, "m1"))
        await stage.all_done()
        assert asyncio.get_running_loop().time() < 11, "the newer one must not wait for the older one's retry"
        return stage

    stage = play(story)

    assert stage.outcomes("m1") == [R, X]
    assert stage.outcomes("m2") == [D]
    assert "uae/m2" in next(told.detail for told in stage.receipts if told.outcome is X)


def test_a_newer_message_waits_for_the_attempt_at_the_older_one_that_is_under_way() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m1=[5.0])))
        stage.give(routine("m1", 1))
        await asyncio.sleep(1)
        stage.give(urgent("m2", 2, "m1"))
        await stage.all_done()
        return stage

    stage = play(story)

    assert stage.taken == ["m1", "m2"]
    assert (stage.outcomes("m1"), stage.outcomes("m2")) == ([D], [D])


def test_an_older_message_of_the_routine_topic_does_not_follow_a_newer_one_of_the_urgent_topic() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        stage.give(urgent("m2", 2))
        await stage.all_done()
        stage.give(routine("m1", 1))
        await stage.all_done()
        return stage

    stage = play(story)

    assert stage.taken == ["m2"]
    assert stage.outcomes("m1") == [X]


def test_a_slow_destination_delays_no_other() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(slow=[14.0])), Limits(at_once=2))
        stage.give(routine("m0", 1, subscription="slow"))
        stage.give(*(routine(f"m{count}", 1, subscription=f"quick-{count}") for count in range(1, 50)))
        await asyncio.sleep(1)
        return stage

    assert len(play(story).taken) == 49


def test_dead_destinations_cost_the_others_one_timeout_and_no_more() -> None:
    async def story() -> int:
        dead: dict[str, list[Answer]] = {f"dead-{count}": [99.0] for count in range(20)}
        stage = Stage(MemoryChannel(answer=Answers(**dead)), Limits(at_once=4))
        stage.give(*(routine(f"d{count}", 1, subscription=f"dead-{count}") for count in range(20)))
        await asyncio.sleep(100)
        stage.give(*(routine(f"m{count}", 1, subscription=f"quick-{count}") for count in range(50)))
        await asyncio.sleep(1)
        taken = len(stage.taken)
        for task in stage.tasks:
            task.cancel()
        return taken

    assert play(story) == 50


def test_an_urgent_message_does_not_wait_behind_routine_ones() -> None:
    async def story() -> Stage:
        slow: dict[str, list[Answer]] = {f"slow-{count}": [10.0] for count in range(100)}
        stage = Stage(MemoryChannel(answer=Answers(**slow)), Limits(at_once=2))
        stage.give(*(routine(f"m{count}", 1, subscription=f"slow-{count}") for count in range(100)))
        stage.give(urgent("now", 1, subscription="quick"))
        await asyncio.sleep(1)
        taken = stage.taken
        for task in stage.tasks:
            task.cancel()
        assert taken == ["now"]
        return stage

    assert play(story).outcomes("now") == [D]


def test_no_more_attempts_are_under_way_than_allowed() -> None:
    at_once, most = 0, 0

    async def answer(_prepared: Prepared, _attempt: int) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(1)
        at_once -= 1

    async def story() -> None:
        stage = Stage(CarrierChannel(answer=answer), Limits(at_once=7))
        stage.give(*(routine(f"m{count}", 1, subscription=f"s{count}") for count in range(50)))
        await stage.all_done()

    play(story)

    assert most == 7


def hanging(count: int) -> dict[str, list[Answer]]:
    return {f"h{place}": [15.0] for place in range(count)}


def test_those_that_hang_do_not_hold_up_those_that_are_well() -> None:
    async def story() -> tuple[list[str], float]:
        stage = Stage(MemoryChannel(answer=Answers(**hanging(50))), Limits(at_once=10))
        stage.give(*(routine(f"h{place}", 1, subscription=f"hs{place}") for place in range(50)))
        stage.give(*(routine(f"w{place}", 1, subscription=f"ws{place}") for place in range(50)))
        while len(stage.taken) < 50:  # noqa: ASYNC110 time is virtual, and a test may look again
            await asyncio.sleep(0.05)
        return stage.taken, asyncio.get_running_loop().time()

    taken, seconds = play(story)

    assert {f"w{place}" for place in range(50)} == set(taken)
    assert seconds < 4, "without it they would wait for all that hang"


def test_so_many_slots_are_lent_and_no_more() -> None:
    at_once, most = 0, 0

    async def answer(_prepared: Prepared, _attempt: int) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(10)
        at_once -= 1

    async def story() -> None:
        stage = Stage(MemoryChannel(answer=answer), Limits(at_once=3))
        stage.give(*(routine(f"m{count}", 1, subscription=f"s{count}") for count in range(100)))
        await stage.all_done()

    play(story)

    assert most == 3 + 30
