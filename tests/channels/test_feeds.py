"""The three feeds against what their specifications ask for."""

import json
import re
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from crisis_bus.channels import feeds, site
from crisis_bus.channels.feeds import FORMATS, Feed
from crisis_bus.channels.site import Item, Site
from tests.channels.samples import bulletin

ATOM = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
HUB = "https://hub.example/websub"
SITE = Site({"ar": "البيانات الرسمية", "en": "Official statements"})
TEXT = {"ar": "ابتعد <b>عن</b> الأودية & الشعاب.\n\nاتصل\nبالرقم 999.", "en": "Keep <b>away</b> & call."}


def feed(language: str = "ar", **changes: Any) -> Feed:
    items = [
        Item(
            languages=("ar", "en"), bulletin=bulletin(f"W{day}", text=TEXT, published_at=f"2026-04-{day}T20:40:00.000Z")
        )
        for day in (17, 16)
    ]
    entries = tuple(site.entry(item, language, SITE) for item in items)
    return replace(Feed("https://gov.example/uae/", language, language, "البيانات", HUB, entries), **changes)


def read(written: bytes) -> "etree._Element":
    return etree.fromstring(written)


def test_atom_has_all_that_rfc_4287_asks_for_and_nothing_twice() -> None:
    root = read(feeds.atom(feed()))

    for element in (root, *root.iterfind("a:entry", ATOM)):
        for once in ("id", "title", "updated", "author"):
            assert 1 == len(element.findall(f"a:{once}", ATOM)), once
        assert urlsplit(element.findtext("a:id", namespaces=ATOM) or "").scheme == "urn"
        at = element.findtext("a:updated", namespaces=ATOM) or ""
        assert datetime.fromisoformat(at).utcoffset() is not None
    alternates = [
        entry.xpath("a:link[@rel='alternate']/@href", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)
    ]
    assert [["https://gov.example/uae/W17.ar.html"], ["https://gov.example/uae/W16.ar.html"]] == alternates


def test_rss_has_all_that_rss_2_asks_for() -> None:
    channel = read(feeds.rss(feed()))[0]

    for once in ("title", "link", "description", "language", "pubDate"):
        assert 1 == len(channel.findall(once)), once
    guids = [item.find("guid") for item in channel.iterfind("item")]
    assert ["false", "false"] == [guid.get("isPermaLink") for guid in guids if guid is not None]
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in channel.iterfind("item")]
    assert ["2026-04-17T20:40:00+00:00", "2026-04-16T20:40:00+00:00"] == [date.isoformat() for date in dates]
    assert re.fullmatch(r"Fri, 17 Apr 2026 20:40:00 GMT", channel.findtext("pubDate") or "")
    assert "MOI" == channel.findtext("item/dc:creator", namespaces=ATOM)


def test_rss_carries_the_text_as_html_in_which_nothing_of_it_is_markup() -> None:
    channel = read(feeds.rss(feed()))[0]

    expected = "<p>ابتعد &lt;b&gt;عن&lt;/b&gt; الأودية &amp; الشعاب.</p><p>اتصل<br>بالرقم 999.</p>"
    assert expected == channel.findtext("item/description")


def test_json_has_all_that_json_feed_1_1_asks_for() -> None:
    told = json.loads(feeds.json_feed(feed()))

    assert "https://jsonfeed.org/version/1.1" == told["version"]
    assert ("https://gov.example/uae/feed.ar.json", "https://gov.example/uae/index.ar.html", "ar") == (
        told["feed_url"],
        told["home_page_url"],
        told["language"],
    )
    assert [{"type": "WebSub", "url": HUB}] == told["hubs"]
    for item in told["items"]:
        assert item["id"]
        assert TEXT["ar"] == item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).utcoffset() is not None


def test_an_entry_has_the_same_id_in_every_format_and_another_in_another_language() -> None:
    arabic, english = feed("ar"), feed("en")

    atom = [each.text for each in read(feeds.atom(arabic)).iterfind("a:entry/a:id", ATOM)]
    rss = [each.text for each in read(feeds.rss(arabic)).iterfind("channel/item/guid")]
    listed = [each["id"] for each in json.loads(feeds.json_feed(arabic))["items"]]
    others = [each.text for each in read(feeds.atom(english)).iterfind("a:entry/a:id", ATOM)]
    assert atom == rss == listed
    assert set() == set(atom) & set(others)


@pytest.mark.parametrize("ending", ["atom", "rss"])
def test_a_subscriber_finds_the_hub_and_the_address_to_name_to_it(ending: str) -> None:
    root = read(FORMATS[ending](feed()))

    links = {link.get("rel"): link.get("href") for link in root.iterfind(".//a:link", ATOM)}
    assert (HUB, f"https://gov.example/uae/feed.ar.{ending}") == (links["hub"], links["self"])


@pytest.mark.parametrize("ending", FORMATS)
def test_without_a_hub_none_is_named(ending: str) -> None:
    assert b"hub" not in FORMATS[ending](feed(hub=None))


def test_an_archive_has_no_hub_because_it_never_changes() -> None:
    assert HUB.encode() not in feeds.atom(feed(archive=1))
