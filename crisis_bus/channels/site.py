"""The files of a public page, worked out from the bulletins on it; nothing is written here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, PackageLoader, StrictUndefined
from lxml import etree
from pydantic import BaseModel, ConfigDict

from crisis_bus.domain import ids, instants
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.subscriptions import Language
from crisis_bus.text.calendars import Calendar

FEED_LENGTH = 50
_PAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PAGES = Environment(
    loader=PackageLoader("crisis_bus.channels", "page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = "style.css"
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})

Titles = dict[Language, str]
"""What the page is called, in each language."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the page is called, and how it tells the time; a language without a calendar has it as RFC 3339."""

    titles: Titles
    offset_minutes: int = 0
    calendars: Mapping[Language, Calendar] = field(default_factory=dict)

    def title(self, language: Language) -> str:
        """What the page is called; in the first language, where it has no title in this one."""
        return self.titles.get(language) or next(iter(self.titles.values()))

    def spoken(self, at: str, language: Language) -> str:
        """A moment as people say it."""
        calendar = self.calendars.get(language)
        return at if calendar is None else calendar.say(instants.parse(at), self.offset_minutes)


def direction(tag: Language) -> str:
    """How a language is written, as HTML calls it: `rtl` or `ltr`."""
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language as a page speaks of it."""

    tag: Language

    @property
    def direction(self) -> str:
        return direction(self.tag)

    @property
    def name(self) -> str:
        try:
            return str(Locale.parse(self.tag, sep="-").get_display_name()).capitalize()
        except (UnknownLocaleError, ValueError):
            return self.tag


class Item(BaseModel):
    """A bulletin on the page, in the languages in which it stands there."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    languages: tuple[Language, ...]
    bulletin: Bulletin


def page_name(bulletin: Bulletin) -> str:
    """Name the page of a bulletin: its statement's id where that is fit for a file, else derived from its number."""
    return bulletin.statement if _PAGE.fullmatch(bulletin.statement) else ids.derived("page", bulletin.number)


def site_files(items: Sequence[Item], site: Site, url: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the page but the bulletins themselves; `url` is where readers find it, ending in a slash."""
    newest = sorted(items, key=lambda item: (item.bulletin.published_at, item.bulletin.sequence), reverse=True)
    yield _STYLE, _PAGES.get_template("style.css").render().encode()
    languages = sorted({each for item in items for each in item.languages})
    for language in languages:
        shown = [_shown(item, language, newest, site) for item in newest if language in item.languages]
        for entry in shown:
            yield (
                f"{entry['page']}.{language}.html",
                _html("statement.html.j2", language, site, entry["languages"], entry=entry),
            )
        index = _html("index.html.j2", language, site, languages, entries=shown)
        yield f"index.{language}.html", index
        if language == languages[0]:
            yield "index.html", index
        yield f"feed.{language}.atom", _feed(shown[:FEED_LENGTH], language, site, url)


def _html(template: str, language: Language, site: Site, there: Sequence[Language], **more: Any) -> bytes:  # noqa: ANN401 what a template shows
    page, own = _PAGES.get_template(template), _Tongue(language)
    others = [_Tongue(other) for other in there if other != language]
    tongue = others[0] if others else None
    title = site.title(language)
    return page.render(language=language, direction=own.direction, title=title, tongue=tongue, **more).encode()


def _shown(item: Item, language: Language, all_items: Sequence[Item], site: Site) -> dict[str, Any]:
    bulletin = item.bulletin
    after = [other.bulletin for other in all_items if bulletin.number in other.bulletin.replaces]
    return {
        "page": page_name(bulletin),
        "languages": item.languages,
        "number": _clean(bulletin.number),
        "headline": _clean(bulletin.headline.get(language, bulletin.number)),
        "paragraphs": [part.split("\n") for part in _clean(bulletin.text.get(language, "")).split("\n\n")],
        "text": _clean(bulletin.text.get(language, "")),
        "at": bulletin.published_at,
        "spoken": site.spoken(bulletin.published_at, language),
        "lead": _clean(bulletin.lead),
        "kind": bulletin.kind.value,
        "urgent": bulletin.urgent,
        "exercise": bulletin.exercise,
        "replaced_by": [
            {"page": page_name(each), "headline": _clean(each.headline.get(language, each.number))} for each in after
        ],
    }


def _clean(text: str) -> str:
    """Replace what XML has no place for."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _feed(entries: Sequence[dict[str, Any]], language: Language, site: Site, url: str) -> bytes:
    """Build an Atom feed (RFC 4287); an entry never changes once it is there."""
    feed = etree.Element(f"{{{_ATOM}}}feed", {_LANG: str(language)}, nsmap={None: _ATOM})  # type: ignore[dict-item]  # the stubs forget the default namespace
    _add(feed, "id", f"urn:uuid:{ids.derived('feed', url, language)}")
    _add(feed, "title", site.title(language))
    _add(feed, "updated", entries[0]["at"])
    _add(_add(feed, "author"), "name", site.title(language))
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{url}feed.{language}.atom")
    _add(feed, "link", rel="alternate", type="text/html", hreflang=language, href=f"{url}index.{language}.html")
    for entry in entries:
        element = _add(feed, "entry")
        _add(element, "id", f"urn:uuid:{ids.derived('entry', entry['number'], language)}")
        _add(element, "title", entry["headline"])
        _add(element, "published", entry["at"])
        _add(element, "updated", entry["at"])
        _add(_add(element, "author"), "name", entry["lead"])
        _add(element, "category", term=entry["kind"])
        page = f"{url}{entry['page']}.{language}.html"
        _add(element, "link", rel="alternate", type="text/html", hreflang=language, href=page)
        _add(element, "content", entry["text"], type="text")
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element
