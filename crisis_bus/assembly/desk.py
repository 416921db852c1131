"""The desk process: the single writer of its partitions."""

import asyncio
from dataclasses import dataclass

from crisis_bus import packs
from crisis_bus.assembly import worker
from crisis_bus.bus.kafka import Kafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.domain.instants import Instant
from crisis_bus.settings import Settings
from crisis_bus.streams.desk import DeskRunner
from crisis_bus.telemetry.labels import Stage
from crisis_bus.telemetry.metrics import Metrics


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
    """Decide until asked to stop."""
    policy = packs.load(settings.pack)
    async with worker.living(settings) as life:
        publisher = Publisher(settings.kafka, settings.ack_timeout_seconds, "crisis-bus-desk")
        await publisher.start()
        try:
            desk = DeskRunner(Kafka(settings.kafka), policy, publisher, worker.now, DeskMeter(life.metrics))
            life.needs("partitions", lambda: desk.started)
            deciding = asyncio.create_task(desk.run(life.stop))
            await worker.until_stopped(life, deciding)
            await deciding
        finally:
            await publisher.stop()
