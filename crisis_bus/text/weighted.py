"""The length of a post as X counts it (configuration v3 of twitter-text): weights by script, an address 23, emoji 2."""

import unicodedata

import regex

from crisis_bus.text.graphemes import signs

MOST = 280
ADDRESS = 23
"""Whatever its length: X puts a short one in its place."""
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_HEAVY = 2
_LONGEST_LABEL = 63
_LONGEST_URL = 4096
_URL = regex.compile(
    r"(?<![\p{L}\p{N}@$#_./-])(?P<scheme>https?://)?"
    r"(?P<host>(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?\.)+(?:\p{Latin}{2,}|\p{Arabic}{2,}|xn--[a-z0-9-]+))"
    r"(?![\p{L}\p{N}@_])(?::[0-9]+)?"
    r"(?P<path>[/?][\p{Latin}0-9!*';:=+,.$/%#\[\]()?\-–_~@|&]*)?",
    regex.IGNORECASE,
)
_NOT_AT_THE_END = "!*';:,.$[](?–"
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\ufe0f?\u20e3")


def length(text: str) -> int:
    """The weighted length of a text."""
    text = unicodedata.normalize("NFC", text)
    total, after = 0, 0
    for found in _URL.finditer(text):
        address = found.group().rstrip(_NOT_AT_THE_END)
        if not _holds(found["host"], address):
            continue
        total += _plain(text[after : found.start()]) + _of_address(address, named=bool(found["scheme"]))
        after = found.start() + len(address)
    return total + _plain(text[after:])


def _holds(host: str, address: str) -> bool:
    """A host whose labels a name server could know."""
    labels = host.split(".")
    return len(address) <= _LONGEST_URL and all(_encoded(label) <= _LONGEST_LABEL for label in labels)


def _encoded(label: str) -> int:
    return len(label) if label.isascii() else len(label.encode("punycode")) + len("xn--")


def _of_address(address: str, *, named: bool) -> int:
    """Without `https://` it may be no address at all, a full stop between two words: then the longer count is safe."""
    return ADDRESS if named else max(ADDRESS, _plain(address))


def _plain(text: str) -> int:
    return sum(_HEAVY if _EMOJI.match(sign) else sum(map(_weight, sign)) for sign in signs(text))


def _weight(character: str) -> int:
    code = ord(character)
    return 1 if any(first <= code <= last for first, last in _LIGHT) else _HEAVY
