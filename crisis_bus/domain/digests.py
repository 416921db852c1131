"""What tells one set of tables or texts from another."""

import hashlib

from pydantic import BaseModel
from pydantic_core import to_json


def digest(value: BaseModel) -> str:
    """SHA-256 in hex of what a model says, however its mappings were ordered when it was written."""
    return hashlib.sha256(canonical(value.model_dump(mode="json"))).hexdigest()


def canonical(value: object) -> bytes:
    """JSON of a value, the keys of its mappings in order: equal values, equal bytes."""
    return to_json(_sorted(value))


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
