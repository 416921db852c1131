"""Who shows a certificate that nobody vouches for, of another name or of the past, is told nothing."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.channels.contract import Channel
from crisis_bus.channels.email import EmailChannel, EmailOptions
from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.mqtt import MqttChannel, MqttOptions
from crisis_bus.channels.smpp import SmppChannel, SmppOptions
from crisis_bus.channels.webhook import WebhookChannel
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.providers import Limits
from crisis_bus.errors import TransientDelivery
from tests.channels.certificates import Authority, authority
from tests.channels.samples import LOOPBACK, message

_SECONDS = 3.0
LIES: dict[str, dict[str, Any]] = {
    "of nobody whom we trust": {},
    "of another name": {"name": "other.example"},
    "of the past": {"days": -2},
}


@dataclass
class Liar:
    """A server that shows a certificate and keeps what it hears after that."""

    shown: Authority
    heard: bytearray = field(default_factory=bytearray)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    port: int = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while said := await reader.read(4096):
            self.heard += said


@asynccontextmanager
async def listening(shown: Authority) -> AsyncIterator[Liar]:
    liar = Liar(shown)
    server = await asyncio.start_server(liar.take, "127.0.0.1", 0, ssl=shown.server)
    liar.port = server.sockets[0].getsockname()[1]
    try:
        yield liar
    finally:
        server.close()
        for writer in liar.writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)


async def _tell(report: Any) -> None:
    raise AssertionError(report)


def webhook(port: int, _trusted: Path | None) -> tuple[Channel, OutboxMessage]:
    channel = WebhookChannel(HttpPost(_SECONDS, LOOPBACK), lambda: 0)
    return channel, message(address=f"https://127.0.0.1:{port}/hook")


def email(port: int, trusted: Path | None) -> tuple[Channel, OutboxMessage]:
    options = EmailOptions(host="127.0.0.1", port=port, sender="desk@gov.example", tls="implicit", ca_file=trusted)
    return EmailChannel(options, Limits(timeout=_SECONDS)), message(transport="email", address="a@b.example")


def mqtt(port: int, trusted: Path | None) -> tuple[Channel, OutboxMessage]:
    options = MqttOptions(host="127.0.0.1", port=port, tls=True, ca_file=trusted)
    return MqttChannel(options, Limits(timeout=_SECONDS), lambda: 0), message(transport="mqtt", address="signs/7")


def smpp(port: int, _trusted: Path | None) -> tuple[Channel, OutboxMessage]:
    options = SmppOptions(host="127.0.0.1", port=port, system_id="g", sender="GCO", tls=True, connect_seconds=_SECONDS)
    return SmppChannel(options, _tell), message(transport="sms", address="+971501234567")


Make = Callable[[int, Path | None], tuple[Channel, OutboxMessage]]
CASES = [(make, lie) for make in (email, mqtt) for lie in LIES] + [
    # These trust what the system trusts, which no certificate of a test is.
    (make, "of nobody whom we trust")
    for make in (webhook, smpp)
]


# paho leaves a socket whose handshake failed to the garbage collector, which is called here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("make", "lie"), CASES)
async def test_a_lie_is_no_peer_and_hears_nothing(tmp_path: Path, make: Make, lie: str) -> None:
    shown = authority(tmp_path, **LIES[lie])
    async with listening(shown) as liar:
        channel, told = make(liar.port, None if lie == "of nobody whom we trust" else shown.ca)
        with pytest.raises(TransientDelivery) as refused:
            await channel.send(channel.prepare(told))
        await channel.close()
        del channel
        gc.collect()

    assert b"" == bytes(liar.heard)
    assert told.address not in str(refused.value)


@pytest.mark.parametrize("make", [email, mqtt])
async def test_who_tells_the_truth_is_spoken_to(tmp_path: Path, make: Make) -> None:
    shown = authority(tmp_path)
    async with listening(shown) as liar:
        channel, told = make(liar.port, shown.ca)
        with pytest.raises(TransientDelivery):  # it never answers
            async with asyncio.timeout(_SECONDS + 2):
                await channel.send(channel.prepare(told))
        await channel.close()

    assert liar.writers
