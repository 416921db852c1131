"""WebSub: the hub is told which feeds are new, and whether it listened stands in the receipt."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from crisis_bus.channels.http import HttpPost
from crisis_bus.channels.site import Site
from crisis_bus.channels.web import WebChannel
from tests.channels.peers import HttpPeer, http_peer, status
from tests.channels.samples import LOOPBACK, bulletin, message


@pytest.fixture
async def hub() -> AsyncIterator[HttpPeer]:
    async with http_peer() as peer:
        yield peer


def channel(folder: Path, hub: str) -> WebChannel:
    site = Site({"ar": "البيانات", "en": "Statements"}, 240, hub=hub)
    return WebChannel(folder, "https://gov.example/public", site, HttpPost(1, LOOPBACK))


async def told(made: WebChannel) -> str:
    sent = message(transport="web", address="/", bulletin=bulletin(grade=4))
    taken = await made.send(made.prepare(sent))
    await made.close()
    return taken.detail


async def test_the_hub_is_told_every_feed_that_is_new(tmp_path: Path, hub: HttpPeer) -> None:
    detail = await told(channel(tmp_path, hub.url))

    [request] = hub.requests
    said = parse_qsl(request.body.decode())
    feeds = [value.removeprefix("https://gov.example/public/uae/") for name, value in said if name == "hub.url"]
    assert ("hub.mode", "publish") == said[0]
    assert {"feed.ar.atom", "feed.en.json", "feed.urgent.en.rss"} <= set(feeds)
    assert [] == [feed for feed in feeds if not (tmp_path / "uae" / feed).is_file()]
    assert "the WebSub hub knows" in detail


@pytest.mark.parametrize("answer", [status(500), b"reset"])
async def test_pages_are_there_though_the_hub_does_not_listen(tmp_path: Path, hub: HttpPeer, answer: bytes) -> None:
    hub.answer = answer

    detail = await told(channel(tmp_path, hub.url))

    assert ("the page is written" in detail, "WebSub hub" in detail, hub.url in detail) == (True, True, False)
    assert (tmp_path / "uae" / "index.en.html").is_file()
