"""A bulletin on a ministry's own topic."""

import json

import pytest

from crisis_bus.channels.kafka import KafkaChannel
from crisis_bus.domain import ids
from crisis_bus.errors import NotAcknowledged, PermanentDelivery
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import Envelope
from tests.channels.contract import ChannelContract, Mood, Peer


class TopicPeer(Peer):
    address = topics.BULLETINS
    wrong_addresses = (
        "crisis/bulletins",
        "other.topic.v1",
        topics.COMMANDS,
        topics.JOURNAL,
        "crisis.a b",
        "crisis." + "x" * 250,
    )

    def __init__(self) -> None:
        self.mood = Mood.WELL
        self.records: list[tuple[str, bytes, Envelope]] = []
        self.channel = KafkaChannel(self.publish, allowed=frozenset({"ministry.inbox.v1"}))

    async def publish(self, topic: str, key: bytes, envelope: Envelope) -> None:
        if self.mood is Mood.BUSY:
            msg = "no acknowledgement"
            raise NotAcknowledged(msg)
        self.records.append((topic, key, envelope))

    def be(self, mood: Mood) -> None:
        self.mood = mood

    def effects(self) -> set[str]:
        return {envelope.id for _, _, envelope in self.records}

    def words(self) -> str:
        return "\n".join((envelope.data or b"").decode() for _, _, envelope in self.records)


@pytest.fixture
def peer() -> TopicPeer:
    return TopicPeer()


class TestKafka(ChannelContract):
    pass


async def test_the_record_is_keyed_by_the_chain_and_keeps_the_id_of_the_message(peer: TopicPeer) -> None:
    await peer.channel.send(peer.channel.prepare(peer.message("m-9")))

    topic, key, envelope = peer.records[0]

    assert (topic, key, envelope.id) == (topics.BULLETINS, b"uae/I2", "m-9")
    assert (envelope.type, envelope.subject) == ("org.crisisbus.bulletin.v1", "uae/W1")
    assert json.loads(envelope.data or b"")["number"] == "uae/W1"
    assert ids.derived("bulletin", "uae/W1") != envelope.id


async def test_a_topic_that_the_operator_allows_is_taken(peer: TopicPeer) -> None:
    await peer.channel.send(peer.channel.prepare(peer.message(address="ministry.inbox.v1")))

    assert peer.records[0][0] == "ministry.inbox.v1"


@pytest.mark.parametrize("topic", [topics.COMMANDS, topics.OUTBOX_URGENT, topics.RECEIPTS, topics.SUBSCRIPTIONS])
def test_a_topic_that_the_system_reads_is_refused_even_if_allowed(peer: TopicPeer, topic: str) -> None:
    channel = KafkaChannel(peer.publish, allowed=frozenset({topic}))

    with pytest.raises(PermanentDelivery, match="no topic that bulletins may go to"):
        channel.prepare(peer.message(address=topic))
