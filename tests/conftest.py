"""The real broker of a test session, started when the first test asks for it."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import pytest

from crisis_bus.bus.admin import Admin
from crisis_bus.bus.local import LocalKafka
from crisis_bus.wire import catalogue, plan

ROOT = Path(__file__).parents[1]
LIBS = ROOT / ".crisis-bus" / "kafka" / "libs"
"""The jars are shared with `make demo`: whoever starts first fetches them."""

FreshTopic = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """A broker for the whole session: use fresh topics and fresh groups, and do not stop it."""
    broker = LocalKafka(tmp_path_factory.mktemp("kafka"), libs=LIBS, heap_megabytes=384)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalKafka]:
    """A broker for one test that stops, freezes or kills it; not started yet."""
    broker = LocalKafka(tmp_path / "kafka", libs=LIBS, heap_megabytes=384)
    yield broker
    broker.kill()


@pytest.fixture
def fresh_topic(kafka: LocalKafka) -> FreshTopic:
    """Make a topic with a name of its own: `await fresh_topic(partitions=3, config={…})`."""

    async def make(partitions: int = 1, config: Mapping[str, str] | None = None, bootstrap: str | None = None) -> str:
        name = f"test.{uuid.uuid4().hex[:12]}"
        async with Admin(bootstrap or kafka.bootstrap) as admin:
            await admin.apply([plan.Create(name, partitions, 1, config or {}, f"create {name}")])
        return name

    return make


@pytest.fixture(scope="session")
def catalogue_applied(kafka: LocalKafka) -> str:
    """The bootstrap address of a broker that has every topic of the catalogue."""

    async def apply() -> None:
        async with Admin(kafka.bootstrap) as admin:
            found = catalogue.load(ROOT / "topics")
            await admin.apply(plan.plan(found, await admin.present(), brokers=await admin.brokers()))

    asyncio.run(apply())
    return kafka.bootstrap
