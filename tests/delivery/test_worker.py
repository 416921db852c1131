"""What a worker makes of each answer, in a world whose hours pass in no time."""

import asyncio

import pytest

from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.providers import Limits
from crisis_bus.domain.values import Kind
from crisis_bus.errors import TransientDelivery
from crisis_bus.wire import messages, topics
from tests.channels.samples import bulletin, message
from tests.delivery.given import BUSY, GONE, NO, Answer, Answers, D, E, F, R, routine
from tests.delivery.virtual import START, Stage, play


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
def test_every_answer_leads_to_its_receipts(answers: list[Answer], expected: list[Outcome], commands: int) -> None:
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
        stage = Stage(MemoryChannel(answer=Answers(m=[BUSY])), Limits())
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
def test_nothing_leaves_after_it_has_expired(answers: list[Answer], seconds: float, expected: list[Outcome]) -> None:
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


def test_a_transport_that_nobody_serves_fails_with_a_sentence() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(), channels={})
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    assert play(story).receipts[0].detail == "no channel serves webhook here"


def test_an_observer_is_told_every_receipt_and_how_long_the_attempt_took() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[99.0, 2.0])), Limits(timeout=15))
        stage.give(routine("m", 1))
        await stage.all_done()
        return stage

    assert play(story).seen.receipts == [(R, 15.0), (D, 2.0)]


def test_a_test_that_fails_at_an_outlet_does_not_trouble_the_desk() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[NO])))
        stage.give(message("m", bulletin=bulletin("m", kind=Kind.SITREP, grade=1, test=True), outlet=True))
        await stage.all_done()
        return stage

    stage = play(story)

    assert ([F], [], True) == (stage.outcomes("m"), stage.on(topics.COMMANDS), stage.receipts[0].test)


def test_a_rehearsal_is_due_by_our_clock_and_not_by_its_own_day() -> None:
    async def story() -> Stage:
        stage = Stage(MemoryChannel(answer=Answers(m=[2.0])))
        of = bulletin("m", published_at="1999-01-01T00:00:00.000Z", rehearsal=True)
        stage.give(message("m", bulletin=of), message("n", subscription="sub-2", bulletin=bulletin("n")))
        await stage.all_done()
        return stage

    due = {told.message: told.due for told in play(story).receipts}

    assert {"m": instants.text(START), "n": bulletin("n").published_at} == due
