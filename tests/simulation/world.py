"""One seed, one story: people ask, processes work, crash, freeze and come back; then all is calm and settles."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random

from aiokafka import TopicPartition

from crisis_bus import packs
from crisis_bus.domain.instants import MINUTE
from crisis_bus.domain.policy import Policy
from crisis_bus.packs.templates import load_templates
from crisis_bus.text.forms import Templates
from crisis_bus.wire import topics
from tests.simulation import destinations
from tests.simulation.destinations import Destinations
from tests.simulation.kafka import Broker, Weather
from tests.simulation.loop import Process, SeededLoop, Stuck
from tests.simulation.machines import Chaos, Machines
from tests.simulation.people import People
from tests.simulation.roles import Parts, Stage
from tests.simulation.story import Accepted, History
from tests.simulation.trace import Clock, Trace

_CALM_SECONDS = 5.5
"""Longer than anything that was sent before may still be under way: `Weather.long`."""
_ANSWER_SECONDS = 1.0
"""A tick of the last moment is answered before the story ends."""
_LONGEST_SECONDS = 120.0
_TIMERS_LEFT = 180 * MINUTE


@cache
def policy() -> Policy:
    return packs.load("uae")


@cache
def templates() -> Templates:
    return load_templates("uae")


def run(seed: int, parts: Parts | None = None) -> History:
    """Play a seed to its end; the same seed gives the same history, byte for byte."""
    world = _World(seed, parts or Parts())
    with world.trace.with_logs(), _no_collection():
        return world.run()


@contextmanager
def _no_collection() -> Iterator[None]:
    """A story is short; what it leaves is collected after it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _World:
    """It lives as long as one story."""

    def __init__(self, seed: int, parts: Parts) -> None:
        self.chance = Random(f"world {seed}")
        self.loop = SeededLoop(seed)
        self.trace = Trace(self.loop)
        self.clock = Clock(self.loop)
        self.weather = Weather(Random(f"weather {seed}"), self.chance.choice((0.0, 0.02, 0.05, 0.1)))
        self.broker = Broker(self.loop, self.weather, self.clock.now, _topics(self.chance), self.trace.note)
        self.spaces = [f"space-{number}" for number in range(self.chance.randint(3, 5))]
        self.accepted: list[Accepted] = []
        places = Destinations(self.loop, self.weather, self.clock.now, self.trace.note)
        wanted = destinations.subscriptions(self.spaces)
        self.stage = Stage(
            self.broker, policy(), templates(), places, wanted, self.clock.now, Random(f"deliver {seed}"), parts
        )
        self.machines = Machines(self.loop, self.stage.roles(), self.trace, self.chance)

    def run(self) -> History:
        """The history, also of a story that finds no end."""
        try:
            return self.loop.play(self._story())
        except Stuck as stuck:
            self.trace.broken.append(str(stuck))
            return self._told()

    async def _story(self) -> History:
        for name in self.machines.lives:
            self.machines.begin(name)
        chaos = asyncio.create_task(Chaos(self.machines, self.broker, self.clock, self.chance).go_on())
        await asyncio.wait([self._people(space) for space in self.spaces])
        chaos.cancel()
        await self._settle()
        return self._told()

    def _people(self, space: str) -> "asyncio.Task[None]":
        rehearsal = self.chance.random() < 0.2
        chance = Random(f"{space} {self.chance.random()}")
        living = People(self.stage, space, rehearsal, chance, self.accepted).live()
        return self.loop.start(Process(f"client {space}"), living)

    async def _settle(self) -> None:
        """No trouble any more; the last timers are due; wait until nothing happens."""
        self.trace.note("calm")
        self.weather.trouble = 0.0
        self.broker.away.clear()
        for topic in self.broker.topics:
            self.broker.wake(topic)
        self.clock.leap(_TIMERS_LEFT)
        self.trace.last = begun = self.loop.at
        while self.loop.at - self.trace.last < _CALM_SECONDS or self.loop.at - self.trace.asked < _ANSWER_SECONDS:
            await asyncio.sleep(0.5)
            if self.loop.at - begun > _LONGEST_SECONDS:
                self.trace.broken.append(f"nothing has settled within {_LONGEST_SECONDS:.0f} s of calm")
                return

    def _told(self) -> History:
        return History(
            {
                topic: [list(self.broker.logs[TopicPartition(topic, number)]) for number in range(count)]
                for topic, count in self.broker.topics.items()
            },
            list(self.accepted),
            list(self.stage.destinations.arrivals),
            self.stage.subscriptions,
            policy(),
            templates(),
            self.clock.now(),
            list(self.clock.leaps),
            list(self.trace.broken),
            list(self.trace.lines),
        )


def _topics(chance: Random) -> dict[str, int]:
    """How many partitions there are of each topic."""
    spaces, others = chance.randint(2, 3), 2
    return {
        topics.COMMANDS: spaces,
        topics.JOURNAL: spaces,
        topics.SNAPSHOTS: spaces,
        topics.ORDERS: others,
        topics.OUTBOX_URGENT: others,
        topics.OUTBOX_ROUTINE: others,
        topics.LATER: others,
        topics.RECEIPTS: others,
        topics.INCIDENTS: 1,
        topics.DEAD_LETTERS: 1,
    }
