"""Web Push, against a push service on loopback that opens what the browser would."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from py_vapid import Vapid02

from crisis_bus.channels.contract import Taken
from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.push import PushChannel, PushOptions
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Bulletin, Outcome
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PermanentDelivery, SettingsError, TransientDelivery
from tests.channels.browsers import BROWSER, browser, opened, pem, text
from tests.channels.contract import Mood, Peer, RefusingContract
from tests.channels.peers import TAKEN, HttpPeer, http_peer, status
from tests.channels.samples import LOOPBACK, bulletin, message

NOW = instants.parse("2026-04-16T12:40:00.000Z")


class ServicePeer(Peer):
    channel: PushChannel

    def __init__(self, peer: HttpPeer, folder: Path) -> None:
        self.peer, self.now = peer, NOW
        key = pem(folder, ec.generate_private_key(ec.SECP256R1()))
        options = PushOptions(key_file=key, contact="mailto:desk@gov.example", page="https://gov.example/", http=True)
        self.channel = PushChannel(options, HttpPost(0.5, LOOPBACK), lambda: self.now)
        self.address = browser(peer.url)
        self.wrong_addresses = (
            "none",
            text(b"{}"),
            browser("ftp://push.example/1"),
            browser("/1"),
            browser("https://push.example/\u0661"),
            browser(peer.url, auth=b"short"),
            browser(peer.url, p256dh=text(b"\x04" + b"\x01" * 64)),
            browser(peer.url, p256dh="no base64 !"),
            "\u0645\u0643\u062a\u0628",
        )

    def be(self, mood: Mood) -> None:
        answers = {Mood.BUSY: status(503), Mood.REFUSING: status(400), Mood.SILENT: None}
        self.peer.answer = answers.get(mood, TAKEN)

    def seen(self) -> list[dict[str, Any]]:
        return [opened(each.body) for each in self.peer.requests]

    def effects(self) -> set[str]:
        return {each["id"] for each in self.seen()}

    def words(self) -> str:
        return "\n".join(each["body"] for each in self.seen())


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[ServicePeer]:
    async with http_peer() as service:
        made = ServicePeer(service, tmp_path)
        yield made
        await made.channel.close()


class TestPush(RefusingContract):
    pass


async def _send(peer: ServicePeer, of: Bulletin | None = None, **changes: Any) -> Taken:
    return await peer.channel.send(peer.channel.prepare(peer.message(bulletin=of, **changes)))


async def test_a_notification_says_all_that_the_page_s_worker_shows(peer: ServicePeer) -> None:
    forms: Any = {"push": {"ar": "ابتعد", "en": "Keep away"}}

    taken = await _send(peer, bulletin(forms=forms))

    assert taken == Taken("the push service answered 204", Outcome.ACCEPTED)
    assert peer.seen() == [
        {
            "id": "uae/W1",
            "title": "تحذير عام: سيول",
            "body": "ابتعد\n\nKeep away",
            "lang": "ar",
            "dir": "rtl",
            "url": "https://gov.example/W1.ar.html",
            "tag": peer.peer.requests[0].headers["topic"],
            "rehearsal": False,
            "exercise": False,
        }
    ]


async def test_the_push_service_can_check_in_whose_name_it_is_asked(peer: ServicePeer) -> None:
    await _send(peer)

    headers = peer.peer.requests[0].headers
    token = headers["authorization"].removeprefix("vapid t=").split(",")[0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(token + "=="))
    origin = peer.peer.url.removesuffix("/hook")
    assert {"sub": "mailto:desk@gov.example", "aud": origin, "exp": NOW // 1000 + 12 * 3600} == claims
    assert Vapid02.verify(headers["authorization"])
    assert headers["content-encoding"] == "aes128gcm"


async def test_one_token_serves_for_hours_and_no_longer(peer: ServicePeer) -> None:
    for hours in (0, 5, 7):
        peer.now = NOW + hours * 3_600_000
        await _send(peer)

    first, second, third = (each.headers["authorization"] for each in peer.peer.requests)
    assert first == second
    assert first != third


def test_tokens_are_not_kept_for_every_service_that_somebody_names(tmp_path: Path) -> None:
    channel = ServicePeer(HttpPeer(), tmp_path).channel

    for number in range(1500):
        assert channel._token(f"https://push-{number}.example")

    assert len(channel._tokens) <= 1000


async def test_no_two_encryptions_are_alike(peer: ServicePeer) -> None:
    await _send(peer)
    await _send(peer)

    assert peer.peer.requests[0].body != peer.peer.requests[1].body


@pytest.mark.parametrize(
    ("changes", "ttl", "urgency"),
    [
        ({}, "86400", "high"),
        ({"kind": Kind.SITREP, "grade": 1}, "86400", "normal"),
        ({"expires": "2026-04-16T13:40:00Z"}, "3600", "high"),
        ({"expires": "2026-04-16T12:00:00Z"}, "0", "high"),
        ({"expires": "2030-04-16T12:00:00Z"}, "2419200", "high"),
    ],
)
async def test_a_push_service_knows_how_long_and_how_urgent(
    peer: ServicePeer, changes: dict[str, Any], ttl: str, urgency: str
) -> None:
    await _send(peer, bulletin(**changes))

    headers = peer.peer.requests[0].headers
    assert (ttl, urgency) == (headers["ttl"], headers["urgency"])


async def test_a_newer_text_of_an_incident_replaces_an_undelivered_one_but_no_routine_one_an_urgent(
    peer: ServicePeer,
) -> None:
    routine = {"kind": Kind.SITREP, "grade": 1}
    for each in (bulletin("W1"), bulletin("W2"), bulletin("P1", **routine), bulletin("W3", chain="uae/I3")):
        await _send(peer, each)

    first, newer, of_routine, other = (each.headers["topic"] for each in peer.peer.requests)
    assert first == newer
    assert len({first, of_routine, other}) == 3
    assert len(first) <= 32


@pytest.mark.parametrize("word", ["كلمة", "word", '"\\', "x" * 5000])
async def test_long_words_are_cut_to_what_a_push_service_takes(peer: ServicePeer, word: str) -> None:
    text = {"ar": f"{word} " * 2000, "en": f"{word} " * 2000}

    await _send(peer, bulletin(text=text))

    assert len(peer.channel.prepare(peer.message(bulletin=bulletin(text=text))).payload) <= 3000
    body = peer.seen()[0]["body"]
    assert set(body.split()) <= {word, "…"}


@pytest.mark.parametrize("code", [404, 410])
async def test_a_browser_that_is_gone_wants_nothing_more(peer: ServicePeer, code: int) -> None:
    peer.peer.answer = status(code)

    with pytest.raises(PermanentDelivery, match=str(code)) as refused:
        await _send(peer)

    assert refused.value.gone


@pytest.mark.parametrize("code", [400, 403, 413])
async def test_a_refusal_is_final(peer: ServicePeer, code: int) -> None:
    peer.peer.answer = status(code)

    with pytest.raises(PermanentDelivery, match=str(code)) as refused:
        await _send(peer)

    assert not refused.value.gone


@pytest.mark.parametrize(("answer", "wait"), [(status(429, "retry-after: 7"), 7), (status(401), None)])
async def test_a_push_service_may_ask_to_wait(peer: ServicePeer, answer: bytes, wait: float | None) -> None:
    peer.peer.answer = answer

    with pytest.raises(TransientDelivery) as busy:
        await _send(peer)

    assert wait == busy.value.after_seconds


def test_an_endpoint_without_tls_is_refused_unless_it_is_allowed(tmp_path: Path) -> None:
    options = PushOptions(key_file=pem(tmp_path, BROWSER), contact="mailto:desk@gov.example")
    channel = PushChannel(options, HttpPost(1, LOOPBACK), lambda: NOW)

    with pytest.raises(PermanentDelivery, match="https"):
        channel.prepare(message(transport="push", address=browser("http://push.example/1")))

    prepared = channel.prepare(message(transport="push", address=browser("https://push.example/1")))
    assert json.loads(prepared.payload)["url"] is None


def test_a_bulletin_without_a_wanted_language_is_refused(tmp_path: Path) -> None:
    peer = ServicePeer(HttpPeer(url="http://127.0.0.1:1/"), tmp_path)

    with pytest.raises(PermanentDelivery, match="no text in a language"):
        peer.channel.prepare(peer.message(languages=("fr",)))


@pytest.mark.parametrize("key", [None, generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())])
def test_a_key_that_is_none_is_said_at_the_start(tmp_path: Path, key: Any) -> None:
    path = tmp_path / "missing.pem" if key is None else pem(tmp_path, key)

    with pytest.raises(SettingsError, match="key_file"):
        PushChannel(PushOptions(key_file=path, contact="mailto:desk@gov.example"), HttpPost(1, LOOPBACK), lambda: NOW)
