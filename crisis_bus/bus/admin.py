"""Looks at a cluster and changes its topics, as far as `wire.plan` says."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from crisis_bus.errors import NotReachable, TopicDrift
from crisis_bus.wire.plan import Change, Create, Present, Refuse, Step

_SET_ON_TOPIC = 1
"""`config_source` of a setting that was made on the topic itself (DescribeConfigs)."""
_KNOWN_SECONDS = 15.0


class Admin:
    """An administrator's connection, as an async context manager; entering raises NotReachable."""

    def __init__(self, bootstrap: str, timeout_seconds: float = 30.0) -> None:
        self._bootstrap = bootstrap
        self._timeout = timeout_seconds
        self._client = AIOKafkaAdminClient(
            bootstrap_servers=bootstrap, request_timeout_ms=int(timeout_seconds * 1000), client_id="crisis-bus-admin"
        )

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(self._timeout):
                await self._client.start()
        except (KafkaError, TimeoutError) as error:
            await self._client.close()
            msg = f"Kafka at {self._bootstrap} does not answer: is it running, and is CRISIS_BUS_KAFKA right?"
            raise NotReachable(msg) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def brokers(self) -> int:
        """How many brokers the cluster has."""
        return len((await self._client.describe_cluster())["brokers"])

    async def cluster(self) -> str:
        """The id of the cluster: another one when its storage was made anew."""
        return str((await self._client.describe_cluster())["cluster_id"])

    async def present(self) -> list[Present]:
        """Every topic that is not Kafka's own, with the settings that were made on it."""
        found = [topic for topic in await self._client.describe_topics() if not topic["is_internal"]]
        configs = await self._configs([topic["topic"] for topic in found])
        return [
            Present(
                topic["topic"],
                len(topic["partitions"]),
                min((len(one["replicas"]) for one in topic["partitions"]), default=0),
                configs[topic["topic"]],
            )
            for topic in found
        ]

    async def apply(self, steps: Iterable[Step]) -> list[Step]:
        """Do what a plan says and return what was done; raises TopicDrift, before anything is done, if it refuses."""
        steps = list(steps)
        if refused := [step.sentence for step in steps if isinstance(step, Refuse)]:
            raise TopicDrift("\n".join(refused))
        done = [step for step in steps if isinstance(step, Create | Change)]
        try:
            await self._create([step for step in done if isinstance(step, Create)])
            await self._change([step for step in done if isinstance(step, Change)])
        except KafkaError as error:
            msg = f"Kafka at {self._bootstrap} did not apply the topics: {error}"
            raise NotReachable(msg) from error
        return list(done)

    async def delete(self, topics: Iterable[str]) -> None:
        """Remove topics and all that is in them: for tests and for spaces that were only tried out."""
        await self._client.delete_topics(list(topics))

    async def _create(self, steps: list[Create]) -> None:
        if not steps:
            return
        new = [NewTopic(step.topic, step.partitions, step.replicas, topic_configs=dict(step.config)) for step in steps]
        response = await self._client.create_topics(new)
        for name, code, *reason in response.topic_errors:
            _raise_unless_there(name, code, reason)
        await self._until_known({step.topic: step.partitions for step in steps})

    async def _until_known(self, partitions: Mapping[str, int]) -> None:
        """Wait until every new partition has a leader, so that the first to use one is not told that it is missing."""
        async with asyncio.timeout(_KNOWN_SECONDS):
            while not _led(await self._client.describe_topics(list(partitions)), partitions):  # noqa: ASYNC110 Kafka tells nobody
                await asyncio.sleep(0.05)

    async def _change(self, steps: list[Change]) -> None:
        if not steps:
            return
        wanted = [ConfigResource(ConfigResourceType.TOPIC, step.topic, dict(step.config)) for step in steps]
        for response in await self._client.alter_configs(wanted):
            for code, reason, _, name in response.resources:
                _raise_unless_there(name, code, [reason])

    async def _configs(self, topics: list[str]) -> dict[str, dict[str, str]]:
        """The settings made on each topic."""
        if not topics:
            return {}
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
        configs: dict[str, dict[str, str]] = {}
        for response in await self._client.describe_configs(asked):
            for _, _, _, name, entries in response.resources:
                configs[name] = {entry[0]: entry[1] for entry in entries if entry[3] == _SET_ON_TOPIC}
        return configs


async def answers(bootstrap: str, seconds: float = 5.0) -> bool:
    """Whether a broker there knows at least one broker that takes records."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=int(seconds * 1000))
    try:
        async with asyncio.timeout(seconds):
            await client.start()
            return bool((await client.describe_cluster())["brokers"])
    except (KafkaError, TimeoutError, OSError):
        return False
    finally:
        await client.close()


def _led(found: list[dict[str, Any]], partitions: Mapping[str, int]) -> bool:
    led = {topic["topic"]: sum(one["leader"] >= 0 for one in topic["partitions"]) for topic in found}
    return all(led.get(name) == count for name, count in partitions.items())


def _raise_unless_there(name: str, code: int, reason: list[str | None]) -> None:
    """A topic that somebody else has just created is as good as ours: the next plan compares it."""
    error = for_code(code)
    if code and error is not TopicAlreadyExistsError:
        msg = f"{name}: {' '.join(text for text in reason if text) or error.description}"
        raise error(msg)
