"""Lines before the providers: what waits there costs no task, keeps its place, and lets the urgent pass."""

import asyncio

import pytest

from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery.carriers import plain
from crisis_bus.domain.providers import Limits, Provider
from crisis_bus.errors import TransientDelivery
from tests.delivery.given import Answer, Answers, CarrierChannel, D, R, X, routine, urgent
from tests.delivery.virtual import Stage, play


def slow(*names: str) -> Answers:
    wait: list[Answer] = [10.0]
    return Answers(**dict.fromkeys(names, wait))


def test_who_waits_in_a_line_costs_no_task() -> None:
    async def story() -> tuple[int, int]:
        stage = Stage(CarrierChannel(answer=slow(*(f"m{each}" for each in range(1000)))), Limits(at_once=5))
        stage.give_together(*(routine(f"m{each}", 1, subscription=f"s{each}") for each in range(1000)))
        await asyncio.sleep(1)
        tasks, under_way = len(asyncio.all_tasks()), stage.worker.under_way
        stage.worker.stop()
        await asyncio.gather(*stage.tasks, return_exceptions=True)
        return tasks, under_way

    tasks, under_way = play(story)

    assert under_way == 1000
    assert tasks < 15


def test_who_rests_makes_room_for_the_next_of_the_line() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m0=[TransientDelivery("later", 9.0), None])), Limits(at_once=1))
        stage.give(routine("m0", 1, subscription="s0"), routine("m1", 1, subscription="s1"))
        await asyncio.sleep(1)
        assert stage.taken == ["m1"]
        await stage.all_done()
        return stage

    assert play(story).outcomes("m0") == [R, D]


def test_an_older_message_for_which_an_urgent_one_waits_goes_before_its_turn() -> None:
    async def story() -> Stage:
        names = [f"m{each}" for each in range(100)]
        stage = Stage(CarrierChannel(answer=slow(*names)), Limits(at_once=2))
        stage.give(*(routine(name, 1, subscription=name) for name in names), routine("older", 1))
        await asyncio.sleep(1)
        stage.give(urgent("newer", 2))
        await stage.all_done()
        return stage

    taken = play(story).taken

    assert taken.index("older") < taken.index("newer") < 8


def test_what_is_replaced_in_a_line_says_so_at_once() -> None:
    async def story() -> Stage:
        names = [f"m{each}" for each in range(100)]
        stage = Stage(CarrierChannel(answer=slow(*names)), Limits(at_once=2))
        stage.give(*(routine(name, 1, subscription=name) for name in names), routine("older", 1))
        await asyncio.sleep(1)
        stage.give(urgent("newer", 2, "older"))
        await asyncio.sleep(1)
        assert stage.outcomes("older") == [X]
        assert stage.outcomes("newer") == [D]
        stage.worker.stop()
        await asyncio.gather(*stage.tasks, return_exceptions=True)
        return stage

    play(story)


def test_nobody_goes_before_all_have_joined_that_somebody_may_have_worked_on() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        await stage.worker.room.adopt([])
        stage.give(routine("m1", 1))
        await asyncio.sleep(5)
        assert stage.taken == []
        stage.give(routine("m2", 2, "m1"))
        await asyncio.sleep(5)
        stage.worker.room.open()
        await stage.all_done()
        return stage

    stage = play(story)

    assert stage.taken == ["m2"]
    assert stage.outcomes("m1") == [X]
    assert "no receipt says that it was sent" in stage.receipts[0].detail, "a worker before us may have sent it"


def test_who_is_taken_away_in_a_line_leaves_his_chain_and_may_come_again() -> None:
    async def story() -> Stage:
        stage = Stage(CarrierChannel(answer=slow("m0")), Limits(at_once=1))
        stage.give(routine("m0", 1, subscription="s0"))
        [task] = stage.give(routine("m1", 1, subscription="s1"))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task])
        assert stage.worker.under_way == 1
        stage.tasks.remove(task)
        stage.give(routine("m1", 1, subscription="s1"))
        await stage.all_done()
        return stage

    assert play(story).taken == ["m0", "m1"]


def test_a_worker_that_stops_abandons_its_lines() -> None:
    async def story() -> tuple[Stage, list[asyncio.Task[None]]]:
        stage = Stage(CarrierChannel(answer=slow("m0")), Limits(at_once=1))
        tasks = stage.give(routine("m0", 1, subscription="s0"), routine("m1", 1, subscription="s1"))
        await asyncio.sleep(1)
        stage.worker.stop()
        late = stage.give(routine("m2", 1, subscription="s2"))
        await asyncio.wait([*tasks, *late])
        return stage, [*tasks, *late]

    stage, tasks = play(story)

    assert stage.taken == ["m0"], "what is under way is finished"
    assert [task.cancelled() for task in tasks] == [False, True, True], "the others are read again"


def test_a_message_that_stands_twice_in_a_record_leaves_once() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        stage.give_together(routine("m1", 1), routine("m1", 1))
        await stage.all_done()
        return stage

    assert play(story).taken == ["m1"]


@pytest.mark.parametrize(("idle", "busy"), [(("email",), False), ((), True)])
def test_a_worker_is_busy_while_no_line_idles(idle: tuple[str, ...], *, busy: bool) -> None:
    async def story() -> bool:
        webhook, email = CarrierChannel(answer=slow(*(f"m{each}" for each in range(10)))), MemoryChannel("email")
        usual = Provider(name="any", kind="any", limits=Limits(at_once=2))
        stage = Stage(webhook, carriers=plain({"webhook": webhook, "email": email}, usual))
        stage.give(*(routine(f"e-{name}", 1, subscription=name, transport=name) for name in idle))
        stage.give(*(routine(f"m{each}", 1, subscription=f"s{each}") for each in range(10)))
        stage.give(urgent("u", 1, subscription="u"))
        await asyncio.sleep(1)
        seen = stage.worker.busy(8)
        assert not stage.worker.busy(9)
        stage.worker.stop()
        await asyncio.gather(*stage.tasks, return_exceptions=True)
        return seen

    assert busy == play(story)
