"""An SMS centre for tests: the library's, on this machine."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import smpp34

Answer = Callable[[Any, str], None]


def accepts(event: Any, name: str) -> None:
    event.accept(name)


@dataclass
class Centre:
    """An SMS centre: what it took, and whom it tells."""

    port: int
    answer: Answer = accepts
    server: Any = None
    esme: Any = None
    took: list[Any] = field(default_factory=list)
    binds: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self) -> None:
        self.server = smpp34.Server("127.0.0.1", self.port)
        await self.server.start()
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.Esme):
                self.esme = event
                self.binds += 1
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.took.append(event)
                self.answer(event, f"id-{len(self.took)}")
                self.came.set()

    async def receipt(self, name: str, state: str) -> None:
        body = f"id:{name} sub:001 dlvrd:001 submit date:2604161240 done date:2604161241 stat:{state} err:000 text:x"
        await self.esme.deliver_sm("CRISIS", body.encode(), source_addr="971500000000", esm_class=0x04)
