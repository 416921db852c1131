"""What every request passes first: host, request id, size of the body; and what every response wears."""

import asyncio
import contextlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crisis_bus.domain import ids
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, render

_ID_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-")
_ID_LONGEST = 64
_NONCE_BYTES = 16
_MOST_POURED_BYTES = 67_108_864
_LONGEST_POUR_SECONDS = 5.0

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types crisis-bus"
)


class Shield:
    """The one middleware."""

    def __init__(self, app: ASGIApp, deps: GatewayDeps) -> None:
        self.app = app
        self.deps = deps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["request_id"] = self._request_id(headers)
        scope["nonce"] = urlsafe_b64encode(self.deps.chance(_NONCE_BYTES)).decode().rstrip("=")
        dressed = _dressing(scope, send)
        with structlog.contextvars.bound_contextvars(request_id=scope["request_id"]):
            problem = self._judge(headers)
            if problem is not None:
                self.deps.meter.refused(problem.code)
                if problem.code is Code.BODY_TOO_LARGE and "expect" not in headers:
                    await _pour_away(receive)
                await render(problem, Request(scope))(scope, receive, dressed)
                return
            await self.app(scope, self._bounded(receive), dressed)

    def _request_id(self, headers: Headers) -> str:
        given = headers.get("x-request-id", "")
        if given and len(given) <= _ID_LONGEST and set(given) <= _ID_LETTERS:
            return given
        return ids.uuid7(self.deps.now(), self.deps.chance(10))

    def _judge(self, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        if "*" not in self.deps.hosts and name.lower() not in self.deps.hosts:
            detail = Both("أضف الاسم إلى إعدادات البوابة", "add the name to the gateway's settings if it is yours")
            return Problem(400, Code.BAD_HOST, detail)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return Problem(400, Code.REQUEST_REFUSED, Both("طول المحتوى ليس عدداً", "Content-Length is no number"))
        return self._too_large() if int(length[:20]) > self.deps.limits.max_body_bytes else None

    def _too_large(self) -> Problem:
        limit = self.deps.limits.max_body_bytes
        detail = Both(f"الحد الأعلى {limit} بايت", f"at most {limit} bytes are read")
        return Problem(413, Code.BODY_TOO_LARGE, detail, headers={"Connection": "close"})

    def _bounded(self, receive: Receive) -> Receive:
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.deps.limits.max_body_bytes:
                if message.get("more_body", False):
                    await _pour_away(receive)
                raise self._too_large()
            return message

        return bounded


async def _pour_away(receive: Receive) -> None:
    """Take what is left of a body, within bounds: a client that still writes may never see the answer otherwise."""
    left = _MOST_POURED_BYTES
    with contextlib.suppress(TimeoutError):  # a slow writer has had its time, and is answered anyway
        async with asyncio.timeout(_LONGEST_POUR_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def dress(headers: MutableHeaders, scope: Scope) -> None:
    """Put the security headers and the request id on a response."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=scope.get("nonce", "")))
    headers.setdefault("X-Request-Id", str(scope.get("request_id", "")))
    if scope.get("scheme") == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _dressing(scope: Scope, send: Send) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            dress(MutableHeaders(scope=message), scope)
        await send(message)

    return dressed
