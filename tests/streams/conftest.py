import os
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.streams.cluster import TOPICS, Cluster


@pytest.fixture(scope="session")
def kafka() -> Any:
    return SimpleNamespace(bootstrap=os.environ["TRIAL_KAFKA"])


@pytest.fixture
async def cluster(kafka: Any) -> AsyncIterator[Cluster]:
    cluster = Cluster(kafka.bootstrap)
    await cluster.delete(TOPICS)
    await cluster.create(TOPICS)
    yield cluster
    await cluster.delete(TOPICS)
