"""A long silence: thousands of timers fire before one command, in entries that the journal can take."""

from collections.abc import Iterator
from typing import Any

import pytest

from crisis_bus import desk, rehearsal
from crisis_bus.domain.commands import CLOCK_TICK
from crisis_bus.domain.instants import MINUTE
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.records import TimerKind
from crisis_bus.streams import seat as seats
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.views import chain
from crisis_bus.views.ledger import Ledger
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import Envelope
from tests.streams.space import policy

SPACE, BEGIN, INCIDENTS = "uae", 1_776_343_200_000, 60


def report(number: int) -> Envelope:
    data = {"id": f"I{number}", "type": "ROAD-MCI", "severity": "Severe", "urgency": "Expected", "certainty": "Likely"}
    asked = {**data, "emirates": ["AE-AZ"]}
    return messages.command(SPACE, "incident.report", "MOI.ops", asked, id=f"r{number}", at=BEGIN, source="/tests")


LATER = BEGIN + 45 * MINUTE
TICK = messages.command(SPACE, CLOCK_TICK, "clock", {}, id="tick", at=LATER, source="/tests")


def answers(seat: Seat, envelope: Envelope, offset: int) -> Iterator[bytes]:
    space, command = messages.read_command(envelope)
    yield seat.answer(space, command, envelope, offset, envelope.time)
    while seat.chain.part:
        yield seat.answer(space, command, envelope, offset, envelope.time)


def journal(seat: Seat) -> list[bytes]:
    asked = [*map(report, range(INCIDENTS)), TICK]
    return [entry for offset, envelope in enumerate(asked) for entry in answers(seat, envelope, offset)]


def facts(entries: list[bytes]) -> list[str]:
    read = [chain.read(entry) for entry in entries]
    lines = [{"at": fact.at, "type": fact.type, "data": fact.data} for one in read for fact in one.facts]
    return [rehearsal.as_json(line) for line in lines]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "AT_MOST", 25)


@pytest.mark.usefixtures("few")
def test_parts_tell_what_one_entry_would_have_told(monkeypatch: pytest.MonkeyPatch) -> None:
    in_parts = journal(Seat(policy()))
    monkeypatch.setattr(seats, "AT_MOST", 10_000)
    whole = journal(Seat(policy()))

    assert facts(whole) == facts(in_parts)
    assert len(whole) == INCIDENTS + 1 < len(in_parts) - 5
    last = [chain.read(entry) for entry in in_parts[INCIDENTS:]]
    assert [(n, n < len(last) - 1) for n in range(len(last))] == [(one.part, one.more) for one in last]


@pytest.mark.usefixtures("few")
def test_the_chain_of_an_answer_in_parts_holds() -> None:
    verdicts = chain.verify((0, offset, entry) for offset, entry in enumerate(journal(Seat(policy()))))

    chain.ensure_whole(verdicts.values())
    assert {} == verdicts[0].skipped


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("written", [1, 2, 4])
def test_a_desk_that_ends_between_two_parts_goes_on_with_the_next(written: int) -> None:
    entries, restoring = journal(Seat(policy())), Restoring(policy())
    for offset, entry in enumerate(entries[: INCIDENTS + written]):
        restoring.take(offset, entry)
    seat = restoring.seat()

    assert INCIDENTS == seat.chain.next_command
    assert entries[INCIDENTS + written :] == list(answers(seat, TICK, INCIDENTS))


@pytest.mark.usefixtures("few")
def test_the_command_is_known_once_it_is_answered_and_not_before() -> None:
    ledger, known = Ledger(), []
    for entry in map(chain.read, journal(Seat(policy()))[INCIDENTS:]):
        ledger.apply(entry)
        known.append(ledger.find(SPACE, "tick"))

    whole = known.pop()
    assert [None] * len(known) == known
    assert whole is not None
    assert whole.facts == ledger.latest(SPACE, 5)[0].facts
    assert 2 * INCIDENTS <= len(whole.facts)


@pytest.mark.usefixtures("few")
def test_parts_whose_command_went_to_the_dead_letters_are_told_with_the_next_one() -> None:
    entries = [chain.read(entry) for entry in journal(Seat(policy()))[INCIDENTS:]]
    ledger = Ledger()
    ledger.apply(entries[0])

    ledger.apply(after(entries[-1]))

    assert ["tick", "after"] == [answer.id for answer in ledger.after(SPACE, None, 10).items]


def after(entry: Entry) -> Entry:
    asked = entry.command.model_copy(update={"offset": entry.command.offset + 1, "id": "after"})
    return entry.model_copy(update={"command": asked, "part": 0, "facts": ()})


def test_an_entry_that_would_be_too_large_is_told_in_smaller_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = journal(Seat(policy()))
    monkeypatch.setattr(seats, "MAX_ENTRY_BYTES", 60_000)

    small = journal(Seat(policy()))

    assert facts(whole) == facts(small)
    assert max(map(len, small)) <= 60_000 < max(map(len, whole))


def test_a_timer_whose_rule_breaks_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = desk.CLOCKS[TimerKind.ACKNOWLEDGE_1]

    def breaking(case: Any, timer: Any) -> None:
        if timer.of == "I7":
            msg = "a bug"
            raise ZeroDivisionError(msg)
        rule(case, timer)

    monkeypatch.setattr(desk, "CLOCKS", {**desk.CLOCKS, TimerKind.ACKNOWLEDGE_1: breaking})
    seat, restoring = Seat(policy()), Restoring(policy())
    entries = journal(seat)

    for offset, entry in enumerate(entries):
        restoring.take(offset, entry)
    told = [fact.data for entry in map(chain.read, entries) for fact in entry.facts if fact.type == "escalation"]
    expected = {f"I{number}" for number in range(INCIDENTS)} - {"I7"}
    assert expected == {data["incident"] for data in told if data["rule"] == "ESC-01a"}
    (sentence,) = seat.passed_over
    assert "ESC-01a of 'I7'" in sentence
    assert "a bug" in sentence
    assert restoring.seat().offices == seat.offices


def breaking_chapter(*_: object) -> None:
    raise ZeroDivisionError


def test_a_command_that_breaks_its_rule_lets_the_timers_before_it_fire(monkeypatch: pytest.MonkeyPatch) -> None:
    seat = Seat(policy())
    list(answers(seat, report(1), 0))
    question = messages.command(SPACE, "verification.ask", "GCO", {"ref": "x"}, id="q", at=LATER, source="/tests")
    monkeypatch.setattr(desk, "CHAPTERS", dict.fromkeys(desk.CHAPTERS, breaking_chapter))
    parts = answers(seat, question, 1)

    told = chain.read(next(parts))
    with pytest.raises(ZeroDivisionError):
        next(parts)

    assert told.more
    assert "ESC-01a" in {fact.data.get("rule") for fact in told.facts}
    monkeypatch.undo()
    assert ["q2"] == [chain.read(entry).command.id for entry in answers(seat, _named(question, "q2"), 2)]


def _named(envelope: Envelope, name: str) -> Envelope:
    return Envelope(name, envelope.source, envelope.type, envelope.time, envelope.data, extensions=envelope.extensions)
