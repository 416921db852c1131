"""The views are folds: same twice is once, and what was read again gives the same answers."""

import pytest

from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import UnreadableMessage
from crisis_bus.views.chain import Standing
from crisis_bus.views.gathered import Views
from crisis_bus.views.receipts import Receipts, Wanted
from crisis_bus.views.subscriptions import Subscriptions
from tests.views.test_chain import entry, journal

INCIDENT = {
    "id": "I1",
    "type": "MET-FLOOD",
    "state": "REPORTED",
    "grade": 3,
    "level": 2,
    "lead": "MOI",
    "reported_at": 0,
    "deadline": 60_000,
}
STATEMENT = {"id": "S1", "incident": "I1", "kind": "HOLDING", "state": "DRAFT"}


def receipt(message: str, outcome: Outcome, attempt: int = 1, at: str = "2026-04-16T12:00:00Z") -> Receipt:
    return Receipt(
        id=f"{message}/{outcome}/{attempt}",
        message=message,
        space="uae",
        number="uae/S1",
        statement="S1",
        incident="I1",
        subscription="s",
        subscriber="GCO",
        channel="WEB",
        transport="web",
        outlet=True,
        outcome=outcome,
        attempt=attempt,
        at=at,
        detail="said",
    )


def test_a_record_that_does_not_count_changes_no_view() -> None:
    views, value = Views(), journal(1)[0]

    standings = [views.journal(0, value)[0] for _ in range(2)]

    assert [Standing.COUNTS, Standing.REPEATED] == standings
    assert 1 == len(views.ledger.after("uae", None, 10).items)


def test_the_board_shows_the_latest_record_and_forgets_what_is_gone() -> None:
    views = Views()
    for offset, record in enumerate([INCIDENT, INCIDENT | {"grade": 4}]):
        views.board.apply(entry(offset, "", changes={"incidents": {"I1": record}})[0])
    shown = views.board.open("uae")
    views.board.apply(entry(3, "", changes={"incidents": {"I1": None}})[0])

    assert [4] == [record.grade for record in shown]
    assert () == views.board.open("uae")


def test_open_incidents_stand_by_level_then_grade_then_deadline() -> None:
    views = Views()
    rows = {
        "late": INCIDENT | {"id": "late", "deadline": 9},
        "soon": INCIDENT | {"id": "soon", "deadline": 1},
        "worse": INCIDENT | {"id": "worse", "grade": 4},
        "nation": INCIDENT | {"id": "nation", "level": 3, "grade": 1},
        "over": INCIDENT | {"id": "over", "state": "CLOSED"},
    }
    views.board.apply(entry(1, "", changes={"incidents": rows})[0])

    assert ["nation", "worse", "soon", "late"] == [record.id for record in views.board.open("uae")]


def test_a_deadline_ends_as_the_facts_say() -> None:
    views = Views()
    facts = [{"at": 1, "type": "deadline.late", "data": {"incident": "I1", "minutes": 9, "target": 5}}]
    views.board.apply(entry(1, "", facts=facts)[0])

    assert ("late", None) == (views.board.deadline("uae", "I1"), views.board.deadline("uae", "I2"))


def test_a_record_of_another_shape_is_unreadable_and_named() -> None:
    broken = entry(1, "", changes={"incidents": {"I1": {"id": "I1"}}})[0]

    with pytest.raises(UnreadableMessage, match="incidents/I1"):
        Views().board.apply(broken)


def test_the_statement_that_changed_last_comes_last() -> None:
    views = Views()
    rows = {"S1": STATEMENT, "S2": STATEMENT | {"id": "S2"}}
    views.statements.apply(entry(1, "", changes={"statements": rows})[0])
    views.statements.apply(entry(2, "", changes={"statements": {"S1": STATEMENT | {"state": "PUBLISHED"}}})[0])

    assert ["S2", "S1"] == [record.id for record in views.statements.of_incident("uae", "I1")]
    assert ["S1"] == [record.id for record in views.statements.page("uae", None, 9, state="PUBLISHED").items]


def test_the_first_answer_to_an_id_stays() -> None:
    views = Views()
    fact = [{"at": 1, "type": "incident.state", "data": {}}]
    first = entry(1, "", facts=fact)[0]
    again = first.model_copy(update={"command": first.command.model_copy(update={"offset": 2}), "facts": ()})
    views.ledger.apply(first)
    repeat = views.ledger.apply(again)

    found = views.ledger.find("uae", "c-1")
    assert found is not None
    assert (1, True) == (found.offset, repeat.repeats)


def test_a_cursor_keeps_its_place_while_the_ledger_grows() -> None:
    views = Views()
    for offset in (2, 5, 9):
        views.ledger.apply(entry(offset, "")[0])
    page = views.ledger.after("uae", None, 2)
    views.ledger.apply(entry(11, "")[0])

    assert ("5", True) == (page.after, page.more)
    assert [9, 11] == [answer.offset for answer in views.ledger.after("uae", 5, 9).items]
    assert "11" == views.ledger.after("uae", 11, 9).after


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        pytest.param([("retrying", 1), ("delivered", 2)], Outcome.DELIVERED, id="a later attempt replaces"),
        pytest.param([("delivered", 2), ("retrying", 1)], Outcome.DELIVERED, id="a final receipt stays"),
        pytest.param([("retrying", 2), ("retrying", 1)], Outcome.RETRYING, id="an older attempt changes nothing"),
        pytest.param([("failed", 3), ("failed", 3)], Outcome.FAILED, id="the same twice is once"),
    ],
)
def test_a_message_has_one_receipt(given: list[tuple[str, int]], outcome: Outcome) -> None:
    receipts = Receipts()
    for said, attempt in given:
        receipts.apply(receipt("m", Outcome(said), attempt))

    assert {"WEB": {outcome: 1}} == receipts.summary("uae", "S1")
    assert [outcome] == [item.outcome for item in receipts.page("uae", Wanted(), None, 9).items]


def test_receipts_are_paged_by_time() -> None:
    receipts = Receipts()
    for number in (3, 1, 2):
        receipts.apply(receipt(f"m{number}", Outcome.DELIVERED, at=f"2026-04-16T12:00:0{number}Z"))
    first = receipts.page("uae", Wanted(channel="WEB"), None, 2)

    assert ["m1", "m2"] == [item.message for item in first.items]
    assert ["m3"] == [item.message for item in receipts.page("uae", Wanted(), first.after, 2).items]


def test_a_tombstone_ends_a_subscription() -> None:
    subscriptions = Subscriptions()
    wanted = Subscription(
        id="x", space="uae", subscriber="WAM", channel="WEB", transport="web", address="a", languages=("ar",)
    )
    subscriptions.apply("x", wanted)
    before = subscriptions.page("uae", None, 9, "WAM").items
    subscriptions.apply("x", None)

    assert ((wanted,), None) == (before, subscriptions.find("x"))


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff"])
def test_a_receipt_or_subscription_that_cannot_be_read_is_told(value: bytes) -> None:
    views = Views()

    with pytest.raises(UnreadableMessage):
        views.receipt(value)
    with pytest.raises(UnreadableMessage):
        views.subscription(b"x", value)
