from collections.abc import Iterator

import pytest

from crisis_bus.bus.local import LocalKafka
from tests.conftest import LIBS
from tests.streams.cluster import TOPICS, Cluster


@pytest.fixture(scope="module")
def streams_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """A broker of its own: these tests empty the topics of the system, which others have in use."""
    broker = LocalKafka(tmp_path_factory.mktemp("kafka"), libs=LIBS, heap_megabytes=384)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
async def cluster(streams_kafka: LocalKafka) -> Cluster:
    cluster = Cluster(streams_kafka.bootstrap)
    await cluster.delete(TOPICS)
    await cluster.create(TOPICS)
    return cluster
