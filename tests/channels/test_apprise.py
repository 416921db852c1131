"""Apprise, by its own json:// service against a receiver of ours."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from crisis_bus.channels.apprise import AppriseChannel, AppriseOptions
from crisis_bus.channels.contract import Taken
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.providers import Limits
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.contract import ChannelContract, Mood, Peer
from tests.channels.peers import TAKEN, HttpPeer, http_peer, status
from tests.channels.samples import bulletin, message

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk"


class ReceiverPeer(Peer):
    wrong_addresses = ("none", "json://", SLACK, "jsons://127.0.0.1/secret-path", "file:///etc/passwd")

    def __init__(self, peer: HttpPeer) -> None:
        self.peer = peer
        self.channel = AppriseChannel(AppriseOptions(schemas=("json",)), Limits(timeout=0.5))
        self.address = peer.url.replace("http://", "json://").replace("/hook", "/secret-path")

    def be(self, mood: Mood) -> None:
        self.peer.answer = {Mood.BUSY: status(503), Mood.SILENT: None}.get(mood, TAKEN)

    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(each.body) for each in self.peer.requests]

    def effects(self) -> set[str]:
        return {each["message"].rpartition("\n")[2] for each in self.taken()}

    def words(self) -> str:
        return "\n".join(each["message"] for each in self.taken())


@pytest.fixture
async def peer() -> AsyncIterator[ReceiverPeer]:
    async with http_peer() as receiver:
        made = ReceiverPeer(receiver)
        yield made
        await made.channel.close()


class TestApprise(ChannelContract):
    pass


async def _send(peer: ReceiverPeer, **changes: Any) -> Taken:
    return await peer.channel.send(peer.channel.prepare(peer.message(**changes)))


async def test_a_post_is_said_in_the_order_of_the_languages_under_the_headline_of_the_first(peer: ReceiverPeer) -> None:
    forms: Any = {"post": {"ar": "ابتعد <الآن>", "en": "Keep away & *now*"}}

    taken = await _send(peer, bulletin=bulletin(forms=forms), languages=("en", "ar"))

    assert taken == Taken("Apprise says that the service took the message", Outcome.ACCEPTED)
    said = peer.taken()[0]
    assert said["title"] == "Public warning: flash flood"
    assert said["message"] == "Keep away & *now*\n\nابتعد <الآن>\n\nuae/W1"


@pytest.mark.parametrize("answer", [status(400), status(500), b"reset", b"garbage\r\n\r\n"])
async def test_whatever_a_service_answers_but_yes_may_be_tried_again(peer: ReceiverPeer, answer: bytes) -> None:
    peer.peer.answer = answer

    with pytest.raises(TransientDelivery, match="does not say why") as refused:
        await _send(peer)

    assert "secret-path" not in str(refused.value)


async def test_a_service_that_says_nothing_is_given_up_in_time(peer: ReceiverPeer) -> None:
    peer.be(Mood.SILENT)

    with pytest.raises(TransientDelivery):
        await _send(peer)


async def test_an_address_stands_in_no_log(peer: ReceiverPeer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await _send(peer)
    peer.peer.answer = status(400)
    with pytest.raises(TransientDelivery):
        await _send(peer)

    assert "secret-path" not in caplog.text


async def test_a_redirect_is_not_followed_whatever_the_address_says(peer: ReceiverPeer) -> None:
    peer.peer.answer = status(307, f"location: {peer.peer.url}/elsewhere")

    with pytest.raises(TransientDelivery):
        await _send(peer, address=f"{peer.address}?redirect=yes")

    assert [each.path.partition("?")[0] for each in peer.peer.requests] == ["/secret-path"]


def test_an_address_cannot_ask_not_to_check_certificates() -> None:
    channel = AppriseChannel(AppriseOptions(), Limits())

    service = channel._service(f"{SLACK}?verify=no&rto=999")

    assert service is not None
    assert service.verify_certificate
    assert service.socket_read_timeout == Limits().timeout


def test_a_provider_allows_a_few_services_unless_it_says_more() -> None:
    channel = AppriseChannel(AppriseOptions(), Limits())

    channel.prepare(message(transport="apprise", address=SLACK))
    with pytest.raises(PermanentDelivery, match="ircs://, slack://, workflows://"):
        channel.prepare(message(transport="apprise", address="json://127.0.0.1/"))


async def test_a_slow_service_does_not_hold_up_the_others(peer: ReceiverPeer) -> None:
    async with http_peer() as slow:
        slow.answer = None
        waiting = asyncio.create_task(_send(peer, address=slow.url.replace("http://", "json://")))

        await asyncio.gather(*(_send(peer) for _ in range(20)))

        assert not waiting.done()
        with pytest.raises(TransientDelivery):
            await waiting


def test_a_bulletin_without_a_wanted_language_is_refused() -> None:
    channel = AppriseChannel(AppriseOptions(), Limits())

    with pytest.raises(PermanentDelivery, match="no text in a language"):
        channel.prepare(message(transport="apprise", address=SLACK, languages=("fr",)))
