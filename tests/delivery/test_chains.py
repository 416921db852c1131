"""What may leave when, without any clock."""

import pytest

from crisis_bus.delivery.chains import Chains, Place
from crisis_bus.domain.values import Kind
from tests.channels.samples import bulletin, message

URGENT, ROUTINE = Kind.RETRACTION, Kind.SITREP


def place(statement: str, sequence: int, *replaces: str, subscription: str = "sub-1", **changes: object) -> Place:
    numbers = tuple(f"uae/{each}" for each in replaces)
    of = bulletin(statement, sequence=sequence, replaces=numbers, **{"chain": "uae/I2", "grade": 1, **changes})
    return Place(message(f"m-{statement}", subscription=subscription, bulletin=of), wake=lambda: None)


def joined(chains: Chains, *places: Place) -> None:
    for each in places:
        chains.join(each)


def test_the_older_leaves_first_whichever_came_first() -> None:
    chains, newer, older = Chains(), place("S2", 2), place("S1", 1)

    joined(chains, newer, older)

    assert [False, True] == [chains.begin(newer), chains.begin(older)]


def test_nobody_leaves_while_another_of_the_chain_is_being_sent() -> None:
    chains, first, second = Chains(), place("S1", 1), place("S2", 2)
    joined(chains, first, second)
    chains.begin(first)

    assert not chains.begin(second)

    chains.leave(first, delivered=True)

    assert chains.begin(second)


def test_other_destinations_and_other_chains_do_not_wait() -> None:
    chains, first = Chains(), place("S1", 1)
    other_destination, other_chain = place("S2", 2, subscription="sub-2"), place("S3", 3, chain="uae/I9")
    joined(chains, first, other_destination, other_chain)
    chains.begin(first)

    assert [True, True] == [chains.begin(other_destination), chains.begin(other_chain)]


def test_a_newer_message_replaces_the_waiting_one_that_it_names() -> None:
    chains, older, newer = Chains(), place("S1", 1), place("S2", 2, "S1")
    joined(chains, older, newer)

    assert (older.replaced_by, newer.replaced_by) == ("uae/S2", None)
    assert [False, True] == [chains.begin(older), chains.begin(newer)]


def test_an_older_message_that_comes_late_is_replaced_by_the_waiting_one_that_names_it() -> None:
    chains, newer, older = Chains(), place("S2", 2, "S1"), place("S1", 1)

    joined(chains, newer, older)

    assert older.replaced_by == "uae/S2"


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        pytest.param(URGENT, ROUTINE, "uae/S2", id="what is urgent may have left before a restart"),
        pytest.param(URGENT, URGENT, None, id="one topic is read in its order"),
        pytest.param(ROUTINE, ROUTINE, None, id="so is the other"),
        pytest.param(ROUTINE, URGENT, None, id="what is routine never leaves before what is urgent is read"),
    ],
)
def test_only_an_urgent_message_overtakes_an_older_one_by_being_there_first(
    first: Kind, then: Kind, expected: str | None
) -> None:
    chains, newer, older = Chains(), place("S2", 2, kind=first), place("S1", 1, kind=then)

    joined(chains, newer, older)

    assert expected == older.replaced_by


def test_an_older_message_is_not_sent_after_a_newer_one_was_delivered() -> None:
    chains, newer, older = Chains(), place("S2", 2), place("S1", 1)
    joined(chains, newer)
    chains.leave(newer, delivered=True)

    joined(chains, older)

    assert older.replaced_by == "uae/S2"
    assert not chains.begin(older)


def test_an_older_message_is_sent_after_a_newer_one_that_never_arrived() -> None:
    chains, newer, older = Chains(), place("S2", 2), place("S1", 1)
    joined(chains, newer)
    chains.leave(newer, delivered=False)

    joined(chains, older)

    assert chains.begin(older)


def test_what_another_worker_delivered_replaces_what_waits_here() -> None:
    chains, older = Chains(), place("S1", 1)
    woken = []
    older.wake = lambda: woken.append("older")
    joined(chains, older)

    chains.told(("sub-1", "uae/I2"), 2, "uae/S2")

    assert (older.replaced_by, woken) == ("uae/S2", ["older"])


def test_receipts_that_come_out_of_order_do_not_take_the_memory_back() -> None:
    chains, older = Chains(), place("S2", 2)
    chains.told(("sub-1", "uae/I2"), 3, "uae/S3")
    chains.told(("sub-1", "uae/I2"), 1, "uae/S1")

    joined(chains, older)

    assert older.replaced_by == "uae/S3"


def test_the_memory_is_bounded() -> None:
    chains = Chains(remembered=2)
    for count in range(5):
        chains.told((f"sub-{count}", "uae/I2"), 9, "uae/S9")
    forgotten, kept = place("S1", 1, subscription="sub-0"), place("S1", 1, subscription="sub-4")

    joined(chains, forgotten, kept)

    assert (forgotten.replaced_by, kept.replaced_by) == (None, "uae/S9")


def test_nothing_is_kept_of_a_chain_that_is_empty() -> None:
    chains, only = Chains(), place("S1", 1)
    joined(chains, only)
    chains.leave(only, delivered=False)

    assert chains.pending == 0
