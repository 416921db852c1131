"""Where something stands in the JSON of a provider: names and numbers of places, joined by dots."""

import json
from typing import Any


def node(said: Any, path: str) -> Any:  # noqa: ANN401 any JSON value comes by
    """What stands at a path (`messages.0.id`); None if nothing does."""
    for step in path.split("."):
        if isinstance(said, list) and step.isdecimal() and int(step) < len(said):
            said = said[int(step)]
        elif isinstance(said, dict) and step in said:
            said = said[step]
        else:
            return None
    return said


def text(said: Any, path: str) -> str | None:  # noqa: ANN401 see above
    """What stands at a path, as text."""
    found = node(said, path)
    return found if found is None or isinstance(found, str) else json.dumps(found)
