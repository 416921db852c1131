"""A log of controls and dead letters in memory, as the gateway reads and writes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crisis_bus.bus import controls
from crisis_bus.bus.controls import Letter
from crisis_bus.bus.record import Again, Record, buried
from crisis_bus.domain.controls import Control
from crisis_bus.errors import CrisisBusError
from crisis_bus.gateway.operations import Operations
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope, to_kafka
from tests.gateway.stage import START

VALUE = b'{"messages": [{"address": "+971500000000", "secret": "s"}]}'


@dataclass(frozen=True)
class There:
    """An address of the document, and what leads to something that is there."""

    path: str
    parameters: dict[str, Any]


LETTER = There("/v1/letters/{topic}/{partition}/{offset}", {"topic": topics.ORDERS, "partition": 2, "offset": 7})


def broken(offset: int = 7, value: bytes = VALUE) -> Record:
    headers = (("ce_id", b"x"), ("ce_type", b"some.type"))
    return Record(topics.ORDERS, 2, offset, START, b"k", headers, value)


@dataclass
class Log:
    """`fails` is what the log says instead of an answer."""

    acts: list[Control] = field(default_factory=list)
    buried: list[Record] = field(default_factory=lambda: [broken()])
    back: list[Again] = field(default_factory=list)
    fails: CrisisBusError | None = None

    @property
    def operations(self) -> Operations:
        return Operations(
            office="GCO",
            targets=("sms", "far"),
            acts=self._acts,
            letters=self._letters,
            put_back=self._put_back,
        )

    def take(self, sent: Sequence[tuple[str, bytes, Envelope]]) -> None:
        """Let what the gateway wrote be what it reads."""
        self.acts = [messages.read_as(Control, envelope) for topic, _, envelope in sent if topic == topics.CONTROLS]

    async def _acts(self) -> list[Control]:
        if self.fails is not None:
            raise self.fails
        return self.acts

    async def _letters(self) -> list[Letter]:
        await self._acts()
        written = [buried(record, "no order could be read", START).envelope for record in self.buried]
        kept = [to_kafka(envelope) for envelope in written]
        records = [
            Record(topics.DEAD_LETTERS, 0, place, START, b"", tuple(headers), value)
            for place, (headers, value) in enumerate(kept)
        ]
        return list(controls.letters(self.acts, records))

    async def _put_back(self, again: Again) -> None:
        await self._acts()
        self.back.append(again)
