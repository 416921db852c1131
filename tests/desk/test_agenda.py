"""The queue of timers is a sorted list that costs less."""

from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.agenda import Agenda
from crisis_bus.domain.records import Timer, TimerKind

DUE = st.integers(0, 20)
KINDS = st.sampled_from([TimerKind.EMBARGO, TimerKind.EXPIRY, TimerKind.CONFIRM])
TIMERS = st.lists(st.builds(Timer, st.integers(1, 30), DUE, KINDS, st.just("x")), max_size=40)
NUMBERS = st.lists(st.integers(1, 30), max_size=20)


def filled(timers: list[Timer]) -> Agenda:
    agenda = Agenda()
    for timer in timers:
        agenda = agenda.having(timer)
    return agenda


def emptied(agenda: Agenda) -> list[Timer]:
    taken = []
    while (first := agenda.first) is not None:
        taken.append(first)
        agenda = agenda.without([first.number])
    return taken


@given(TIMERS, NUMBERS)
def test_timers_come_out_in_their_turn_whatever_was_taken_out_before(timers: list[Timer], gone: list[int]) -> None:
    standing = {timer.number: timer for timer in timers if timer.number not in gone}

    agenda = filled(timers).without(gone)

    expected = sorted(standing.values(), key=lambda timer: timer.turn)
    assert expected == list(agenda) == emptied(agenda)
    assert len(expected) == len(agenda)


@given(TIMERS, TIMERS)
def test_what_is_done_to_an_agenda_leaves_it_as_it_was(timers: list[Timer], more: list[Timer]) -> None:
    agenda = filled(timers)
    before = emptied(agenda)

    for timer in more:
        agenda.having(timer).without([timer.number, *(one.number for one in timers)])

    assert before == emptied(agenda)


@given(TIMERS)
def test_two_agendas_are_equal_when_the_same_timers_stand_in_them(timers: list[Timer]) -> None:
    standing = {timer.number: timer for timer in timers}

    assert filled(timers) == filled(list(reversed(standing.values())))
    assert bool(standing) == (filled(timers) != Agenda())


def test_an_agenda_of_a_hundred_thousand_timers_comes_and_goes() -> None:
    timers = [Timer(number, -number, TimerKind.CONFIRM, "x") for number in range(100_000)]

    agenda = filled(timers)

    assert timers[-1] == agenda.first
    del agenda
