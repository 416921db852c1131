"""The gateway process: HTTP in front, the log behind, views in between."""

import asyncio
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvicorn

from crisis_bus import packs
from crisis_bus.assembly import providers, worker
from crisis_bus.assembly.worker import Life
from crisis_bus.bus import controls, letters
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.reader import Reader
from crisis_bus.bus.record import Outgoing
from crisis_bus.channels import guard
from crisis_bus.channels.signatures import SigningKey
from crisis_bus.domain import channel_tests
from crisis_bus.domain.controls import Control
from crisis_bus.domain.journal import Entry
from crisis_bus.errors import UserError
from crisis_bus.gateway import channel_tests as gateway_tests
from crisis_bus.gateway import feed, keys, signing_up
from crisis_bus.gateway.access import REHEARSAL
from crisis_bus.gateway.app import create_app
from crisis_bus.gateway.deps import GatewayDeps, Limits, Taken
from crisis_bus.gateway.keys import Keys
from crisis_bus.gateway.names import Names
from crisis_bus.gateway.operations import Operations
from crisis_bus.settings import Settings
from crisis_bus.telemetry.journal import observe_entry
from crisis_bus.telemetry.labels import Skipped, Stage
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.views.chain import Standing
from crisis_bus.wire import catalogue, messages, topics
from crisis_bus.wire.envelope import Envelope

_DRAIN_SECONDS = 10
_SKIPPED = {Standing.REPEATED: Skipped.REPEATED, Standing.FORKED: Skipped.UNCHAINED}


class KeyFile:
    """The keys file, read again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        """Read it for the first time; raises SettingsError."""
        self._path = path
        self._seen = 0
        self._keys = keys.of(())
        self()

    def __call__(self) -> Keys:
        """The keys as the file has them now; a file that cannot be read leaves those of before in force."""
        changed = self._path.stat().st_mtime_ns if self._path.is_file() else 0
        if changed != self._seen:
            self._seen = changed
            self._keys = keys.load(self._path.read_text(encoding="utf-8"), self._path.name) if changed else keys.of(())
        return self._keys


class DoorMeter:
    """What the gateway counts, as metrics."""

    def __init__(self, metrics: Metrics, caught_up: Callable[[], bool]) -> None:
        """Count into these, once the past has been read."""
        self._metrics = metrics
        self._caught_up = caught_up

    def taken(self, what: Taken, name: str) -> None:
        """Something was acknowledged by the log."""
        if what == "command":
            self._metrics.accepted.labels(command=name).inc()

    def entry(self, standing: Standing, entry: Entry) -> None:
        """A journal entry was read: what it tells is counted, and so is one that does not count."""
        if standing is Standing.COUNTS:
            observe_entry(self._metrics, entry, counting=self._caught_up())
        else:
            self._metrics.skipped.labels(reason=_SKIPPED[standing]).inc()

    def refused(self, code: str) -> None:
        """A request was answered with a problem."""

    def denied(self, rule: str) -> None:
        """Somebody was kept out."""
        self._metrics.denials.labels(rule=rule).inc()

    def listening(self, change: int) -> None:
        """A live page opened or closed."""


async def run(settings: Settings) -> None:
    """Serve until asked to stop: no new requests, then the last sends, then the log."""
    async with worker.living(settings) as life:
        publisher = Publisher(settings.kafka, settings.ack_timeout_seconds, "crisis-bus-gateway")
        reader = Reader(settings.kafka, feed.TOPICS, client_id="crisis-bus-gateway")
        await publisher.start()
        await reader.start()
        deps = _deps(life, publisher, reader)
        try:
            feeding = asyncio.create_task(feed.feed(deps, reader.batches()))
            serving = asyncio.create_task(_serve(deps, settings, life))
            testing = asyncio.create_task(gateway_tests.weekly(deps, settings.channel_test))
            forgetting = asyncio.create_task(signing_up.forget(deps))
            await worker.until_stopped(life, feeding, serving, testing, forgetting)
            await serving
            for task in (feeding, testing, forgetting):
                task.cancel()
        finally:
            await reader.stop()
            await publisher.stop()


def _deps(life: Life, publisher: Publisher, reader: Reader) -> GatewayDeps:
    settings = life.settings
    policy = packs.load(settings.pack)
    life.needs("views", lambda: reader.caught_up)
    life.metrics.ready.set_function(lambda: 0 if life.readiness() else 1)

    async def publish(topic: str, key: bytes, envelope: Envelope) -> None:
        await publisher.send(Outgoing(topic, key, envelope))
        if not envelope.extensions.get(messages.SPACE, "").startswith(REHEARSAL):
            age = max(0, worker.now() - envelope.time) / 1000
            life.metrics.event_age.labels(stage=Stage.ACCEPT).observe(age)

    async def order(partition: int, envelope: Envelope) -> None:
        key = (envelope.subject or "").encode()
        await publisher.send(Outgoing(topics.ORDERS, key, envelope, partition))

    key, secret = settings.webhook_signing_key, settings.link_secret
    return GatewayDeps(
        publish=publish,
        keys=KeyFile(settings.api_keys if settings.api_keys.is_absolute() else settings.data / settings.api_keys),
        now=worker.now,
        chance=worker.chance,
        space=settings.space,
        public=settings.data / "web",
        registry=life.metrics.registry,
        meter=DoorMeter(life.metrics, lambda: reader.caught_up),
        ready=lambda: {"views": reader.caught_up},
        hosts=("*",) if settings.gateway_host == "0.0.0.0" else (settings.gateway_host, "localhost", "127.0.0.1"),  # noqa: S104 compared, not bound
        limits=Limits(max_body_bytes=settings.max_body_bytes, ack_timeout_seconds=settings.ack_timeout_seconds),
        names=Names.of(policy),
        offset_minutes=policy.utc_offset_minutes,
        leads_inside=partial(guard.leads_inside, allowed=settings.allowed_networks),
        public_url=settings.public_url,
        signup={str(way): channel for way, channel in settings.public_signup.items()},
        signup_days=settings.public_signup_days,
        link_secret=None if secret is None else secret.get_secret_value().encode(),
        callbacks=providers.callbacks(settings),
        languages=policy.languages,
        recall=Recall(settings.kafka),
        operations=_operations(settings, publisher, policy.offices.communication),
        order=order,
        order_partitions=catalogue.load(settings.topics).topic(topics.ORDERS).partitions,
        testable=channel_tests.testable(policy),
        webhook_key=None if key is None else SigningKey(key.get_secret_value()).public,
    )


class Recall:
    """Reads the receipts from the beginning, for one after the other."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._one_by_one = asyncio.Lock()

    async def __call__(self, look: Callable[[bytes | None], None]) -> None:
        """Hand over the value of each record; raises NotReachable."""
        async with self._one_by_one:
            reader = Reader(self._bootstrap, [topics.RECEIPTS], client_id="crisis-bus-gateway")
            await reader.start()
            try:
                async for batch in reader.batches(for_ever=False):
                    for record in batch:
                        look(record.value)
            finally:
                await reader.stop()


def _operations(settings: Settings, publisher: Publisher, office: str) -> Operations:
    async def acts() -> list[Control]:
        return list(controls.acts(await controls.all_of(settings.kafka, topics.CONTROLS)))

    return Operations(
        office=office,
        targets=tuple(providers.names(settings)),
        acts=acts,
        letters=partial(letters.read, settings.kafka),
        put_back=publisher.send,
    )


async def _serve(deps: GatewayDeps, settings: Settings, life: Life) -> None:
    config = uvicorn.Config(
        create_app(deps),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[_socket(settings)]))
    stopping = asyncio.create_task(life.stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


def _socket(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.gateway_host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.gateway_host, settings.gateway_port))
    except OSError as error:
        listener.close()
        place = f"{settings.gateway_host}:{settings.gateway_port}"
        msg = f"the gateway cannot listen on {place} ({error.strerror}); set CRISIS_BUS_GATEWAY_PORT to a free port"
        raise UserError(msg) from error
    return listener
