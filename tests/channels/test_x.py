"""X, against an API that answers as the documented one does."""

import json
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.x import XChannel, XOptions, authorization
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.peers import HttpPeer, http_peer
from tests.channels.samples import LOOPBACK, bulletin, message

NOW = 1_776_340_800_000


def says(code: int, body: object, *head: str) -> bytes:
    content = json.dumps(body).encode()
    lines = "".join(f"{line}\r\n" for line in head).encode()
    return b"HTTP/1.1 %d X\r\n%bcontent-length: %d\r\n\r\n%b" % (code, lines, len(content), content)


@pytest.fixture
async def peer() -> AsyncIterator[HttpPeer]:
    async with http_peer() as made:
        made.answer = says(201, {"data": {"id": "99"}})
        yield made


@pytest.fixture
async def channel(peer: HttpPeer) -> AsyncIterator[XChannel]:
    keys = {name: SecretStr(f"{name}-value") for name in ("key", "key_secret", "token", "token_secret")}
    options = XOptions(account="@GCO_UAE", api=peer.url.rstrip("/"), **keys)
    made = XChannel(options, HttpPost(1, LOOPBACK), lambda: NOW, bytes)
    yield made
    await made.close()


def to(name: str = "S1", *replaces: str, english: str = "Flood.", address: str = "@gco_uae") -> OutboxMessage:
    of = bulletin(name, text={"ar": "سيل.", "en": english}, replaces=tuple(f"uae/{each}" for each in replaces))
    return message(name, transport="x", address=address, bulletin=of)


def test_the_signature_is_the_one_that_another_implementation_makes() -> None:
    made = authorization(
        "https://api.x.com/2/tweets", "6e6f6e6365", 1776340800, "key", "key secret&", "token", "token+secret"
    )

    assert 'oauth_signature="PkeZ8FMIePWh79nZsisJc61%2BJMk%3D"' in made


async def test_both_languages_leave_in_one_post_that_is_signed(peer: HttpPeer, channel: XChannel) -> None:
    taken = await channel.send(channel.prepare(to()))

    [request] = peer.requests
    assert {"text": "سيل.\nFlood."} == json.loads(request.body)
    assert request.path.endswith("/2/tweets")
    assert request.headers["authorization"].startswith('OAuth oauth_consumer_key="key-value"')
    assert "99" == taken.provider_id


async def test_a_correction_answers_what_it_corrects(peer: HttpPeer, channel: XChannel) -> None:
    await channel.send(channel.prepare(to("S1")))
    await channel.send(channel.prepare(to("S2", "S1")))

    assert {"in_reply_to_tweet_id": "99"} == json.loads(peer.requests[1].body)["reply"]


async def test_what_does_not_fit_beside_the_first_language_is_left_out(channel: XChannel) -> None:
    prepared = channel.prepare(to(english="x" * 279))

    assert "سيل." == prepared.payload.decode()


async def test_a_text_that_is_there_already_is_taken(peer: HttpPeer, channel: XChannel) -> None:
    peer.answer = says(403, {"detail": "You are not allowed to create a Tweet with duplicate content."})

    taken = await channel.send(channel.prepare(to()))

    assert "already" in taken.detail


@pytest.mark.parametrize(
    ("answer", "error", "seconds"),
    [
        pytest.param(
            says(429, {}, f"x-rate-limit-reset: {NOW // 1000 + 90}"), TransientDelivery, 90.0, id="until the reset"
        ),
        pytest.param(says(429, {}, "retry-after: 5"), TransientDelivery, 5.0, id="after a while"),
        pytest.param(says(503, {}), TransientDelivery, None, id="it is down"),
        pytest.param(says(401, {}), TransientDelivery, None, id="wrong keys"),
        pytest.param(says(403, {"detail": "suspended"}), PermanentDelivery, None, id="not allowed"),
        pytest.param(says(400, {}), PermanentDelivery, None, id="a text that it does not take"),
    ],
)
async def test_a_refusal_says_whether_a_retry_can_help(
    peer: HttpPeer,
    channel: XChannel,
    answer: bytes,
    error: type[PermanentDelivery | TransientDelivery],
    seconds: float | None,
) -> None:
    peer.answer = answer

    with pytest.raises(error) as refused:
        await channel.send(channel.prepare(to()))

    assert seconds == getattr(refused.value, "after_seconds", None)
    assert "value" not in str(refused.value)


@pytest.mark.parametrize("address", ["@somebody", "gco_uae", "@a-b"])
async def test_nobody_posts_in_another_name(channel: XChannel, address: str) -> None:
    with pytest.raises(PermanentDelivery, match="account"):
        channel.prepare(to(address=address))


async def test_a_text_that_does_not_fit_at_all_is_refused(channel: XChannel) -> None:
    long = bulletin(text={"en": "x" * 281})

    with pytest.raises(PermanentDelivery, match="280"):
        channel.prepare(message(transport="x", address="@gco_uae", bulletin=long, languages=("en",)))
