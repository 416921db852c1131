"""What a worker leaves behind when it stops, starts, or cannot handle a record."""

import asyncio
from base64 import b64decode
from dataclasses import replace

import pytest

from crisis_bus.bus.controls import REPLAY
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.domain.values import Kind
from crisis_bus.errors import NotAcknowledged, PermanentDelivery, TransientDelivery
from crisis_bus.wire import messages, topics
from tests.channels.samples import bulletin, message
from tests.delivery.given import BUSY, Answers, D, F, R, X, routine
from tests.delivery.virtual import START, Stage, play


def test_a_receipt_that_is_not_on_the_log_ends_the_worker_and_not_the_message() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        stage.publish_fails = NotAcknowledged("no acknowledgement")
        [task] = stage.give(routine("m", 1))
        with pytest.raises(NotAcknowledged):
            await task
        after_restart = Stage(stage.channel)
        after_restart.give(routine("m", 1))
        await after_restart.all_done()
        return after_restart

    stage = play(story)

    assert stage.taken == ["m", "m"], "again, with the same id"
    assert stage.outcomes("m") == [D]


def test_who_comes_after_a_receipt_that_is_not_on_the_log_learns_why_nothing_is_sent() -> None:
    async def story() -> tuple[Stage, asyncio.Task[None]]:
        stage = Stage(MemoryChannel())
        stage.publish_fails = NotAcknowledged("no acknowledgement")
        await asyncio.wait(stage.give(routine("m1", 1)))
        stage.publish_fails = None
        [later] = stage.give(routine("m2", 1, subscription="sub-2"))
        await asyncio.wait([later])
        return stage, later

    stage, later = play(story)

    assert stage.taken == ["m1"]
    with pytest.raises(NotAcknowledged):
        later.result()


def test_a_record_is_done_only_when_its_receipt_is_on_the_log() -> None:
    async def story() -> bool:
        stage = Stage(MemoryChannel())
        stage.publish_seconds = 5
        [task] = stage.give(routine("m", 1))
        await asyncio.sleep(4)
        return task.done()

    assert not play(story)


def test_the_same_record_again_is_sent_once_and_has_one_final_receipt() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[BUSY, None])))
        stage.give(routine("m", 1), routine("m", 1))
        await stage.all_done()
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    stage = play(story)

    assert stage.taken == ["m"]
    assert stage.outcomes("m") == [R, D]


def test_a_worker_that_starts_knows_from_the_receipts_what_is_done_and_what_was_tried() -> None:
    async def story() -> tuple[Stage, Stage]:
        first = Stage(MemoryChannel(answer=Answers(m3=[TransientDelivery("later", 250.0)])))
        first.give(routine("m2", 2), routine("m3", 1, subscription="sub-2"))
        await asyncio.sleep(10)
        for task in first.tasks:
            task.cancel()
        second = Stage(MemoryChannel())
        for told in first.receipts:
            second.worker.recall(told)
        second.give(routine("m1", 1), routine("m2", 2), routine("m3", 1, subscription="sub-2"))
        await second.all_done()
        return first, second

    first, second = play(story)

    assert (first.taken, second.taken) == (["m2"], ["m3"])
    assert [second.outcomes(each) for each in ("m1", "m2", "m3")] == [[X], [], [D]]
    assert next(told.attempt for told in second.receipts if told.message == "m3") == 2


def test_what_was_told_in_the_chain_of_another_incident_replaces_nothing_of_its_own() -> None:
    async def story() -> tuple[Stage, Stage]:
        first = Stage(MemoryChannel())
        first.give(message("m", bulletin=bulletin("m", incident="I2", chain="uae/I1", sequence=5)))
        await first.all_done()
        second = Stage(MemoryChannel())
        for told in first.receipts:
            second.worker.recall(told)
        second.give(
            message("own", bulletin=bulletin("own", incident="I2", chain="uae/I2", sequence=1)),
            message("old", bulletin=bulletin("old", incident="I1", chain="uae/I1", sequence=4)),
        )
        await second.all_done()
        return first, second

    first, second = play(story)

    assert (first.taken, second.taken) == (["m"], ["own"])
    assert second.outcomes("old") == [X]


def test_a_worker_that_stops_finishes_attempts_and_leaves_what_waits_unfinished() -> None:
    async def story() -> tuple[Stage, list[bool], float]:
        stage = Stage(MemoryChannel(answer=Answers(m1=[5.0], m2=[TransientDelivery("later", 9.0)])))
        tasks = stage.give(routine("m1", 1), routine("m2", 1, subscription="sub-2"))
        await asyncio.sleep(1)
        stage.worker.stop()
        tasks += stage.give(routine("m3", 1, subscription="sub-3"))
        await asyncio.wait(tasks)
        return stage, [task.cancelled() for task in tasks], asyncio.get_running_loop().time()

    stage, cancelled, seconds = play(story)

    assert cancelled == [False, True, True]
    assert (stage.taken, stage.outcomes("m2"), stage.outcomes("m3")) == (["m1"], [R], [])
    assert seconds < 6


def test_a_record_is_not_done_while_one_of_its_messages_was_abandoned() -> None:
    of = bulletin("b", kind=Kind.SITREP, grade=1)

    async def story() -> tuple[Stage, asyncio.Task[None]]:
        stage = Stage(MemoryChannel(answer=Answers(m2=[TransientDelivery("later", 9.0)])))
        task = stage.give_together(
            message("m1", bulletin=of, subscription="sub-1"), message("m2", bulletin=of, subscription="sub-2")
        )
        await asyncio.sleep(1)
        stage.worker.stop()
        await asyncio.wait([task])
        return stage, task

    stage, task = play(story)

    assert (stage.taken, stage.outcomes("m2")) == (["m1"], [R])
    assert task.cancelled()


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        pytest.param(b"{", None, "JSON", id="no JSON"),
        pytest.param(b"\xff\x00", None, "JSON", id="no text"),
        pytest.param(None, None, "needs data", id="tombstone"),
        pytest.param(b"[]", None, "JSON object", id="no object"),
        pytest.param(b"{}", None, "messages: it is a list", id="nothing in it"),
        pytest.param(b'{"messages": [{}]}', None, "id: Field required", id="no bulletin"),
        pytest.param(b'{"messages": [], "bulletin": {"number": "x"}}', None, "Field required", id="half a bulletin"),
        pytest.param(b'{"messages": [7]}', None, "the data: ", id="a message that is a number"),
        pytest.param(b"{}", (), "missing", id="no envelope"),
    ],
)
def test_a_record_that_cannot_be_read_is_kept_with_its_bytes_and_the_reason(
    value: bytes | None, headers: tuple[tuple[str, bytes], ...] | None, reason: str
) -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        good = stage.record(routine("m", 1))
        bad = type(good)(good.topic, 3, 7, START, b"key", good.headers if headers is None else headers, value)
        await stage.worker.handle(bad)
        return stage

    stage = play(story)
    [out] = stage.on(topics.DEAD_LETTERS)
    letter = messages.DeadLetter.model_validate_json(out.envelope.data or b"")

    assert (letter.topic, letter.partition, letter.offset) == (topics.OUTBOX_ROUTINE, 3, 7)
    assert (value, b"key") == (letter.value, b64decode(letter.key_base64 or ""))
    assert reason in letter.reason
    assert stage.seen.buried == [(topics.OUTBOX_ROUTINE, letter.reason)]


def test_a_message_that_breaks_the_code_is_kept_and_failed_and_stops_no_other() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m1=[ZeroDivisionError("bug")])))
        stage.give(routine("m1", 1, outlet=True), routine("m2", 2))
        await stage.all_done()
        return stage

    stage = play(story)

    assert (stage.outcomes("m1"), stage.outcomes("m2")) == ([F], [D])
    assert len(stage.on(topics.COMMANDS)) == 1
    assert stage.seen.buried == [(topics.OUTBOX_ROUTINE, "ZeroDivisionError: bug")]


def test_what_failed_is_tried_again_when_it_comes_from_the_dead_letters_and_what_arrived_is_not() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(lost=[PermanentDelivery("no"), None])))
        stage.give(routine("lost", 1), routine("there", 1, subscription="sub-2"))
        await stage.all_done()
        for name, subscription in (("lost", "sub-1"), ("there", "sub-2")):
            record = stage.record(routine(name, 1, subscription=subscription))
            await stage.worker.handle(replace(record, headers=(*record.headers, (REPLAY, b"a/0/1"))))
        return stage

    stage = play(story)

    assert ([F, D], [D]) == (stage.outcomes("lost"), stage.outcomes("there"))
    assert [1, 2] == [told.attempt for told in stage.receipts if told.message == "lost"]
