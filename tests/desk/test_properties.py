"""What holds for every sequence of commands, in whatever company the space is played."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json

from crisis_bus.desk import Decision, decide, decide_live, fire
from crisis_bus.domain.commands import ABSENT, REHEARSAL_OPEN, Command
from crisis_bus.domain.instants import minutes
from crisis_bus.office import Office
from crisis_bus.streams.seat import Restoring, Seat
from crisis_bus.wire.envelope import Envelope
from tests.desk.commands import STEPS
from tests.desk.space import POLICY, START, ZERO

Steps = list[tuple[int, Command]]
Placed = tuple[str, Command, int]
"""A command of a space at an instant."""
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rehearsal_office() -> Office:
    return Office.opened(POLICY).rehearsing(START, {})


def run(steps: Steps) -> Iterator[Decision]:
    office, at = rehearsal_office(), ZERO
    for later, command in steps:
        at += minutes(later)
        decision = decide(office, command, at)
        yield decision
        office = decision.office


def placed(space: str, steps: Steps) -> list[Placed]:
    at, found = ZERO, [(space, Command(REHEARSAL_OPEN, "trainer", {"start": START}), ZERO)]
    for later, command in steps:
        at += minutes(later)
        found.append((space, command, at))
    return found


def entries(log: list[Placed]) -> list[bytes]:
    """The journal of a partition that holds these commands in this order."""
    seat, written = Seat(POLICY), []
    for offset, (space, command, at) in enumerate(log):
        envelope = Envelope(f"{space}-{offset}", "/tests", "org.crisisbus.command", at, b"{}")
        written.append(seat.answer(space, _named(command, envelope.id), envelope, offset, at))
    return written


def _named(command: Command, name: str) -> Command:
    return replace(command, id=name) if command.id is ABSENT else command


def told(journal: list[bytes], space: str) -> list[Any]:
    """What the journal says of a space: facts and changes, in order."""
    read = [from_json(entry) for entry in journal]
    return [(entry["facts"], entry["changes"]) for entry in read if entry["space"] == space]


@pytest.mark.rule("INV-13")
@THOROUGH
@given(STEPS)
def test_the_same_commands_give_the_same_facts_and_changes(steps: Steps) -> None:
    first = [(decision.facts, decision.changes) for decision in run(steps)]

    assert first == [(decision.facts, decision.changes) for decision in run(steps)]


@pytest.mark.rule("INV-13")
@THOROUGH
@given(STEPS)
def test_every_beginning_of_a_log_replays_to_the_office_of_that_moment(steps: Steps) -> None:
    folded = rehearsal_office()
    for (_, command), decision in zip(steps, run(steps), strict=True):
        known = command.id if isinstance(command.id, str) and command.id.strip() else None
        folded = folded.fold(decision.office.now, known, decision.changes)

        assert folded == decision.office


@THOROUGH
@given(STEPS, st.integers(1, 3))
def test_an_answer_in_parts_is_the_answer_in_one_piece(steps: Steps, at_most: int) -> None:
    office, at = rehearsal_office(), ZERO
    for later, command in [*steps, (600, Command("clock.tick", "clock", {}, "t"))]:
        at += minutes(later)
        whole = decide_live(office, command, at, 10**6)
        parts = [decide_live(office, command, at, at_most)]
        while parts[-1].more:
            parts.append(decide_live(parts[-1].office, command, at, at_most))

        assert whole.facts == tuple(fact for part in parts for fact in part.facts)
        assert whole.office == parts[-1].office
        office = whole.office


@THOROUGH
@given(STEPS)
def test_what_fires_before_a_command_is_what_fires_without_it(steps: Steps) -> None:
    office, at = rehearsal_office(), ZERO
    for later, command in steps:
        at += minutes(later)
        alone, decided = fire(office, command, at, 10**6), decide(office, command, at)

        assert (() if alone is None else alone.facts) == decided.facts[: len(alone.facts) if alone else 0]
        assert alone is None or alone.more
        office = decided.office


@THOROUGH
@given(st.data())
def test_spaces_on_one_partition_change_nothing_for_each_other(data: st.DataObject) -> None:
    """In whatever order the commands of three spaces lie on the log, each space hears what it would hear alone."""
    alone = [placed(space, data.draw(STEPS)) for space in ("rehearsal-a", "rehearsal-b", "rehearsal-c")]
    turns = data.draw(st.permutations([n for n, log in enumerate(alone) for _ in log]))
    waiting = [iter(log) for log in alone]
    mixed = [next(waiting[n]) for n in turns]

    journal = entries(mixed)

    assert [told(entries(log), log[0][0]) for log in alone] == [told(journal, log[0][0]) for log in alone]


@pytest.mark.rule("INV-13")
@THOROUGH
@given(STEPS, st.integers(0, 30))
def test_a_seat_restored_in_the_middle_writes_the_same_journal(steps: Steps, cut: int) -> None:
    log = placed("rehearsal-a", steps)
    whole = entries(log)
    restoring = Restoring(POLICY)
    for offset, entry in enumerate(whole[:cut]):
        restoring.take(offset, entry)
    seat = restoring.seat()
    rest = []
    for offset, (space, command, at) in list(enumerate(log))[cut:]:
        envelope = Envelope(f"{space}-{offset}", "/tests", "org.crisisbus.command", at, b"{}")
        rest.append(seat.answer(space, _named(command, envelope.id), envelope, offset, at))

    assert whole[cut:] == rest


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_what_happens_in_one_office_leaves_the_one_before_as_it_was(data: st.DataObject) -> None:
    steps = data.draw(STEPS)
    office, untouched = rehearsal_office(), rehearsal_office()

    for later, command in steps:
        decide(office, command, ZERO + minutes(later))

    assert office == untouched
