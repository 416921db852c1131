import uuid
from pathlib import Path

import pytest

from crisis_bus.bus.admin import Admin, answers
from crisis_bus.bus.local import LocalKafka
from crisis_bus.errors import NotReachable, TopicDrift
from crisis_bus.wire import catalogue, plan
from crisis_bus.wire.plan import Create, Present, Refuse

pytestmark = pytest.mark.kafka
TOPICS = Path(__file__).parents[2] / "topics"


async def test_after_the_plan_was_applied_there_is_nothing_left_to_do(kafka: LocalKafka) -> None:
    wanted = catalogue.load(TOPICS)
    async with Admin(kafka.bootstrap) as admin:
        await admin.apply(plan.plan(wanted, await admin.present(), brokers=await admin.brokers()))
        present = [topic for topic in await admin.present() if topic.name.startswith("crisis.")]

        assert [] == plan.plan(wanted, present, brokers=await admin.brokers())
    assert {topic.name for topic in wanted.topics} == {topic.name for topic in present}


async def test_a_setting_that_drifted_is_set_again_and_the_others_stay(kafka: LocalKafka) -> None:
    name = f"test.{uuid.uuid4().hex[:8]}"
    async with Admin(kafka.bootstrap) as admin:
        await admin.apply([Create(name, 2, 1, {"retention.ms": "1000", "max.message.bytes": "5000"}, "")])
        await admin.apply(
            [plan.Change(name, {"retention.ms": "-1"}, {"retention.ms": "-1", "max.message.bytes": "5000"}, "")]
        )
        present = {topic.name: topic for topic in await admin.present()}

    assert Present(name, 2, 1, {"retention.ms": "-1", "max.message.bytes": "5000"}) == present[name]


async def test_creating_a_topic_twice_is_creating_it_once(kafka: LocalKafka) -> None:
    step = Create(f"test.{uuid.uuid4().hex[:8]}", 1, 1, {}, "")
    async with Admin(kafka.bootstrap) as admin:
        await admin.apply([step])
        await admin.apply([step])

        assert 1 == [topic.name for topic in await admin.present()].count(step.topic)


async def test_a_refusal_keeps_everything_as_it_is(kafka: LocalKafka) -> None:
    step = Create(f"test.{uuid.uuid4().hex[:8]}", 1, 1, {}, "")
    async with Admin(kafka.bootstrap) as admin:
        with pytest.raises(TopicDrift, match="would re-key"):
            await admin.apply([step, Refuse("other", "it would re-key")])

        assert step.topic not in [topic.name for topic in await admin.present()]


async def test_kafka_says_why_it_does_not_create_a_topic(kafka: LocalKafka) -> None:
    async with Admin(kafka.bootstrap) as admin:
        with pytest.raises(NotReachable, match="not a topic"):
            await admin.apply([Create("not a topic", 1, 1, {}, "")])


async def test_a_cluster_that_is_not_there_does_not_answer() -> None:
    assert not await answers("127.0.0.1:1", seconds=2)
    with pytest.raises(NotReachable, match="does not answer"):
        async with Admin("127.0.0.1:1", timeout_seconds=2):
            pass
