"""Faust's Kafka transport without its two ways of committing a message that nobody has handled, and without a wait."""

from collections.abc import Mapping
from typing import Any, ClassVar

from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from crisis_bus.bus.fetching import FETCH_WAIT_MS


class _PromptThread(driver.AIOKafkaConsumerThread):
    """Asks the broker to answer soon, where Faust lets it wait for 1.5 s."""

    def _create_worker_consumer(self, transport: driver.Transport) -> Any:  # noqa: ANN401 aiokafka is untyped
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001 Faust has no setting for it
        return consumer


class CarefulConsumer(driver.Consumer):
    """Never commits an offset at or after a message that is still being worked on."""

    def _new_consumer_thread(self) -> _PromptThread:
        return _PromptThread(self, loop=self.loop, beacon=self.beacon)

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit: Faust's own, as if nothing after the oldest message in work were acknowledged."""
        oldest = min((message.offset for message in self._in_work(tp)), default=None)
        if oldest is None:
            return self._offset_of_faust(tp)
        acked = self._acked[tp]
        later = [offset for offset in acked if offset >= oldest]
        acked[:] = [offset for offset in acked if offset < oldest]
        offset = self._offset_of_faust(tp)
        acked.extend(later)
        return offset if offset is None else min(offset, oldest)

    def _offset_of_faust(self, tp: TP) -> int | None:
        offset: int | None = super()._new_offset(tp)
        return offset

    def _in_work(self, tp: TP) -> list[Message]:
        return [message for message in list(self._unacked_messages) if message.tp == tp and not message.acked]

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Note offsets that do not exist (compacted away, markers); Faust counts the message after them, too."""
        await super()._add_gap(tp, offset_from, offset_to - 1)

    def committed(self, tp: TP) -> int:
        """The offset up to which everything is handled for sure; 0 if nothing ever was."""
        return self._committed_offset[tp] or 0

    def leave(self, message: Message) -> None:
        """Give a message back unhandled: it is read again after the rebalance that is under way."""
        self._unacked_messages.discard(message)


class IdempotentProducer(driver.Producer):
    """Writes each record once, in order, however often the connection breaks."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class CarefulTransport(driver.Transport):
    """What the Faust app reads and writes through."""

    Consumer: ClassVar[type[CarefulConsumer]] = CarefulConsumer
    Producer: ClassVar[type[IdempotentProducer]] = IdempotentProducer
