"""Metrics and health of a worker, over HTTP on loopback."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from crisis_bus.errors import NotReachable
from crisis_bus.telemetry.metrics import Metrics, Readiness

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path says."""

    status: int
    body: bytes
    content_type: str = _JSON


def ready_answer(readiness: Readiness) -> Answer:
    """200 when nothing is waited for, else 503 with a sentence for each thing that is."""
    waiting = list(readiness())
    body = json.dumps({"ready": not waiting, "waiting_for": waiting}, ensure_ascii=False)
    return Answer(503 if waiting else 200, body.encode())


def alive_answer(reasons: Readiness) -> Answer:
    """200 only while all is well, else 503 with the reasons: an address for a dead man's switch."""
    why = list(reasons())
    body = json.dumps({"alive": not why, "reasons": why}, ensure_ascii=False)
    return Answer(503 if why else 200, body.encode())


def application(
    metrics: Metrics, readiness: Readiness, alive: Readiness | None = None
) -> Callable[..., Awaitable[None]]:
    """Build the ASGI application: `/metrics`, `/healthz`, `/readyz`, and `/alive` where a process vouches for all."""
    paths = ["/metrics", "/healthz", "/readyz", *([] if alive is None else ["/alive"])]

    def answer(path: str, accept: str) -> Answer:
        if path == "/metrics":
            return Answer(200, *metrics.exposed(readiness, accept))
        if path == "/readyz":
            return ready_answer(readiness)
        if path == "/healthz":
            return Answer(200, b'{"healthy": true}')
        if path == "/alive" and alive is not None:
            return alive_answer(alive)
        return Answer(404, json.dumps({"paths": paths}).encode())

    async def app(scope: Message, receive: object, send: Send) -> None:  # noqa: ARG001 nothing is read: no path takes a body
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        allowed = scope["method"] in {"GET", "HEAD"}
        said = (
            answer(scope["path"], headers.get(b"accept", ""))
            if allowed
            else Answer(405, b'{"methods": ["GET", "HEAD"]}')
        )
        head = [(b"content-type", said.content_type.encode()), (b"content-length", str(len(said.body)).encode())]
        await send({"type": "http.response.start", "status": said.status, "headers": head})
        await send({"type": "http.response.body", "body": said.body})

    return app


@asynccontextmanager
async def serving(
    port: int, metrics: Metrics, readiness: Readiness, host: str = "127.0.0.1", *, alive: Readiness | None = None
) -> AsyncIterator[None]:
    """Answer while the block runs; port 0 opens none. Raises NotReachable when the port is taken."""
    if port == 0:
        yield
        return
    with _listening(host, port) as listener:
        server = _Server(_config(application(metrics, readiness, alive)))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await running


def _config(app: Callable[..., Awaitable[None]]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,  # its lines go where all lines go
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _listening(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        msg = (
            f"cannot serve metrics on {host}:{port}: {error.strerror}; set CRISIS_BUS_METRICS_PORT to another, or to 0"
            f" — تعذّر فتح المنفذ {port} للمقاييس؛ اختر منفذاً آخر أو 0"
        )
        raise NotReachable(msg) from error
    return listener


class _Server(uvicorn.Server):
    """Leaves signals to the worker that it runs inside."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield
