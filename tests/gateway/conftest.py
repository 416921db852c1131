from pathlib import Path

import pytest

from tests.gateway.stage import Stage, stage


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path / "web")
