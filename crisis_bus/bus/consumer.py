"""A group's consumer that works concurrently and commits only what is finished without a gap."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from crisis_bus.bus.admission import Admission
from crisis_bus.bus.beside import Beside, Nobody
from crisis_bus.bus.contiguous import Contiguous
from crisis_bus.bus.fetching import FETCH_WAIT_MS
from crisis_bus.bus.lanes import Handle, Lane, Lanes, lane_by_key
from crisis_bus.bus.record import Record, record_of
from crisis_bus.errors import NotReachable

_POLL_MS = 200
_COMMIT_EVERY_SECONDS = 0.2


class ContiguousConsumer:
    """`getmany → handle concurrently → commit the highest offset below which all is finished`.

    An exception that leaves `handle` ends `run` with it: what was not finished is read again after
    the restart. `ahead` bounds in bytes the records of a partition that are begun and not committed yet.
    Partitions of one number go to one member, whatever the topic, so that what is keyed alike meets.
    `first` names the topic that goes before the others (`admission.py`).
    """

    def __init__(  # noqa: PLR0913 each is a decision of the caller
        self,
        bootstrap: str,
        group: str,
        topics: Sequence[str],
        handle: Handle,
        concurrency: int = 1,
        *,
        lane_of: Callable[[Record], Lane] = lane_by_key,
        ahead: int = 4_194_304,
        drain_seconds: float = 10.0,
        session_timeout_ms: int = 6000,
        client_id: str = "crisis-bus",
        first: str | None = None,
        beside: Beside | None = None,
        connect: Callable[..., Any] = AIOKafkaConsumer,
    ) -> None:
        self._bootstrap = bootstrap
        self._group = group
        self._topics = tuple(topics)
        self._lanes = Lanes(handle, lane_of, concurrency)
        self._ahead = ahead
        self._drain_seconds = drain_seconds
        self._session_timeout_ms = session_timeout_ms
        self._client_id = client_id
        self._beside = beside or Nobody()
        self._is_open = False
        self._connect = connect
        self._admission = Admission(first, self._beside.came, ahead)
        self._progress: dict[TopicPartition, Contiguous] = {}
        self._stopping = asyncio.Event()
        self._lock = asyncio.Lock()
        self._committed_at = 0.0

    @property
    def assigned(self) -> frozenset[tuple[str, int]]:
        """Topic and partition of what this member holds."""
        return frozenset((place.topic, place.partition) for place in self._progress)

    @property
    def unfinished(self) -> int:
        """How many records are taken and not committable yet."""
        return sum(progress.unfinished for progress in self._progress.values())

    async def stop(self) -> None:
        """Ask `run` to take nothing more, finish what it holds within the bound, and return."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop` or until a handler fails; raises NotReachable if Kafka cannot be reached at the start."""
        consumer = self._connect(
            bootstrap_servers=self._bootstrap,
            **_settings(self._group, self._client_id, self._session_timeout_ms),
        )
        try:
            consumer.subscribe(self._topics, listener=_Listener(self, consumer))
            await consumer.start()
            await self._work(consumer)
        except KafkaError as error:
            msg = (
                f"Kafka at {self._bootstrap} does not let group {self._group} read {', '.join(self._topics)}: {error!r}"
            )
            raise NotReachable(msg) from error
        finally:
            await self._end(consumer)
        if self._lanes.failure is not None:
            raise self._lanes.failure

    async def _work(self, consumer: AIOKafkaConsumer) -> None:
        while not self._stopping.is_set() and self._lanes.failure is None:
            # The listener takes the same lock: no record of a partition that has gone is begun.
            async with self._lock:
                self._pause_or_resume(consumer)
                for place, found in (await _fetched(consumer, 0 if self._admission.more else _POLL_MS)).items():
                    self._admission.hold(place, [record_of(one) for one in found])
                await self._begin_what_may(consumer)
                if asyncio.get_running_loop().time() - self._committed_at >= _COMMIT_EVERY_SECONDS:
                    self._committed_at = asyncio.get_running_loop().time()
                    await _commit(consumer, self._progress, self._session_timeout_ms / 1000)

    async def _begin_what_may(self, consumer: AIOKafkaConsumer) -> None:
        taken = {place: progress.taken for place, progress in self._progress.items()}
        admitted = await self._admission.admitted(consumer, taken, enough=self._beside.enough())
        for place, records in admitted.items():
            await self._begin(place, records)
        if not self._is_open and self._progress and self._admission.open:
            self._is_open = True
            self._beside.opened()

    def _pause_or_resume(self, consumer: AIOKafkaConsumer) -> None:
        full = {place for place, progress in self._progress.items() if progress.taken >= self._ahead}
        full |= self._admission.full & set(self._progress)
        paused = consumer.paused()
        consumer.pause(*(full - paused))
        consumer.resume(*((paused & set(self._progress)) - full))

    async def _begin(self, place: TopicPartition, records: Iterable[Record]) -> None:
        for record in records:
            self._lanes.begin(record, self._progress.setdefault(place, Contiguous()))
            await asyncio.sleep(0)  # a record may carry hundreds of messages: others have their turn between two

    async def _release(self, consumer: AIOKafkaConsumer) -> None:
        """Finish, commit and forget everything that is held, within the bound."""
        self._admission.clear()
        tasks = [*self._lanes.tasks, *self._beside.closing()]
        if tasks and self._lanes.failure is None:
            await asyncio.wait(tasks, timeout=self._drain_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._beside.gone()
        await _commit(consumer, self._progress, self._session_timeout_ms / 1000)
        self._progress.clear()

    async def _end(self, consumer: AIOKafkaConsumer) -> None:
        self._stopping.set()
        try:
            async with self._lock:
                await self._release(consumer)
        finally:
            await consumer.stop()


async def _commit(consumer: AIOKafkaConsumer, progress: dict[TopicPartition, Contiguous], seconds: float) -> None:
    offsets = {place: one.committable for place, one in progress.items() if one.committable is not None}
    if not offsets:
        return
    try:
        async with asyncio.timeout(seconds):
            await consumer.commit(offsets)
    except (CommitFailedError, IllegalStateError, TimeoutError):
        # The partitions have gone to another member, which does this work again, or the broker is
        # away and the next round commits. Either way nothing is lost, and ids make twice once.
        return
    for place, offset in offsets.items():
        progress[place].committed(offset)


async def _fetched(consumer: AIOKafkaConsumer, milliseconds: int) -> dict[TopicPartition, list[Any]]:
    """What has come; nothing while partitions move.

    For as long as they move aiokafka waits, and its listener waits for the lock that we hold: without a bound
    of ours both would wait for ever. It takes records only when it returns, so none is lost by giving up.
    """
    try:
        async with asyncio.timeout(2 * _POLL_MS / 1000):
            found: dict[TopicPartition, list[Any]] = await consumer.getmany(timeout_ms=milliseconds, max_records=500)
            return found
    except TimeoutError:
        return {}


def _settings(group: str, client_id: str, session_timeout_ms: int) -> dict[str, Any]:
    return {
        "group_id": group,
        "client_id": client_id,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "fetch_max_wait_ms": FETCH_WAIT_MS,
        "session_timeout_ms": session_timeout_ms,
        "heartbeat_interval_ms": session_timeout_ms // 4,
        "rebalance_timeout_ms": 15_000,
        "max_poll_interval_ms": 60_000,
        "partition_assignment_strategy": (RangePartitionAssignor,),
    }


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka is untyped
    """Gives partitions back with everything finished, and notes the new ones."""

    def __init__(self, owner: ContiguousConsumer, consumer: AIOKafkaConsumer) -> None:
        self._owner = owner
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Finish and commit before anybody else begins."""
        if revoked:
            async with self._owner._lock:  # noqa: SLF001 the listener is a part of its owner
                await self._owner._release(self._consumer)  # noqa: SLF001 see above

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Begin with a clean sheet for each partition."""
        self._owner._is_open = False  # noqa: SLF001 see above
        self._owner._progress = {place: Contiguous() for place in assigned}  # noqa: SLF001 see above
        self._owner._admission.renew(frozenset(place.partition for place in assigned))  # noqa: SLF001 see above
