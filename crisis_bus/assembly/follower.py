"""The follower process: publishes what follows from the journal, and snapshots of it."""

import asyncio
from dataclasses import dataclass

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.packs.templates import load_templates
from crisis_bus.settings import Settings
from crisis_bus.streams.bulletins import Newsroom
from crisis_bus.streams.follower import Follower
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.wire import catalogue, topics


@dataclass(frozen=True, slots=True)
class FollowerMeter:
    """What the follower does, as metrics."""

    metrics: Metrics

    def dead_letter(self, topic: str) -> None:
        """A record went to the dead letters."""
        self.metrics.dead_letters.labels(topic=topic).inc()

    def behind(self, records: int) -> None:
        """So many entries wait."""
        self.metrics.follower_lag.set(records)


async def run(settings: Settings) -> None:
    """Follow until asked to stop."""
    policy = packs.load(settings.pack)
    templates = load_templates(settings.pack)
    orders = catalogue.load(settings.topics).topic(topics.ORDERS).partitions
    async with worker.living(settings) as life:
        publisher = Publisher(settings.kafka, settings.ack_timeout_seconds, "crisis-bus-follower")
        await publisher.start()
        try:
            meter = FollowerMeter(life.metrics)
            newsroom, every = Newsroom(policy, templates, settings.statement_pages), settings.snapshot_every
            follower = Follower(Kafka(settings.kafka), newsroom, publisher, orders, meter, every)
            life.needs("partitions", lambda: follower.started)
            following = asyncio.create_task(follower.run(life.stop))
            await worker.until_stopped(life, following)
            await following
        finally:
            await publisher.stop()
