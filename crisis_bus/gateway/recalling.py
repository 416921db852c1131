"""Receipts that are not at hand any more: the whole topic is read again, for the one who asks."""

from collections.abc import Callable, Iterable

from pydantic import ValidationError
from pydantic_core import to_json

from crisis_bus.domain.delivery import Receipt
from crisis_bus.gateway import operations
from crisis_bus.gateway.deps import GatewayDeps


async def receipts(deps: GatewayDeps, names: Iterable[str], take: Callable[[Receipt], None]) -> None:
    """Hand over every receipt that has one of the names in it, in the order of the topic; raises Problem."""
    marks = [to_json(name) for name in names]

    def look(value: bytes | None) -> None:
        if value is not None and any(mark in value for mark in marks):
            try:
                take(Receipt.model_validate_json(value))
            except ValidationError:
                return  # whoever follows the topic has told of it

    await operations.read(deps.recall(look))
