"""Other ways to a person, and a clock on what was accepted: until it has arrived, or nobody says so in time."""

import asyncio

import pytest

from crisis_bus.channels.contract import Prepared, Report, Taken
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery.carriers import Carriers, plain
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.providers import Provider
from crisis_bus.domain.subscriptions import Step, Transport
from crisis_bus.wire import topics
from tests.delivery.given import NO, Answer, Answers, D, F, R, routine
from tests.delivery.virtual import Stage, play

A = Outcome.ACCEPTED


class Carried(MemoryChannel):
    """Takes messages, and says later what became of them."""

    async def send(self, prepared: Prepared) -> Taken:
        await super().send(prepared)
        return Taken("on its way", Outcome.ACCEPTED, f"{self.name}-{prepared.message.id}")


def steps(*ways: tuple[Transport, float]) -> tuple[Step, ...]:
    return tuple(Step(transport=way, address=f"memory:{way}", after_minutes=after) for way, after in ways)


def climbing(name: str = "m", sequence: int = 1) -> OutboxMessage:
    return routine(name, sequence, transport="push", address="memory:push", ladder=steps(("sms", 5), ("email", 10)))


class Ways:
    """Three ways to a person; SMS and e-mail are carried on by others."""

    def __init__(self, confirm_within: float | None = None, **answers: list[Answer]) -> None:
        given = Answers(**answers)
        self.channels: dict[Transport, MemoryChannel] = {
            "push": Carried("push", given),
            "sms": Carried("sms", given),
            "email": MemoryChannel("email"),
            "mqtt": MemoryChannel("mqtt", given),
        }
        self.usual = Provider(name="any", kind="any", confirm_within=confirm_within)

    def carriers(self) -> Carriers:
        return plain(self.channels, self.usual)

    def stage(self) -> Stage:
        return Stage(self.channels["push"], carriers=self.carriers())

    @property
    def asked(self) -> list[str]:
        return [f"{name} {message.id}" for name, channel in self.channels.items() for message in channel.taken]


def recalled(stage: Stage) -> None:
    """What the worker hears of its own receipts."""
    for told in stage.receipts:
        stage.worker.recall(told)


def test_who_does_not_confirm_is_told_by_the_next_way_when_its_time_is_over() -> None:
    async def story() -> tuple[Stage, Ways, list[str], float]:
        ways = Ways()
        stage = ways.stage()
        await asyncio.gather(*stage.give(climbing()))
        await asyncio.sleep(299)
        before = ways.asked
        await stage.all_done()
        return stage, ways, before, asyncio.get_running_loop().time()

    stage, ways, before, seconds = play(story)

    assert ["push m"] == before
    assert ["push m", "sms m", "email m"] == ways.asked
    assert [(A, "push", 1), (A, "sms", 2), (D, "email", 3)] == [
        (told.outcome, told.transport, told.attempt) for told in stage.receipts
    ]
    assert 900 <= seconds < 903
    assert [] == stage.later


def test_who_has_confirmed_hears_no_more() -> None:
    async def story() -> tuple[Stage, Ways, float]:
        ways = Ways()
        stage = ways.stage()
        await asyncio.gather(*stage.give(climbing()))
        await stage.worker.settle("push", Report("push-m", Outcome.DELIVERED, "the phone has it"))
        recalled(stage)
        await stage.all_done()
        return stage, ways, asyncio.get_running_loop().time()

    stage, ways, seconds = play(story)

    assert (["push m"], [A, D], []) == (ways.asked, stage.outcomes("m"), stage.later)
    assert seconds < 2


def test_what_did_not_arrive_after_all_is_told_by_the_next_way_at_once() -> None:
    async def story() -> tuple[Stage, Ways, float]:
        ways = Ways()
        stage = ways.stage()
        await asyncio.gather(*stage.give(climbing()))
        await stage.worker.settle("push", Report("push-m", Outcome.FAILED, "the phone is off"))
        recalled(stage)
        await asyncio.sleep(5)
        asked = ways.asked
        await stage.worker.settle("sms", Report("sms-m", Outcome.DELIVERED, "the phone has it"))
        recalled(stage)
        await stage.all_done()
        assert ["push m", "sms m"] == asked
        return stage, ways, asyncio.get_running_loop().time()

    stage, ways, seconds = play(story)

    assert (["push m", "sms m"], [A, F, A, D]) == (ways.asked, stage.outcomes("m"))
    assert seconds < 10


def test_a_way_that_refuses_is_left_at_once() -> None:
    async def story() -> tuple[Stage, Ways, float]:
        ways = Ways(m=[NO])
        stage = ways.stage()
        stage.give(climbing())
        await stage.all_done()
        return stage, ways, asyncio.get_running_loop().time()

    stage, ways, seconds = play(story)

    assert (["email m"], [R, R, D]) == (ways.asked, stage.outcomes("m"))
    assert "next: sms" in stage.receipts[0].detail
    assert seconds < 2


def test_a_way_that_is_down_is_left_when_its_time_is_over() -> None:
    async def story() -> tuple[Ways, float]:
        ways = Ways()
        stage = ways.stage()
        stage.worker.pause("push", paused=True)
        stage.give(climbing())
        await asyncio.sleep(301)
        assert ["sms m"] == ways.asked
        await stage.worker.settle("sms", Report("sms-m", Outcome.DELIVERED, "the phone has it"))
        recalled(stage)
        await stage.all_done()
        return ways, asyncio.get_running_loop().time()

    ways, seconds = play(story)

    assert ["sms m"] == ways.asked
    assert seconds < 305


def test_a_ladder_goes_on_in_the_next_worker() -> None:
    async def story() -> tuple[Stage, Ways]:
        ways = Ways()
        first = ways.stage()
        await asyncio.gather(*first.give(climbing()))
        first.keeping.cancel()
        second = ways.stage()
        for told in first.receipts:
            second.worker.recall(told)
        await second.worker.room.adopt(first.later)
        second.worker.room.open()
        await second.all_done()
        return second, ways

    second, ways = play(story)

    assert (["push m", "sms m", "email m"], [A, D]) == (ways.asked, second.outcomes("m"))


def test_an_acceptance_that_is_not_on_the_log_is_tried_again_by_the_same_way() -> None:
    async def story() -> tuple[Stage, Ways]:
        ways = Ways(confirm_within=60)
        first = ways.stage()
        await asyncio.gather(*first.give(routine("m", 1, transport="push")))
        first.keeping.cancel()
        second = ways.stage()
        await second.worker.room.adopt(first.later)
        second.worker.room.open()
        await second.all_done()
        return second, ways

    second, ways = play(story)

    assert (["push m", "push m"], [A, F]) == (ways.asked, second.outcomes("m"))


def test_a_newer_text_ends_the_ladder_of_the_older_one() -> None:
    async def story() -> Ways:
        ways = Ways()
        stage = ways.stage()
        await asyncio.gather(*stage.give(climbing()))
        stage.give(climbing("n", 2))
        await asyncio.sleep(400)
        assert ["push m", "push n", "sms n"] == ways.asked
        await stage.all_done()
        return ways

    assert ["push m", "push n", "sms n", "email n"] == play(story).asked


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_a_provider_accepted_has_failed_when_nobody_confirms_it_in_time(*, confirmed: bool) -> None:
    async def story() -> tuple[Stage, float]:
        stage = Ways(confirm_within=600).stage()
        await asyncio.gather(*stage.give(routine("m", 1, transport="sms", outlet=True)))
        if confirmed:
            await stage.worker.settle("sms", Report("sms-m", Outcome.DELIVERED, "the desk has confirmed it"))
            recalled(stage)
        await stage.all_done()
        return stage, asyncio.get_running_loop().time()

    stage, seconds = play(story)

    assert ([A, D] if confirmed else [A, F]) == stage.outcomes("m")
    assert (0 if confirmed else 1) == len(stage.on(topics.COMMANDS)), "the desk is told: ESC-11"
    assert [] == stage.later
    assert (seconds < 2) == confirmed


def test_what_has_expired_is_not_told_by_another_way() -> None:
    async def story() -> tuple[Stage, Ways]:
        ways = Ways()
        stage = ways.stage()
        soon = climbing().bulletin.model_copy(update={"expires": "2026-04-16T12:02:00.000Z"})
        await asyncio.gather(*stage.give(climbing().model_copy(update={"bulletin": soon})))
        await stage.all_done()
        return stage, ways

    stage, ways = play(story)

    assert (["push m"], [A], []) == (ways.asked, stage.outcomes("m"), stage.later)


def test_nothing_is_sent_to_an_address_on_the_suppression_list_by_any_way() -> None:
    async def story() -> tuple[Stage, Ways]:
        ways = Ways()
        carriers = ways.carriers()
        carriers.marks = lambda message: frozenset({message.address})
        stage = Stage(ways.channels["push"], carriers=carriers)
        for way in ("push", "sms", "email"):
            stage.worker.suppress(f"memory:{way}", suppressed=True)
        stage.worker.suppress("memory:email", suppressed=False)
        stage.give(climbing(), routine("alone", 1, subscription="s2", transport="push", address="memory:push"))
        await stage.all_done()
        return stage, ways

    stage, ways = play(story)

    assert (["email m"], [R, R, D], [F]) == (ways.asked, stage.outcomes("m"), stage.outcomes("alone"))
    assert "suppression list" in stage.receipts[0].detail
