"""Messages and answers of destinations, as the tests of the worker give them."""

import asyncio
from dataclasses import replace

from crisis_bus.channels.contract import Prepared
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.samples import bulletin, message

D, R, F, E, X = Outcome.DELIVERED, Outcome.RETRYING, Outcome.FAILED, Outcome.EXPIRED, Outcome.REPLACED
Answer = Exception | float | None
"""Raised, or waited for, or nothing: taken at once."""


class CarrierChannel(MemoryChannel):
    """A carrier: what it takes at once is its limit, however slow its answers are."""

    traits = replace(MemoryChannel.traits, carrier=True)


class Answers:
    """Answers of destinations by message or subscription, one an attempt, the last one for ever; None takes it."""

    def __init__(self, **by: list[Answer]) -> None:
        self.by = by
        self.asked: list[str] = []

    async def __call__(self, prepared: Prepared, attempt: int) -> None:
        self.asked.append(prepared.message.id)
        answers = self.by.get(prepared.message.id) or self.by.get(prepared.message.subscription) or [None]
        answer = answers[min(attempt, len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            await asyncio.sleep(answer)


BUSY = TransientDelivery("busy")
NO = PermanentDelivery("no")
GONE = PermanentDelivery("gone", gone=True)


def routine(name: str, sequence: int, *replaces: str, **changes: object) -> OutboxMessage:
    of = bulletin(
        name, kind=Kind.SITREP, grade=1, sequence=sequence, replaces=tuple(f"uae/{each}" for each in replaces)
    )
    return message(name, bulletin=of, **changes)


def urgent(name: str, sequence: int, *replaces: str, **changes: object) -> OutboxMessage:
    of = bulletin(name, kind=Kind.RETRACTION, sequence=sequence, replaces=tuple(f"uae/{each}" for each in replaces))
    return message(name, bulletin=of, **changes)
