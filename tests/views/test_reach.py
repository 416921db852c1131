"""The ledger of deliveries, against answers worked out by hand, in every order of the receipts."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.delivery import Expansion, Outcome, Receipt
from crisis_bus.domain.instants import parse
from crisis_bus.views.reach import Reach

A, D, F, R, X = Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.FAILED, Outcome.RETRYING, Outcome.REPLACED


def receipt(message: str, outcome: Outcome, minute: int, attempt: int = 1, **more: Any) -> Receipt:
    values = {
        "id": f"{message}/{outcome}/{attempt}",
        "message": message,
        "space": "uae",
        "number": "uae/S",
        "statement": "S",
        "incident": "I",
        "subscription": message,
        "subscriber": "GCO",
        "channel": "WEB",
        "transport": "web",
        "outlet": False,
        "outcome": outcome,
        "attempt": attempt,
        "at": f"2026-04-16T12:{minute:02}:00Z",
        "due": "2026-04-16T12:00:00Z",
        "detail": f"it is {outcome}",
    }
    return Receipt.model_validate(values | more)


TOLD = [
    receipt("m1", A, 1),
    receipt("m1", D, 4),
    receipt("m2", R, 1),
    receipt("m2", D, 10, attempt=2),
    receipt("m3", R, 2),
    receipt("m3", F, 15, attempt=2),
    receipt("m4", X, 3, attempt=0),
    receipt("m5", R, 3),
]


def expansion(order: str, channels: dict[str, int], partition: int = 0) -> Expansion:
    return Expansion(order=order, partition=partition, number="uae/S", space="uae", statement="S", channels=channels)


def reach(*told: Receipt | Expansion) -> Reach:
    made = Reach()
    for each in told:
        made.receipt(each) if isinstance(each, Receipt) else made.expansion(each)
    return made


def test_each_channel_has_its_line() -> None:
    [web] = reach(expansion("o1", {"WEB": 6}), expansion("o2", {"WEB": 4}, 1), *TOLD).lines("uae", "S")

    assert (10, 4, 2, 2, 6) == (web.due, web.sent, web.accepted, web.delivered, web.waiting)
    assert ({"failed": 1, "replaced": 1}, {"it is failed": 1, "it is replaced": 1}) == (web.lost, web.reasons)
    assert ((60.0, 600.0), (240.0, 600.0)) == (web.accept_seconds, web.deliver_seconds)
    assert ({5: 10.0, 15: 20.0, 60: 20.0}, {5: 10.0, 15: 20.0, 60: 20.0}) == (
        web.accepted_within,
        web.delivered_within,
    )


def test_a_channel_of_which_nothing_was_tried_yet_is_there_with_what_is_due() -> None:
    [line] = reach(expansion("o1", {"SOCIAL": 3})).lines("uae", "S")

    assert ("SOCIAL", 3, 3, None) == (line.channel, line.due, line.waiting, line.accept_seconds)


def test_all_channels_together_are_a_line_too() -> None:
    made = reach(expansion("o1", {"WEB": 6, "SOCIAL": 4}), *TOLD, receipt("m6", A, 2, channel="SOCIAL"))

    total = made.total("uae", "S")

    assert (10, 5, 3, 5) == (total.due, total.sent, total.accepted, total.waiting)
    assert (30.0, (120.0, 600.0)) == (total.accepted_within[15], total.accept_seconds)


def test_the_first_that_had_it_is_told() -> None:
    made = reach(*TOLD)

    assert (parse("2026-04-16T12:01:00Z"), None) == (made.first("uae", "S"), made.first("uae", "T"))


def test_an_order_that_is_expanded_again_counts_once() -> None:
    [line] = reach(expansion("o1", {"WEB": 3}), expansion("o1", {"WEB": 4})).lines("uae", "S")

    assert 4 == line.due


@given(told=st.permutations(TOLD), again=st.sets(st.integers(0, len(TOLD) - 1)))
def test_the_order_of_receipts_and_how_often_they_come_change_nothing(told: list[Receipt], again: set[int]) -> None:
    twice = [*told, *(told[place] for place in again)]

    assert reach(*TOLD).lines("uae", "S") == reach(*twice).lines("uae", "S")


def test_what_was_lost_and_arrived_by_a_replay_has_arrived() -> None:
    for told in permutations([receipt("m", F, 5), receipt("m", D, 30, attempt=2)]):
        [line] = reach(*told).lines("uae", "S")

        assert (1, {}) == (line.delivered, line.lost)


def test_who_has_the_original_and_not_its_correction_is_named() -> None:
    correction: dict[str, Any] = {"statement": "C", "number": "uae/C"}
    told = [
        receipt("S/a", D, 1, subscription="a"),
        receipt("S/b", A, 1, subscription="b"),
        receipt("S/c", F, 1, subscription="c"),
        receipt("S/d", A, 1, subscription="d", channel="EMAIL"),
        receipt("C/a", D, 5, subscription="a", **correction),
        receipt("C/b", R, 5, subscription="b", **correction),
        receipt("C/d", A, 5, subscription="d", channel="EMAIL", **correction),
        receipt("C/d", F, 6, subscription="d", channel="EMAIL", **correction),
    ]
    made = reach(*told)

    found = made.corrected("uae", "S", "C")
    assert ["b", "d"] == [each.subscription for each in found.missing]
    assert (3, 33.3, ["EMAIL"]) == (found.had, found.share, found.dark)
    assert {"a": D, "b": R, "d": F} == made.outcomes("uae", "C")


def test_a_statement_that_nobody_has_needs_no_correction() -> None:
    found = reach().corrected("uae", "S", "C")

    assert (0, [], 100.0) == (found.had, found.missing, found.share)


def test_what_a_peer_accepted_and_gave_back_is_lost_and_no_part_of_the_audience_reached() -> None:
    for told in permutations([receipt("m", R, 1), receipt("m", A, 2, attempt=2), receipt("m", F, 3, attempt=2)]):
        [line] = reach(*told).lines("uae", "S")

        assert (1, {"failed": 1}, 0.0) == (line.accepted, line.lost, line.accepted_within[60])


def test_what_was_lost_and_accepted_by_a_replay_is_not_lost() -> None:
    for told in permutations([receipt("m", F, 5, attempt=2), receipt("m", A, 30, attempt=3)]):
        [line] = reach(*told).lines("uae", "S")

        assert ({}, 0, 100.0) == (line.lost, line.waiting, line.accepted_within[60])


def test_the_same_reasons_are_named_whatever_came_first() -> None:
    told = [receipt(f"m{n:02}", F, 1, detail=f"reason {n:02}") for n in range(12)]

    [line], [backwards] = (reach(*each).lines("uae", "S") for each in (told, reversed(told)))

    assert ([f"reason {n:02}" for n in range(10)], line) == (list(line.reasons), backwards)
