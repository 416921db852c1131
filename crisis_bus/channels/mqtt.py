"""MQTT 5: sirens, road signs and other devices, each listening to a topic of a broker; QoS 1, one connection."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from crisis_bus.channels.contract import Prepared, Taken, Traits
from crisis_bus.channels.event import Shared, bulletin_data, bulletin_event
from crisis_bus.channels.mqtt_client import Connection
from crisis_bus.domain import instants
from crisis_bus.domain.delivery import Bulletin, OutboxMessage, Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.providers import Limits
from crisis_bus.domain.subscriptions import Language, Transport
from crisis_bus.errors import PermanentDelivery, SettingsError, TransientDelivery
from crisis_bus.wire.envelope import STRUCTURED, to_structured

_LONGEST_TOPIC = 65_535
_LONGEST_EXPIRY = 2**32 - 1
_NOBODY = 0x10
_REFUSED = 0x80
_FINAL = frozenset({0x87, 0x90, 0x99})
"""Not authorized for the topic, topic name invalid, payload format invalid (MQTT 5 §3.4.2.1)."""


class MqttOptions(BaseModel):
    """The broker, and what it is given: the event as JSON, or the words of a sign as plain text.

    With `retain` the broker keeps the newest text of a topic for devices that are switched on later.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    host: str
    port: int = Field(1883, ge=1, le=65535)
    tls: bool = False
    ca_file: Path | None = None
    user: str | None = None
    password: SecretStr | None = None
    retain: bool = False
    payload: Literal["event", "sign"] = "event"


class MqttChannel:
    """Publishes to the topic that is the address."""

    name: Transport = "mqtt"
    traits = Traits(
        "mqtt",
        "mqtt",
        "MQTT topic, without wildcard",
        "the broker's packet size",
        "both in one message",
        "by chain, until the broker",
        "PUBACK of the broker",
        "none: the broker says nothing of its devices",
        carrier=True,
    )

    def __init__(self, options: MqttOptions, limits: Limits, now: Callable[[], Instant]) -> None:
        self._options = options
        self._timeout = limits.timeout
        self._now = now
        self._context = _context(options)
        self._payloads = Shared(_event if options.payload == "event" else _sign)
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()

    def prepare(self, message: OutboxMessage) -> Prepared:
        """Refuse a topic that nobody may publish to."""
        topic = message.address
        if not topic or topic.startswith("$") or not topic.isprintable() or {"+", "#"} & set(topic):
            msg = "the address is no MQTT topic to publish to: no wildcard (+ or #), no $ at its beginning, not empty"
            raise PermanentDelivery(msg)
        if len(topic.encode()) > _LONGEST_TOPIC:
            msg = f"the address is longer than an MQTT topic may be ({_LONGEST_TOPIC} bytes)"
            raise PermanentDelivery(msg)
        return Prepared(message, self._payloads.of(message))

    async def send(self, prepared: Prepared) -> Taken:
        """Publish once and wait for the broker's answer."""
        try:
            async with asyncio.timeout(self._timeout):
                return self._taken(await self._answer(prepared))
        except TimeoutError as error:
            await self.close()
            msg = f"no answer of the broker within {self._timeout:g} s"
            raise TransientDelivery(msg) from error
        except (aiomqtt.MqttError, OSError) as error:
            msg = f"the broker did not take the message: {type(error).__name__}"
            raise TransientDelivery(msg) from error

    async def close(self) -> None:
        """Take leave of the broker."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.end()

    async def _answer(self, prepared: Prepared) -> ReasonCode:
        """A kept connection may have ended without a word: then a new one is tried, once."""
        message, properties = prepared.message, self._properties(prepared.message)
        for _ in range(2):
            connection = await self._connected()
            answer = await connection.answer(message.address, prepared.payload, properties, retain=self._options.retain)
            if answer is not None:
                return answer
        msg = "the connection ended twice"
        raise aiomqtt.MqttError(msg)

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._connection is not None and self._connection.ended:
                await self.close()
            if self._connection is None:
                connection = self._new()
                await connection.__aenter__()
                self._connection = connection
            return self._connection

    def _new(self) -> Connection:
        options, password = self._options, self._options.password
        return Connection(
            options.host,
            options.port,
            username=options.user,
            password=None if password is None else password.get_secret_value(),
            tls_context=self._context,
            timeout=self._timeout,
        )

    def _properties(self, message: OutboxMessage) -> Properties:
        bulletin, properties = message.bulletin, Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho is untyped here
        properties.PayloadFormatIndicator = 1
        properties.ContentType = STRUCTURED if self._options.payload == "event" else "text/plain; charset=utf-8"
        properties.UserProperty = [("id", message.id), ("number", bulletin.number), ("kind", bulletin.kind.value)]
        if bulletin.expires is not None:
            left = (instants.parse(bulletin.expires) - self._now()) // 1000
            properties.MessageExpiryInterval = min(max(left, 1), _LONGEST_EXPIRY)
        return properties

    def _taken(self, answer: ReasonCode) -> Taken:
        if answer.value in _FINAL:
            msg = f"the broker refused the message: {answer}"
            raise PermanentDelivery(msg)
        if answer.value >= _REFUSED:
            msg = f"the broker did not take the message: {answer}"
            raise TransientDelivery(msg)
        if answer.value == _NOBODY and not self._options.retain:
            msg = "no device listens to the topic now, and the broker keeps nothing for later"
            raise TransientDelivery(msg)
        return Taken("the broker took the message", Outcome.ACCEPTED)


def _event(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    return to_structured(bulletin_event(bulletin, bulletin_data(bulletin, languages)))


def _sign(bulletin: Bulletin, languages: tuple[Language, ...]) -> bytes:
    worded = [bulletin.worded("sign", each) for each in languages if each in bulletin.text]
    if not worded:
        msg = "the bulletin has no text in a language that the subscription asks for"
        raise PermanentDelivery(msg)
    return "\n".join(worded).encode()


def _context(options: MqttOptions) -> ssl.SSLContext | None:
    if not options.tls:
        return None
    try:
        return ssl.create_default_context(cafile=options.ca_file)
    except OSError as error:
        msg = "ca_file: is no readable file of PEM certificates"
        raise SettingsError(msg) from error
