"""One seed, one story: people ask, processes work, crash, freeze and come back; then all is calm and settles."""

import asyncio
import gc
from collections.abc import Iterator, MutableSequence
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any

import structlog
from aiokafka import TopicPartition

from crisis_bus import packs
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain.commands import REHEARSAL_OPEN
from crisis_bus.domain.instants import MINUTE, Instant, text
from crisis_bus.domain.policy import Policy
from crisis_bus.errors import NotAcknowledged
from crisis_bus.office import Office
from crisis_bus.packs.templates import load_templates
from crisis_bus.text.forms import Templates
from crisis_bus.wire import messages, topics
from tests.simulation import destinations, replay
from tests.simulation.destinations import Destinations
from tests.simulation.director import Director
from tests.simulation.kafka import Broker, Weather
from tests.simulation.loop import Process, SeededLoop, Stuck, current
from tests.simulation.roles import Parts, Stage
from tests.simulation.story import Accepted, History

START = 1_776_340_800_000
"""2026-04-16T12:00:00Z."""
_EVENTS = {"append", "start", "rebalance", "session_expired"}
"""As long as these happen, it is not calm yet."""
_CALM_SECONDS = 3.0
_LONGEST_SECONDS = 120.0


@cache
def policy() -> Policy:
    return packs.load("uae")


@cache
def templates() -> Templates:
    return load_templates(packs.folder("uae") / "templates")


def run(seed: int, parts: Parts | None = None) -> History:
    """Play a seed to its end; the same seed gives the same history, byte for byte."""
    world = Simulated(seed, parts or Parts())
    with world.kept_logs(), _no_collection():
        return world.run()


@contextmanager
def _no_collection() -> Iterator[None]:
    """A story is short; what it leaves is collected after it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Simulated:
    """A world that lives as long as one story."""

    def __init__(self, seed: int, parts: Parts) -> None:
        self.chance = Random(f"world {seed}")
        self.loop = SeededLoop(seed)
        self.leapt: Instant = 0
        self.leaps: list[tuple[Instant, Instant]] = []
        self.trace: list[str] = []
        self.quiet_since = 0.0
        self.broken: list[str] = []
        self.accepted: list[Accepted] = []
        self.running: dict[str, Process] = {}
        self.spaces = [f"space-{number}" for number in range(self.chance.randint(3, 5))]
        self.offices: dict[str, tuple[Office, int]] = {}
        self.weather = Weather(Random(f"weather {seed}"), self.chance.choice((0.0, 0.02, 0.05, 0.1)))
        desks, outbox = self.chance.randint(2, 3), 2
        counts = dict.fromkeys((topics.COMMANDS, topics.JOURNAL), desks)
        counts |= dict.fromkeys((topics.OUTBOX_URGENT, topics.OUTBOX_ROUTINE, topics.RECEIPTS, topics.ORDERS), outbox)
        counts |= {topics.INCIDENTS: 1, topics.DEAD_LETTERS: 1}
        self.broker = Broker(self.loop, self.weather, self.now, counts, self.note)
        self.rehearsed = {space for space in self.spaces if self.chance.random() < 0.2}
        subscriptions = destinations.subscriptions(self.spaces)
        places = Destinations(self.loop, self.weather, self.now, self.note)
        self.stage = Stage(
            self.broker, policy(), templates(), places, subscriptions, self.now, Random(f"deliver {seed}"), parts
        )

    def now(self) -> Instant:
        """The clock on every wall: it goes on with the loop, and leaps now and then."""
        return START + self.leapt + round(self.loop.at * 1000)

    def note(self, what: str, *about: object) -> None:
        """One line of the trace."""
        process = current() or self.loop.outside
        self.trace.append(" ".join((f"{self.loop.at:10.4f} {process.name:10} {what}", *map(str, about))))
        if what in _EVENTS:
            self.quiet_since = self.loop.at

    @contextmanager
    def kept_logs(self) -> Iterator[None]:
        """What the processes log goes into the trace."""
        processors: MutableSequence[Any] = structlog.get_config()["processors"]
        before = list(processors)
        processors[:] = [self._logged]
        try:
            yield
        finally:
            processors[:] = before

    def _logged(self, _logger: object, _method: str, event: Any) -> Any:
        if not event.pop("exc_info", False):
            self.note("log", *(f"{name}={value}" for name, value in sorted(event.items())))
        else:
            self.broken.append(f"logged an exception: {sorted(event.items())}")
        raise structlog.DropEvent

    def run(self) -> History:
        try:
            self.loop.play(self._story())
        except Stuck as stuck:
            self.broken.append(str(stuck))
        return self.history

    async def _story(self) -> None:
        for name in self.stage.roles():
            self._begin(name)
        clients = [self.loop.start(Process(f"client {space}"), self._client(space)) for space in self.spaces]
        chaos = asyncio.create_task(self._chaos())
        try:
            await asyncio.wait(clients)
        finally:
            chaos.cancel()
        await self._settle()
        self.history = History(
            {
                topic: [list(self.broker.logs[TopicPartition(topic, number)]) for number in range(count)]
                for topic, count in self.broker.topics.items()
            },
            list(self.accepted),
            list(self.stage.destinations.arrivals),
            self.stage.subscriptions,
            self.stage.parts.policies or (policy(),),
            templates(),
            self.now(),
            list(self.leaps),
            list(self.broken),
            list(self.trace),
        )

    def _begin(self, name: str) -> None:
        process = Process(name)
        self.running[name] = process
        self.note("start", name)
        self.loop.start(process, self._live(name, process))

    async def _live(self, name: str, process: Process) -> None:
        """A process that ends by an error is started again, as one that was killed."""
        try:
            await self.stage.roles()[name]()
        except Exception as error:  # noqa: BLE001 whatever ends it, somebody starts it again
            self.note("failed", name, type(error).__name__, error)
        self._end(process)

    def _end(self, process: Process) -> None:
        if self.running.get(process.name) is process and process.alive:
            self.note("end", process.name)
            self.loop.kill(process)
            later = self.chance.uniform(0.05, 1.0)
            self.loop.call_later(later, self._begin, process.name, context=self.loop.outside.context)

    async def _chaos(self) -> None:
        """Something bad, again and again; what and when comes from the seed."""
        self.loop.on_fuse = self._end
        patience = self.chance.choice((0.3, 0.8, 2.0))
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / patience))
            act = self.chance.choice((self._crash, self._crash, self._freeze, self._move, self._take_away, self._leap))
            act()

    def _one(self) -> Process:
        return self.chance.choice(list(self.running.values()))

    def _crash(self) -> None:
        """Between any two steps that are still to come."""
        self._one().fuse = self.chance.randint(1, 300)

    def _freeze(self) -> None:
        """Longer than a session lasts, as a rule; whoever sends is not frozen, see `delivery/worker.py`."""
        process = self._one()
        if process.alive and not process.frozen and not process.name.startswith("deliver"):
            self.note("freeze", process.name)
            self.loop.freeze(process)
            self.loop.call_later(self.chance.uniform(0.2, 4.0), self._thaw, process)

    def _thaw(self, process: Process) -> None:
        self.note("thaw", process.name)
        self.loop.thaw(process)

    def _move(self) -> None:
        """A rebalance for no reason that anybody knows."""
        groups = list(self.broker.groups.values())
        if groups:
            self.chance.choice(groups).begin()

    def _take_away(self) -> None:
        place = self.chance.choice(list(self.broker.logs))
        seconds = self.chance.uniform(0.1, 3.0)
        self.note("away", place.topic, place.partition, f"{seconds:.3f}")
        self.broker.away[place] = self.loop.at + seconds
        self.loop.call_later(seconds + 0.001, self.broker.wake, place.topic)

    def _leap(self) -> None:
        """The clock on the wall goes on by minutes or hours, so that timers are due."""
        self._leap_by(self.chance.choice((1, 1, 5, 15, 60, 180)) * MINUTE + self.chance.randint(0, 59_999))

    def _leap_by(self, far: Instant) -> None:
        self.leapt += far
        self.leaps.append((self.now(), far))
        self.note("leap", self.now())

    async def _settle(self) -> None:
        """No trouble any more; the last timers are due; wait until nothing happens."""
        self.weather.trouble = 0.0
        self.broker.away.clear()
        for topic in self.broker.topics:
            self.broker.wake(topic)
        self._leap_by(180 * MINUTE)
        self.note("calm")
        self.quiet_since = self.loop.at
        begun = self.loop.at
        while self.loop.at - self.quiet_since < _CALM_SECONDS:
            await asyncio.sleep(0.5)
            if self.loop.at - begun > _LONGEST_SECONDS:
                self.broken.append(f"nothing has settled within {_LONGEST_SECONDS:.0f} s of calm")
                return

    async def _client(self, space: str) -> None:
        chance = Random(f"{space} {self.chance.random()}")
        director, publisher = Director(chance), await self.stage.publisher(self.stage.parts.client)
        if space in self.rehearsed:
            await self._ask(space, (REHEARSAL_OPEN, "tests", {"start": text(START)}), publisher, chance)
        for _ in range(chance.randint(8, 22)):
            await asyncio.sleep(chance.expovariate(4))
            await self._ask(space, director.next(self._seen(space)), publisher, chance)

    async def _ask(self, space: str, wish: tuple[str, object, Any], publisher: Any, chance: Random) -> None:
        """Ask until the log has it, with the same id; now and then once more, or not to the end."""
        name, by, data = wish
        at = self._clock_of(space)
        told = f"{space}-{chance.getrandbits(32):08x}"
        command = messages.command(space, name, by, data, id=told, at=at, source="/client")
        repeats = 2 if chance.random() < 0.1 else 1
        for _ in range(6):
            try:
                await publisher.send(Outgoing(topics.COMMANDS, space.encode(), command))
            except NotAcknowledged:
                if chance.random() < 0.1:
                    return
                continue
            self.accepted.append(Accepted(space, told))
            repeats -= 1
            if not repeats:
                return

    def _clock_of(self, space: str) -> Instant:
        return START + (self.now() - START) // MINUTE * MINUTE if space in self.rehearsed else self.now()

    def _seen(self, space: str) -> Office:
        """The office as it will stand once everything on the log is decided: people look at their board."""
        log = self.broker.logs[self.broker.place(topics.COMMANDS, space.encode(), None)]
        office, done = self.offices.get(space, (replay.opened(policy()), 0))
        for record in log[done:]:
            if record.key == space.encode():
                office = replay.answered(office, record).office
        self.offices[space] = office, len(log)
        return office
