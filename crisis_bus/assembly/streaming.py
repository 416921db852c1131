"""What the two Faust workers have in common."""

from crisis_bus.assembly.worker import Life
from crisis_bus.settings import Settings
from crisis_bus.streams.faust_app import StreamConfig
from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import catalogue, topics


def config(settings: Settings, name: str) -> StreamConfig:
    """Where a worker finds Kafka and keeps its tables."""
    tables = settings.data / "tables" / name
    tables.mkdir(parents=True, exist_ok=True)
    known = {topic.name: topic for topic in catalogue.load(settings.topics).topics}
    return StreamConfig(
        bootstrap=settings.kafka,
        data=tables,
        app_id=f"crisis-bus-{name}",
        partitions=known[topics.ORDERS].partitions,
        replication=settings.kafka_replicas or 1,
        ack_timeout_seconds=settings.ack_timeout_seconds,
    )


def lifeline(life: Life) -> Lifeline:
    """The worker's line to its process."""
    line = Lifeline(stop=life.stop)
    life.needs("tables", line.ready.is_set)
    return line
