"""What holds for every sequence of commands, however senseless."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisis_bus import packs
from crisis_bus.desk import Decision, decide, decide_live, fire
from crisis_bus.domain import actors
from crisis_bus.domain.commands import ABSENT, Command
from crisis_bus.domain.facts import Told
from crisis_bus.domain.instants import minutes, parse
from crisis_bus.domain.values import ChannelClass, Kind, StatementState
from crisis_bus.office import Office
from tests.desk.commands import STEPS, sensible

POLICY = packs.load("uae")
START = "2026-04-16T16:40:00+04:00"
Steps = list[tuple[int, Command]]
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rehearsal_office() -> Office:
    return Office.opened(POLICY).rehearsing(START, {})


def run(steps: Steps) -> Iterator[Decision]:
    office, at = rehearsal_office(), parse(START)
    for later, command in steps:
        at += minutes(later)
        decision = decide(office, command, at)
        yield decision
        office = decision.office


@THOROUGH
@given(STEPS)
def test_every_new_command_leads_to_a_fact(steps: Steps) -> None:
    seen: set[object] = set()
    for (_, command), decision in zip(steps, run(steps), strict=True):
        repeated = isinstance(command.id, str) and command.id in seen
        seen |= {command.id} if isinstance(command.id, str) else set()

        assert decision.facts or repeated, command


@pytest.mark.rule("INV-13")
@THOROUGH
@given(STEPS)
def test_the_same_commands_give_the_same_facts_and_changes(steps: Steps) -> None:
    first = [(decision.facts, decision.changes) for decision in run(steps)]

    assert first == [(decision.facts, decision.changes) for decision in run(steps)]


@pytest.mark.rule("INV-13")
@THOROUGH
@given(STEPS)
def test_the_office_is_the_fold_of_its_changes(steps: Steps) -> None:
    folded = rehearsal_office()
    for (_, command), decision in zip(steps, run(steps), strict=True):
        known = command.id if isinstance(command.id, str) and command.id.strip() else None
        folded = folded.fold(decision.office.now, known, decision.changes)

        assert folded == decision.office


@THOROUGH
@given(STEPS, st.integers(1, 3))
def test_an_answer_in_parts_is_the_answer_in_one_piece(steps: Steps, at_most: int) -> None:
    office, at = rehearsal_office(), parse(START)
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
    office, at = rehearsal_office(), parse(START)
    for later, command in steps:
        at += minutes(later)
        alone, decided = fire(office, command, at, 10**6), decide(office, command, at)

        assert (() if alone is None else alone.facts) == decided.facts[: len(alone.facts) if alone else 0]
        assert alone is None or alone.more
        office = decided.office


@THOROUGH
@given(STEPS)
def test_time_never_goes_back(steps: Steps) -> None:
    instants = [told.at for decision in run(steps) for told in decision.facts]

    assert instants == sorted(instants)


@pytest.mark.rule("INV-13")
@THOROUGH
@given(STEPS, sensible())
def test_a_repeated_command_changes_nothing(steps: Steps, command: Command) -> None:
    named = replace(command, id="the same")
    *_, before = run([*steps, (0, named)])

    again = decide(before.office, named, before.office.now)

    assert (again.office, again.facts, again.changes) == (before.office, (), {})


@THOROUGH
@given(STEPS)
def test_a_refused_command_changes_nothing_but_what_timers_changed(steps: Steps) -> None:
    office, at = rehearsal_office(), parse(START)
    for later, command in steps:
        at += minutes(later)
        decision = decide(office, replace(command, id=ABSENT), at)
        timers_only = decide(office, Command("no such command", "x", {}), at)
        if decision.facts and decision.facts[-1].fact.TYPE == "command.refused":
            assert decision.office == timers_only.office
        office = decision.office


@pytest.mark.rule("INV-1", "INV-2", "INV-5", "INV-8", "INV-10")
@pytest.mark.parametrize(
    "invariant",
    [
        pytest.param("keys", id="INV-2 author and key holders are all different people"),
        pytest.param("drill", id="INV-5 a drill never leaves on a real channel, nor a real text on a drill's"),
        pytest.param("published", id="INV-1 nothing is out with a key missing that was not waived"),
        pytest.param("voice", id="INV-10 a spokesperson holds at most one real incident at level 2 or 3"),
        pytest.param("sheet", id="INV-8 a public text holds only values of the sheet"),
    ],
)
@THOROUGH
@given(steps=STEPS)
def test_an_invariant_holds(invariant: str, steps: Steps) -> None:
    checks = {"keys": _keys, "drill": _drill, "published": _published, "voice": _voice, "sheet": _sheet}

    for decision in run(steps):
        checks[invariant](decision)


def _keys(decision: Decision) -> None:
    for text in decision.office.statements.values():
        people = [actors.person(by) for by in (text.author, *text.given.values())]
        assert len(people) == len(set(people))


def _drill(decision: Decision) -> None:
    for text in decision.office.statements.values():
        classes = {POLICY.channel_of[name].reaches for name in text.went_to}
        assert not text.went_to or (classes == {ChannelClass.EXERCISE}) == text.exercise


def _published(decision: Decision) -> None:
    for text in decision.office.statements.values():
        if text.state is StatementState.PUBLISHED:
            assert set(text.missing) <= set(text.waived)
            assert len(text.given) >= (1 if text.one_key_warning or text.kind in _ONE_KEY else 2) or text.waived


_ONE_KEY = {Kind.INTERNAL_BRIEFING, Kind.RETRACTION}


def _voice(decision: Decision) -> None:
    live = [decision.office.incidents[name] for name in decision.office.live]
    voices = [i.spokesperson for i in live if i.open and not i.exercise and i.level > 1 and i.spokesperson]
    assert len(voices) == len(set(voices))


def _sheet(decision: Decision) -> None:
    for told in decision.facts:
        if told.fact.TYPE == "statement.published":
            _values_are_on_the_sheet(decision, told)


def _values_are_on_the_sheet(decision: Decision, told: Told) -> None:
    text = decision.office.statements[told.fact.statement]  # type: ignore[attr-defined] # a statement.published has one
    if text.public_kind and decision.facts[-1].at == told.at:
        sheet = decision.office.incidents[text.incident].sheet
        assert text.facts.items() <= sheet.items()


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_what_happens_in_one_office_leaves_the_one_before_as_it_was(data: st.DataObject) -> None:
    steps = data.draw(STEPS)
    office = rehearsal_office()
    untouched = rehearsal_office()

    for later, command in steps:
        decide(office, command, parse(START) + minutes(later))

    assert office == untouched
