"""Webhooks as Standard Webhooks say, against a receiver of our own."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook

from crisis_bus.channels.http import HttpPost, wait_asked
from crisis_bus.channels.signatures import SigningKey, made
from crisis_bus.channels.webhook import WebhookChannel
from crisis_bus.domain import instants
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from crisis_bus.wire.envelope import from_structured
from tests.channels.contract import Mood, Peer, RefusingContract
from tests.channels.peers import TAKEN, HttpPeer, Request, http_peer, status
from tests.channels.samples import LOOPBACK, SECRET, bulletin, message

NOW = instants.parse("2026-04-16T12:41:00Z")


class WebhookPeer(Peer):
    wrong_addresses = (
        "ftp://127.0.0.1/hook",
        "file:///etc/passwd",
        "127.0.0.1/hook",
        "http:///hook",
        "http://[::1",
        "http://127.0.0.1:99999/hook",
        "http://user:word@127.0.0.1/hook",
        "http://127.0.0.1/a b",
        "http://مثال.example/",
    )

    def __init__(self, http: HttpPeer, timeout: float) -> None:
        self.http = http
        self.channel = WebhookChannel(HttpPost(timeout, allowed=LOOPBACK), now=lambda: NOW)
        self.address = http.url

    def be(self, mood: Mood) -> None:
        answers = {Mood.WELL: TAKEN, Mood.BUSY: status(503), Mood.REFUSING: status(400), Mood.SILENT: None}
        self.http.answer = answers[mood]

    def effects(self) -> set[str]:
        return {request.headers["webhook-id"] for request in self.http.requests}

    def words(self) -> str:
        return "\n".join(" ".join(_texts(request.body)) for request in self.http.requests)


def _texts(body: bytes) -> list[str]:
    texts: dict[str, str] = json.loads(body)["data"]["text"]
    return list(texts.values())


@pytest.fixture
async def peer() -> AsyncIterator[WebhookPeer]:
    async with http_peer() as http:
        peer = WebhookPeer(http, timeout=0.5)
        yield peer
        await peer.channel.close()


class TestWebhook(RefusingContract):
    pass


async def test_a_receiver_that_holds_the_secret_can_verify_what_arrives(peer: WebhookPeer) -> None:
    await peer.channel.send(peer.channel.prepare(peer.message("m-7", secret=SECRET)))

    request = peer.http.requests[0]
    expected = Webhook(SECRET).sign("m-7", datetime.fromtimestamp(NOW / 1000, tz=UTC), request.body.decode())

    assert request.headers["webhook-signature"] == expected
    assert request.headers["webhook-id"] == "m-7"
    assert request.headers["webhook-timestamp"] == str(NOW // 1000)


async def test_the_body_is_a_cloudevent_of_the_bulletin(peer: WebhookPeer) -> None:
    await peer.channel.send(peer.channel.prepare(peer.message()))

    request = peer.http.requests[0]
    event = from_structured(request.body)

    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert (event.type, event.subject) == ("org.crisisbus.bulletin.v1", "uae/W1")
    assert json.loads(event.data or b"")["facts"] == {"fatalities": 0}


async def test_the_id_of_the_event_is_the_same_for_every_destination(peer: WebhookPeer) -> None:
    await peer.channel.send(peer.channel.prepare(peer.message("m-1")))
    await peer.channel.send(peer.channel.prepare(peer.message("m-2", languages=("ar",))))

    assert len({from_structured(request.body).id for request in peer.http.requests}) == 1


async def test_without_a_secret_nothing_is_signed(peer: WebhookPeer) -> None:
    await peer.channel.send(peer.channel.prepare(peer.message()))

    assert "webhook-signature" not in peer.http.requests[0].headers


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_Ω", "whsec_abcde"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    channel = WebhookChannel(HttpPost(1, allowed=LOOPBACK), now=lambda: NOW)

    with pytest.raises(PermanentDelivery, match="secret") as refused:
        channel.prepare(message(address="http://127.0.0.1/", secret=secret))

    assert not refused.value.gone


async def test_connections_are_used_again(peer: WebhookPeer) -> None:
    for count in range(5):
        await peer.channel.send(peer.channel.prepare(peer.message(f"m-{count}")))

    assert peer.http.connections == 1


@pytest.mark.parametrize(
    ("answer", "error", "after"),
    [
        pytest.param(status(429, "retry-after: 7"), TransientDelivery, 7.0, id="429 with seconds"),
        pytest.param(status(429, "retry-after: Thu, 16 Apr 2026 12:41:30 GMT"), TransientDelivery, 30.0, id="date"),
        pytest.param(status(503, "retry-after: ٧"), TransientDelivery, None, id="Arabic-Indic digits are no number"),
        pytest.param(status(503, "retry-after: soon"), TransientDelivery, None, id="a wait that is none"),
        pytest.param(status(500), TransientDelivery, None, id="500"),
        pytest.param(status(408), TransientDelivery, None, id="408"),
        pytest.param(status(425), TransientDelivery, None, id="425"),
        pytest.param(
            status(301, "location: http://127.0.0.1:1/"), TransientDelivery, None, id="no redirect is followed"
        ),
        pytest.param(b"reset", TransientDelivery, None, id="connection reset"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n\r\n", TransientDelivery, None, id="garbage"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", TransientDelivery, None, id="half an answer"),
    ],
)
async def test_what_may_pass_is_tried_again(
    peer: WebhookPeer, answer: bytes, error: type[TransientDelivery], after: float | None
) -> None:
    peer.http.answer = answer

    with pytest.raises(error) as refused:
        await peer.channel.send(peer.channel.prepare(peer.message()))

    assert after == refused.value.after_seconds
    assert len(peer.http.requests) == 1


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 422, 451])
async def test_a_refusal_of_the_message_is_final(peer: WebhookPeer, code: int) -> None:
    peer.http.answer = status(code, "retry-after: 1")

    with pytest.raises(PermanentDelivery, match=str(code)) as refused:
        await peer.channel.send(peer.channel.prepare(peer.message()))

    assert not refused.value.gone


async def test_410_says_that_the_destination_wants_nothing_more(peer: WebhookPeer) -> None:
    peer.http.answer = status(410)

    with pytest.raises(PermanentDelivery) as refused:
        await peer.channel.send(peer.channel.prepare(peer.message()))

    assert refused.value.gone


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "[::1]"])
async def test_an_address_that_leads_into_this_machine_is_refused_and_nothing_is_sent(
    peer: WebhookPeer, host: str
) -> None:
    channel = WebhookChannel(HttpPost(1), now=lambda: NOW)
    message = peer.message(address=f"http://{host}:{urlsplit(peer.http.url).port}/hook")

    with pytest.raises(PermanentDelivery, match=r"not allowed here|no web address"):
        await channel.send(channel.prepare(message))

    await channel.close()
    assert [] == peer.http.requests


async def test_nobody_listening_may_be_tried_again(peer: WebhookPeer) -> None:
    with pytest.raises(TransientDelivery, match="no usable answer"):
        await peer.channel.send(peer.channel.prepare(peer.message(address="http://127.0.0.1:1/")))


async def test_an_endless_answer_is_not_read_to_its_end(peer: WebhookPeer) -> None:
    peer.http.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 90000000\r\n\r\n" + b"x" * 1_000_000

    taken = await peer.channel.send(peer.channel.prepare(peer.message()))

    assert taken.detail == "the webhook answered 200"


async def test_another_bulletin_of_the_same_number_has_its_own_bytes(peer: WebhookPeer) -> None:
    other = bulletin(facts={"fatalities": 1})

    first = peer.channel.prepare(peer.message())
    second = peer.channel.prepare(peer.message(bulletin=other))

    assert first.payload != second.payload


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(None, None, id="nothing"),
        pytest.param("0", 0.0, id="at once"),
        pytest.param(" 12 ", 12.0, id="blanks"),
        pytest.param("-1", None, id="negative"),
        pytest.param("1.5", None, id="not whole"),
        pytest.param("Thu, 16 Apr 2026 12:40:00 GMT", 0.0, id="a date that has passed"),
        pytest.param("Thu, 16 Apr 2026 12:42:00 -0000", 60.0, id="a date without a zone is UTC"),
    ],
)
def test_a_wait_is_read_in_seconds_or_as_a_date(asked: str | None, expected: float | None) -> None:
    assert expected == wait_asked(asked, NOW)


KEY = SigningKey(made(bytes(range(32))))


async def test_our_key_signs_beside_the_secret_and_anybody_can_check_it(peer: WebhookPeer) -> None:
    channel = WebhookChannel(HttpPost(1, allowed=LOOPBACK), lambda: NOW, KEY)

    await channel.send(channel.prepare(peer.message(secret=SECRET)))
    await channel.close()

    [request] = peer.http.requests
    first, second = request.headers["webhook-signature"].split()
    said = b".".join((request.headers["webhook-id"].encode(), str(NOW // 1000).encode(), request.body))
    public = Ed25519PublicKey.from_public_bytes(b64decode(KEY.public.removeprefix("whpk_")))
    public.verify(b64decode(second.removeprefix("v1a,")), said)
    assert first.startswith("v1,")


@pytest.mark.parametrize(("until", "signatures"), [("2026-04-16T12:40:01Z", 2), ("2026-04-16T12:40:00Z", 1)])
async def test_after_a_change_the_old_secret_signs_what_is_published_for_a_while(
    peer: WebhookPeer, until: str, signatures: int
) -> None:
    of = bulletin(published_at="2026-04-16T12:40:00.000Z")
    old = "whsec_" + b64encode(bytes(32)).decode()

    await peer.channel.send(
        peer.channel.prepare(peer.message(bulletin=of, secret=SECRET, old_secret=old, old_until=until))
    )

    [request] = peer.http.requests
    assert signatures == len(request.headers["webhook-signature"].split())
    accepted = [secret for secret in (SECRET, old) if _checks(secret, request)]
    assert [SECRET, old][:signatures] == accepted


def _checks(secret: str, request: Request) -> bool:
    """Whether a signature in the header is by this secret, as a receiver looks."""
    moment = datetime.fromtimestamp(NOW // 1000, tz=UTC)
    wanted = Webhook(secret).sign(request.headers["webhook-id"], moment, request.body.decode())
    return wanted in request.headers["webhook-signature"].split()
