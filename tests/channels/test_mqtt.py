"""MQTT, against Debian's mosquitto."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.channels.contract import Taken
from crisis_bus.channels.mqtt import MqttChannel, MqttOptions
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.providers import Limits
from crisis_bus.errors import PermanentDelivery, SettingsError, TransientDelivery
from tests.channels.certificates import Authority, authority
from tests.channels.contract import Mood, Peer, RefusingContract
from tests.channels.mosquitto import Broker, Device, ident, locked
from tests.channels.samples import bulletin, message

NOW = instants.parse("2026-04-16T12:40:00.000Z")
SIGN = {"sign": {"ar": "سيول: ابتعد", "en": "FLOOD: KEEP AWAY"}}


def _channel(port: int, **options: Any) -> MqttChannel:
    return MqttChannel(MqttOptions(host="127.0.0.1", port=port, **options), Limits(timeout=1), lambda: NOW)


class BrokerPeer(Peer):
    channel: MqttChannel
    address = "uae/dubai/signs/7"
    wrong_addresses = ("", "signs/+", "signs/#", "$SYS/broker", "signs\x00", "a" * 70_000)

    def __init__(self, broker: Broker) -> None:
        self.broker, self.device = broker, Device(broker.port).ready()
        self.channel = _channel(broker.port)

    def be(self, mood: Mood) -> None:
        if mood is Mood.SILENT:
            self.broker.freeze()
            return
        self.broker.stop()
        if mood is not Mood.BUSY:
            self.broker.forbidden = self.address if mood is Mood.REFUSING else None
            self.broker.start()
            self.device.ready()

    def effects(self) -> set[str]:
        return {ident(each) for each in self.device.messages()}

    def words(self) -> str:
        return "\n".join(
            "\n".join(json.loads(each.payload)["data"]["text"].values()) for each in self.device.messages()
        )


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def peer(broker: Broker) -> AsyncIterator[BrokerPeer]:
    made = BrokerPeer(broker)
    yield made
    await made.channel.close()
    made.device.close()


class TestMqtt(RefusingContract):
    pass


async def _send(channel: MqttChannel, **changes: Any) -> Taken:
    base = {"transport": "mqtt", "address": BrokerPeer.address}
    return await channel.send(channel.prepare(message(**(base | changes))))


async def test_the_broker_s_answer_is_what_counts(peer: BrokerPeer) -> None:
    assert Taken("the broker took the message", Outcome.ACCEPTED) == await _send(peer.channel)

    heard = peer.device.messages()[0]
    assert (heard.topic, heard.qos, heard.retain) == (BrokerPeer.address, 1, False)
    properties: Any = heard.properties
    assert properties.ContentType == "application/cloudevents+json"
    assert properties.UserProperty == [("id", "m-1"), ("number", "uae/W1"), ("kind", "PUBLIC_WARNING")]


async def test_many_messages_go_by_one_connection(peer: BrokerPeer) -> None:
    await asyncio.gather(*(_send(peer.channel, id=f"m-{number}") for number in range(100)))

    assert len(peer.effects()) == 100
    assert peer.channel._connection is not None


async def test_a_sign_shows_its_short_words_in_the_order_of_its_languages(broker: Broker) -> None:
    device, channel = Device(broker.port).ready(), _channel(broker.port, payload="sign")

    await _send(channel, bulletin=bulletin(forms=SIGN), languages=("en", "ar"))

    assert [each.payload.decode() for each in device.messages()] == ["FLOOD: KEEP AWAY\nسيول: ابتعد"]
    device.close()
    await channel.close()


async def test_a_sign_that_is_switched_on_later_shows_the_newest_text(broker: Broker) -> None:
    channel = _channel(broker.port, payload="sign", retain=True)
    await _send(channel, bulletin=bulletin(forms=SIGN), languages=("en",))
    clear = bulletin("C1", sequence=2, forms={"sign": {"en": "ALL CLEAR"}})
    await _send(channel, bulletin=clear, languages=("en",))

    device = Device(broker.port).ready()

    assert [(each.payload, each.retain) for each in device.messages()] == [(b"ALL CLEAR", True)]
    device.close()
    await channel.close()


async def test_a_text_does_not_outlive_its_expiry_at_the_broker(broker: Broker) -> None:
    channel = _channel(broker.port, retain=True)
    await _send(channel, bulletin=bulletin(expires="2026-04-16T13:40:00Z"))

    device = Device(broker.port).ready()

    properties: Any = device.messages()[0].properties
    assert 3590 <= properties.MessageExpiryInterval <= 3600
    device.close()
    await channel.close()


async def test_a_siren_that_is_away_is_tried_again(broker: Broker) -> None:
    channel = _channel(broker.port)

    with pytest.raises(TransientDelivery, match="no device listens"):
        await _send(channel)

    await channel.close()


async def test_a_broker_that_was_away_is_found_again_at_the_next_message(peer: BrokerPeer) -> None:
    await _send(peer.channel, id="m-1")
    peer.be(Mood.WELL)

    await _send(peer.channel, id="m-2")

    assert peer.effects() == {"m-1", "m-2"}


async def test_a_bulletin_without_a_wanted_language_is_refused() -> None:
    mute = bulletin(text={"ar": "نص"}, headline={"ar": "عنوان"})

    with pytest.raises(PermanentDelivery, match="no text in a language"):
        await _send(_channel(1, payload="sign"), bulletin=mute, languages=("en",))


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def guarded(tmp_path: Path, trusted: Authority) -> Iterator[Broker]:
    running = Broker(tmp_path, locked(tmp_path, trusted))
    running.start()
    yield running
    running.stop()


async def test_the_broker_is_spoken_to_encrypted_and_with_a_password(guarded: Broker, trusted: Authority) -> None:
    options = {"tls": True, "ca_file": trusted.ca, "user": "bus", "retain": True}
    channel = _channel(guarded.port, password="secret-word", **options)

    assert (await _send(channel)).outcome is Outcome.ACCEPTED

    await channel.close()
    with pytest.raises(TransientDelivery) as refused:
        await _send(_channel(guarded.port, password="wrong-word", **options))
    assert "wrong-word" not in str(refused.value)


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl:ResourceWarning")
async def test_a_certificate_that_nobody_vouches_for_gets_nothing(guarded: Broker) -> None:
    channel = _channel(guarded.port, tls=True, user="bus", password="secret-word", retain=True)

    with pytest.raises(TransientDelivery, match="did not take"):
        await _send(channel)


async def test_a_file_of_authorities_that_is_none_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ca_file"):
        _channel(1, tls=True, ca_file=tmp_path / "missing.pem")
