"""The machines that run the processes, whoever starts them again, and everything that goes wrong with them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from aiokafka import TopicPartition

from crisis_bus.domain.instants import MINUTE
from crisis_bus.wire import topics
from tests.simulation.kafka import Broker
from tests.simulation.loop import Process, SeededLoop
from tests.simulation.roles import Life
from tests.simulation.trace import Clock, Trace


@dataclass
class Machines:
    """The processes that run now, by name; one that ends, however, is started again soon."""

    loop: SeededLoop
    lives: Mapping[str, Life]
    trace: Trace
    chance: Random
    running: dict[str, Process] = field(default_factory=dict)

    def begin(self, name: str) -> None:
        """Start a process."""
        process = self.running[name] = Process(name)
        self.trace.note("start", name)
        self.loop.start(process, self._live(process))

    async def _live(self, process: Process) -> None:
        try:
            await self.lives[process.name]()
        except Exception as error:  # noqa: BLE001 whatever ends it, somebody starts it again
            self.trace.note("failed", process.name, type(error).__name__, error)
        self.end(process)

    def end(self, process: Process) -> None:
        """A process ends between two steps, and another one takes its place."""
        if self.running.get(process.name) is process and process.alive:
            self.trace.note("end", process.name)
            self.loop.kill(process)
            again = self.chance.uniform(0.05, 1.0)
            self.loop.call_later(again, self.begin, process.name, context=self.loop.outside.context)


@dataclass
class Chaos:
    """Something bad, again and again; what and when is chance."""

    machines: Machines
    broker: Broker
    clock: Clock
    chance: Random

    async def go_on(self) -> None:
        """Until somebody ends it."""
        acts = (
            *(self._crash, self._crash_of_deliver, self._freeze, self._move),
            *(self._take_away, self._pile_up, self._leap),
        )
        pause = self.chance.choice((0.3, 0.8, 2.0))
        self.machines.loop.on_fuse = self.machines.end
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / pause))
            self.chance.choice(acts)()

    def _one(self) -> Process:
        return self.chance.choice(list(self.machines.running.values()))

    def _crash_of_deliver(self) -> None:
        """Here an order outside of the log is at stake, so it is looked at more often."""
        senders = [each for name, each in self.machines.running.items() if name.startswith("deliver")]
        self.chance.choice(senders).fuse = self.chance.randint(1, 100)

    def _crash(self) -> None:
        """Between any two steps that are still to come."""
        self._one().fuse = self.chance.randint(1, 300)

    def _freeze(self) -> None:
        """Often for longer than a session. Not whoever delivers: what he has sent, nobody can call back."""
        process = self._one()
        if process.alive and not process.frozen and not process.name.startswith("deliver"):
            self.machines.trace.note("freeze", process.name)
            self.machines.loop.freeze(process)
            self.machines.loop.call_later(self.chance.uniform(0.2, 4.0), self._thaw, process)

    def _thaw(self, process: Process) -> None:
        self.machines.trace.note("thaw", process.name)
        self.machines.loop.thaw(process)

    def _move(self) -> None:
        """A rebalance for no reason that anybody knows."""
        if groups := list(self.broker.groups.values()):
            self.chance.choice(groups).begin()

    def _take_away(self) -> None:
        """A partition has no leader for a while."""
        self._away(self.chance.choice(list(self.broker.logs)), self.chance.uniform(0.1, 3.0))

    def _pile_up(self) -> None:
        """Messages pile up, and when they can be sent, no receipt can be written: what was sent is known to nobody."""
        seconds = self.chance.uniform(1.0, 6.0)
        for place in self.broker.logs:
            if place.topic in {topics.OUTBOX_URGENT, topics.OUTBOX_ROUTINE}:
                self._away(place, seconds * self.chance.uniform(0.9, 1.0))
            if place.topic == topics.RECEIPTS:
                self._away(place, seconds + self.chance.uniform(0.2, 2.5))

    def _away(self, place: TopicPartition, seconds: float) -> None:
        self.machines.trace.note("away", place.topic, place.partition, f"{seconds:.3f}")
        self.broker.away[place] = self.machines.loop.at + seconds
        self.machines.loop.call_later(seconds + 0.001, self.broker.wake, place.topic)

    def _leap(self) -> None:
        """Minutes or hours go by at once, so that timers are due."""
        self.clock.leap(self.chance.choice((1, 1, 5, 15, 60, 180)) * MINUTE + self.chance.randint(0, 59_999))
        self.machines.trace.note("leap", self.clock.now())
