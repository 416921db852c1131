"""A statement on paper: PDF/UA, each language on pages of its own, Arabic first."""

import logging
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from weasyprint import HTML

from crisis_bus.channels.site import Item, Site, direction, entry
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.subscriptions import Language

_PAPER = Environment(
    loader=PackageLoader("crisis_bus.channels", "paper"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_NOTHING_ELSE = "statement.html.j2"
logging.getLogger("fontTools").setLevel(logging.WARNING)


def printed(bulletin: Bulletin, languages: tuple[Language, ...], site: Site) -> bytes:
    """The PDF of a bulletin; the same bytes for the same bulletin. It fetches nothing."""
    item = Item(languages=languages, bulletin=bulletin)
    versions = [_version(item, language, site) for language in languages]
    page = _PAPER.get_template(_NOTHING_ELSE)
    html = page.render(versions=versions, number=bulletin.number, exercise=bulletin.exercise)
    pdf = HTML(string=html, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"crisis-bus")
    return bytes(pdf or b"")


def _version(item: Item, language: Language, site: Site) -> dict[str, Any]:
    shown = entry(item, language, site)
    return {
        "language": language,
        "direction": direction(language),
        "title": site.title(language),
        "headline": shown.headline,
        "spoken": shown.spoken,
        "paragraphs": shown.paragraphs,
    }


def _nothing(url: str) -> dict[str, Any]:
    msg = f"a statement has nothing that is fetched: {url}"
    raise ValueError(msg)
