"""The worker's promises, in a world whose hours pass in no time."""

import asyncio
from base64 import b64decode

import pytest

from crisis_bus.channels.contract import Prepared
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.delivery.ports import Limits
from crisis_bus.delivery.retries import Retries
from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.values import Kind
from crisis_bus.errors import NotAcknowledged, PermanentDelivery, TransientDelivery
from crisis_bus.wire import messages, topics
from tests.channels.samples import bulletin, message
from tests.delivery.virtual import START, Stage, play

D, R, F, E, X = Outcome.DELIVERED, Outcome.RETRYING, Outcome.FAILED, Outcome.EXPIRED, Outcome.REPLACED


class Answers:
    """Answers of destinations by message or subscription, one an attempt, the last one for ever; None takes it."""

    def __init__(self, **by: list[Exception | float | None]) -> None:
        self.by = by
        self.asked: list[str] = []

    async def __call__(self, prepared: Prepared, attempt: int) -> None:
        self.asked.append(prepared.message.id)
        answers = self.by.get(prepared.message.id) or self.by.get(prepared.message.subscription) or [None]
        answer = answers[min(attempt, len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            await asyncio.sleep(answer)


BUSY = TransientDelivery("busy")
NO = PermanentDelivery("no")
GONE = PermanentDelivery("gone", gone=True)


def routine(name: str, sequence: int, *replaces: str, **changes: object) -> OutboxMessage:
    of = bulletin(
        name, kind=Kind.SITREP, grade=1, sequence=sequence, replaces=tuple(f"uae/{each}" for each in replaces)
    )
    return message(name, bulletin=of, **changes)


def urgent(name: str, sequence: int, *replaces: str, **changes: object) -> OutboxMessage:
    of = bulletin(name, kind=Kind.RETRACTION, sequence=sequence, replaces=tuple(f"uae/{each}" for each in replaces))
    return message(name, bulletin=of, **changes)


@pytest.mark.parametrize(
    ("answers", "expected", "commands"),
    [
        pytest.param([None], [D], 0, id="taken at once"),
        pytest.param([BUSY, BUSY, None], [R, R, D], 0, id="taken at the third attempt"),
        pytest.param([NO], [F], 1, id="a no is final"),
        pytest.param([BUSY, NO], [R, F], 1, id="a no after a retry"),
        pytest.param([99.0, None], [R, D], 0, id="a destination that hangs is tried again"),
        pytest.param([TransientDelivery("busy", 1e9), NO], [R, F], 1, id="a long wish is capped"),
        pytest.param([GONE], [F], 1, id="gone"),
    ],
)
def test_every_answer_leads_to_its_receipts(
    answers: list[Exception | float | None], expected: list[Outcome], commands: int
) -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=answers)))
        stage.give(routine("m", 1, outlet=True))
        await stage.all_done()
        return stage

    stage = play(story)

    assert expected == stage.outcomes("m")
    assert list(range(1, len(expected) + 1)) == [told.attempt for told in stage.receipts]
    assert commands == len(stage.on(topics.COMMANDS))
    assert (["sub-1"] if answers == [GONE] else []) == stage.gone


def test_a_receipt_says_whose_it_is_and_its_id_comes_from_message_attempt_and_outcome() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[BUSY, None])))
        stage.give(routine("m", 7))
        await stage.all_done()
        return stage

    stage = play(story)
    told = stage.receipts[-1]

    assert told.id == ids.derived("receipt", "m", "2", "delivered")
    assert (told.number, told.space, told.incident, told.sequence) == ("uae/m", "uae", "I2", 7)
    assert (told.subscription, told.channel, told.transport) == ("sub-1", "WEB", "webhook")
    assert {out.key for out in stage.on(topics.RECEIPTS)} == {b"sub-1"}
    assert {out.envelope.correlation for out in stage.log} == {"m"}


def test_a_destination_that_never_answers_is_given_up_in_time() -> None:
    async def story() -> tuple[Stage, float]:
        stage = Stage(MemoryChannel(answer=Answers(m=[BUSY])), Limits(retries=Retries(give_up=900)))
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage, asyncio.get_running_loop().time()

    stage, seconds = play(story)

    assert stage.outcomes("m")[-1] is F
    assert "given up after" in stage.receipts[-1].detail
    assert 600 < seconds <= 901


def test_a_retry_comes_no_sooner_than_was_asked() -> None:
    async def story() -> float:
        stage = Stage(MemoryChannel(answer=Answers(m=[TransientDelivery("later", 42.0), None])))
        stage.give(routine("m", 1))
        await stage.all_done()
        return asyncio.get_running_loop().time()

    assert 42 <= play(story) < 43


def test_a_failed_outlet_tells_the_desk_once_whatever_the_destination() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[NO])))
        stage.give(routine("m", 1, outlet=True))
        await stage.all_done()
        return stage

    [command] = play(story).on(topics.COMMANDS)
    space, asked = messages.read_command(command.envelope)

    assert (command.key, space) == (b"uae", "uae")
    assert (asked.type, asked.by, asked.data) == ("delivery.fail", "delivery", {"statement": "m", "channel": "WEB"})
    assert command.envelope.id == ids.derived("delivery.fail", "uae", "m", "WEB")


def test_a_reader_that_is_no_outlet_does_not_trouble_the_desk() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[NO])))
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    assert play(story).on(topics.COMMANDS) == []


def expiring(name: str, seconds: float, **changes: object) -> OutboxMessage:
    expires = instants.text(START + round(seconds * 1000))
    of = bulletin(name, kind=Kind.SITREP, grade=1, expires=expires, **changes)
    return message(name, bulletin=of, outlet=True)


@pytest.mark.parametrize(
    ("answers", "seconds", "expected"),
    [
        pytest.param([None], -1, [E], id="too late from the start"),
        pytest.param([None], 60, [D], id="in time"),
        pytest.param([TransientDelivery("later", 30.0)], 10, [R, E], id="it expires while it waits"),
    ],
)
def test_nothing_leaves_after_it_has_expired(
    answers: list[Exception | float | None], seconds: float, expected: list[Outcome]
) -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=answers)))
        stage.give(expiring("m", seconds))
        await stage.all_done()
        return stage

    stage = play(story)

    assert expected == stage.outcomes("m")
    assert (E in expected) == bool(stage.on(topics.COMMANDS))


def test_a_rehearsal_does_not_expire_by_our_clock_and_fails_in_its_own_day() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[NO])))
        stage.give(expiring("m", -1, rehearsal=True, published_at="2020-01-01T00:00:00.000Z"))
        await stage.all_done()
        return stage

    stage = play(story)

    assert stage.outcomes("m") == [F]
    assert instants.text(stage.on(topics.COMMANDS)[0].envelope.time) == "2020-01-01T00:00:00.000Z"


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
        stage = Stage(MemoryChannel(answer=Answers(slow=[14.0])), Limits(concurrency=2))
        stage.give(routine("m0", 1, subscription="slow"))
        stage.give(*(routine(f"m{count}", 1, subscription=f"quick-{count}") for count in range(1, 50)))
        await asyncio.sleep(1)
        return stage

    assert len(play(story).taken) == 49


def test_dead_destinations_cost_the_others_one_timeout_and_no_more() -> None:
    async def story() -> int:
        dead: dict[str, list[Exception | float | None]] = {f"dead-{count}": [99.0] for count in range(20)}
        stage = Stage(MemoryChannel(answer=Answers(**dead)), Limits(concurrency=4))
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
        slow: dict[str, list[Exception | float | None]] = {f"slow-{count}": [10.0] for count in range(100)}
        stage = Stage(MemoryChannel(answer=Answers(**slow)), Limits(concurrency=2))
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
        stage = Stage(MemoryChannel(answer=answer), Limits(concurrency=7))
        stage.give(*(routine(f"m{count}", 1, subscription=f"s{count}") for count in range(50)))
        await stage.all_done()

    play(story)

    assert most == 7


def test_a_receipt_that_is_not_on_the_log_ends_the_worker_and_not_the_message() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel())
        stage.publish_fails = NotAcknowledged("no acknowledgement")
        [task] = stage.give(routine("m", 1))
        with pytest.raises(NotAcknowledged):
            await task
        stage.publish_fails = None
        stage.give(routine("m", 1))
        await stage.tasks[-1]
        return stage

    stage = play(story)

    assert stage.taken == ["m", "m"], "again, with the same id"
    assert stage.outcomes("m") == [D]


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


def test_a_worker_that_stops_finishes_attempts_and_leaves_what_waits_unfinished() -> None:
    async def story() -> tuple[Stage, list[bool], float]:
        stage = Stage(MemoryChannel(answer=Answers(m1=[5.0], m2=[TransientDelivery("later", 200.0)])))
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


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        pytest.param(b"{", None, "JSON", id="no JSON"),
        pytest.param(b"\xff\x00", None, "JSON", id="no text"),
        pytest.param(None, None, "needs data", id="tombstone"),
        pytest.param(b"[]", None, "JSON object", id="no object"),
        pytest.param(b"{}", None, "id: Field required", id="nothing in it"),
        pytest.param(b'{"bulletin": {"number": "x"}}', None, "Field required", id="no bulletin"),
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


def test_a_transport_that_nobody_serves_fails_with_a_sentence() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(), channels={})
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    assert play(story).receipts[0].detail == "no channel serves webhook here"


def test_an_observer_is_told_every_receipt_and_how_long_the_attempt_took() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[99.0, 2.0])), Limits(attempt_seconds=15))
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    assert play(story).seen.receipts == [(R, 15.0), (D, 2.0)]
