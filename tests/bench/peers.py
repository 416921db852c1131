"""Both ends on loopback, as lean as Python allows: a receiver of webhooks, and a client of the gateway."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self, TypeVar, cast

_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_SUBJECT = b'"subject":"'
R = TypeVar("R", bound="Receiver")


@dataclass
class Receiver:
    """When the statement of each number arrived first, and how many messages arrived at all.

    It gives its `answer` after `delay` seconds.
    """

    url: str = ""
    delay: float = 0.0
    answer: bytes = _TAKEN
    first: dict[str, float] = field(default_factory=dict)
    arrived: int = 0
    last: float = 0.0

    def request(self, _head: bytes, body: bytes) -> None:
        """A request has come; its head is in small letters."""
        self.take(body)

    def take(self, body: bytes) -> None:
        self.arrived += 1
        self.last = time.monotonic()
        start = body.find(_SUBJECT) + len(_SUBJECT)
        if start < len(_SUBJECT):
            return  # what a peer sends names no statement
        number = body[start : body.index(b'"', start)].decode()
        self.first.setdefault(number, self.last)

    async def until(self, arrived: int, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while self.arrived < arrived:  # noqa: ASYNC110 nothing that is measured waits for this look
                await asyncio.sleep(0.01)


class _Connection(asyncio.Protocol):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(_END)) >= 0:
            head = self._buffer[:end].lower() + b"\r"
            start = head.index(_LENGTH) + len(_LENGTH)
            rest = end + len(_END) + int(head[start : head.index(b"\r", start)])
            if len(self._buffer) < rest:
                return
            self._receiver.request(head, self._buffer[end:rest])
            self._buffer = self._buffer[rest:]
            self._answer()

    def _answer(self) -> None:
        if self._receiver.delay:
            asyncio.get_running_loop().call_later(self._receiver.delay, self._transport.write, self._receiver.answer)
        else:
            self._transport.write(self._receiver.answer)


@asynccontextmanager
async def receiving(delay: float = 0.0) -> AsyncIterator[Receiver]:
    async with listening(Receiver(delay=delay)) as receiver:
        yield receiver


@asynccontextmanager
async def listening(receiver: R) -> AsyncIterator[R]:
    """Give a receiver its address."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(receiver), "127.0.0.1", 0, backlog=4000)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield receiver
    finally:
        server.close()


class Door:
    """The gateway, over kept connections: `post` returns when the answer is there, and says how it began."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"host: 127.0.0.1\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n"
        self._free: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def post(self, path: str, body: bytes) -> int:
        reader, writer = self._free.popleft() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        head = f"POST {path} HTTP/1.1\r\n{self._head}content-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(_END)
        start = answer.lower().index(_LENGTH) + len(_LENGTH)
        await reader.readexactly(int(answer[start : answer.index(b"\r", start)]))
        self._free.append((reader, writer))
        return int(answer.split(b" ", 2)[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for _, kept in self._free:
            kept.close()
