"""A mail server on loopback with what real ones have: TLS, passwords, status notifications, and an end of patience."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from tests.channels.peers import MailPeer

_DSN = ("RET", "ENVID", "NOTIFY", "ORCPT")


@dataclass
class Server(MailPeer):
    """Counts its sessions and keeps what it was asked to notify; upper case, as aiosmtpd reads options."""

    dsn: bool = True
    ends_on_reset: bool = False
    sessions: list["_Session"] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, lines: list[str]) -> Any:  # noqa: N802 aiosmtpd calls it so
        session.host_name = hostname
        return [*lines[:-1], *(["250-DSN"] if self.dsn else []), lines[-1]]

    async def handle_RSET(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 aiosmtpd calls it so
        if self.ends_on_reset:
            server.transport.close()
        return "250 OK"

    def password(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"secret-word")

    async def end_sessions(self) -> None:
        for session in self.sessions:
            assert session.transport is not None
            session.transport.close()
        await asyncio.sleep(0)


class _Session(SMTP):
    def _getparams(self, params: Any) -> Any:
        found = super()._getparams(params) or {}
        asked = {name: found.pop(name) for name in _DSN if self.event_handler.dsn and name in found}
        self.event_handler.asked.update(asked)
        return found


@asynccontextmanager
async def mail_server(
    server: Server, tls: ssl.SSLContext | None = None, *, implicit: bool = False, login: bool = False
) -> AsyncIterator[Server]:
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {
        "tls_context": None if implicit else tls,
        "auth_required": login and not implicit,
        "loop": loop,
    }
    options |= {"authenticator": server.password, "auth_require_tls": not implicit}

    def session() -> _Session:
        server.sessions.append(_Session(server, hostname="localhost", **options))
        return server.sessions[-1]

    listening = await loop.create_server(session, "127.0.0.1", 0, ssl=tls if implicit else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
