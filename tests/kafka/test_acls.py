"""A ministry's own topic on a real broker with an authorizer: it reads what is its own, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from crisis_bus.bus import ports
from crisis_bus.bus.admin import Admin
from crisis_bus.bus.local import LocalKafka
from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.cli import topics as cli_topics
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.settings import Settings
from crisis_bus.wire import messages, plan, topics, types
from tests.conftest import LIBS
from tests.wire.test_acls import DELIVER, subscription

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
MOI, WAM = "crisis.moi.v1", "crisis.wam.v1"
_USERS = {"MOI": "moi-secret", "WAM": "wam-secret", "crisis-bus": "bus-secret"}


class Guarded:
    """A broker that lets ministries in by name, on a listener of their own; ours is not guarded."""

    def __init__(self, folder: Path) -> None:
        self.door = f"127.0.0.1:{ports.free_port()}"
        users = " ".join(f'user_{name}="{secret}"' for name, secret in _USERS.items())
        settings = {
            "listeners": f"PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller_port}},DOOR://{self.door}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{{port}},DOOR://{self.door}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,DOOR:SASL_PLAINTEXT",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.door.plain.sasl.jaas.config": (
                f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"
            ),
        }
        self.broker = LocalKafka(folder, libs=LIBS, heap_megabytes=384, settings=settings)

    def through(self, user: str) -> dict[str, Any]:
        """How somebody connects."""
        return {
            "bootstrap_servers": self.door,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": user,
            "sasl_plain_password": _USERS[user],
        }


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    made = Guarded(tmp_path_factory.mktemp("guarded"))
    made.broker.start()
    try:
        asyncio.run(_prepared(made.broker.bootstrap))
        yield made
    finally:
        made.broker.kill()


async def _prepared(bootstrap: str) -> None:
    async with Admin(bootstrap) as admin:
        await admin.apply([plan.Create(name, 1, 1, {}, name) for name in (MOI, WAM, topics.SUBSCRIPTIONS)])
    publisher = Publisher(bootstrap)
    await publisher.start()
    for one in (subscription("MOI", MOI), subscription("WAM", WAM), subscription("MOH", topics.COMMANDS)):
        await publisher.send(_written(one))
    await publisher.stop()


def _written(one: Subscription) -> Outgoing:
    envelope = messages.message_for(one, types.SUBSCRIPTION, id=one.id, source="/tests", at=0, subject=one.id)
    return Outgoing(topics.SUBSCRIPTIONS, one.id.encode(), envelope)


@pytest.fixture(scope="module")
def allowed(guarded: Guarded) -> Guarded:
    settings = Settings(kafka=guarded.broker.bootstrap)
    asyncio.run(cli_topics.allow(settings, DELIVER, apply=True))
    return guarded


@asynccontextmanager
async def reading(guarded: Guarded, user: str, topic: str, group: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(topic, group_id=group, auto_offset_reset="earliest", **guarded.through(user))
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def written(guarded: Guarded, user: str, topic: str, *, idempotent: bool = False) -> None:
    producer = AIOKafkaProducer(**guarded.through(user), acks="all", enable_idempotence=idempotent)
    try:
        await producer.start()
        await producer.send_and_wait(topic, b"bulletin")
    finally:
        await producer.stop()


async def test_a_ministry_reads_in_its_groups_what_deliver_writes_on_its_topic(allowed: Guarded) -> None:
    await written(allowed, "crisis-bus", MOI, idempotent=True)  # as our publisher does

    async with reading(allowed, "MOI", MOI, "MOI.desk") as consumer, asyncio.timeout(60):
        record = await consumer.getone()

    assert record.value == b"bulletin"


async def test_a_ministry_reads_no_topic_of_another(allowed: Guarded) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        async with reading(allowed, "MOI", WAM, "MOI.desk") as consumer, asyncio.timeout(60):
            await consumer.getone()


async def test_a_ministry_reads_in_no_group_of_another(allowed: Guarded) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        async with reading(allowed, "MOI", MOI, "WAM.desk") as consumer, asyncio.timeout(60):
            await consumer.getone()


@pytest.mark.parametrize(("user", "topic"), [("MOI", MOI), ("crisis-bus", topics.SUBSCRIPTIONS)])
async def test_nobody_writes_but_deliver_and_that_on_topics_of_ministries_only(
    allowed: Guarded, user: str, topic: str
) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await written(allowed, user, topic)


def test_what_was_allowed_is_there_and_what_a_person_has_to_decide_is_said(allowed: Guarded) -> None:
    rows, refused = asyncio.run(cli_topics.allow(Settings(kafka=allowed.broker.bootstrap), DELIVER, apply=False))

    assert {"there"} == {row["state"] for row in rows}
    assert (f"{topics.COMMANDS}: it is the system's own; no right on it follows from a subscription",) == refused
