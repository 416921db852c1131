"""All that was sent to each destination, with every answer, in every order of the receipts."""

from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.delivery import Receipt
from crisis_bus.views.histories import Histories, Sent
from tests.views.test_reach import A, D, F, R, receipt

TOLD = [
    receipt("m1", R, 1, subscription="s"),
    receipt("m1", A, 2, attempt=2, subscription="s", provider="one", provider_id="p-7", payload="ab"),
    receipt("m1", D, 4, attempt=2, subscription="s"),
    receipt("m2", F, 9, subscription="s", statement="T", due="2026-04-16T12:08:00Z"),
    receipt("m3", D, 1, subscription="other"),
]


def histories(*told: Receipt) -> Histories:
    made = Histories()
    for each in told:
        made.apply(each)
    return made


def whole(made: Histories) -> list[Sent]:
    return list(made.page("s", "uae", None, None, 10).items)


def test_a_history_has_every_message_with_every_answer() -> None:
    first, second = whole(histories(*TOLD))

    assert ((R, A, D), D) == (tuple(each.outcome for each in first.receipts), first.latest.outcome)
    assert ("T", F, "2026-04-16T12:08:00Z") == (second.latest.statement, second.latest.outcome, second.due)


@given(told=st.permutations(TOLD), again=st.sets(st.integers(0, len(TOLD) - 1)))
def test_the_order_of_receipts_and_how_often_they_come_change_no_history(told: list[Receipt], again: set[int]) -> None:
    twice = [*told, *(told[place] for place in again)]

    assert whole(histories(*TOLD)) == whole(histories(*twice))


def test_a_history_comes_in_pages() -> None:
    made = histories(*TOLD)

    first = made.page("s", "uae", None, None, 1)
    second = made.page("s", "uae", None, first.after, 1)

    assert (["m1"], True) == ([each.latest.message for each in first.items], first.more)
    assert (["m2"], False) == ([each.latest.message for each in second.items], second.more)


def test_what_another_owner_of_the_same_id_got_is_not_told() -> None:
    made = histories(*TOLD, receipt("m4", D, 1, subscription="s", subscriber="WAM"))

    assert ["m4"] == [each.latest.message for each in made.page("s", "uae", "WAM", None, 10).items]


def test_a_history_of_another_space_is_empty() -> None:
    assert () == histories(*TOLD).page("s", "rehearsal-1", None, None, 10).items


def test_one_message_is_found_by_its_id() -> None:
    made = histories(*TOLD)

    found = made.find("m1")

    assert found is not None
    assert (3, None) == (len(found.receipts), made.find("m9"))
