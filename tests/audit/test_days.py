"""Random days that reach every fact and reason leave a journal in which nothing is found."""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from crisis_bus.desk import Decision
from crisis_bus.domain.commands import ABSENT, CLOCK_TICK, Command
from crisis_bus.office import Office
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import Envelope
from tests.audit.journals import answered, audited
from tests.desk import steps
from tests.desk.machine import Desk
from tests.desk.space import Space

DAYS = settings(
    max_examples=12,
    stateful_step_count=50,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


class Recorded(Space):
    """A space under test that keeps what it was asked, and is audited at the end of the day."""

    def ask(self, command: Command, later: int = 0) -> Decision:
        decision = super().ask(command, later)
        self._note(self._written(command))
        return decision

    def tick(self, later: int, *, number: int) -> None:
        super().tick(later, number=number)
        if number % 2:
            self._note(Command(CLOCK_TICK, "clock", {}, f"tick-{number}"))

    def ends(self) -> None:
        assert [] == audited(answered(self._noted()))

    def _nothing_but_seen(self, before: Office, command: Command, decision: Decision) -> None:
        """Whether the desk keeps its own promises is asked in tests/desk."""

    def _noted(self) -> list[Envelope]:
        noted: list[Envelope] = self.__dict__.setdefault("noted", [])
        return noted

    def _note(self, command: Command) -> None:
        known = isinstance(command.id, str) and command.id.strip() != ""
        noted = self._noted()
        envelope = messages.command(
            "uae" if self.live else "rehearsal-day",
            str(command.type) or "nothing",
            command.by,
            command.data,
            id=str(command.id) if known else f"unnamed-{len(noted)}",
            at=self.now,
            source="/tests",
            said_id=ABSENT if known else command.id,
        )
        noted.append(envelope)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_is_found_in_random_days(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "Space", Recorded)

    run_state_machine_as_test(seed(number)(Desk), settings=DAYS)
