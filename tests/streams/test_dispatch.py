import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain import ids
from crisis_bus.domain.delivery import Bulletin, Order, OutboxMessage, Sheaf
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.rules.subscribing import matches
from crisis_bus.streams.dispatch import DispatchConfig, run_dispatch
from crisis_bus.streams.faust_app import StreamConfig
from crisis_bus.streams.outlet import Handled, Observer, unobserved
from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope
from tests.streams.asking import bulletin, subscription
from tests.streams.cluster import PARTITIONS, Cluster, running

pytestmark = pytest.mark.kafka

NOON = 1_776_340_800_000


def dispatch(config: DispatchConfig, observe: Observer = unobserved) -> Callable[[Lifeline], Coroutine[Any, Any, None]]:
    return lambda lifeline: run_dispatch(config, lifeline, observe)


def many() -> list[Subscription]:
    wishes: list[dict[str, Any]] = [
        {},
        {"types": ["MET-FLOOD"]},
        {"types": ["FIRE-BLDG"]},
        {"emirates": ["AE-SH"]},
        {"emirates": ["AE-DU"]},
        {"min_grade": 4},
    ]
    return [
        subscription(
            wishes[number % len(wishes)],
            id=f"sub-{number}",
            channel=("WEB", "MEDIA_WIRE", "SOCIAL")[number % 3],
            paused=number % 10 == 9,
            secret=f"whsec_{number}" if number % 2 else None,
        )
        for number in range(60)
    ]


def stored(asked: Subscription) -> tuple[str, Envelope]:
    envelope = messages.message_for(asked, types.SUBSCRIPTION, id=f"s-{asked.id}", source="/test", at=NOON)
    return asked.id, envelope


def removed(name: str) -> tuple[str, Envelope]:
    return name, Envelope(f"gone-{name}", "/test", types.SUBSCRIPTION, NOON, None)


async def publish(cluster: Cluster, said: Bulletin, partitions: int = PARTITIONS) -> None:
    for partition in range(partitions):
        order = Order(id=f"{said.number}/{partition}", partition=partition, bulletin=said)
        envelope = messages.message_for(order, types.ORDER, id=f"o-{order.id}", source="/test", at=NOON)
        envelope = replace(envelope, correlation="the-command")
        await cluster.send(topics.ORDERS, (order.id, envelope), partition=partition)


def outgoing(envelopes: list[Envelope]) -> list[OutboxMessage]:
    sheaves = [Sheaf.model_validate_json(each.data or b"") for each in envelopes]
    return [
        OutboxMessage.model_validate({**each, "bulletin": one.bulletin}) for one in sheaves for each in one.messages
    ]


def destinations(envelopes: list[Envelope]) -> list[str]:
    return sorted(each.subscription for each in outgoing(envelopes))


async def sent_to(cluster: Cluster, count: int) -> None:
    """Wait until so many destinations are in the urgent outbox."""
    async with asyncio.timeout(30):
        while len(outgoing(await cluster.envelopes(topics.OUTBOX_URGENT))) < count:  # noqa: ASYNC110 the log tells nobody
            await asyncio.sleep(0.05)


def expected(subscriptions: list[Subscription], said: Bulletin) -> list[str]:
    return sorted(each.id for each in subscriptions if matches(each, said))


@pytest.fixture
def config(cluster: Cluster, tmp_path: Path) -> DispatchConfig:
    app_id = f"dispatch-{uuid.uuid4().hex[:8]}"
    stream = StreamConfig(cluster.bootstrap, tmp_path / "one", app_id, session_timeout_seconds=6.0)
    return DispatchConfig(stream)


async def done(cluster: Cluster, config: DispatchConfig, orders: int) -> None:
    await cluster.wait_committed(config.stream.app_id, topics.ORDERS, orders)


async def test_an_order_reaches_exactly_those_who_asked_even_right_after_the_start(
    cluster: Cluster, config: DispatchConfig
) -> None:
    subscriptions, said = many(), bulletin()
    await cluster.send(topics.SUBSCRIPTIONS, *map(stored, subscriptions))
    await publish(cluster, said)

    async with running(dispatch(config)):
        await done(cluster, config, PARTITIONS)

    urgent = await cluster.envelopes(topics.OUTBOX_URGENT)
    assert 10 < len(outgoing(urgent)) < len(subscriptions)
    assert expected(subscriptions, said) == destinations(urgent)
    assert not await cluster.read(topics.OUTBOX_ROUTINE)


async def test_a_message_is_named_by_its_destination(cluster: Cluster, config: DispatchConfig) -> None:
    async with running(dispatch(config)):
        await cluster.send(topics.SUBSCRIPTIONS, stored(subscription(secret="whsec_1")))
        await publish(cluster, bulletin(grade=1))
        (envelope,) = await cluster.wait_for(topics.OUTBOX_ROUTINE, 1)

    (record,) = await cluster.read(topics.OUTBOX_ROUTINE)
    (message,) = outgoing([envelope])
    assert f"uae/S1/{record.partition}/0".encode() == record.key
    assert (ids.derived("uae/S1", "sub-1"), "whsec_1") == (message.id, message.secret)
    assert bulletin(grade=1) == message.bulletin
    assert ("the-command", types.OUTBOX, "uae/S1") == (envelope.correlation, envelope.type, envelope.subject)
    assert (envelope.causation or "").startswith("o-uae/S1/")


@pytest.mark.parametrize("lost", [False, True], ids=["same machine", "another machine"])
async def test_after_a_restart_it_still_knows_who_asked(
    cluster: Cluster,
    config: DispatchConfig,
    tmp_path: Path,
    lost: bool,  # noqa: FBT001 a column of the table
) -> None:
    subscriptions, said = many(), bulletin(number="uae/S2")
    async with running(dispatch(config)):
        await cluster.send(topics.SUBSCRIPTIONS, *map(stored, subscriptions))
        await cluster.wait_committed(config.stream.app_id, topics.SUBSCRIPTIONS, len(subscriptions))
    place = tmp_path / ("two" if lost else "one")
    again = DispatchConfig(StreamConfig(cluster.bootstrap, place, config.stream.app_id))

    async with running(dispatch(again)):
        await publish(cluster, said)
        await done(cluster, config, PARTITIONS)

    assert expected(subscriptions, said) == destinations(await cluster.envelopes(topics.OUTBOX_URGENT))


async def test_changed_paused_and_removed_subscriptions_count_at_once(cluster: Cluster, config: DispatchConfig) -> None:
    first, second, third, fourth = (subscription(id=f"s{number}") for number in range(4))
    async with running(dispatch(config)):
        await cluster.send(topics.SUBSCRIPTIONS, *map(stored, (first, second, third, fourth)))
        await publish(cluster, bulletin())
        await sent_to(cluster, 4)
        changes = stored(first.model_copy(update={"paused": True})), removed("s1")
        await cluster.send(topics.SUBSCRIPTIONS, *changes, stored(subscription({"types": ["FIRE-BLDG"]}, id="s2")))
        await publish(cluster, bulletin(number="uae/S2"))
        await done(cluster, config, 2 * PARTITIONS)

    sent = outgoing(await cluster.envelopes(topics.OUTBOX_URGENT))
    assert ["s3"] == [each.subscription for each in sent if each.bulletin.number == "uae/S2"]


async def test_a_removed_subscription_stays_removed_on_another_machine(
    cluster: Cluster, config: DispatchConfig, tmp_path: Path
) -> None:
    async with running(dispatch(config)):
        await cluster.send(topics.SUBSCRIPTIONS, stored(subscription(id="s1")), removed("s1"), removed("never-there"))
        await cluster.wait_committed(config.stream.app_id, topics.SUBSCRIPTIONS, 3)
    again = DispatchConfig(StreamConfig(cluster.bootstrap, tmp_path / "two", config.stream.app_id))

    async with running(dispatch(again)):
        await publish(cluster, bulletin())
        await done(cluster, config, PARTITIONS)

    assert not await cluster.read(topics.OUTBOX_URGENT)


async def test_poison_on_either_topic_is_kept_and_the_rest_goes_on(cluster: Cluster, config: DispatchConfig) -> None:
    wrong = Envelope("x", "/test", types.SUBSCRIPTION, NOON, b'{"id": "s9"}')
    misplaced = Order(id="m", partition=5, bulletin=bulletin())
    order = messages.message_for(misplaced, types.ORDER, id="m", source="/test", at=NOON)
    async with running(dispatch(config)):
        await cluster.send(topics.SUBSCRIPTIONS, ("s9", wrong), ("not-its-id", stored(subscription())[1]))
        await cluster.send(topics.ORDERS, ("m", order), partition=0)
        async with cluster.producer() as producer:
            await producer.send_and_wait(topics.ORDERS, b"\xff", b"x", partition=1)
        await cluster.send(topics.SUBSCRIPTIONS, stored(subscription()))
        await publish(cluster, bulletin())
        await cluster.wait_for(topics.OUTBOX_URGENT, 1)
        letters = await cluster.wait_for(topics.DEAD_LETTERS, 4)

    reasons = "\n".join(messages.DeadLetter.model_validate_json(letter.data or b"").reason for letter in letters)
    assert "subscriber: Field required" in reasons
    assert "the id of the subscription" in reasons
    assert "for partition 5 and lies on 0" in reasons


async def test_two_workers_share_the_partitions_and_nobody_is_forgotten(
    cluster: Cluster, config: DispatchConfig, tmp_path: Path
) -> None:
    subscriptions = many()
    other = replace(config, stream=replace(config.stream, data=tmp_path / "two"))
    await cluster.send(topics.SUBSCRIPTIONS, *map(stored, subscriptions))
    said = [bulletin(number=f"uae/S{number}") for number in range(6)]

    async with running(dispatch(config)):
        await publish(cluster, said[0])
        await publish(cluster, said[1])
        async with running(dispatch(other)):
            await publish(cluster, said[2])
            await publish(cluster, said[3])
            await asyncio.sleep(1)
        await publish(cluster, said[4])
        await publish(cluster, said[5])
        await done(cluster, config, len(said) * PARTITIONS)

    found = {each.id: each for each in await cluster.envelopes(topics.OUTBOX_URGENT)}
    for each in said:
        mine = [envelope for envelope in found.values() if envelope.subject == each.number]
        assert expected(subscriptions, each) == destinations(mine), each.number


async def test_ten_thousand_destinations_are_served_in_one_go(cluster: Cluster, config: DispatchConfig) -> None:
    subscriptions = [subscription(id=f"sub-{number}") for number in range(10_000)]
    handled: list[tuple[Handled, int]] = []
    async with running(dispatch(config, lambda what, count, _at: handled.append((what, count)))):
        await cluster.send(topics.SUBSCRIPTIONS, *map(stored, subscriptions))
        await cluster.wait_committed(config.stream.app_id, topics.SUBSCRIPTIONS, 10_000, seconds=60)
        begun = asyncio.get_running_loop().time()
        await publish(cluster, bulletin())
        await done(cluster, config, PARTITIONS)
        took = asyncio.get_running_loop().time() - begun

    print(f"10,000 destinations took {took:.2f} s")  # noqa: T201 a measurement
    assert 10_000 == sum(count for what, count in handled if what is Handled.EXPANDED)
    assert 10_000 == len({each.id for each in outgoing(await cluster.envelopes(topics.OUTBOX_URGENT))})
