"""Destinations that remember everything that reached them: an HTTP receiver and a mail server."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, cast

from aiosmtpd.controller import Controller
from pydantic_core import from_json


@dataclass(frozen=True)
class Arrival:
    """One attempt that was taken: `place` is the path or the address, `number` that of the bulletin."""

    place: str
    message: str
    number: str
    sequence: int | None = None
    chain: str | None = None


@dataclass
class Witness:
    """What arrived, in its order; `web` is the address of the HTTP receiver, `mail_port` that of the mail server."""

    web: str = ""
    mail_port: int = 0
    _arrivals: list[Arrival] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, arrival: Arrival) -> None:
        with self._lock:
            self._arrivals.append(arrival)

    def arrivals(self, space: str) -> list[Arrival]:
        """What arrived of one space."""
        with self._lock:
            return [arrival for arrival in self._arrivals if arrival.number.startswith(f"{space}/")]


class _Receiver(BaseHTTPRequestHandler):
    witness: ClassVar[Witness]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        event = from_json(self.rfile.read(int(self.headers["Content-Length"])))
        data, place = event["data"], self.path.lstrip("/")
        self.witness.note(Arrival(place, self.headers["webhook-id"], event["subject"], data["sequence"], data["chain"]))
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name that http.server gives
        pass


class _Mailbox:
    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 the form that aiosmtpd asks for
        mail = cast("EmailMessage", message_from_bytes(envelope.original_content, policy=policy.default))
        plain = mail.get_body(("plain",))
        assert plain is not None
        number = plain.get_content().strip().splitlines()[-1]
        for address in envelope.rcpt_tos:
            self._witness.note(Arrival(str(address), str(mail["Message-ID"]).strip("<>").split("@")[0], number))
        return "250 kept"


@contextlib.contextmanager
def listening() -> Iterator[Witness]:
    """Destinations that are there while the block runs."""
    witness = Witness()
    web = ThreadingHTTPServer(("127.0.0.1", 0), type("Receiver", (_Receiver,), {"witness": witness}))
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    mail = Controller(_Mailbox(witness), hostname="127.0.0.1", port=free_port())
    mail.start()
    witness.web, witness.mail_port = f"http://127.0.0.1:{web.server_port}", mail.port
    try:
        yield witness
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
