"""Real peers on loopback: an HTTP receiver and a mail server that answer as they are told."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from aiosmtpd.smtp import SMTP

TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


def status(code: int, *headers: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {code} Status", *headers, "content-length: 2", "", "ok")).encode()


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpPeer:
    """`answer` is sent for each request; None never answers; b"reset" resets the connection."""

    answer: bytes | None = TAKEN
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await _read(reader):
                self.requests.append(request)
                if not await self._answered(writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answered(self, writer: asyncio.StreamWriter) -> bool:
        if self.answer is None:
            await asyncio.sleep(5)
            return False
        if self.answer == b"reset":
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            return False
        writer.write(self.answer)
        await writer.drain()
        return self.answer.startswith(b"HTTP/1.1 ")


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    line, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest if each)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Request(line.split()[1], headers, body)


@asynccontextmanager
async def http_peer() -> AsyncIterator[HttpPeer]:
    peer = HttpPeer()
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield peer
    finally:
        server.close()


@dataclass
class MailPeer:
    """`refusal` answers the recipient or, for a whole hang, None is awaited for ever."""

    refuse_recipient: str | None = None
    refuse_data: str | None = None
    silent: bool = False
    port: int = 0
    recipients: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 aiosmtpd calls it so
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 aiosmtpd calls it so
        if self.silent:
            await asyncio.sleep(5)
        if self.refuse_data:
            return self.refuse_data
        self.recipients.extend(envelope.rcpt_tos)
        self.raw.append(envelope.content)
        parsed = BytesParser(policy=SMTP_POLICY).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"


@asynccontextmanager
async def mail_peer() -> AsyncIterator[MailPeer]:
    peer = MailPeer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(peer, hostname="localhost", loop=loop), "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
