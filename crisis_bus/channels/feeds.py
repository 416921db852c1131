"""The feeds of a public page: Atom (RFC 4287, paged as RFC 5005 §4), RSS 2.0 and JSON Feed 1.1.

An entry never changes once it is there, and has the same id in all three.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from lxml import etree
from pydantic_core import to_json

from crisis_bus.channels.site import Entry
from crisis_bus.domain import ids, instants
from crisis_bus.domain.subscriptions import Language

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in one language: `url` is where readers find the page, ending in a slash; `key` names its files.

    `archive` is the number of an archive document, 0 for the current one; `before` that of the archive before it,
    0 if there is none.
    """

    url: str
    key: str
    language: Language
    title: str
    hub: str | None
    entries: Sequence[Entry]
    archive: int = 0
    before: int = 0

    def address(self, suffix: str, archive: int = 0) -> str:
        """Where a document of this feed is found."""
        return self.url + file_name(self.key, suffix, archive)

    @property
    def home(self) -> str:
        """The page that people read."""
        return f"{self.url}index.{self.language}.html"

    @property
    def updated(self) -> str:
        """When the newest entry was published."""
        return max((entry.at for entry in self.entries), key=instants.parse)

    def page(self, entry: Entry) -> str:
        """The page of an entry."""
        return f"{self.url}{entry.page}.{self.language}.html"


def file_name(key: str, suffix: str, archive: int = 0) -> str:
    """The file of a feed, or of one of its archives."""
    return f"feed.{key}.{archive}.{suffix}" if archive else f"feed.{key}.{suffix}"


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    # The stubs of lxml forget that a default namespace has no prefix.
    namespaces = {None: _ATOM, "fh": _HISTORY}
    root = etree.Element(f"{{{_ATOM}}}feed", {_LANG: str(feed.language)}, nsmap=namespaces)  # type: ignore[arg-type]  # the stubs forget the default namespace
    _atom(root, "id", f"urn:uuid:{ids.derived('feed', feed.url, feed.key)}")
    _atom(root, "title", feed.title)
    _atom(root, "updated", feed.updated)
    _atom(_atom(root, "author"), "name", feed.title)
    _links(root, feed, "atom", "application/atom+xml")
    _atom(root, "link", rel="alternate", type="text/html", hreflang=feed.language, href=feed.home)
    if feed.archive:
        etree.SubElement(root, f"{{{_HISTORY}}}archive")
        _atom(root, "link", rel="current", href=feed.address("atom"))
    if feed.before:
        _atom(root, "link", rel="prev-archive", href=feed.address("atom", feed.before))
    for entry in feed.entries:
        _atom_entry(_atom(root, "entry"), feed, entry)
    return _written(root)


def _atom_entry(element: etree._Element, feed: Feed, entry: Entry) -> None:
    _atom(element, "id", entry_id(entry))
    _atom(element, "title", entry.headline)
    _atom(element, "published", entry.at)
    _atom(element, "updated", entry.at)
    _atom(_atom(element, "author"), "name", entry.lead)
    _atom(element, "category", term=entry.kind)
    _atom(element, "link", rel="alternate", type="text/html", hreflang=feed.language, href=feed.page(entry))
    _atom(element, "content", entry.text, type="text")


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": _ATOM, "dc": _CREATOR[1:].partition("}")[0]})
    channel = etree.SubElement(root, "channel")
    parts = {"title": feed.title, "link": feed.home, "description": feed.title, "language": feed.language}
    for name, text in {**parts, "pubDate": _rfc_822(feed.updated)}.items():
        etree.SubElement(channel, name).text = text
    _links(channel, feed, "rss", "application/rss+xml")
    for entry in feed.entries:
        item = etree.SubElement(channel, "item")
        for name, text in (("title", entry.headline), ("link", feed.page(entry)), ("description", _as_html(entry))):
            etree.SubElement(item, name).text = text
        etree.SubElement(item, _CREATOR).text = entry.lead
        etree.SubElement(item, "category").text = entry.kind
        etree.SubElement(item, "guid", isPermaLink="false").text = entry_id(entry)
        etree.SubElement(item, "pubDate").text = _rfc_822(entry.at)
    return _written(root)


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address("json"),
        "language": feed.language,
        "authors": [{"name": feed.title}],
        "items": [
            {
                "id": entry_id(entry),
                "url": feed.page(entry),
                "title": entry.headline,
                "content_text": entry.text,
                "date_published": entry.at,
                "authors": [{"name": entry.lead}],
                "tags": [entry.kind],
                "language": feed.language,
            }
            for entry in feed.entries
        ],
    }
    if feed.hub is not None:
        told["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    return to_json(told, indent=1) + b"\n"


FORMATS: dict[str, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss, "json": json_feed}
"""How a feed is written, by the ending of its file."""


def entry_id(entry: Entry) -> str:
    """The id of an entry, for ever."""
    return f"urn:uuid:{ids.derived('entry', entry.number, entry.language)}"


def _links(parent: etree._Element, feed: Feed, suffix: str, media: str) -> None:
    """What a subscriber of WebSub looks for (§4): the hub, and the address to name to it; archives have no news."""
    _atom(parent, "link", rel="self", type=media, href=feed.address(suffix, feed.archive))
    if feed.hub is not None and not feed.archive:
        _atom(parent, "link", rel="hub", href=feed.hub)


def _atom(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element


def _as_html(entry: Entry) -> str:
    return "".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>" for lines in entry.paragraphs)


def _rfc_822(at: str) -> str:
    return format_datetime(datetime.fromtimestamp(instants.parse(at) // 1000, tz=UTC), usegmt=True)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
