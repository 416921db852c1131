"""The dead letters of a log, as an operator sees them."""

import re
from typing import Any

from crisis_bus.bus import controls
from crisis_bus.bus.controls import Letter
from crisis_bus.errors import UnreadableMessage
from crisis_bus.wire import jsonbytes, topics

_SECRET = re.compile("address|secret|token|password")
"""What the name of a masked field has in it."""
_ADDRESSES = re.compile(
    r'"[^"]*(?:address|secret)[^"]*"\s*:\s*"(?:[^"\\]|\\.)*"?'
    r"|whsec_[\w+/=]+|[\w.+-]+@[\w.-]+|https?://[^\s\"'<>\\]+|\+[0-9][0-9 -]{6,}[0-9]"
)
"""What looks like a secret, a mail address, a URL or a number, where there are no fields to go by."""
_MASK = "•••"


async def read(bootstrap: str) -> list[Letter]:
    """All that are there, with what was last done to each; raises NotReachable."""
    acts = controls.acts(await controls.all_of(bootstrap, topics.CONTROLS))
    return list(controls.letters(acts, await controls.all_of(bootstrap, topics.DEAD_LETTERS)))


def row(letter: Letter) -> dict[str, Any]:
    """One line of a list."""
    done = letter.handled
    return {
        "place": letter.place,
        "at": letter.letter.at,
        "type": dict(letter.letter.raw_headers).get("ce_type", b"").decode(errors="replace"),
        "reason": letter.letter.reason,
        "handled": "" if done is None else done.action,
        "by": "" if done is None else done.by,
    }


def shown(letter: Letter) -> dict[str, Any]:
    """The record as it came, as far as it can be shown: addresses and secrets are masked."""
    key, value = letter.letter.key, letter.letter.value
    return {
        **row(letter),
        "key": None if key is None else key.decode(errors="replace"),
        "headers": {name: content.decode(errors="replace") for name, content in letter.letter.raw_headers},
        "value": None if value is None else _masked(_readable(value)),
    }


def _readable(value: bytes) -> Any:  # noqa: ANN401 any JSON value comes by
    try:
        return jsonbytes.read(value, "the record")
    except UnreadableMessage:
        return _ADDRESSES.sub(_MASK, value.decode(errors="replace"))


def _masked(value: Any) -> Any:  # noqa: ANN401 see above
    if isinstance(value, dict):
        return {name: _MASK if _SECRET.search(name) else _masked(item) for name, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list) else value
