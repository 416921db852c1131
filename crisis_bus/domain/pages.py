"""What the page of a bulletin is called, for whoever writes it and whoever points to it."""

import re

from crisis_bus.domain import ids

_PAGE = re.compile(r"(?!index\Z)[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def page_name(number: str) -> str:
    """Name the page of a bulletin: its statement's id where that is fit for a file, else derived from its number."""
    statement = number.partition("/")[2]
    return statement if _PAGE.fullmatch(statement) else ids.derived("page", number)
