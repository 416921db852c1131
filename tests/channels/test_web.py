"""The public pages, written to a folder of the test."""

import asyncio
import re
from pathlib import Path

import pytest
from lxml import etree

from crisis_bus.channels.site import Site
from crisis_bus.channels.web import WebChannel
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.values import Kind
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
    at = f"2026-04-16T{12 + count // 60}:{count % 60:02d}:00.000Z"
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


async def test_feeds_and_lists_hold_fifty_and_lead_to_those_before(peer: FolderPeer) -> None:
    await peer.publish(*(statement(count) for count in range(1, 52)))

    assert len(peer.feed("en").findall("a:entry", ATOM)) == 50
    assert peer.read("index.en.html").count("<li class") == 50
    assert '<a rel="prev" href="index.en.1.html">Older statements</a>' in peer.read("index.en.html")
    assert peer.read("index.en.1.html").count("<li class") == 50
    assert "Older" not in peer.read("index.en.1.html")


async def test_every_statement_stands_in_the_current_feed_or_in_an_archive_and_archives_never_change(
    peer: FolderPeer,
) -> None:
    hour = [statement(count) for count in (*range(30, 60), *range(30))]
    await peer.publish(*hour[:50])
    archive = peer.read("feed.en.1.atom")

    await peer.publish(*hour[50:], statement(60, replaces=("uae/S31",)))

    ids = {each.text for name in ("en", "en.1") for each in peer.feed(name).iterfind("a:entry/a:id", ATOM)}
    assert 61 == len(ids)
    assert archive == peer.read("feed.en.1.atom")
    assert "Replaced by a newer statement" in peer.read("index.en.1.html")


async def test_archives_are_linked_as_rfc_5005_says(peer: FolderPeer) -> None:
    await peer.publish(*(statement(count) for count in range(101)))

    links = {
        name: {link.get("rel"): link.get("href") for link in peer.feed(name).iterfind("a:link", ATOM)}
        for name in ("en", "en.2", "en.1")
    }
    base = "http://127.0.0.1:8080/web/uae/feed"
    assert (f"{base}.en.2.atom", f"{base}.en.atom") == (links["en"]["prev-archive"], links["en"]["self"])
    assert (f"{base}.en.1.atom", f"{base}.en.2.atom") == (links["en.2"]["prev-archive"], links["en.2"]["self"])
    assert f"{base}.en.atom" == links["en.1"]["current"]
    assert "prev-archive" not in links["en.1"]
    assert [False, True] == [b"fh:archive" in (peer.page / f"feed.{name}.atom").read_bytes() for name in ("en", "en.1")]


async def test_a_new_statement_leaves_the_pages_of_others_alone(peer: FolderPeer) -> None:
    await peer.publish(*(statement(count) for count in range(1, 54)))
    before = _snapshot(peer.folder)

    await peer.publish(statement(54, replaces=("uae/S2",)))

    changed = {Path(name).name for name, kept in _snapshot(peer.folder).items() if before.get(name) != kept}
    lists = {f"index.{key}.html" for key in ("ar", "en", "ar.1", "en.1")} | {"index.html"}
    pages = {f"{page}.{language}.html" for page in ("S2", "S54") for language in ("ar", "en")}
    feeds = {f"feed.{key}.{end}" for key in ("ar", "en", "urgent.ar", "urgent.en") for end in ("atom", "rss", "json")}
    assert lists | pages | feeds | {"S54.json", "S2.json", "2.json"} == changed


async def test_what_is_urgent_and_all_that_corrects_it_has_a_feed_of_its_own(peer: FolderPeer) -> None:
    routine = statement(2, kind=Kind.HOLDING, grade=1)
    await peer.publish(statement(1), routine, statement(3, kind=Kind.CORRECTION, grade=1, replaces=("uae/S1",)))

    links = peer.feed("urgent.en").xpath("a:entry/a:link/@href", namespaces=ATOM)

    assert [f"http://127.0.0.1:8080/web/uae/S{count}.en.html" for count in (3, 1)] == links
    assert "البيانات الرسمية · عاجل" == peer.feed("urgent.ar").findtext("a:title", namespaces=ATOM)


async def test_pages_that_are_to_look_otherwise_are_all_written_anew(peer: FolderPeer) -> None:
    await peer.publish(*(statement(count) for count in range(1, 53)))
    peer.channel = WebChannel(peer.folder, "http://127.0.0.1:8080/web/", Site({"ar": "اسم جديد", "en": "New name"}))

    await peer.publish(statement(53))

    pages = [file.read_text("utf-8") for file in peer.page.glob("*.html")]
    assert [] == [page for page in pages if "New name" not in page and "اسم جديد" not in page]
    assert "New name" in peer.read("feed.en.1.atom")


async def test_the_page_of_a_replaced_statement_names_the_newer_one(peer: FolderPeer) -> None:
    await peer.publish(statement(1), statement(2, replaces=("uae/S1",)))

    assert "This statement was replaced by:" in peer.read("S1.en.html")
    assert '<a href="S2.en.html">' in peer.read("S1.en.html")
    assert "Keep away from wadis." in peer.read("S1.en.html")
    assert "replaced" not in peer.read("S2.en.html")


async def test_a_page_that_was_half_written_is_whole_when_the_message_comes_again(peer: FolderPeer) -> None:
    await peer.publish(statement(1), statement(2, replaces=("uae/S1",)))
    whole = {name: kept[0] for name, kept in _snapshot(peer.folder).items()}
    for lost in ("S1.en.html", "S2.en.html", ".lists/en/1.json", ".newer/S1.json", "feed.en.rss"):
        (peer.page / lost).unlink()
    (peer.page / "index.en.html").write_text("half", encoding="utf-8")
    (peer.page / ".lists/en/1.json").write_text('["S1"]', encoding="utf-8")

    await peer.publish(statement(2, replaces=("uae/S1",)))

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
    (peer.page / "bulletins" / "S1.json").write_text("{}", encoding="utf-8")

    with pytest.raises(TransientDelivery, match=r"S1\.json"):
        await peer.publish(statement(2))


async def test_a_statement_that_is_called_index_is_not_the_list(peer: FolderPeer) -> None:
    await peer.publish(bulletin("index"))

    assert "<li class" in peer.read("index.en.html")
