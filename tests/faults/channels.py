"""Every channel with a peer behind the proxy: one row each, for the suite that holds for all of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from crisis_bus.bus.ports import free_port
from crisis_bus.channels import signatures
from crisis_bus.channels.apprise import AppriseChannel, AppriseOptions
from crisis_bus.channels.contract import Channel, Report
from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.channels.handover import HandoverChannel, HandoverOptions, Office
from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.mqtt import MqttChannel, MqttOptions
from crisis_bus.channels.push import PushChannel, PushOptions
from crisis_bus.channels.signatures import SigningKey
from crisis_bus.channels.smpp import SmppChannel, SmppOptions
from crisis_bus.channels.sms_http import SmsHttpChannel, SmsHttpOptions
from crisis_bus.channels.telegram import TelegramChannel, TelegramOptions
from crisis_bus.channels.webhook import WebhookChannel
from crisis_bus.channels.x import XChannel, XOptions
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Limits
from tests.channels.browsers import browser, opened, pem
from tests.channels.mosquitto import Broker, Device, ident
from tests.channels.peers import TAKEN, Request, http_peer, mail_peer
from tests.channels.samples import LOOPBACK, SECRET, bulletin, message
from tests.channels.smpp_centre import Centre
from tests.faults.proxy import Proxy, proxy

TIMEOUT = 0.6
NOW = instants.parse("2026-04-16T12:41:00Z")


@dataclass
class Setting:
    """A channel, what it sends, and what its peer took: the ids where the protocol has them, else the texts."""

    channel: Channel
    proxy: Proxy
    fields: dict[str, str]
    took: Callable[[], list[str]]

    def message(self, name: str = "S1", **more: object) -> OutboxMessage:
        of = bulletin(name, text={"ar": f"سيل {name}.", "en": f"Flood {name}."})
        fields: dict[str, object] = {**self.fields, "bulletin": of}
        return message(f"m-{name}", **fields | more)


def _json(code: int, body: object) -> bytes:
    content = json.dumps(body).encode()
    return b"HTTP/1.1 %d OK\r\ncontent-length: %d\r\n\r\n%b" % (code, len(content), content)


@asynccontextmanager
async def _over_http(
    answer: bytes | None,
    make: Callable[[str, HttpPost], Channel],
    named: Callable[[Request], str] = lambda request: request.headers.get("webhook-id") or request.body.decode(),
    written: Callable[[str], str] = str,
    **fields: str,
) -> AsyncIterator[Setting]:
    async with http_peer() as peer:
        peer.answer = answer or peer.answer
        async with proxy(urlsplit(peer.url).port or 0) as between:
            url = f"http://127.0.0.1:{between.port}/hook"
            channel = make(url, HttpPost(TIMEOUT, LOOPBACK))
            filled = {name: value.format(url=written(url)) for name, value in fields.items()}
            yield Setting(channel, between, filled, lambda: list(map(named, peer.requests)))
            await channel.close()


def _webhook() -> AbstractAsyncContextManager[Setting]:
    def make(_url: str, post: HttpPost) -> Channel:
        return WebhookChannel(post, lambda: NOW)

    return _over_http(None, make, transport="webhook", address="{url}", secret=SECRET)


def _sms_http() -> AbstractAsyncContextManager[Setting]:
    def make(url: str, post: HttpPost) -> Channel:
        options = SmsHttpOptions(url=url, body="{{ id }} {{ text }}", headers={})
        return SmsHttpChannel(options, post, lambda: NOW)

    return _over_http(None, make, transport="sms", address="+971501234567")


def _telegram() -> AbstractAsyncContextManager[Setting]:
    def make(url: str, post: HttpPost) -> Channel:
        return TelegramChannel(TelegramOptions(token=SecretStr("1:t"), api=url), post, lambda: NOW)

    answer = _json(200, {"ok": True, "result": {"message_id": 7}})
    return _over_http(answer, make, transport="telegram", address="@gco_uae")


def _x() -> AbstractAsyncContextManager[Setting]:
    def make(url: str, post: HttpPost) -> Channel:
        keys = {name: SecretStr("k") for name in ("key", "key_secret", "token", "token_secret")}
        return XChannel(XOptions(account="@gco_uae", api=url, **keys), post, lambda: NOW, bytes)

    return _over_http(_json(201, {"data": {"id": "9"}}), make, transport="x", address="@gco_uae")


def _handover() -> AbstractAsyncContextManager[Setting]:
    def make(_url: str, post: HttpPost) -> Channel:
        key = SigningKey(signatures.made(bytes(32)))
        office = Office(key, Path("unused"), lambda *_: b"%PDF", lambda _: "https://gov.example/acknowledge/t", 600)
        return HandoverChannel(HandoverOptions(cap_sender="desk@gco.example"), office, post, lambda: NOW)

    return _over_http(None, make, transport="handover", address="{url}")


@asynccontextmanager
async def _push() -> AsyncIterator[Setting]:
    with TemporaryDirectory() as folder:
        key = pem(Path(folder), ec.generate_private_key(ec.SECP256R1()))

        def make(_url: str, post: HttpPost) -> Channel:
            return PushChannel(
                PushOptions(key_file=key, contact="mailto:desk@gov.example", http=True), post, lambda: NOW
            )

        def named(request: Request) -> str:
            return str(opened(request.body)["id"])

        async with _over_http(TAKEN, make, named, browser, transport="push", address="{url}") as setting:
            yield setting


@asynccontextmanager
async def _apprise() -> AsyncIterator[Setting]:
    def make(_url: str, _post: HttpPost) -> Channel:
        return AppriseChannel(AppriseOptions(schemas=("json",)), Limits(timeout=TIMEOUT))

    def named(request: Request) -> str:
        return str(json.loads(request.body)["message"]).rpartition("\n")[2]

    def plain(url: str) -> str:
        return url.replace("http://", "json://")

    async with _over_http(TAKEN, make, named, plain, transport="apprise", address="{url}") as setting:
        yield setting


@asynccontextmanager
async def _mqtt() -> AsyncIterator[Setting]:
    with TemporaryDirectory() as folder:
        broker = Broker(Path(folder))
        broker.start()
        device = Device(broker.port).ready()
        try:
            async with proxy(broker.port) as between:
                options = MqttOptions(host="127.0.0.1", port=between.port)
                channel = MqttChannel(options, Limits(timeout=TIMEOUT), lambda: NOW)
                fields = {"transport": "mqtt", "address": "uae/dubai/signs/7"}
                yield Setting(channel, between, fields, lambda: list(map(ident, device.messages())))
                await channel.close()
        finally:
            device.close()
            broker.stop()


@asynccontextmanager
async def _email() -> AsyncIterator[Setting]:
    async with mail_peer() as peer, proxy(peer.port) as between:
        options = EmailOptions(host="127.0.0.1", port=between.port, sender="desk@gov.example")
        channel = EmailChannel(options, Limits(timeout=TIMEOUT))
        fields = {"transport": "email", "address": "desk@wam.example"}
        yield Setting(channel, between, fields, lambda: [str(mail["message-id"]) for mail in peer.mails])
        await channel.close()


@asynccontextmanager
async def _smpp() -> AsyncIterator[Setting]:
    async def told(report: Report) -> None:
        raise AssertionError(report)

    centre = Centre(free_port())
    serving = asyncio.create_task(centre.serve())
    await asyncio.sleep(0.1)
    async with proxy(centre.port) as between:
        options = SmppOptions(host="127.0.0.1", port=between.port, system_id="g", sender="GCO", connect_seconds=TIMEOUT)
        channel = SmppChannel(options, told)
        fields = {"transport": "sms", "address": "+971501234567"}
        yield Setting(channel, between, fields, lambda: [str(part.short_message) for part in centre.took])
        await channel.close()
    serving.cancel()
    await centre.server.stop()


CHANNELS: dict[str, Callable[[], AbstractAsyncContextManager[Setting]]] = {
    "webhook": _webhook,
    "sms_http": _sms_http,
    "telegram": _telegram,
    "x": _x,
    "email": _email,
    "smpp": _smpp,
    "push": _push,
    "apprise": _apprise,
    "mqtt": _mqtt,
    "handover": _handover,
}
