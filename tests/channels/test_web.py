"""The public pages, written to a folder of the test."""

import asyncio
import re
from pathlib import Path

import pytest
from lxml import etree

from crisis_bus.channels.site import Site
from crisis_bus.channels.web import WebChannel
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.errors import PermanentDelivery, TransientDelivery
from tests.channels.contract import ChannelContract, Mood, Peer
from tests.channels.samples import bulletin

ATOM = {"a": "http://www.w3.org/2005/Atom"}


class FolderPeer(Peer):
    address = "/"
    wrong_addresses = ("", "public", "/../", "//", "/a/../b/", "/A/", "/a", "/.hidden/", "/a b/", "/عام/")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = folder / "uae"
        site = Site({"ar": "البيانات الرسمية", "en": "Official statements"}, 240)
        self.channel = WebChannel(folder, "http://127.0.0.1:8080/web/", site)

    def be(self, mood: Mood) -> None:
        """Put a file where the folder of the page has to be, for even root cannot write below a file."""
        if mood is Mood.BUSY:
            self.page.write_text("in the way", encoding="utf-8")
        elif self.page.is_file():
            self.page.unlink()

    def effects(self) -> set[str]:
        return {file.name for file in self.page.glob("bulletins/*.json")}

    def words(self) -> str:
        return "\n".join(file.read_text(encoding="utf-8") for file in sorted(self.page.glob("*.html")))

    def read(self, name: str) -> str:
        return (self.page / name).read_text(encoding="utf-8")

    def feed(self, language: str) -> "etree._Element":
        return etree.fromstring((self.page / f"feed.{language}.atom").read_bytes())

    async def publish(self, *bulletins: Bulletin, **changes: object) -> None:
        for each in bulletins:
            await self.channel.send(self.channel.prepare(self.message(each.number, bulletin=each, **changes)))


def statement(count: int, **changes: object) -> Bulletin:
    at = f"2026-04-16T12:{count:02d}:00.000Z"
    return bulletin(f"S{count}", sequence=count, published_at=at, **changes)


@pytest.fixture
def peer(tmp_path: Path) -> FolderPeer:
    return FolderPeer(tmp_path)


class TestWeb(ChannelContract):
    pass


def _snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}


async def test_the_same_message_twice_writes_nothing(peer: FolderPeer) -> None:
    await peer.publish(statement(1), statement(2))
    before = {name: kept for name, kept in _snapshot(peer.folder).items() if not name.endswith(".lock")}

    await peer.publish(statement(1))

    assert before == {name: kept for name, kept in _snapshot(peer.folder).items() if not name.endswith(".lock")}


async def test_pages_are_written_in_their_language_and_direction(peer: FolderPeer) -> None:
    await peer.publish(statement(1))

    assert '<html lang="ar" dir="rtl">' in peer.read("S1.ar.html")
    assert '<html lang="en" dir="ltr">' in peer.read("S1.en.html")
    assert "<p>ابتعد عن الأودية.</p>" in peer.read("S1.ar.html")
    assert '<a href="S1.en.html" lang="en" dir="ltr">English</a>' in peer.read("S1.ar.html")
    assert peer.read("index.html") == peer.read("index.ar.html")


async def test_no_link_leads_to_a_language_that_is_not_there(peer: FolderPeer) -> None:
    await peer.publish(statement(1), languages=("en",))

    assert "العربية" not in peer.read("S1.en.html") + peer.read("index.en.html")
    assert not (peer.page / "S1.ar.html").exists()
    assert peer.read("index.html") == peer.read("index.en.html")


async def test_lists_and_feeds_show_the_newest_first_whatever_came_first(peer: FolderPeer) -> None:
    await peer.publish(statement(2), statement(3), statement(1))

    links = re.findall(r'<a href="(S\d)\.en\.html">', peer.read("index.en.html"))
    entries = peer.feed("en").xpath("a:entry/a:link/@href", namespaces=ATOM)

    assert links == ["S3", "S2", "S1"]
    assert [f"http://127.0.0.1:8080/web/uae/S{count}.en.html" for count in (3, 2, 1)] == entries


async def test_the_feed_is_atom_in_its_language(peer: FolderPeer) -> None:
    await peer.publish(statement(1))

    feed = peer.feed("ar")

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert feed.xpath("string(a:entry/a:title)", namespaces=ATOM) == "تحذير عام: سيول"
    assert feed.xpath("string(a:entry/a:content)", namespaces=ATOM) == "ابتعد عن الأودية.\n\nاتصل بالرقم 999."
    assert feed.xpath("string(a:updated)", namespaces=ATOM) == "2026-04-16T12:01:00.000Z"
    for needed in ("a:id", "a:title", "a:author/a:name", "a:entry/a:id", "a:entry/a:updated"):
        assert feed.xpath(f"string({needed})", namespaces=ATOM)


async def test_entries_are_never_edited_and_keep_their_ids(peer: FolderPeer) -> None:
    await peer.publish(statement(1))
    before = etree.tostring(peer.feed("en").findall("a:entry", ATOM)[0])

    await peer.publish(statement(2, replaces=("uae/S1",)))

    assert before == etree.tostring(peer.feed("en").findall("a:entry", ATOM)[1])


async def test_a_feed_holds_at_most_fifty_entries_and_the_list_all(peer: FolderPeer) -> None:
    for count in range(1, 52):
        await peer.publish(statement(count))

    assert len(peer.feed("en").findall("a:entry", ATOM)) == 50
    assert peer.read("index.en.html").count("<li class") == 51


async def test_the_page_of_a_replaced_statement_names_the_newer_one(peer: FolderPeer) -> None:
    await peer.publish(statement(1), statement(2, replaces=("uae/S1",)))

    assert "This statement was replaced by:" in peer.read("S1.en.html")
    assert '<a href="S2.en.html">' in peer.read("S1.en.html")
    assert "Keep away from wadis." in peer.read("S1.en.html")
    assert "replaced" not in peer.read("S2.en.html")


async def test_a_half_written_page_is_whole_after_the_next_message(peer: FolderPeer) -> None:
    await peer.publish(statement(1), statement(2))
    whole = {name: kept[0] for name, kept in _snapshot(peer.folder).items()}
    (peer.page / "S1.en.html").unlink()
    (peer.page / "index.en.html").write_text("half", encoding="utf-8")

    await peer.publish(statement(2))

    assert whole == {name: kept[0] for name, kept in _snapshot(peer.folder).items()}


async def test_messages_at_one_moment_all_stand_on_the_page(peer: FolderPeer) -> None:
    messages = [peer.message(f"m-{count}", bulletin=statement(count)) for count in range(1, 9)]

    await asyncio.gather(*(peer.channel.send(peer.channel.prepare(message)) for message in messages))

    assert peer.read("index.en.html").count("<li class") == 8


async def test_nothing_in_a_text_becomes_html_or_breaks_the_feed(peer: FolderPeer) -> None:
    words = {"ar": "<b>&\x07\ufffe", "en": "</p><script>alert(1)</script>"}

    await peer.publish(statement(1, text=words, headline=words))

    assert "<script" not in peer.read("S1.en.html") + peer.read("index.en.html")
    assert peer.feed("ar").xpath("string(a:entry/a:content)", namespaces=ATOM) == "<b>&\ufffd\ufffd"


async def test_pages_hold_no_script_and_no_style_of_their_own(peer: FolderPeer) -> None:
    await peer.publish(statement(1, exercise=True))

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", peer.words())
    assert "«تمرين – EXERCISE»" in peer.read("S1.ar.html")


async def test_an_id_that_is_no_file_name_gets_a_derived_page(peer: FolderPeer) -> None:
    await peer.publish(bulletin("../../etc/passwd"), bulletin("بيان 1", sequence=2))

    assert len(peer.effects()) == 2
    assert all(re.fullmatch(r"[0-9a-f-]{36}\.json", name) for name in peer.effects())


async def test_each_address_and_space_has_its_own_page(peer: FolderPeer) -> None:
    await peer.publish(statement(1), address="/exercise/")
    await peer.publish(statement(2, space="rehearsal-1"))

    assert (peer.folder / "uae" / "exercise" / "S1.ar.html").exists()
    assert (peer.folder / "rehearsal-1" / "S2.ar.html").exists()
    assert not (peer.folder / "uae" / "S1.ar.html").exists()


def test_a_space_that_is_no_folder_is_refused(peer: FolderPeer) -> None:
    with pytest.raises(PermanentDelivery, match="folder"):
        peer.channel.prepare(peer.message(bulletin=bulletin(space="../uae")))


async def test_a_strange_file_among_the_bulletins_is_named(peer: FolderPeer) -> None:
    await peer.publish(statement(1))
    (peer.page / "bulletins" / "X.json").write_text("{}", encoding="utf-8")

    with pytest.raises(TransientDelivery, match=r"X\.json"):
        await peer.publish(statement(2))
