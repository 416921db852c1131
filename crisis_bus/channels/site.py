"""The public page as HTML, worked out from the bulletins on it; nothing is written here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict

from crisis_bus import __version__
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.pages import page_name
from crisis_bus.domain.subscriptions import Language
from crisis_bus.text.calendars import Calendar

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FOLDER = PackageLoader("crisis_bus.channels", "page")
_PAGES = Environment(
    loader=_FOLDER,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
_SOME_MOMENT = "2026-04-16T12:40:00.000Z"
STYLE = "style.css"

Titles = dict[Language, str]
"""What the page is called, in each language."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the page is called, how it tells the time, and the WebSub hub that tells what is new.

    A language without a calendar has the time as RFC 3339.
    """

    titles: Titles
    offset_minutes: int = 0
    calendars: Mapping[Language, Calendar] = field(default_factory=dict)
    hub: str | None = None

    def title(self, language: Language) -> str:
        """What the page is called; in the first language, where it has no title in this one."""
        return self.titles.get(language) or next(iter(self.titles.values()))

    def spoken(self, at: str, language: Language) -> str:
        """A moment as people say it."""
        calendar = self.calendars.get(language)
        return at if calendar is None else calendar.say(instants.parse(at), self.offset_minutes)

    def look(self, url: str) -> str:
        """A mark that changes when every page has to be written anew, because it looks otherwise from now on."""
        sources = [_FOLDER.get_source(_PAGES, name)[0] for name in sorted(_FOLDER.list_templates())]
        moments = [self.spoken(_SOME_MOMENT, language) for language in sorted(self.calendars)]
        told = (__version__, sources, sorted(self.titles.items()), self.offset_minutes, moments, self.hub, url)
        return sha256(repr(told).encode()).hexdigest()


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

    @property
    def page(self) -> str:
        """The name of its page."""
        return page_name(self.bulletin.number)


@dataclass(frozen=True, slots=True)
class Newer:
    """What has replaced an entry; `language` is the one in which its page is read."""

    page: str
    headline: str
    language: Language


@dataclass(frozen=True, slots=True)
class Entry:
    """A bulletin in one language, as pages and feeds show it."""

    page: str
    language: Language
    languages: tuple[Language, ...]
    number: str
    headline: str
    text: str
    at: str
    spoken: str
    lead: str
    kind: str
    urgent: bool
    exercise: bool
    newer: tuple[Newer, ...] = ()

    @property
    def paragraphs(self) -> list[list[str]]:
        """The text, paragraph by paragraph and line by line."""
        return [part.split("\n") for part in self.text.split("\n\n")]


def entry(item: Item, language: Language, site: Site, newer: Iterable[Item] = ()) -> Entry:
    """Show an item in a language, and what has replaced it."""
    bulletin = item.bulletin
    return Entry(
        page=item.page,
        language=language,
        languages=item.languages,
        number=_clean(bulletin.number),
        headline=_clean(bulletin.headline.get(language, bulletin.number)),
        text=_clean(bulletin.text.get(language, "")),
        at=bulletin.published_at,
        spoken=site.spoken(bulletin.published_at, language),
        lead=_clean(bulletin.lead),
        kind=bulletin.kind.value,
        urgent=bulletin.urgent,
        exercise=bulletin.exercise,
        newer=tuple(_newer(each, language) for each in newer),
    )


def _newer(item: Item, language: Language) -> Newer:
    there = language if language in item.languages else item.languages[0]
    return Newer(item.page, _clean(item.bulletin.headline.get(there, item.bulletin.number)), there)


def statement_html(shown: Entry, site: Site) -> bytes:
    """The page of one statement."""
    return _html("statement.html.j2", shown.language, site, shown.languages, entry=shown)


def list_html(entries: Sequence[Entry], language: Language, there: Sequence[Language], site: Site, older: str) -> bytes:
    """A list of statements; `older` is the file with those before, if there are any."""
    return _html("index.html.j2", language, site, there, entries=entries, older=older)


def style() -> bytes:
    """The style sheet of all pages."""
    return _PAGES.get_template(STYLE).render().encode()


def _html(template: str, language: Language, site: Site, there: Sequence[Language], **more: Any) -> bytes:  # noqa: ANN401 what a template shows
    page, own = _PAGES.get_template(template), _Tongue(language)
    others = [_Tongue(other) for other in there if other != language]
    tongue = others[0] if others else None
    title = site.title(language)
    return page.render(language=language, direction=own.direction, title=title, tongue=tongue, **more).encode()


def _clean(text: str) -> str:
    """Replace what XML has no place for."""
    return _NOT_IN_XML.sub("\ufffd", text)
