"""The rules by their ids, as `rules.yaml` states them."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from crisis_bus.errors import UserError

FILE = Path(__file__).parent / "rules.yaml"


class Both(BaseModel):
    """A sentence in Arabic and in English."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ar: str
    en: str


class Chapter(BaseModel):
    """Rules that belong together, in the order of their ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Both
    rules: Mapping[str, Both]


def chapters() -> list[Chapter]:
    """The whole index."""
    return TypeAdapter(list[Chapter]).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def rules() -> dict[str, Both]:
    """Every rule by its id."""
    return {name: rule for chapter in chapters() for name, rule in chapter.rules.items()}


def named(asked: str) -> str:
    """The id that is meant, whatever the case of its letters; raises UserError."""
    found = next((name for name in rules() if name.casefold() == asked.strip().casefold()), None)
    if found is None:
        msg = f"there is no rule {asked!r}; `crisis-bus rules list` names all, such as ESC-09a"
        raise UserError(msg)
    return found
