"""Writes what is generated in `topics/`: python -m crisis_bus.wire.generate topics/."""

import sys
from collections.abc import Mapping
from pathlib import Path

from crisis_bus.wire import asyncapi, glossary, schemas
from crisis_bus.wire.catalogue import ASYNCAPI, Catalogue, load

SCHEMAS = "schemas"
README = "README.md"


def files(catalogue: Catalogue) -> dict[str, str]:
    """Every generated file by its path inside the folder."""
    known = schemas.schemas()
    frozen = {f"{SCHEMAS}/{name}/{schemas.VERSION}.json": schemas.text(schema) for name, schema in known.items()}
    return frozen | {ASYNCAPI: asyncapi.text(catalogue, known), README: glossary.text(catalogue, known)}


def write(folder: Path, contents: Mapping[str, str]) -> None:
    """Write the files, and make the folders that they need."""
    for path, content in contents.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Generate into the folder that is named, or into `topics`."""
    folder = Path(arguments[0] if arguments else "topics")
    write(folder, files(load(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
