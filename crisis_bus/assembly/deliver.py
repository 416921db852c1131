"""The deliver process: the outbox in, every channel out, a receipt for each."""

import asyncio
import random
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import structlog

from crisis_bus.assembly import providers, worker
from crisis_bus.assembly.worker import Life
from crisis_bus.bus.consumer import ContiguousConsumer
from crisis_bus.bus.lanes import lane_of_its_own
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing
from crisis_bus.channels.contract import Listening
from crisis_bus.delivery import running
from crisis_bus.delivery.callbacks import Callbacks
from crisis_bus.delivery.carriers import Carriers
from crisis_bus.delivery.ports import World
from crisis_bus.delivery.worker import Worker
from crisis_bus.domain import ids, instants
from crisis_bus.domain.callbacks import Callback
from crisis_bus.domain.delivery import OutboxMessage, Outcome, Receipt
from crisis_bus.domain.subscriptions import Subscription, Transport
from crisis_bus.settings import Settings
from crisis_bus.telemetry.labels import Stage
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope

GROUP = "crisis-bus-deliver"
_RECORDS_AT_ONCE = 1_000_000
"""They wait in lines (`delivery/lines.py`); the attempts at once are bounded by `delivery_concurrency`."""
_AHEAD = 4_194_304
"""Bytes of a partition; one dead destination must not stop its reading."""
_DRAIN_SECONDS = 3.0
_FILES = 65_536
_CALLBACKS_AT_ONCE = 10_000
"""Those that have come before their receipts are held, and others must not wait for them."""
SOURCE = "/crisis-bus/deliver"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryMeter:
    """What deliver does, as metrics and log lines."""

    metrics: Metrics
    first: set[str]
    """Bulletins of which a delivery has been counted: the first of each tells how old it was."""

    def receipted(self, message: OutboxMessage, told: Receipt, seconds: float) -> None:
        """A receipt is on the log."""
        self.metrics.deliveries.labels(transport=told.transport, outcome=told.outcome).inc()
        if seconds > 0:
            self.metrics.delivery.labels(transport=told.transport).observe(seconds)
        if told.outcome.reached and told.number not in self.first:
            self.first.add(told.number)
            if not message.bulletin.rehearsal:
                age = max(0, worker.now() - instants.parse(message.bulletin.published_at)) / 1000
                self.metrics.event_age.labels(stage=Stage.FIRST_DELIVERY).observe(age)
        if told.outcome not in {Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.REPLACED}:
            log.warning(
                "delivery_not_made",
                space=told.space,
                incident=told.incident,
                statement=told.statement,
                message=told.message,
                subscription=told.subscription,
                outcome=told.outcome,
                attempt=told.attempt,
            )

    def dead_lettered(self, topic: str, reason: str) -> None:
        """A record went to the dead letters."""
        self.metrics.dead_letters.labels(topic=topic).inc()
        log.warning("dead_letter", topic=topic, reason=reason)


async def run(settings: Settings) -> None:
    """Deliver until asked to stop; what is under way is finished, what waits is read again."""
    async with worker.living(settings) as life:
        publisher = Publisher(settings.kafka, settings.ack_timeout_seconds, "crisis-bus-deliver")
        await publisher.start()

        async def publish(topic: str, key: bytes, envelope: Envelope) -> None:
            await publisher.send(Outgoing(topic, key, envelope))

        ears = providers.Ears()
        carriers = providers.carriers(settings, publish, ears)
        sender = _worker(life, publisher, carriers)
        ears.hear = sender.settle
        _show(life.metrics, sender, carriers)
        told = Reader(settings.kafka, [topics.RECEIPTS, topics.CONTROLS], client_id="crisis-bus-deliver")
        consumer = _consumer(settings, sender, told)
        life.needs("receipts", lambda: told.caught_up)
        life.needs("partitions", lambda: bool(consumer.assigned))
        listening = [asyncio.create_task(channel.listen()) for channel in _listening(carriers)]
        delivering = asyncio.create_task(running.run(sender, consumer, told))
        heard = asyncio.create_task(hear(settings, sender, told))
        try:
            await worker.until_stopped(life, delivering, heard, *listening)
            await _ended(sender, consumer, delivering)
        finally:
            await _closed(carriers, [heard, *listening])
            await publisher.stop()


def _allow_files() -> None:
    """Every destination that does not answer holds a connection: as many as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _consumer(settings: Settings, sender: Worker, told: Reader) -> ContiguousConsumer:
    return ContiguousConsumer(
        settings.kafka,
        GROUP,
        [topics.OUTBOX_URGENT, topics.OUTBOX_ROUTINE],
        sender.handle,
        concurrency=_RECORDS_AT_ONCE,
        lane_of=lane_of_its_own,
        ahead=_AHEAD,
        drain_seconds=_DRAIN_SECONDS,
        client_id="crisis-bus-deliver",
        first=topics.OUTBOX_URGENT,
        beside=running.Agenda(sender, told, partial(_later, settings)),
    )


async def hear(settings: Settings, sender: Worker, told: Reader) -> None:
    """Hear what providers told the gateway, once all receipts are known; so any worker may hear any of it."""
    consumer = ContiguousConsumer(
        settings.kafka,
        f"{GROUP}-callbacks",
        [topics.CALLBACKS],
        Callbacks(sender, _unknown).handle,
        concurrency=_CALLBACKS_AT_ONCE,
        lane_of=lane_of_its_own,
        drain_seconds=_DRAIN_SECONDS,
        client_id="crisis-bus-deliver",
    )
    await told.until_caught_up()
    await consumer.run()


def _unknown(said: Callback) -> None:
    log.warning("callback_about_nothing_known", provider=said.provider, callback=said.id)


async def _ended(sender: Worker, consumer: ContiguousConsumer, delivering: "asyncio.Task[None]") -> None:
    sender.stop()
    await consumer.stop()
    await delivering


async def _closed(carriers: Carriers, listening: "list[asyncio.Task[None]]") -> None:
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for carrier in carriers.all():
        await carrier.channel.close()


def _listening(carriers: Carriers) -> list[Listening]:
    return [carrier.channel for carrier in carriers.all() if isinstance(carrier.channel, Listening)]


def _show(metrics: Metrics, sender: Worker, carriers: Carriers) -> None:
    """What waits, and whom nobody asks: read when somebody looks."""
    metrics.waiting.set_function(lambda: sender.waiting)
    for transport in carriers.of:
        breakers, paused = metrics.breakers.labels(transport=transport), metrics.paused.labels(transport=transport)
        breakers.set_function(partial(_open, carriers, transport))
        paused.set_function(partial(carriers.paused_providers, transport))


def _open(carriers: Carriers, transport: Transport) -> int:
    return carriers.open_breakers(transport, worker.now())


def _later(settings: Settings, partitions: Iterable[int]) -> Reader:
    places = {topics.LATER: sorted(partitions)}
    return Reader(settings.kafka, [topics.LATER], partitions=places, client_id="crisis-bus-deliver")


def _worker(life: Life, publisher: Publisher, carriers: Carriers) -> Worker:
    _allow_files()

    async def gone(message: OutboxMessage) -> None:
        await _pause(life.settings, publisher, message)

    world = World(worker.now, random.SystemRandom().random)
    return Worker(carriers, publisher.send_all, world, DeliveryMeter(life.metrics, set()), gone)


async def _pause(settings: Settings, publisher: Publisher, message: OutboxMessage) -> None:
    """Pause the subscription of a destination that says it is gone for good."""
    key, latest = message.subscription.encode(), None
    reader = Reader(settings.kafka, [topics.SUBSCRIPTIONS], client_id="crisis-bus-deliver")
    await reader.start()
    try:
        async for batch in reader.batches(for_ever=False):
            latest = next((record.value for record in reversed(batch) if record.key == key), latest)
    finally:
        await reader.stop()
    if latest is None:
        return
    paused = Subscription.model_validate_json(latest).model_copy(update={"paused": True})
    name = ids.derived("gone", message.id)
    envelope = messages.message_for(
        paused, types.SUBSCRIPTION, id=name, source=SOURCE, at=worker.now(), subject=paused.id
    )
    await publisher.send(Outgoing(topics.SUBSCRIPTIONS, key, envelope))
    log.warning("subscription_paused", subscription=paused.id, reason="the destination is gone")
