"""A Kafka in memory, as its clients see it: partitions, append time, groups; and a weather of failures.

What is written stands, in order, with the broker's time. Everything else may be late, doubled or lost, as it is with
the real one: an acknowledgement, a commit, a heartbeat, a whole partition for a while.
"""

import asyncio
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiokafka import TopicPartition

from crisis_bus.bus.record import Record
from tests.simulation.loop import SeededLoop

_TRY_AGAIN_SECONDS = 0.5
Headers = Sequence[tuple[str, bytes]]


@dataclass
class Weather:
    """How likely a request meets trouble, and what a moment is."""

    chance: Random
    trouble: float = 0.0

    def moment(self) -> float:
        """A way through the network, in seconds: short as a rule."""
        return self.chance.uniform(0.0002, 0.004) if self.chance.random() < 0.9 else self.chance.uniform(0.004, 0.08)

    def strikes(self, share: float = 1.0) -> bool:
        """Whether something goes wrong now."""
        return self.trouble > 0 and self.chance.random() < self.trouble * share

    def long(self) -> float:
        """A delay that people would notice, in seconds."""
        return self.chance.uniform(0.1, 4.0)


@dataclass
class Broker:
    """The cluster; `now` is its clock in milliseconds."""

    loop: SeededLoop
    weather: Weather
    now: Callable[[], int]
    topics: Mapping[str, int]
    note: Callable[..., None]
    logs: dict[TopicPartition, list[Record]] = field(default_factory=dict)
    groups: dict[str, "Group"] = field(default_factory=dict)
    readers: list[Any] = field(default_factory=list)
    """Whoever waits for records: told by `wake`."""
    away: dict[TopicPartition, float] = field(default_factory=dict)
    """Partitions without a leader, and until when."""

    def __post_init__(self) -> None:
        for topic, count in self.topics.items():
            for number in range(count):
                self.logs[TopicPartition(topic, number)] = []

    def place(self, topic: str, key: bytes, partition: int | None) -> TopicPartition:
        """Where a record belongs."""
        number = zlib.crc32(key) % self.topics[topic] if partition is None else partition
        return TopicPartition(topic, number)

    def again_in(self, place: TopicPartition) -> float:
        """How many seconds whoever needs a partition without a leader waits before he tries again."""
        return min(_TRY_AGAIN_SECONDS, max(0.0, self.away.get(place, 0.0) - self.loop.time()))

    def is_away(self, place: TopicPartition) -> bool:
        """Whether a partition has no leader at the moment."""
        return self.away.get(place, 0.0) > self.loop.time()

    async def way(self) -> None:
        """A way through the network."""
        await asyncio.sleep(self.weather.moment())

    def append(self, place: TopicPartition, key: bytes, headers: Headers, value: bytes | None) -> int:
        """Write one record; its offset."""
        log = self.logs[place]
        log.append(Record(place.topic, place.partition, len(log), self.now(), key, tuple(headers), value))
        self.note("append", place.topic, place.partition, len(log) - 1, _id_of(headers))
        self.wake(place.topic)
        return len(log) - 1

    def wake(self, topic: str) -> None:
        """Tell everybody who waits for records of a topic."""
        for reader in self.readers:
            if topic in reader.topics:
                reader.wake()

    def group(self, name: str) -> "Group":
        """A consumer group, made when it is first named."""
        return self.groups.setdefault(name, Group(name, self))


def _id_of(headers: Headers) -> str:
    return next((value.decode("utf-8", "replace") for name, value in headers if name == "ce_id"), "?")


@dataclass
class Member:
    """One consumer in its group, as the coordinator knows it."""

    number: int
    topics: tuple[str, ...]
    session: float
    heard: float
    answer: "asyncio.Future[tuple[int, list[TopicPartition]]] | None" = None
    """Set while it waits to be let in."""


class Group:
    """The coordinator of one group: everybody joins anew at each rebalance, whoever is silent is forgotten.

    Nothing here keeps a forgotten member from writing: that is Kafka's, and the desk has to live with it.
    """

    def __init__(self, name: str, broker: Broker) -> None:
        self.name = name
        self.generation = 0
        self.committed: dict[TopicPartition, int] = {}
        self.members: dict[int, Member] = {}
        self.held: dict[int, list[TopicPartition]] = {}
        self._broker = broker
        self._joining = False
        self._numbers = 0

    def enter(self, topics: tuple[str, ...], session: float) -> Member:
        """A new member, still without anything."""
        self._numbers += 1
        return Member(self._numbers, topics, session, self._broker.loop.time())

    def join(self, member: Member) -> "asyncio.Future[tuple[int, list[TopicPartition]]]":
        """Ask to be let in; the answer comes when all members have asked, or the silent ones are forgotten."""
        member.answer = self._broker.loop.create_future()
        self._hear(member)
        self.members[member.number] = member
        self.begin()
        if all(each.answer is not None for each in self.members.values()):
            self._broker.loop.call_later(0.05, self._complete, context=self._broker.loop.outside.context)
        return member.answer

    def begin(self) -> None:
        """A rebalance: everybody who is heard from is told to join anew."""
        self._joining = True

    def _complete(self) -> None:
        waiting = [member for member in self.members.values() if member.answer is not None]
        if not self._joining or len(waiting) < len(self.members) or not waiting:
            return
        self._joining = False
        self.generation += 1
        self.held = self._shares(waiting)
        self._broker.note("rebalance", self.name, self.generation, *map(_places, self.held.values()))
        for member in waiting:
            answer, member.answer = member.answer, None
            if answer is not None and not answer.done():
                answer.set_result((self.generation, self.held[member.number]))
            self._hear(member)

    def _shares(self, members: list[Member]) -> dict[int, list[TopicPartition]]:
        """Partitions of one number go to one member, whatever the topic; which one is chance."""
        shares: dict[int, list[TopicPartition]] = {member.number: [] for member in members}
        order = self._broker.weather.chance.sample(members, len(members))
        for topic in members[0].topics:
            for number in range(self._broker.topics[topic]):
                shares[order[number % len(order)].number].append(TopicPartition(topic, number))
        return shares

    def heartbeat(self, member: Member, generation: int) -> bool:
        """Whether a member may go on as it is; if not, it has to join anew."""
        if self.members.get(member.number) is not member:
            return False
        self._hear(member)
        return not self._joining and generation == self.generation

    def _hear(self, member: Member) -> None:
        member.heard = self._broker.loop.time()
        self._broker.loop.call_later(member.session, self._expire, member, context=self._broker.loop.outside.context)

    def _expire(self, member: Member) -> None:
        silent = self._broker.loop.time() - member.heard >= member.session - 1e-9
        if member.answer is None and silent and self.members.get(member.number) is member:
            self._broker.note("session_expired", self.name, member.number)
            self.leave(member)

    def leave(self, member: Member) -> None:
        """One less; the others share what it had."""
        if self.members.pop(member.number, None) is not None:
            self.begin()
            self._complete()

    def commit(self, member: Member, generation: int, offsets: Mapping[TopicPartition, int]) -> bool:
        """Keep how far a member is; False if it is none of this generation any more."""
        if self.members.get(member.number) is not member or generation != self.generation:
            return False
        self.committed.update(offsets)
        self._broker.note("commit", self.name, *(f"{p.topic}/{p.partition}={o}" for p, o in sorted(offsets.items())))
        return True


def _places(held: Sequence[TopicPartition]) -> str:
    return ",".join(f"{place.topic}/{place.partition}" for place in held) or "-"
