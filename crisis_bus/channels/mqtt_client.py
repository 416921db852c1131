"""One connection to an MQTT 5 broker that tells what the broker answered to each message.

aiomqtt tells every PUBACK alike, also one that refuses: here its reason code comes back.
"""

import asyncio
from contextlib import suppress
from typing import Any

import aiomqtt
from paho.mqtt.client import MQTT_ERR_SUCCESS
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode


class Connection(aiomqtt.Client):
    """A connection that is used until it ends, and then thrown away with all that it had not sent."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 aiomqtt has twenty options
        """Take what aiomqtt takes."""
        super().__init__(*arguments, protocol=aiomqtt.ProtocolVersion.V5, **options)
        self._answers: dict[int, asyncio.Future[ReasonCode]] = {}

    @property
    def ended(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._disconnected.done()

    async def answer(self, topic: str, payload: bytes, properties: Properties, *, retain: bool) -> ReasonCode | None:
        """Publish with QoS 1; returns the reason code of the PUBACK, or None if the connection ended before it."""
        info = self._client.publish(topic, payload, 1, retain, properties)
        if info.rc != MQTT_ERR_SUCCESS:
            return None
        answer = self._answers[info.mid] = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait((answer, self._disconnected), return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._answers[info.mid]
        return answer.result() if answer.done() else None

    async def end(self) -> None:
        """Take leave, or notice that the other side did."""
        if self._disconnected.done():
            self._disconnected.exception()
        # A broker that does not even take leave is left without it.
        with suppress(aiomqtt.MqttError):
            await self.__aexit__(None, None, None)

    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: ReasonCode, properties: Any) -> None:  # noqa: ANN401 aiomqtt calls it so
        super()._on_publish(client, userdata, mid, reason_code, properties)
        answer = self._answers.get(mid)
        if answer is not None and not answer.done():
            answer.set_result(reason_code)
