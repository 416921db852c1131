"""Which provider carries a message, and what becomes of its word."""

import asyncio
from typing import Final, Literal

import pytest

from crisis_bus.channels.contract import Prepared, Report, Taken, Traits
from crisis_bus.channels.memory import Answering, MemoryChannel
from crisis_bus.delivery.carriers import Carrier, Carriers
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.providers import Breaker, Limits, Provider, Retries
from crisis_bus.wire import topics
from tests.delivery.given import BUSY, Answers, D, F, R, routine, urgent
from tests.delivery.virtual import Stage, play

A: Final = Outcome.ACCEPTED


class CarryingChannel(MemoryChannel):
    """Carries on what it accepts, and calls it by the message's name."""

    traits = Traits("memory", "webhook", "any", "none", "both", "by chain", "accepted", "later", carrier=True)

    async def send(self, prepared: Prepared) -> Taken:
        await super().send(prepared)
        return Taken("accepted", A, f"their-{prepared.message.id}")


def carried(**answers: Answering) -> tuple[Carriers, dict[str, CarryingChannel]]:
    """Providers of one transport in this order, and their channels."""
    channels = {name: CarryingChannel(answer=answer) for name, answer in answers.items()}
    breaker, retries = Breaker(window=4, least=2, open_seconds=30), Retries(give_up=7200)
    made = {
        name: Provider(name=name, kind="memory", breaker=breaker, retries=retries, limits=Limits()) for name in channels
    }
    return Carriers({"webhook": [Carrier(made[name], channel) for name, channel in channels.items()]}), channels


def staged(carriers: Carriers) -> Stage:
    return Stage(MemoryChannel(), carriers=carriers)


def test_when_too_many_attempts_fail_the_next_provider_carries() -> None:
    async def story() -> tuple[Stage, dict[str, CarryingChannel]]:
        carriers, channels = carried(near=Answers(m1=[BUSY], m2=[BUSY]), far=Answers())
        stage = staged(carriers)
        for number in (1, 2, 3):
            stage.give(routine(f"m{number}", 1, subscription=f"sub-{number}"))
        await stage.all_done()
        return stage, channels

    stage, channels = play(story)

    assert {"m1", "m2"} <= {message.id for message in channels["far"].taken}
    assert {"near", "far"} == {told.provider for told in stage.receipts}
    assert {A, R} == {told.outcome for told in stage.receipts}


def test_a_paused_provider_is_left_alone_and_what_waits_goes_on_when_it_is_resumed() -> None:
    async def story() -> tuple[Stage, list[str], float]:
        carriers, channels = carried(only=Answers())
        stage = staged(carriers)
        stage.worker.pause("only", paused=True)
        stage.give(routine("m", 1))
        await asyncio.sleep(100)
        before = [message.id for message in channels["only"].taken]
        stage.worker.pause("only", paused=False)
        await stage.all_done()
        return stage, before, asyncio.get_running_loop().time()

    stage, before, seconds = play(story)

    assert ([], [A]) == (before, stage.outcomes("m"))
    assert seconds < 105


def test_a_paused_transport_pauses_all_its_providers() -> None:
    carriers, _ = carried(near=Answers(), far=Answers())

    carriers.pause("webhook", paused=True)
    carriers.pause("near", paused=False)

    assert [True, True] == [carrier.paused for carrier in carriers.all()]


def test_of_a_rate_urgent_messages_have_their_share() -> None:
    async def story() -> tuple[list[str], float]:
        channel = CarryingChannel()
        limits = Limits(per_second=1, burst=5, reserve=0.2, at_once=50)
        provider = Provider(name="slow", kind="memory", limits=limits)
        stage = staged(Carriers({"webhook": [Carrier(provider, channel)]}))
        stage.give(*(routine(f"r{number}", 1, subscription=f"sub-{number}") for number in range(20)))
        stage.give(urgent("now", 1, subscription="hurried"))
        await stage.all_done()
        return [message.id for message in channel.taken], asyncio.get_running_loop().time()

    taken, seconds = play(story)

    assert taken.index("now") <= 5
    assert 15 <= seconds < 20


def test_a_quota_that_is_used_up_leaves_the_rest_for_tomorrow() -> None:
    async def story() -> tuple[int, float]:
        channel = CarryingChannel()
        provider = Provider(name="few", kind="memory", limits=Limits(per_day=3, reserve=0))
        stage = staged(Carriers({"webhook": [Carrier(provider, channel)]}))
        stage.give(*(routine(f"r{number}", 1, subscription=f"sub-{number}") for number in range(5)))
        await asyncio.sleep(3600)
        today = len(channel.taken)
        await stage.all_done()
        return today, asyncio.get_running_loop().time()

    today, seconds = play(story)

    assert 3 == today
    assert 12 * 3600 <= seconds < 12 * 3600 + 5, "the story begins at noon"


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("outcome", [Outcome.DELIVERED, Outcome.FAILED])
def test_what_a_provider_says_later_becomes_a_receipt(
    outcome: Literal[Outcome.DELIVERED, Outcome.FAILED], *, early: bool
) -> None:
    async def story() -> Stage:
        carriers, _ = carried(only=Answers())
        stage = staged(carriers)
        report = Report("their-m", outcome, "the phone has answered")
        if early:
            await stage.worker.settle("only", report)
        stage.give(routine("m", 1, outlet=True))
        await stage.all_done()
        if not early:
            await stage.worker.settle("only", report)
        await stage.worker.settle("only", report)
        return stage

    stage = play(story)

    assert [A, outcome] == stage.outcomes("m")
    assert [None, None] != [told.payload for told in stage.receipts]
    assert ["their-m", "their-m"] == [told.provider_id for told in stage.receipts]
    assert (1 if outcome is F else 0) == len(stage.on(topics.COMMANDS))


def test_a_worker_that_starts_knows_from_the_receipts_who_carries_what_on() -> None:
    async def story() -> Stage:
        carriers, _ = carried(only=Answers())
        first = staged(carriers)
        first.give(routine("m", 1))
        await first.all_done()
        second = staged(carriers)
        for told in first.receipts:
            second.worker.recall(told)
        await second.worker.settle("only", Report("their-m", Outcome.DELIVERED, "it has arrived"))
        return second

    assert [D] == play(story).outcomes("m")


def test_a_provider_of_which_nobody_knows_says_nothing() -> None:
    async def story() -> Stage:
        carriers, _ = carried(only=Answers())
        stage = staged(carriers)
        await stage.worker.settle("only", Report("never-sent", Outcome.DELIVERED, "it has arrived"))
        return stage

    assert [] == play(story).receipts


def test_what_is_left_alone_and_what_is_paused_can_be_counted() -> None:
    carriers, _ = carried(near=Answers(), far=Answers())
    near = carriers.of["webhook"][0]
    for _ in range(2):
        near.answered(routine("m", 1), 0, well=False)
    carriers.pause("far", paused=True)

    assert (1, 1) == (carriers.open_breakers("webhook", 0), carriers.paused_providers("webhook"))
    assert (0, 0) == (carriers.open_breakers("email", 0), carriers.paused_providers("email"))
