"""The desk's runner on a real broker, inside this process: facts, duplicates, poison, forks."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog

from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing, Placed
from crisis_bus.desk import decide_live
from crisis_bus.domain.instants import text
from crisis_bus.errors import NotAcknowledged
from crisis_bus.streams import desk, seat
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope
from tests.streams.space import (
    Seen,
    answered,
    ask,
    broken,
    commands_of,
    entries,
    everything,
    expected,
    fresh_space,
    policy,
    publishing,
    scenario,
    told,
    until,
)

pytestmark = pytest.mark.kafka


def now() -> int:
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def desk_at_work(
    bootstrap: str, clock: Any = now, publisher: Callable[[Publisher], Any] = lambda real: real
) -> AsyncIterator[tuple[DeskRunner, Seen]]:
    async with publishing(bootstrap) as real:
        seen, stop = Seen(), asyncio.Event()
        runner = DeskRunner(Kafka(bootstrap), policy(), publisher(real), clock, seen)
        running = asyncio.create_task(runner.run(stop))
        await until(lambda: len(runner.seats) == 6 or running.done())
        try:
            yield runner, seen
        finally:
            stop.set()
            await running


def question(space: str, name: str, ref: str = "x") -> Envelope:
    return messages.command(space, "verification.ask", "GCO", {"ref": ref}, id=name, at=now(), source="/tests")


@pytest.mark.parametrize("name", ["S01", "S02", "S08"])
async def test_a_crisis_on_the_log_has_the_facts_of_the_rehearsal_in_memory(name: str, catalogue_applied: str) -> None:
    played, space = scenario(name), fresh_space(name)
    commands = commands_of(played, space)

    async with desk_at_work(catalogue_applied), publishing(catalogue_applied) as publisher:
        await ask(publisher, space, commands)
        found = await answered(catalogue_applied, space, len(commands))

    assert expected(played) == told(found)
    assert [] == await broken(catalogue_applied)


class Stumbling:
    """A publisher whose journal entries are lost, or not acknowledged though they are safe, every now and then."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._count = 0

    async def send(self, outgoing: Outgoing) -> Placed:
        return (await self.send_all([outgoing]))[0]

    async def send_all(self, batch: Sequence[Outgoing]) -> list[Placed]:
        self._count += bool(batch) and batch[0].topic == topics.JOURNAL
        if batch and self._count % 5 == 2:
            self._count += 1
            msg = "lost"
            raise NotAcknowledged(msg)
        placed = await self._publisher.send_all(batch)
        if batch and self._count % 5 == 4:
            self._count += 1
            msg = "safe, but nobody said so"
            raise NotAcknowledged(msg)
        return placed


async def test_an_answer_in_parts_is_whole_whatever_is_lost_between_them(
    catalogue_applied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat, "AT_MOST", 1)
    monkeypatch.setattr(desk, "_BATCH_BYTES", 0)
    played, space = scenario("S01"), fresh_space("S01")
    commands = commands_of(played, space)

    async with desk_at_work(catalogue_applied, publisher=Stumbling), publishing(catalogue_applied) as publisher:
        await ask(publisher, space, commands)
        found = await answered(catalogue_applied, space, len(commands))

    whole = [entry for entry in found if not entry.more]
    assert expected(played) == told(found)
    assert len(commands) == len(whole) < len(found)
    assert [] == await broken(catalogue_applied)


async def test_a_real_space_takes_its_time_from_the_broker(catalogue_applied: str) -> None:
    space = fresh_space("real")
    lie = messages.command(space, "verification.ask", "GCO", {"ref": "x"}, id="lie", at=0, source="/tests")

    async with desk_at_work(catalogue_applied), publishing(catalogue_applied) as publisher:
        (placed,) = await ask(publisher, space, [lie])
        (entry,) = await answered(catalogue_applied, space, 1)

    (stamped,) = [
        record.timestamp
        for record in await everything(catalogue_applied, topics.COMMANDS)
        if (record.partition, record.offset) == (placed.partition, placed.offset)
    ]
    assert text(stamped) == entry.command.at
    assert entry.zero is None


async def test_a_command_that_comes_twice_is_answered_once(catalogue_applied: str) -> None:
    space = fresh_space()

    async with desk_at_work(catalogue_applied), publishing(catalogue_applied) as publisher:
        await ask(publisher, space, [question(space, "same"), question(space, "same")])
        first, second = await answered(catalogue_applied, space, 2)

    assert 1 == len(first.facts)
    assert ((), {}) == (second.facts, second.changes)


async def test_what_cannot_be_read_is_kept_and_the_log_goes_on(catalogue_applied: str) -> None:
    space, other = fresh_space(), fresh_space()
    good = question(space, "good")
    poison = [
        Outgoing(
            topics.COMMANDS, space.encode(), Envelope("p1", "/tests", good.type, 0, b"{", extensions=good.extensions)
        ),
        Outgoing(topics.COMMANDS, space.encode(), Envelope("p2", "/tests", "com.example.else", 0, b"{}")),
        Outgoing(topics.COMMANDS, space.encode(), question(other, "p3")),
        Outgoing(
            topics.COMMANDS, space.encode(), Envelope("p4", "/tests", good.type, 0, None, extensions=good.extensions)
        ),
    ]

    async with desk_at_work(catalogue_applied) as (_, seen), publishing(catalogue_applied) as publisher:
        placed = await publisher.send_all([*poison, Outgoing(topics.COMMANDS, space.encode(), good)])
        found = await answered(catalogue_applied, space, 1)

    letters = [
        messages.DeadLetter.model_validate_json(record.value or b"")
        for record in await everything(catalogue_applied, topics.DEAD_LETTERS)
    ]
    places = [(one.partition, one.offset) for one in placed[:-1]]
    kept = {(one.partition, one.offset): one for one in letters if one.topic == topics.COMMANDS}
    assert ["good"] == [entry.command.id for entry in found]
    assert [b"{", b"{}", poison[2].envelope.data, None] == [kept[place].value for place in places]
    assert all(kept[place].reason for place in places)
    assert [topics.COMMANDS] * 4 == seen.dead


async def test_a_rule_that_breaks_does_not_stop_the_log(
    catalogue_applied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, decide = fresh_space(), decide_live

    def breaking(office: Any, command: Any, at: int, at_most: int) -> Any:
        if command.id == "bad":
            msg = "a bug"
            raise ZeroDivisionError(msg)
        return decide(office, command, at, at_most)

    monkeypatch.setattr(seat, "decide_live", breaking)
    with structlog.testing.capture_logs() as logs:
        async with desk_at_work(catalogue_applied) as (_, seen), publishing(catalogue_applied) as publisher:
            await ask(publisher, space, [question(space, name) for name in ("a", "bad", "b")])
            found = await answered(catalogue_applied, space, 2)

    assert ["bad"] == [line["command"] for line in logs if line["event"] == "rule_broke"]
    assert ["a", "b"] == [entry.command.id for entry in found]
    assert [topics.COMMANDS] == seen.dead


async def test_the_largest_command_that_the_log_takes_is_answered(catalogue_applied: str) -> None:
    space = fresh_space()

    async with desk_at_work(catalogue_applied), publishing(catalogue_applied) as publisher:
        await ask(publisher, space, [question(space, "large", "x" * 2_000_000)])
        found = await answered(catalogue_applied, space, 1)

    assert ["large"] == [entry.command.id for entry in found]


async def test_what_somebody_else_wrote_is_found_and_passed_over(catalogue_applied: str) -> None:
    space = fresh_space()

    async with desk_at_work(catalogue_applied), publishing(catalogue_applied) as publisher:
        (placed,) = await ask(publisher, space, [question(space, "before")])
        (before,) = await answered(catalogue_applied, space, 1)
        forged = before.model_copy(
            update={"command": before.command.model_copy(update={"id": "forged", "offset": 10**9})}
        )
        envelope = Envelope("forged", "/zombie", "org.crisisbus.journal.entry.v1", 0, forged.model_dump_json().encode())
        await publisher.send(Outgoing(topics.JOURNAL, space.encode(), envelope, placed.partition))
        await ask(publisher, space, [question(space, "after"), question(space, "later")])
        found = await answered(catalogue_applied, space, 3)

    assert ["before", "after", "later"] == [entry.command.id for entry in found]
    assert [] == await broken(catalogue_applied)


async def test_a_desk_goes_on_where_the_journal_ends_whatever_the_group_says(catalogue_applied: str) -> None:
    space = fresh_space()
    for name in ("one", "two", "three"):
        async with desk_at_work(catalogue_applied), publishing(catalogue_applied) as publisher:
            await ask(publisher, space, [question(space, name)])
            await answered(catalogue_applied, space, 1)

    assert ["one", "two", "three"] == [entry.command.id for entry in await entries(catalogue_applied, space)]


def report(space: str) -> Envelope:
    first = next(step for step in scenario("S01").commands if step.type == "incident.report")
    return messages.command(space, "incident.report", first.by, first.data, id="report", at=now(), source="/tests")


async def test_a_desk_whose_clock_is_ahead_does_not_storm_the_log_with_ticks(catalogue_applied: str) -> None:
    space, hour = fresh_space("real"), 3_600_000

    async with desk_at_work(catalogue_applied, lambda: now() + hour), publishing(catalogue_applied) as publisher:
        await ask(publisher, space, [report(space)])
        await answered(catalogue_applied, space, 3)
        await asyncio.sleep(3)
        found = await entries(catalogue_applied, space)

    ticks = [entry for entry in found if entry.command.type == "clock.tick"]
    assert 2 <= len(ticks) <= 6
    assert [()] * len(ticks) == [entry.facts for entry in ticks]
