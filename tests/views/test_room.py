"""Only so many messages are at hand: the figures stay, and what had to go is known to have gone."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Outcome, Receipt, settled
from crisis_bus.domain.instants import MINUTE, parse
from crisis_bus.views.histories import Histories
from crisis_bus.views.reach import Reach
from crisis_bus.views.receipts import Receipts, Wanted
from crisis_bus.views.tally import Waits
from tests.views.test_reach import A, D, F, R, X, receipt

NOON = parse("2026-04-16T12:00:00Z")
_SECONDS = ("accept_seconds", "deliver_seconds")
ENDS = st.lists(
    st.tuples(st.sampled_from([A, D, F, X]), st.booleans(), st.integers(0, 59), st.sampled_from(["WEB", "SMS"])),
    max_size=30,
)


def story(ends: list[tuple[Outcome, bool, int, str]]) -> list[Receipt]:
    """Receipts in the order of their topic: some are tried twice, each has an end."""
    told: list[Receipt] = []
    for number, (outcome, twice, minute, channel) in enumerate(ends):
        if twice:
            told.append(receipt(f"m{number}", R, 0, channel=channel))
        told.append(receipt(f"m{number}", outcome, minute, attempt=1 + twice, channel=channel))
    return told


def later(minute: int, outcome: Outcome = D) -> list[Receipt]:
    """What a carrier took, and what it says at a minute."""
    taken = receipt("m", A, 1, provider="far", provider_id="77")
    return [taken, settled(taken, outcome, NOON + minute * MINUTE, "it says so")]


def reach(told: list[Receipt], at_hand: int) -> Reach:
    made = Reach(at_hand=at_hand)
    for each in told:
        made.receipt(each)
    return made


@given(ends=ENDS, at_hand=st.integers(1, 8))
def test_the_figures_are_the_same_whatever_is_at_hand(ends: list[tuple[Outcome, bool, int, str]], at_hand: int) -> None:
    told = story(ends)
    few, all_of_them = reach(told, at_hand), reach(told, 1000)

    for line, whole in zip(
        [*few.lines("uae", "S"), few.total("uae", "S")],
        [*all_of_them.lines("uae", "S"), all_of_them.total("uae", "S")],
        strict=True,
    ):
        expected, actual = asdict(whole), asdict(line)
        for name in _SECONDS:
            waits = expected.pop(name)
            assert actual.pop(name) == (None if waits is None else pytest.approx(waits, rel=0.011, abs=0.002))
        assert expected == actual


def test_what_a_carrier_says_of_a_message_that_is_not_at_hand_counts() -> None:
    taken, word = later(4)
    others = [receipt(f"n{number}", D, 1) for number in range(4)]

    line = reach([taken, *others, word], 2).total("uae", "S")

    assert (5, 5, 5, 0, {}) == (line.accepted, line.delivered, line.people, line.waiting, line.lost)
    assert ({5: 100.0, 15: 100.0, 60: 100.0}) == line.reached_within


def test_what_a_carrier_gives_back_of_a_message_that_is_not_at_hand_is_lost() -> None:
    taken, word = later(4, F)
    others = [receipt(f"n{number}", D, 1) for number in range(4)]

    line = reach([taken, *others, word], 2).total("uae", "S")

    assert ({"failed": 1}, {"it says so": 1}, 80.0) == (line.lost, line.reasons, line.accepted_within[60])


def test_the_statement_that_was_heard_of_last_stays_at_hand() -> None:
    old = [receipt(f"o{number}", D, 1, statement="OLD") for number in range(8)]
    new = [receipt(f"n{number}", D, 1) for number in range(8)]

    made = reach([*old, *new], 10)

    assert (True, False) == (made.folded("uae", "OLD"), made.folded("uae", "S"))
    assert (8, 8) == (made.total("uae", "OLD").delivered, made.total("uae", "S").delivered)


def test_somebody_who_was_told_by_two_messages_is_one_of_the_people() -> None:
    told = [
        receipt("push", F, 1, subscription="a", channel="PUSH"),
        receipt("call", D, 9, subscription="a", channel="VOICE"),
        receipt("post", A, 1, subscription="b", channel="PUSH"),
    ]

    line = reach(told, 100).total("uae", "S")

    assert (3, 2, {5: 0.0, 15: 50.0, 60: 50.0}) == (line.due, line.people, line.reached_within)


def test_the_lag_of_a_language_is_from_the_first_arabic_to_the_first_of_its_own() -> None:
    told = [
        receipt("a", D, 3, languages=("ar",)),
        receipt("b", A, 2, languages=("ar", "ur")),
        receipt("c", R, 1, languages=("en",)),
        receipt("c", D, 5, attempt=2, languages=("en",)),
        receipt("d", F, 1, languages=("hi",)),
    ]

    made = reach(told, 1)

    assert {"en": 180.0, "ur": 0.0, "hi": None} == made.lags("uae", "S", ("ar", "en", "ur", "hi"))
    assert {} == made.lags("uae", "T", ("ar", "en"))


@given(waits=st.lists(st.integers(-5, 10**9), min_size=1, max_size=200))
def test_folded_waits_are_right_to_one_percent(waits: list[int]) -> None:
    folded, exact = Waits(list(waits)), Waits(list(waits))

    folded.fold()

    assert [] == folded.exact
    least = [max(seconds, 0.001) for seconds in exact.percentiles() or ()]
    assert least == pytest.approx(folded.percentiles(), rel=0.011, abs=0.002)


def test_summaries_go_on_counting_what_is_not_at_hand() -> None:
    taken, word = later(4)
    made = Receipts(at_hand=3)
    for each in [taken, receipt("r", R, 2), *(receipt(f"n{number}", D, 30 + number) for number in range(6)), word]:
        made.apply(each)
    made.apply(receipt("r", D, 50, attempt=2))

    assert {"WEB": {D: 8}} == made.summary("uae", "S")
    assert 3 >= len(made.page("uae", Wanted(), None, 10).items)


def test_a_history_knows_that_something_had_to_go() -> None:
    made = Histories(at_hand=3)
    for number in range(3):
        made.apply(receipt(f"m{number}", D, number, subscription="s"))
    before = made.complete

    made.apply(receipt("m3", D, 3, subscription="s"))

    assert (True, False) == (before, made.complete)
    assert ["m1", "m2", "m3"] == [one.latest.message for one in made.page("s", "uae", None, None, 10).items]
    assert made.find("m0") is None


def test_the_same_later_word_is_known_by_its_name() -> None:
    taken, word = later(4)

    assert instants.parse(word.at) == NOON + 4 * MINUTE
    assert word.id == later(9)[1].id != taken.id
