"""What providers told the gateway about messages that they had accepted: each word becomes a later receipt."""

import asyncio
from collections.abc import Callable

from crisis_bus.bus.record import Record
from crisis_bus.channels.contract import Report
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain.callbacks import Callback
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import from_kafka

HELD_SECONDS = 120.0
"""The receipt of what a provider took is on the log in less time, or its message is sent again under another name."""
_LOOK_SECONDS = 0.5


class Callbacks:
    """Handles the records of `crisis.callbacks.v1`, each in a lane of its own, once all receipts are known."""

    def __init__(self, worker: Worker, unknown: Callable[[Callback], None]) -> None:
        """`unknown` is told of a word about a message that nobody knows: somebody else sends over this account too."""
        self._worker = worker
        self._unknown = unknown

    async def handle(self, record: Record) -> None:
        """Write down what a provider said, or put the record into the dead letters; raises NotReachable.

        A word that comes before the receipt of its message is held here and not committed, so that no crash loses it.
        """
        try:
            said = messages.read_as(Callback, from_kafka(record.headers, record.value))
        except UnreadableMessage as error:
            await self._worker.bury(record, str(error))
            return
        report = Report(said.provider_id, said.outcome, said.detail)
        for _ in range(round(HELD_SECONDS / _LOOK_SECONDS)):
            if await self._worker.settle(said.provider, report, keep=False):
                return
            await asyncio.sleep(_LOOK_SECONDS)
        self._unknown(said)
