"""What a reader takes for one sign, and where a text may be cut: never inside one, nor inside an address or hashtag."""

import regex

MORE = "…"
_SIGN = regex.compile(r"\X")
_WHOLE = regex.compile(r"(?:https?:|www\.|[#@])", regex.IGNORECASE)


def signs(text: str) -> list[str]:
    """The signs of a text as a reader counts them: a letter with its marks, a flag, a family are one each."""
    return _SIGN.findall(text)


def cut(text: str, most: int) -> str:
    """A text of at most so many signs, `…` included, that ends with a whole word where it can."""
    found = signs(text)
    if len(found) <= most:
        return text
    kept = "".join(found[: max(most - 1, 0)])
    words = kept.split()
    if words and not found[max(most - 1, 0)].isspace() and not kept[-1].isspace():
        words = _without_half(words)
    return f"{' '.join(words).rstrip('،,;:؛. ')}{MORE}"


def _without_half(words: list[str]) -> list[str]:
    """A half word goes; the only one stays half, unless it is an address or a hashtag."""
    *whole, half = words
    return whole if whole or _WHOLE.match(half) else [half]
