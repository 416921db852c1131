"""From bytes to an XML tree, without ever opening, fetching or expanding anything."""

import re
from typing import TypeAlias

from lxml import etree

from crisis_bus.cap.defects import CapRefused, Code, refused

MAX_BYTES = 1_048_576

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"\A<\?xml\s[^>]*?\?>", re.ASCII)
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""", re.ASCII)
# All of these write ASCII as ASCII, so that a DOCTYPE cannot hide from the search for it.
_ENCODINGS = frozenset({
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-6", "iso-8859-15", "windows-1252", "windows-1256",
})  # fmt: skip

Element: TypeAlias = etree._Element  # noqa: SLF001 lxml publishes the type of its elements under this name only


def parse(data: bytes) -> Element | CapRefused:
    """The root element, or why there is none."""
    if len(data) > MAX_BYTES:
        return refused(Code.TOO_LARGE, "alert", str(MAX_BYTES))
    text = _decoded(data)
    if isinstance(text, CapRefused):
        return text
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return refused(Code.DOCTYPE, "alert")
    return _tree(text)


def _decoded(data: bytes) -> str | CapRefused:
    """The text after the XML declaration, read in the encoding that the declaration names."""
    body = data.removeprefix(_BOM).strip(b" \t\r\n")
    declaration = _DECLARATION.match(body)
    named = _ENCODING.search(declaration[0]) if declaration else None
    encoding = named[1].decode("ascii").lower() if named else "utf-8"
    if encoding not in _ENCODINGS or b"\0" in body:
        return refused(Code.ENCODING, "alert", encoding)
    try:
        return body[declaration.end() if declaration else 0 :].decode(encoding)
    except UnicodeDecodeError:
        return refused(Code.ENCODING, "alert", encoding)


def _tree(text: str) -> Element | CapRefused:
    # A schema given to the parser crashes the process when a DTD comes by: rules are checked afterwards, by us.
    parser = etree.XMLParser(
        encoding="utf-8",
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        resolve_entities=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        return refused(Code.NOT_WELL_FORMED, "alert", str(error))
