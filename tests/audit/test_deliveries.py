"""What receipts give away: a text that was never published, a wrong channel, a correction that did not arrive."""

import pytest

from crisis_bus.audit.auditor import Auditor
from crisis_bus.audit.deliveries import Deliveries
from crisis_bus.audit.findings import Finding
from crisis_bus.domain.delivery import Outcome, Receipt
from crisis_bus.domain.instants import MINUTE, minutes, parse, text
from crisis_bus.domain.subscriptions import Filter, Subscription
from crisis_bus.wire.envelope import Envelope
from tests.audit.journals import answered, auditor
from tests.streams.space import commands_of, scenario

REAL = "uae"


def real(name: str) -> tuple[Auditor, int]:
    """A scenario without embargoes, as a real space, and its first instant."""
    played = scenario(name)
    envelopes: list[Envelope] = commands_of(played, REAL)[1:-1]
    witness = auditor()
    for offset, value in enumerate(answered(envelopes)):
        assert [] == witness.take(0, offset, value)
    return witness, parse(played.clock.start)


def receipt(statement: str, channel: str, at: int, outcome: Outcome = Outcome.DELIVERED, to: str = "S1") -> Receipt:
    return Receipt(
        id=f"{statement}{to}", message="m", space=REAL, number=f"{REAL}/{statement}", statement=statement,
        incident="I1", subscription=to, subscriber="somebody", channel=channel, transport="webhook", outlet=False,
        outcome=outcome, attempt=1, at=text(at), detail="",
    )  # fmt: skip


def fold() -> Deliveries:
    return Deliveries(patience=MINUTE, arrival=15 * MINUTE)


def judged(witness: Auditor, now: int, *receipts: Receipt) -> list[Finding]:
    deliveries = fold()
    for offset, one in enumerate(receipts):
        deliveries.take(one, 3, offset, now)
    return deliveries.judge(witness.spaces, now + 2 * MINUTE)


def test_a_delivery_of_what_was_published_is_no_finding() -> None:
    witness, zero = real("S06")

    assert [] == judged(witness, zero, receipt("P2", "WEB", zero + minutes(31)))


@pytest.mark.parametrize(
    ("code", "statement", "channel", "minute"),
    [
        pytest.param("delivered_unpublished", "P1", "WEB", 40, id="INV-1 a blocked text was delivered"),
        pytest.param("delivered_unpublished", "no-such", "WEB", 40, id="INV-1 a text that nobody knows"),
        pytest.param("delivered_elsewhere", "P2", "CELL_BROADCAST", 40, id="INV-1 a channel of no publication"),
        pytest.param("real_on_drill", "P2", "EX_SANDBOX", 40, id="INV-5 a real text on a drill's channel"),
        pytest.param("delivered_early", "P2", "WEB", 20, id="INV-15 before its publication"),
    ],
)
def test_a_delivery_that_must_not_be_is_found(code: str, statement: str, channel: str, minute: int) -> None:
    witness, zero = real("S06")

    found = judged(witness, zero, receipt(statement, channel, zero + minutes(minute)))

    assert code in [finding.code for finding in found]
    assert {(3, 0)} == {(finding.partition, finding.offset) for finding in found}


def test_a_drill_on_a_real_channel_is_found() -> None:
    witness, zero = real("S10")

    found = judged(witness, zero, receipt("W1", "WEB", zero + minutes(7)))

    assert ["drill_leaked", "delivered_elsewhere"] == [finding.code for finding in found]


def test_a_receipt_waits_for_the_journal_before_it_is_judged() -> None:
    witness, zero = real("S06")
    deliveries = fold()
    deliveries.take(receipt("later", "WEB", zero), 0, 0, zero)

    soon, late = deliveries.judge(witness.spaces, zero + MINUTE), deliveries.judge(witness.spaces, zero + MINUTE + 1)

    assert ([], ["delivered_unpublished"]) == (soon, [finding.code for finding in late])
    assert [] == deliveries.judge(witness.spaces, zero + minutes(9))


ASKING = Subscription(
    id="S1", space=REAL, subscriber="a ministry", channel="WEB", transport="webhook", address="http://127.0.0.1/"
)


def after_the_correction(subscription: Subscription | None, *more: Receipt, later: int = 15) -> list[str]:
    """S06 publishes P2 in minute 31 and its correction K1 in minute 134: what is missed so many minutes after it."""
    witness, zero = real("S06")
    deliveries = fold()
    if subscription is not None:
        deliveries.subscriptions["S1"] = subscription
    for one in (receipt("P2", "WEB", zero + minutes(31)), *more):
        deliveries.take(one, 0, 0, zero)
    now = zero + minutes(134 + later) + 1
    return [finding.code for finding in deliveries.missed(witness.spaces.values(), now)]


def test_a_destination_that_has_the_old_text_and_not_its_correction_is_found() -> None:
    assert ["destination_missed"] == after_the_correction(ASKING)


@pytest.mark.parametrize(
    "subscription",
    [
        pytest.param(None, id="it left"),
        pytest.param(ASKING.model_copy(update={"paused": True}), id="it paused"),
        pytest.param(ASKING.model_copy(update={"filter": Filter(min_level=3)}), id="it asks for national crises only"),
        pytest.param(ASKING.model_copy(update={"channel": "CELL_BROADCAST"}), id="it moved to another channel"),
    ],
)
def test_a_destination_that_asks_no_more_is_not_missed(subscription: Subscription | None) -> None:
    assert [] == after_the_correction(subscription)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_destination_of_which_anything_was_heard_is_not_missed(outcome: Outcome) -> None:
    _, zero = real("S06")

    assert [] == after_the_correction(ASKING, receipt("K1", "WEB", zero + minutes(135), outcome))


def test_a_correction_has_time_to_arrive() -> None:
    assert [] == after_the_correction(ASKING, later=14)


def test_a_failed_delivery_reached_nobody() -> None:
    witness, zero = real("S06")
    deliveries = fold()
    deliveries.subscriptions["S1"] = ASKING
    deliveries.take(receipt("P2", "WEB", zero, Outcome.FAILED), 0, 0, zero)

    assert [] == list(deliveries.missed(witness.spaces.values(), zero + minutes(900)))
