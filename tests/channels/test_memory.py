"""The fake keeps the contract of the real channels."""

import asyncio

import pytest

from crisis_bus.channels.contract import Prepared
from crisis_bus.channels.memory import MemoryChannel
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.contract import Mood, Peer, RefusingContract


class FakePeer(Peer):
    address = "memory:sub-1"
    wrong_addresses = ("sub-1", "http://127.0.0.1/")

    def __init__(self) -> None:
        self.mood = Mood.WELL
        self.memory = self.channel = MemoryChannel(answer=self.answer)
        self.payloads: list[bytes] = []

    async def answer(self, prepared: Prepared, _attempt: int) -> None:
        if self.mood is Mood.REFUSING:
            msg = "refused"
            raise PermanentDelivery(msg)
        if self.mood in {Mood.BUSY, Mood.SILENT}:
            await asyncio.sleep(0)
            msg = "no answer"
            raise TransientDelivery(msg)
        self.payloads.append(prepared.payload)

    def be(self, mood: Mood) -> None:
        self.mood = mood

    def effects(self) -> set[str]:
        return {message.id for message in self.memory.taken}

    def words(self) -> str:
        return "\n".join(payload.decode() for payload in self.payloads).replace("\\n", "\n")


@pytest.fixture
def peer() -> FakePeer:
    return FakePeer()


class TestMemory(RefusingContract):
    pass
