"""What providers told the gateway becomes a receipt: before or after the first one, once, and after every restart."""

import asyncio

from crisis_bus.bus.record import Record
from crisis_bus.delivery.callbacks import HELD_SECONDS, Callbacks
from crisis_bus.domain.callbacks import Callback
from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.errors import NotReachable
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import to_kafka
from tests.delivery.given import Answer, Answers, D, F, routine
from tests.delivery.test_worker_providers import A, carried, staged
from tests.delivery.virtual import START, Stage, play


def record(name: str, outcome: Outcome = D, provider: str = "only", offset: int = 0) -> Record:
    said = Callback.model_validate(
        {"id": name, "provider": provider, "provider_id": name, "outcome": outcome, "detail": "so", "at": "2026"}
    )
    headers, value = to_kafka(messages.message_for(said, types.CALLBACK, id=name, source="/gateway", at=START))
    return Record(topics.CALLBACKS, 0, offset, START, provider.encode(), tuple(headers), value)


class Hearing:
    """A worker and what it hears; build it inside `play`."""

    def __init__(self, **answers: list[Answer]) -> None:
        carriers, _ = carried(only=Answers(**answers))
        self.stage: Stage = staged(carriers)
        self.unknown: list[str] = []
        self.callbacks = Callbacks(self.stage.worker, lambda said: self.unknown.append(said.provider_id))

    def outcomes(self) -> list[Outcome]:
        return self.stage.outcomes("m")


def test_a_word_after_the_receipt_is_a_later_receipt() -> None:
    async def story() -> Hearing:
        hearing = Hearing()
        hearing.stage.give(routine("m", 1))
        await hearing.stage.all_done()
        await hearing.callbacks.handle(record("their-m"))
        return hearing

    hearing = play(story)

    assert ([A, D], "so") == (hearing.outcomes(), hearing.stage.receipts[-1].detail)


def test_a_word_before_the_receipt_is_held_until_that_is_there_and_not_done_with_before() -> None:
    async def story() -> tuple[Hearing, bool]:
        hearing = Hearing(m=[10.0])
        handling = asyncio.create_task(hearing.callbacks.handle(record("their-m", F)))
        hearing.stage.give(routine("m", 1))
        await asyncio.sleep(9)
        done_before = handling.done()
        await handling
        return hearing, done_before

    hearing, done_before = play(story)

    assert ([A, F], False) == (hearing.outcomes(), done_before)


def test_a_word_that_comes_again_says_nothing_new() -> None:
    async def story() -> Hearing:
        hearing = Hearing()
        hearing.stage.give(routine("m", 1))
        await hearing.stage.all_done()
        for outcome in (D, D, F):
            await hearing.callbacks.handle(record("their-m", outcome))
        return hearing

    hearing = play(story)

    assert ([A, D], []) == (hearing.outcomes(), hearing.unknown)


def test_a_worker_that_starts_again_knows_from_the_receipts_what_was_said() -> None:
    async def story() -> list[Receipt]:
        first, second = Hearing(), Hearing()
        first.stage.give(routine("m", 1))
        await first.stage.all_done()
        await first.callbacks.handle(record("their-m"))
        for told in first.stage.receipts:
            second.stage.worker.recall(told)
        await second.callbacks.handle(record("their-m"))
        return second.stage.receipts

    assert [] == play(story)


def test_a_word_about_nothing_that_anybody_knows_is_let_go_after_a_while() -> None:
    async def story() -> tuple[Hearing, float]:
        hearing = Hearing()
        await hearing.callbacks.handle(record("never-sent"))
        return hearing, asyncio.get_running_loop().time()

    hearing, seconds = play(story)

    assert (["never-sent"], []) == (hearing.unknown, hearing.stage.receipts)
    assert HELD_SECONDS == seconds


def test_another_provider_with_the_same_name_for_a_message_means_another_one() -> None:
    async def story() -> Hearing:
        hearing = Hearing()
        hearing.stage.give(routine("m", 1))
        await hearing.stage.all_done()
        await hearing.callbacks.handle(record("their-m", provider="other"))
        return hearing

    assert [A] == play(story).outcomes()


def test_while_the_log_is_away_nothing_is_done_with_and_the_word_counts_when_it_is_back() -> None:
    async def story() -> tuple[Hearing, bool]:
        hearing, failed = Hearing(), False
        hearing.stage.give(routine("m", 1))
        await hearing.stage.all_done()
        hearing.stage.publish_fails = NotReachable("away")
        try:
            await hearing.callbacks.handle(record("their-m"))
        except NotReachable:
            failed = True
        hearing.stage.publish_fails = None
        await hearing.callbacks.handle(record("their-m"))
        return hearing, failed

    hearing, failed = play(story)

    assert ([A, D], True) == (hearing.outcomes(), failed)


def test_what_was_lost_and_sent_again_under_the_same_name_can_be_spoken_of_again() -> None:
    async def story() -> list[Outcome]:
        hearing = Hearing()
        hearing.stage.give(routine("m", 1))
        await hearing.stage.all_done()
        await hearing.callbacks.handle(record("their-m", F))
        first = hearing.stage.receipts[0]
        hearing.stage.worker.recall(first.model_copy(update={"attempt": 2}))
        await hearing.callbacks.handle(record("their-m", D))
        return hearing.outcomes()

    assert [A, F, D] == play(story)


def test_what_cannot_be_read_goes_to_the_dead_letters() -> None:
    async def story() -> Hearing:
        hearing = Hearing()
        await hearing.callbacks.handle(Record(topics.CALLBACKS, 0, 7, START, b"k", (), b"{"))
        return hearing

    hearing = play(story)

    assert [topics.CALLBACKS] == [topic for topic, _ in hearing.stage.seen.buried]
    assert [topics.DEAD_LETTERS] == [out.topic for out in hearing.stage.log]
