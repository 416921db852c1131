"""The folder of a public page, and which of its files a bulletin changes.

`bulletins/<page>.json` is what was published; all else is derived from it: `.lists/` is the order of arrival and
`.newer/` what has replaced a page. So a bulletin rewrites its own pages and those that it replaces, the current lists
and the feeds, and nothing else. A message that comes again repairs what a dying worker left half done. When pages
are to look otherwise from now on (`.look`), all are written anew.
"""

from collections.abc import Iterable, Iterator
from shutil import rmtree

from pydantic import ValidationError

from crisis_bus.channels import feeds, site
from crisis_bus.channels.feeds import Feed
from crisis_bus.channels.lists import CHUNK, Files, Lists
from crisis_bus.channels.site import Entry, Item, Site
from crisis_bus.domain import instants
from crisis_bus.domain.pages import page_name
from crisis_bus.domain.subscriptions import Language
from crisis_bus.errors import TransientDelivery

_URGENT = "urgent."
_CALLED = {"ar": "عاجل", "en": "urgent"}


class Shelf:
    """One folder while one item is put there; `url` is where readers find it, ending in a slash."""

    def __init__(self, files: Files, site: Site, url: str) -> None:
        self._files = files
        self._lists = Lists(files)
        self._site = site
        self._url = url
        self._items: dict[str, Item] = {}

    def put(self, item: Item) -> None:
        """Put an item on the page and write every file that it changes; the same again changes nothing."""
        came_before = self._files.there(_state(item.page))
        self._files.write(_state(item.page), item.model_dump_json().encode())
        look = self._site.look(self._url).encode()
        if self._files.read(".look") != look:
            self._put_all()
            self._files.write(".look", look)
            return
        self._arrange(item, came_before=came_before)
        replaced = [each for each in map(page_name, item.bulletin.replaces) if self._files.there(_state(each))]
        for page in {item.page, *replaced}:
            self._write_pages(page)
            self._write_archives_with(page)
        self._write_current()

    def _put_all(self) -> None:
        for derived in (".lists", ".newer"):
            rmtree(self._files.folder / derived, ignore_errors=True)
        states = (self._files.folder / "bulletins").glob("*.json")
        for item in sorted((self._item(file.stem) for file in states), key=_age):
            self._arrange(item, came_before=False)
        for page in self._items:
            self._write_pages(page)
        for key in self._lists.keys():  # noqa: SIM118 lists are no dictionary
            for number in range(1, self._lists.full(key) + 1):
                self._write_archive(key, number)
        self._write_current()

    def _arrange(self, item: Item, *, came_before: bool) -> None:
        """Note where it stands in the lists, and what it replaces; only what came before can stand there already."""
        for key in _keys(item):
            if not (came_before and self._lists.place(key, item.page)):
                self._lists.add(key, item.page)
        for number in item.bulletin.replaces:
            file = _newer(page_name(number))
            self._files.write_names(file, sorted({*self._files.names(file), item.page}))

    def _write_pages(self, page: str) -> None:
        self._files.write(site.STYLE, site.style())
        for language in self._item(page).languages:
            shown = self._entry(page, language)
            self._files.write(f"{page}.{language}.html", site.statement_html(shown, self._site))

    def _write_archives_with(self, page: str) -> None:
        for key in _keys(self._item(page)):
            number = self._lists.place(key, page)
            if number <= self._lists.full(key):
                self._write_archive(key, number)

    def _write_archive(self, key: str, number: int) -> None:
        shown = self._shown(key, self._lists.chunk(key, number))
        feed = self._feed(key, shown, number, number - 1)
        self._files.write(feeds.file_name(key, "atom", number), feeds.atom(feed))
        self._write_list(key, shown, number, number - 1)

    def _write_current(self) -> None:
        """In each list what came since the last archive, filled up with the newest of the archive."""
        for key in self._lists.keys():  # noqa: SIM118 lists are no dictionary
            full = self._lists.full(key)
            fresh = self._lists.chunk(key, full + 1)
            filling = [entry.page for entry in self._shown(key, self._lists.chunk(key, full))]
            shown = self._shown(key, [*fresh, *filling[: CHUNK - len(fresh)]])
            for ending, write in feeds.FORMATS.items():
                self._files.write(feeds.file_name(key, ending), write(self._feed(key, shown, 0, full)))
            self._write_list(key, shown, 0, full)

    def _write_list(self, key: str, shown: list[Entry], number: int, before: int) -> None:
        if key.startswith(_URGENT):
            return
        languages = [each for each in self._lists.keys() if not each.startswith(_URGENT)]  # noqa: SIM118 lists are no dictionary
        older = f"index.{key}.{before}.html" if before else ""
        html = site.list_html(shown, key, languages, self._site, older)
        self._files.write(f"index.{key}.{number}.html" if number else f"index.{key}.html", html)
        if not number and key == languages[0]:
            self._files.write("index.html", html)

    def _feed(self, key: str, shown: list[Entry], number: int, before: int) -> Feed:
        language = key.removeprefix(_URGENT)
        called = f" · {_CALLED.get(language, _CALLED['en'])}" if key.startswith(_URGENT) else ""
        title = self._site.title(language) + called
        return Feed(self._url, key, language, title, self._site.hub, tuple(shown), number, before)

    def _shown(self, key: str, pages: Iterable[str]) -> list[Entry]:
        """Pages of a list as entries, the newest first."""
        newest = sorted(
            {self._item(page).page for page in pages}, key=lambda page: _age(self._item(page)), reverse=True
        )
        return [self._entry(page, key.removeprefix(_URGENT)) for page in newest]

    def _entry(self, page: str, language: Language) -> Entry:
        there = (each for each in self._files.names(_newer(page)) if self._files.there(_state(each)))
        newer = sorted(map(self._item, there), key=_age, reverse=True)
        return site.entry(self._item(page), language, self._site, newer)

    def _item(self, page: str) -> Item:
        if page not in self._items:
            self._items[page] = self._read(page)
        return self._items[page]

    def _read(self, page: str) -> Item:
        try:
            return Item.model_validate_json(self._files.read(_state(page)) or b"")
        except ValidationError as error:
            msg = f"{page}.json in the folder of the page is no bulletin; move it away"
            raise TransientDelivery(msg) from error


def _state(page: str) -> str:
    return f"bulletins/{page}.json"


def _newer(page: str) -> str:
    return f".newer/{page}.json"


def _keys(item: Item) -> Iterator[str]:
    """The lists that an item is on: one a language, and a second one of what is urgent, corrections included."""
    for language in item.languages:
        yield language
        if item.bulletin.urgent:
            yield _URGENT + language


def feed_addresses(item: Item, url: str) -> list[str]:
    """Where readers find the feeds that a bulletin changes."""
    return [url + feeds.file_name(key, ending) for key in _keys(item) for ending in feeds.FORMATS]


def _age(item: Item) -> tuple[int, int, str]:
    return instants.parse(item.bulletin.published_at), item.bulletin.sequence, item.bulletin.number
