"""The public pages: static files that a gateway or any web server gives out.

The folder is the state: `bulletins/<page>.json` holds what was published there, and everything else is
written from it (`shelf.py`). A message that comes again, because a worker died over it, makes its pages whole;
otherwise the same message twice changes nothing. Files appear whole or not at all.
"""

import asyncio
import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.http import Post
from crisis_bus.channels.lists import Files
from crisis_bus.channels.shelf import Shelf, feed_addresses
from crisis_bus.channels.site import Item, Site
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.subscriptions import Transport
from crisis_bus.errors import DeliveryError, PermanentDelivery, TransientDelivery

_ADDRESS = re.compile(r"/(?:[a-z0-9][a-z0-9-]{0,63}/)*", re.ASCII)
_SPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


class WebChannel:
    """Writes the page of each bulletin, the lists and the feeds below `<folder>/<space><address>`.

    `public_url` is where readers find `<folder>`; feeds name it, pages link relatively. With a WebSub hub, `post` tells
    it which feeds are new; the receipt says if it did not listen, for the pages are there all the same.
    """

    name: Transport = "web"
    traits = Traits(
        "web",
        "web",
        "folder such as /",
        "none",
        "a page, and feeds (Atom, RSS, JSON), for each language",
        "by chain",
        "the files are on disk",
        "the writing is the receipt",
        carrier=True,
    )

    def __init__(self, folder: Path, public_url: str, site: Site, post: Post | None = None) -> None:
        self._post = post
        self._folder = folder
        self._public_url = public_url.rstrip("/")
        self._site = site

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse an address that is no folder below the pages of the space."""
        if not _ADDRESS.fullmatch(message.address) or not _SPACE.fullmatch(message.bulletin.space):
            msg = "the address must be / or a folder such as /exercise/ in small letters, digits and hyphens"
            raise PermanentDelivery(msg)
        item = Item(languages=message.languages, bulletin=message.bulletin)
        return Prepared(message, item.model_dump_json().encode())

    async def send(self, prepared: Prepared) -> Taken:
        """Write the bulletin, then all that shows it."""
        try:
            await asyncio.to_thread(self._write, prepared)
        except OSError as error:
            msg = f"the page could not be written: {error.strerror or type(error).__name__}"
            raise TransientDelivery(msg) from error
        return Taken("the page is written" + await self._tell_hub(prepared))

    async def close(self) -> None:
        """Close what tells the hub."""
        if self._post is not None:
            await self._post.close()

    async def _tell_hub(self, prepared: Prepared) -> str:
        """Name the feeds that are new (WebSub §7); what to add to the receipt."""
        hub, message = self._site.hub, prepared.message
        if hub is None or self._post is None:
            return ""
        url = f"{self._public_url}/{message.bulletin.space}{message.address}"
        feeds = feed_addresses(Item.model_validate_json(prepared.payload), url)
        body = urlencode([("hub.mode", "publish"), *(("hub.url", each) for each in feeds)])
        try:
            answer = await self._post(hub, {"content-type": "application/x-www-form-urlencoded"}, body.encode())
        except DeliveryError as error:
            return f"; the WebSub hub was not told: {error}"
        told = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
        return "; the WebSub hub knows" if told else f"; the WebSub hub answered {answer.status}"

    def _write(self, prepared: Prepared) -> None:
        message = prepared.message
        path = message.bulletin.space + message.address
        folder = self._folder / path
        folder.mkdir(parents=True, exist_ok=True)
        with _held(folder / ".lock"):
            shelf = Shelf(Files(folder), self._site, f"{self._public_url}/{path}")
            shelf.put(Item.model_validate_json(prepared.payload))


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Let one writer at a time into a folder, whichever process it is in."""
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
