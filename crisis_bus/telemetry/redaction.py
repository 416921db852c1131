"""Blots out what is secret or personal, wherever in a log line it stands."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from structlog.typing import EventDict, WrappedLogger

BLOT = "[redacted]"
_SENSITIVE = (
    r"authori[sz]ation|api[_-]?key|secret|passw(?:or)?d|passphrase|token|cookie|signature|credential|private[_-]?key"
    r"|address|e?[_-]?mail|phone|mobile|msisdn|recipient"
)
_KEY = re.compile(_SENSITIVE, re.IGNORECASE)
_PATTERNS = (
    (re.compile(r"\b(Bearer|Basic)\s+[^\s'\",;]+", re.IGNORECASE), rf"\1 {BLOT}"),
    (re.compile(r"\b(?:cb_|whsec_)[\w+/=.-]{4,}"), BLOT),
    (re.compile(r"(?<=://)[^\s/@]+@"), f"{BLOT}@"),
    (re.compile(r"[\w.!#$%&*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*"), BLOT),
    (re.compile(r"\+[1-9][0-9 -]{7,16}[0-9]\b"), BLOT),
    (
        re.compile(
            rf"([\w-]*(?:{_SENSITIVE})[\w-]*[\"']?\s*[:=]\s*)(?!\[redacted\])"
            r"(?:b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|(?:Bearer|Basic)\s+\[redacted\]|[^\s,;&)}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
)
_PLAIN = (bool, int, float)


def redacted(value: Any) -> Any:  # noqa: ANN401 any value may be logged
    """Blot every secret out of a value; what is no JSON becomes text, and so can hide nothing."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(key)): _field(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | AbstractSet):
        return [redacted(item) for item in value]
    return _text(value.decode(errors="replace") if isinstance(value, bytes) else repr(value))


def redacted_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blot a whole event out: the last processor before a line is rendered."""
    return {key: _field(key, value) for key, value in event.items()}


def _field(key: str, value: Any) -> Any:  # noqa: ANN401 any value may be logged
    return BLOT if _KEY.search(key) and value is not None else redacted(value)


def _text(text: str) -> str:
    for pattern, blot in _PATTERNS:
        text = pattern.sub(blot, text)
    return text
