"""The desk process: the single writer of its partitions, and the follower of what it wrote."""

import asyncio
from dataclasses import dataclass

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.domain.instants import Instant
from crisis_bus.packs.templates import load_templates
from crisis_bus.settings import Settings
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.streams.follower import Follower
from crisis_bus.telemetry.labels import Stage
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.wire import catalogue, topics


@dataclass(frozen=True, slots=True)
class DeskMeter:
    """What the desk does, as metrics."""

    metrics: Metrics

    def decided(self, at: Instant, seconds: float) -> None:
        """An entry is on the journal, for a command of that time."""
        self.metrics.decision.observe(seconds)
        self.metrics.event_age.labels(stage=Stage.DECIDE).observe(max(0, worker.now() - at) / 1000)

    def dead_letter(self, topic: str) -> None:
        """A record went to the dead letters."""
        self.metrics.dead_letters.labels(topic=topic).inc()

    def behind(self, records: int, oldest: Instant | None) -> None:
        """So many commands wait."""
        self.metrics.lag_records.set(records)
        self.metrics.lag_seconds.set(0 if oldest is None else max(0, worker.now() - oldest) / 1000)


async def run(settings: Settings) -> None:
    """Decide and follow until asked to stop."""
    policy = packs.load(settings.pack)
    templates = load_templates(settings.pack)
    partitions = {topic.name: topic.partitions for topic in catalogue.load(settings.topics).topics}
    async with worker.living(settings) as life:
        publisher = Publisher(settings.kafka, settings.ack_timeout_seconds, "crisis-bus-desk")
        await publisher.start()
        try:
            kafka = Kafka(settings.kafka)
            desk = DeskRunner(kafka, policy, publisher, worker.now, DeskMeter(life.metrics))
            follower = Follower(kafka, policy, templates, publisher, partitions[topics.ORDERS])
            life.needs("partitions", lambda: desk.started)
            deciding = asyncio.create_task(desk.run(life.stop))
            following = asyncio.create_task(follower.run(life.stop))
            await worker.until_stopped(life, deciding, following)
            await asyncio.gather(deciding, following)
        finally:
            await publisher.stop()
