"""Telegram, against a Bot API that answers as the documented one does."""

import json
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.telegram import TelegramChannel, TelegramOptions
from crisis_bus.domain.delivery import OutboxMessage, Outcome
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.peers import HttpPeer, http_peer
from tests.channels.samples import LOOPBACK, bulletin, message

TOKEN = "123:secret"


def says(code: int, body: object) -> bytes:
    content = json.dumps(body).encode()
    return b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%b" % (code, len(content), content)


def posted(number: int) -> bytes:
    return says(200, {"ok": True, "result": {"message_id": number}})


@pytest.fixture
async def peer() -> AsyncIterator[HttpPeer]:
    async with http_peer() as made:
        made.answer = posted(7)
        yield made


@pytest.fixture
async def channel(peer: HttpPeer) -> AsyncIterator[TelegramChannel]:
    options = TelegramOptions(token=SecretStr(TOKEN), api=peer.url.rstrip("/"))
    made = TelegramChannel(options, HttpPost(1, LOOPBACK), lambda: 0)
    yield made
    await made.close()


def to(name: str = "S1", *replaces: str, address: str = "@gco_uae", text: str = "Flood.") -> OutboxMessage:
    of = bulletin(name, text={"ar": "سيل.", "en": text}, replaces=tuple(f"uae/{each}" for each in replaces))
    return message(name, transport="telegram", address=address, bulletin=of)


async def test_both_languages_leave_in_one_message(peer: HttpPeer, channel: TelegramChannel) -> None:
    taken = await channel.send(channel.prepare(to()))

    [request] = peer.requests
    sent = json.loads(request.body)
    assert f"bot{TOKEN}/sendMessage" in request.path
    assert ("@gco_uae", True, True) == (sent["chat_id"], "سيل." in sent["text"], "Flood." in sent["text"])
    assert (Outcome.DELIVERED, "7") == (taken.outcome, taken.provider_id)


async def test_a_correction_answers_what_it_corrects(peer: HttpPeer, channel: TelegramChannel) -> None:
    await channel.send(channel.prepare(to("S1")))
    await channel.send(channel.prepare(to("S2", "S1")))

    first, second = (json.loads(request.body) for request in peer.requests)
    assert "reply_parameters" not in first
    assert 7 == second["reply_parameters"]["message_id"]


@pytest.mark.parametrize(
    ("answer", "error", "seconds", "gone"),
    [
        pytest.param(
            says(429, {"ok": False, "parameters": {"retry_after": 31}}), TransientDelivery, 31.0, False, id="too fast"
        ),
        pytest.param(says(502, {}), TransientDelivery, None, False, id="it is down"),
        pytest.param(says(401, {"ok": False}), TransientDelivery, None, False, id="a wrong token"),
        pytest.param(says(403, {"ok": False}), PermanentDelivery, None, True, id="thrown out of the chat"),
        pytest.param(says(400, {"ok": False}), PermanentDelivery, None, False, id="no such chat"),
        pytest.param(says(200, ["nonsense"]), TransientDelivery, None, False, id="an answer that says nothing"),
    ],
)
async def test_a_refusal_says_whether_a_retry_can_help(
    peer: HttpPeer,
    channel: TelegramChannel,
    answer: bytes,
    error: type[PermanentDelivery | TransientDelivery],
    seconds: float | None,
    *,
    gone: bool,
) -> None:
    peer.answer = answer

    with pytest.raises(error) as refused:
        await channel.send(channel.prepare(to()))

    assert (seconds, gone) == (getattr(refused.value, "after_seconds", None), getattr(refused.value, "gone", False))
    assert (TOKEN in str(refused.value), "gco_uae" in str(refused.value)) == (False, False)


async def test_a_text_that_is_too_long_gives_way_to_the_short_wording(channel: TelegramChannel) -> None:
    of = bulletin(text={"en": "x" * 5000}, forms={"post": {"en": "short"}})

    prepared = channel.prepare(message(transport="telegram", address="@gco_uae", bulletin=of, languages=("en",)))

    assert prepared.payload.startswith(b"short")


@pytest.mark.parametrize("address", ["gco", "@a", "https://t.me/gco", "12", "@gco uae"])
async def test_what_is_no_chat_is_refused(channel: TelegramChannel, address: str) -> None:
    with pytest.raises(PermanentDelivery, match="address"):
        channel.prepare(to(address=address))


async def test_a_text_that_is_too_long_without_a_short_wording_is_refused(channel: TelegramChannel) -> None:
    with pytest.raises(PermanentDelivery, match="4096"):
        channel.prepare(to(text="x" * 5000))
