"""A Faust app that loses nothing: exactly the settings and parts that were found to hold."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import faust
from faust.stores import rocksdb
from faust.transport.drivers.aiokafka import KafkaError  # type: ignore[attr-defined]  # the driver's name for it
from faust.types import FutureMessage
from mode.supervisors import CrashingSupervisor
from yarl import URL

from crisis_bus.errors import NotAcknowledged
from crisis_bus.streams.transport import CarefulConsumer, CarefulTransport


@dataclass(frozen=True, slots=True)
class StreamConfig:
    """What a Faust worker must know; `data` is a folder of this process alone.

    The session timeout is how long the partitions of a worker that died wait for another one.
    """

    bootstrap: str
    data: Path
    app_id: str
    partitions: int = 6
    replication: int = 1
    ack_timeout_seconds: float = 30.0
    session_timeout_seconds: float = 15.0


class Table(faust.Table[bytes, bytes]):
    """A table whose changes are awaited: what `keep` and `drop` return from is on the changelog."""

    _sent: FutureMessage

    def send_changelog(self, *args: Any, **named: Any) -> FutureMessage:  # noqa: ANN401 handed through to Faust
        """Remember the change that was sent last, so that it can be awaited."""
        self._sent = super().send_changelog(*args, **named)
        return self._sent

    async def keep(self, key: bytes, value: bytes) -> None:
        """Set a value; only inside an agent, whose message says the partition."""
        self[key] = value
        await self._settled(self._sent)

    async def drop(self, key: bytes) -> None:
        """Remove a value, if it is there; only inside an agent."""
        # The tombstone goes to the changelog in any case: a crash may have left it and the local store apart.
        self.data.pop(key, None)
        self.on_key_del(key)
        await self._settled(self._sent)

    async def _settled(self, sent: FutureMessage) -> None:
        try:
            async with asyncio.timeout(self.app.conf.producer_request_timeout):
                await sent
        except (TimeoutError, KafkaError) as error:
            msg = f"{self.changelog_topic.get_topic_name()}: a change of the table was not acknowledged: {error!r}"
            raise NotAcknowledged(msg) from error

    def of_partition(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        """Everything that one partition holds."""
        store = cast("rocksdb.Store", self.data)
        # Faust's own iteration covers all partitions of a worker; only the store can tell them apart.
        return store._visible_items(store._db_for_partition(partition))  # noqa: SLF001 see the line above


def new_app(config: StreamConfig) -> faust.App:
    """The app; whoever calls it adds one table and one agent a topic, and then runs it with `worker.run`."""
    brokers = [URL(f"kafka://{server.strip()}") for server in config.bootstrap.split(",")]
    app = faust.App(
        config.app_id,
        broker=brokers,
        store="rocksdb://",
        datadir=str(config.data),
        version=1,
        Table=Table,
        agent_supervisor=CrashingSupervisor,
        stream_wait_empty=True,
        processing_guarantee="at_least_once",
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=config.partitions,
        topic_replication_factor=config.replication,
        broker_commit_interval=0.5,
        broker_session_timeout=config.session_timeout_seconds,
        broker_heartbeat_interval=config.session_timeout_seconds / 5,
        broker_request_timeout=30.0,
        producer_acks=-1,
        producer_linger=0.0,
        producer_max_batch_size=262_144,
        # A dead letter holds a whole record in base64; what is too large for a topic, its broker refuses.
        producer_max_request_size=16_777_216,
        producer_request_timeout=config.ack_timeout_seconds,
        producer_compression_type="lz4",
        consumer_auto_offset_reset="earliest",
        value_serializer="raw",
        key_serializer="raw",
        web_enabled=False,
        autodiscover=False,
    )
    app.transport = CarefulTransport(brokers, app)
    app.producer_transport = CarefulTransport(brokers, app)
    return app


def new_table(app: faust.App, name: str) -> Table:
    """A table of raw bytes; its changelog is the topic `<app id>-<name>-changelog`, which must exist."""
    table = app.Table(name, key_type=bytes, value_type=bytes, partitions=app.conf.topic_partitions)
    return cast("Table", table)


def new_topic(app: faust.App, name: str) -> faust.TopicT:
    """A topic as raw bytes: what is inside is read by us, where a message that cannot be read can be kept."""
    return app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


def consumer_of(app: faust.App) -> CarefulConsumer:
    """What the app reads through."""
    return cast("CarefulConsumer", app.consumer)
