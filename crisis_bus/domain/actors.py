"""Who asks: one text `by`, from which person and entity follow (`scenario-format.md` §3, Actors)."""


def person(by: str) -> str:
    """The actor without one leading `EX:`."""
    return by.removeprefix("EX:")


def entity(by: str) -> str:
    """The part of the person before the first dot, or the whole person."""
    return person(by).split(".", 1)[0]
