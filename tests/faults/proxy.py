"""A TCP proxy that does to a connection what networks and servers do; each fault is a row, and bounded in time."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Fault = Callable[[Streams, Streams], Awaitable[None]]
"""What happens to a connection: the client's streams, and the peer's."""
_LONGEST_SECONDS = 5.0


async def through(client: Streams, peer: Streams, delay: float = 0.0) -> None:
    """Nothing wrong."""
    await asyncio.gather(_copied(client[0], peer[1], delay), _copied(peer[0], client[1], delay))


async def latency(client: Streams, peer: Streams) -> None:
    """Everything takes twenty milliseconds longer, each way."""
    await through(client, peer, 0.02)


async def half_open(client: Streams, peer: Streams) -> None:
    """The other side has gone, and nobody says so."""
    del peer
    await client[0].read(1)
    await asyncio.sleep(_LONGEST_SECONDS)


async def reset(client: Streams, peer: Streams) -> None:
    """The connection is reset as soon as something is said."""
    del peer
    await client[0].read(1)
    client[1].get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


async def garbage(client: Streams, peer: Streams) -> None:
    """What answers speaks another language."""
    del peer
    await client[0].read(1)
    client[1].write(b"\x16\x03\x01 what?\r\n\r\n" * 3)
    await client[1].drain()


async def lost_answer(client: Streams, peer: Streams) -> None:
    """What was said arrives, and its answer is lost."""
    sending = asyncio.create_task(_copied(client[0], peer[1], 0.0))
    await peer[0].read(65_536)
    await asyncio.sleep(0.05)
    sending.cancel()


async def slow_drip(client: Streams, peer: Streams) -> None:
    """The answer comes so slowly that nobody can wait for it."""
    sending = asyncio.create_task(_copied(client[0], peer[1], 0.0))
    answer = await peer[0].read(65_536)
    for byte in answer[: round(_LONGEST_SECONDS / 0.25)]:
        client[1].write(bytes((byte,)))
        await client[1].drain()
        await asyncio.sleep(0.25)
    sending.cancel()


FAULTS: dict[str, Fault] = {
    "half_open": half_open,
    "reset": reset,
    "garbage": garbage,
    "lost_answer": lost_answer,
    "slow_drip": slow_drip,
}
"""What a channel must survive; `latency` and `through` are none."""


@dataclass
class Proxy:
    """Stands before a peer; `fault` is what happens to connections from now on, those that are there included."""

    target: int
    port: int = 0
    fault: Fault = through
    _open: "set[asyncio.Task[None]] | None" = None

    def strike(self, fault: Fault) -> None:
        """Change what happens, and break what is open."""
        self.fault = fault
        for task in self._open or ():
            task.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self._open = self._open or set()
        self._open.add(task)
        peer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self.fault((reader, writer), peer)
        finally:
            self._open.discard(task)
            for each in (writer, peer[1]):
                each.close()


@asynccontextmanager
async def proxy(target: int) -> AsyncIterator[Proxy]:
    """A proxy on a free port of this machine."""
    made = Proxy(target)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.strike(through)
        server.close()


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            await asyncio.sleep(delay)
            writer.write(piece)
            await writer.drain()
    writer.close()
