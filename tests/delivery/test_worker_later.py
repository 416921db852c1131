"""What waits for long: in Kafka and not in a task; taken over by the next worker, woken by what happens."""

import asyncio

import pytest

from crisis_bus.bus.record import Record
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery import waiting
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.instants import text
from crisis_bus.errors import NotAcknowledged, TransientDelivery
from crisis_bus.wire import topics
from tests.delivery.given import Answer, Answers, D, R, X, routine
from tests.delivery.virtual import START, Stage, play

LATER = TransientDelivery("later", 60.0)


def test_a_long_wait_stands_on_the_log_and_its_record_is_done_with() -> None:
    async def story() -> tuple[Stage, list[Record], tuple[int, int]]:
        stage = Stage(MemoryChannel(answer=Answers(m=[LATER, None])))
        [task] = stage.give(routine("m", 1))
        await task
        waiting = (stage.worker.under_way, stage.worker.waiting)
        before = stage.later
        await stage.all_done()
        return stage, before, waiting

    stage, before, waiting = play(story)

    assert (0, 1) == waiting
    assert [b"m"] == [record.key for record in before]
    assert ([R, D], []) == (stage.outcomes("m"), stage.later)


def test_the_next_worker_takes_over_what_waits_and_tries_when_it_is_due() -> None:
    async def story() -> tuple[Stage, float]:
        first = Stage(MemoryChannel(answer=Answers(m=[LATER, None])))
        await asyncio.gather(*first.give(routine("m", 1)))
        first.keeping.cancel()
        second = Stage(first.channel)
        await second.worker.room.adopt(first.later)
        second.worker.room.open()
        await second.all_done()
        return second, asyncio.get_running_loop().time()

    second, seconds = play(story)

    assert (["m"], [D], 2) == (second.taken, second.outcomes("m"), second.receipts[0].attempt)
    assert 60 <= seconds < 62


def test_what_was_taken_over_does_not_go_on_before_all_that_came_before_has_joined() -> None:
    async def story() -> Stage:
        first = Stage(MemoryChannel(answer=Answers(m=[LATER, None])))
        await asyncio.gather(*first.give(routine("m", 1)))
        second = Stage(first.channel)
        first.keeping.cancel()
        await second.worker.room.adopt(first.later)
        await asyncio.sleep(200)
        return second

    assert [] == play(story).taken


def test_what_has_its_final_receipt_waits_no_more() -> None:
    async def story() -> tuple[Stage, int]:
        first = Stage(MemoryChannel(answer=Answers(m=[LATER, None])))
        await asyncio.gather(*first.give(routine("m", 1)))
        waiting = first.later
        await first.all_done()
        second = Stage(first.channel)
        for told in first.receipts:
            second.worker.recall(told)
        await second.worker.room.adopt(waiting)
        return second, second.worker.waiting

    second, waiting = play(story)

    assert (0, [None]) == (waiting, [out.envelope.data for out in second.on(topics.LATER)])


def test_a_newer_text_wakes_what_it_replaces_and_leaves_at_once() -> None:
    async def story() -> tuple[Stage, float]:
        stage = Stage(MemoryChannel(answer=Answers(old=[TransientDelivery("later", 250.0)])))
        stage.give(routine("old", 1))
        await asyncio.sleep(1)
        stage.give(routine("new", 2, "old"))
        await stage.all_done()
        return stage, asyncio.get_running_loop().time()

    stage, seconds = play(story)

    assert ([R, X], [D], ["new"]) == (stage.outcomes("old"), stage.outcomes("new"), stage.taken)
    assert seconds < 3


def test_what_waits_behind_it_in_its_chain_goes_when_it_is_done_with() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(first=[TransientDelivery("later", 100.0), None])))
        stage.give(routine("first", 1), routine("second", 2))
        await asyncio.sleep(50)
        assert (0, 2) == (stage.worker.under_way, stage.worker.waiting)
        await stage.all_done()
        return stage

    assert ["first", "second"] == play(story).taken


def test_a_message_that_comes_again_while_it_waits_is_the_same_message() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[LATER, None])))
        await asyncio.gather(*stage.give(routine("m", 1)))
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    assert [R, D] == play(story).outcomes("m")


@pytest.mark.parametrize("hours", [1, 9])
def test_in_quiet_hours_nothing_is_sent(hours: int) -> None:
    async def story() -> tuple[Stage, float]:
        stage = Stage(MemoryChannel())
        stage.give(routine("m", 1, not_before=text(START + hours * 3_600_000)))
        await stage.all_done()
        return stage, asyncio.get_running_loop().time()

    stage, seconds = play(story)

    assert ([D], 1) == (stage.outcomes("m"), stage.receipts[0].attempt)
    assert hours * 3600 <= seconds < hours * 3600 + 2


def test_what_cannot_be_laid_by_stops_the_worker_and_its_record_is_not_done() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        stage.publish_fails = NotAcknowledged("no acknowledgement")
        [task] = stage.give(routine("m", 1, not_before=text(START + 3_600_000)))
        with pytest.raises(NotAcknowledged):
            await task
        with pytest.raises(NotAcknowledged):
            await stage.keeping
        return stage

    assert ([], 0) == (play(story).taken, 0)


def test_a_waiting_record_that_cannot_be_read_goes_to_the_dead_letters() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        await stage.worker.room.adopt([Record(topics.LATER, 0, 7, START, b"m", (), b"{}")])
        return stage

    [(topic, _)] = play(story).seen.buried

    assert topics.LATER == topic


def test_a_message_that_breaks_the_code_after_it_waited_is_kept_and_failed() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[LATER, ZeroDivisionError("bug")])))
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    stage = play(story)

    assert ([R, Outcome.FAILED], []) == (stage.outcomes("m"), stage.later)
    assert [(topics.OUTBOX_ROUTINE, "ZeroDivisionError: bug")] == stage.seen.buried


def test_of_very_many_that_are_due_at_once_some_go_first_and_nobody_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "_RESUMED", 3)

    async def story() -> Stage:
        answers: dict[str, list[Answer]] = {f"m{place}": [LATER, 5.0] for place in range(10)}
        stage = Stage(MemoryChannel(answer=Answers(**answers)))
        stage.give(*(routine(f"m{place}", 1, subscription=f"sub-{place}") for place in range(10)))
        await stage.all_done()
        return stage

    assert {f"m{place}" for place in range(10)} == set(play(story).taken)
