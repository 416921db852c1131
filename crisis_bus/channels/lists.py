"""The files of a folder, each whole or not there, and lists in it that grow at their end, chunk by chunk."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json, to_json

CHUNK = 50
"""Entries of a chunk: so many a list of a page shows, so many stand in one archive of a feed."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files below a folder by their names."""

    folder: Path

    def there(self, name: str) -> bool:
        """Whether there is such a file."""
        return (self.folder / name).exists()

    def read(self, name: str) -> bytes | None:
        """What a file says; None if there is none."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, unless it says that already."""
        if self.read(name) == content:
            return
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def names(self, name: str) -> list[str]:
        """The names that a file lists; none if there is none."""
        found = self.read(name)
        return [] if found is None else from_json(found)

    def write_names(self, name: str, names: Iterable[str]) -> None:
        """List names in a file."""
        self.write(name, to_json(list(names)))


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists by key: chunk 1 is the oldest, only the last one grows, and a full one never changes."""

    files: Files

    def keys(self) -> list[str]:
        """The lists that there are."""
        folder = self.files.folder / ".lists"
        return sorted(each.name for each in folder.iterdir()) if folder.exists() else []

    def chunks(self, key: str) -> int:
        """How many chunks a list has."""
        folder = self.files.folder / ".lists" / key
        return sum(1 for _ in folder.glob("[0-9]*.json")) if folder.exists() else 0

    def chunk(self, key: str, number: int) -> list[str]:
        """One chunk, in the order in which its entries came."""
        return self.files.names(_file(key, number))

    def full(self, key: str) -> int:
        """How many chunks are full: the number of the last archive."""
        chunks = self.chunks(key)
        return chunks if chunks and len(self.chunk(key, chunks)) >= CHUNK else max(chunks - 1, 0)

    def add(self, key: str, name: str) -> None:
        """Put a name at the end."""
        open_chunk = self.full(key) + 1
        self.files.write_names(_file(key, open_chunk), [*self.chunk(key, open_chunk), name])

    def place(self, key: str, name: str) -> int:
        """The chunk that a name is in, looked for from the end; 0 if it is in none."""
        numbers = range(self.chunks(key), 0, -1)
        return next((number for number in numbers if name in self.chunk(key, number)), 0)


def _file(key: str, number: int) -> str:
    return f".lists/{key}/{number}.json"
