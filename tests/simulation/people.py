"""The clients of a space: they look at their board, ask, and ask again until they are told that it is accepted."""

import asyncio
from dataclasses import dataclass, field
from random import Random

from crisis_bus.bus.publisher import Publisher
from crisis_bus.bus.record import Outgoing
from crisis_bus.domain.commands import REHEARSAL_OPEN
from crisis_bus.domain.instants import MINUTE, Instant, text
from crisis_bus.errors import NotAcknowledged
from crisis_bus.office import Office
from crisis_bus.wire import messages, topics
from tests.simulation import replay
from tests.simulation.director import Director, Wish
from tests.simulation.roles import Stage
from tests.simulation.story import Accepted
from tests.simulation.trace import START

_TRIES = 6


@dataclass
class People:
    """Those of one space."""

    stage: Stage
    space: str
    rehearsal: bool
    chance: Random
    accepted: list[Accepted]
    _seen: tuple[Office, int] | None = field(default=None)

    async def live(self) -> None:
        """From the first command to the last."""
        director, publisher = Director(self.chance), await self.stage.publisher(self.stage.parts.client)
        if self.rehearsal:
            await self._ask((REHEARSAL_OPEN, "tests", {"start": text(START)}), publisher)
        for _ in range(self.chance.randint(8, 22)):
            await asyncio.sleep(self.chance.expovariate(4))
            await self._ask(director.next(self._board()), publisher)

    async def _ask(self, wish: Wish, publisher: Publisher) -> None:
        """Until the log has it, always with the same id; now and then twice, or not to the end."""
        name, by, data = wish
        asked = f"{self.space}-{self.chance.getrandbits(32):08x}"
        command = messages.command(self.space, name, by, data, id=asked, at=self._time(), source="/client")
        wanted = 2 if self.chance.random() < 0.1 else 1
        for _ in range(_TRIES):
            try:
                await publisher.send(Outgoing(topics.COMMANDS, self.space.encode(), command))
            except NotAcknowledged:
                if self.chance.random() < 0.1:
                    return
                continue
            self.accepted.append(Accepted(self.space, asked))
            wanted -= 1
            if not wanted:
                return

    def _time(self) -> Instant:
        """A rehearsal counts whole minutes."""
        now = self.stage.now()
        return START + (now - START) // MINUTE * MINUTE if self.rehearsal else now

    def _board(self) -> Office:
        """The office as it will stand once everything on the log is decided."""
        log = self.stage.broker.logs[self.stage.broker.place(topics.COMMANDS, self.space.encode(), None)]
        office, done = self._seen or (replay.opened(self.stage.policy), 0)
        for record in log[done:]:
            if record.key == self.space.encode():
                office = replay.answered(office, record).office
        self._seen = office, len(log)
        return office
