"""What the two Faust workers have in common."""

from crisis_bus.assembly.worker import Life
from crisis_bus.bus.admin import Admin
from crisis_bus.settings import Settings
from crisis_bus.streams.faust_app import StreamConfig
from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import catalogue, topics


async def config(settings: Settings, name: str) -> StreamConfig:
    """Where a worker finds Kafka and keeps its tables; those of another cluster are never mistaken for its own."""
    orders = catalogue.load(settings.topics).topic(topics.ORDERS)
    async with Admin(settings.kafka, settings.ack_timeout_seconds) as admin:
        brokers, cluster = await admin.brokers(), await admin.cluster()
    tables = settings.data / "tables" / cluster / name
    tables.mkdir(parents=True, exist_ok=True)
    return StreamConfig(
        bootstrap=settings.kafka,
        data=tables,
        app_id=f"crisis-bus-{name}",
        partitions=orders.partitions,
        replication=settings.kafka_replicas or min(orders.replicas, brokers),
        ack_timeout_seconds=settings.ack_timeout_seconds,
    )


def lifeline(life: Life) -> Lifeline:
    """The worker's line to its process."""
    line = Lifeline(stop=life.stop)
    life.needs("tables", line.ready.is_set)
    return line
