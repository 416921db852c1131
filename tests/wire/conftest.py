"""What the tests of the wire share."""

from pathlib import Path

import pytest

from crisis_bus.wire.catalogue import Catalogue, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def topics_folder() -> Path:
    return ROOT / "topics"


@pytest.fixture(scope="session")
def catalogue(topics_folder: Path) -> Catalogue:
    return load(topics_folder)
