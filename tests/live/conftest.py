from collections.abc import Iterator

import pytest

from tests.live.system import System, running_system


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system, started once for the tests of a module."""
    with running_system(tmp_path_factory.mktemp("live")) as system:
        yield system
