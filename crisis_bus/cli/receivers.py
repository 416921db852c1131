"""Destinations on this machine for demonstrations: an HTTP receiver and a mail server that say what they got."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from crisis_bus.bus import ports

LONGEST_BODY = 4_194_304


@dataclass
class Received:
    """What arrived: for each place, the ids of the messages, repeats included."""

    messages: dict[str, list[str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, place: str, message: str) -> None:
        """Something arrived."""
        with self.lock:
            self.messages.setdefault(place, []).append(message)


class _Receiver(BaseHTTPRequestHandler):
    received: ClassVar[Received]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self.rfile.read(min(length, LONGEST_BODY))
        self.received.note(self.path.lstrip("/"), self.headers.get("webhook-id", ""))
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name that http.server gives
        """Say nothing: what arrived is told by whoever asks for it."""


class _Mailbox:
    def __init__(self, received: Received) -> None:
        self._received = received

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 the form that aiosmtpd asks for
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        for address in envelope.rcpt_tos:
            self._received.note(str(address), str(mail["Message-ID"]))
        return "250 kept"


@contextlib.contextmanager
def listening() -> Iterator[tuple[Received, str, int]]:
    """Receive while the block runs: what arrives, the address of the HTTP receiver, the port of the mail server."""
    received = Received()
    handler = type("Receiver", (_Receiver,), {"received": received})
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    web.daemon_threads = True
    serving = threading.Thread(target=web.serve_forever, daemon=True)
    serving.start()
    mail = Controller(_Mailbox(received), hostname="127.0.0.1", port=ports.free_port())
    mail.start()
    try:
        yield received, f"http://127.0.0.1:{web.server_port}", mail.port
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()
