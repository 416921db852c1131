"""What providers say to the gateway about messages that they accepted before: deliver makes receipts of it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.subscriptions import Name


class Callback(BaseModel):
    """One word on `crisis.callbacks.v1`: what became of the message that `provider` calls `provider_id`.

    `detail` is a sentence for the person who looks at the receipt, without address or secret; `at` is RFC 3339.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    provider: Name
    provider_id: Name
    outcome: Literal[Outcome.DELIVERED, Outcome.FAILED]
    detail: str
    at: str
