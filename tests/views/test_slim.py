"""Receipts by the million."""

from crisis_bus.domain.delivery import Receipt
from crisis_bus.views.slim import Slim
from tests.views.test_reach import A, D, receipt


def test_a_slim_receipt_is_the_same_receipt() -> None:
    for told in (receipt("m", A, 1, provider="one", provider_id="7"), receipt("m", D, 2, due=None)):
        slim = Slim().of(told)

        assert (told, told.model_dump_json()) == (slim, slim.model_dump_json())


def test_what_two_receipts_say_alike_stands_in_memory_once() -> None:
    slim, told = Slim(), receipt("m", A, 1)

    first, second = (slim.of(Receipt.model_validate_json(told.model_dump_json())) for _ in range(2))

    assert (True, True) == (first.detail is second.detail, first.chain is second.chain)
    assert first.model_fields_set is second.model_fields_set
