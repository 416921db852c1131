"""One space under test: every decision is judged by the model, folded, doubled and read back from JSON."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic_core import from_json, to_json

from crisis_bus import packs
from crisis_bus.desk import Decision, decide_live, tick
from crisis_bus.domain.commands import ABSENT, CLOCK_TICK, REHEARSAL_OPEN, Command
from crisis_bus.domain.facts import FACTS, Told
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.instants import parse, text
from crisis_bus.office import TIMERS, Office
from tests.desk.model.follow import Said, follow
from tests.desk.model.world import MINUTE, World

POLICY = packs.load("uae")
START = "2026-04-16T16:40:00+04:00"
ZERO = parse(START)
INSTANTS = ("embargo_until", "expires", "start", "notice_at")
REACHED: Counter[str] = Counter()
"""How often each kind of fact, reason and escalation was reached, over all runs."""


class Space:
    """A real space of the live system, or a rehearsal, with what the model knows of it."""

    def __init__(self, *, live: bool) -> None:
        self.live = live
        self.now = ZERO
        self.office = self.folded = Office.opened(POLICY)
        self.tables: dict[str, dict[str, object]] = {}
        self.world = World(POLICY, None if live else ZERO, timedelta(hours=4), POLICY.roster)
        self.kinds: set[str] = set()
        self.sound = True
        if not live:
            self.ask(Command(REHEARSAL_OPEN, "trainer", {"start": START}, "opening"))

    def ask(self, command: Command, later: int = 0) -> Decision:
        """One command, so many milliseconds later, and the same again."""
        self.now += later if self.live else later // MINUTE * MINUTE
        command = self._written(command)
        before, decision = self.office, _decided(self.office, command, self.now)
        fresh = not (isinstance(command.id, str) and command.id.strip() and command.id in before.seen)
        self._take(command if fresh else None, decision, command)
        assert fresh or all(told.at < self.now for told in decision.facts), "a repeated id gives no fact"
        assert not fresh or any(told.at == self.now for told in decision.facts), "every new command gives a fact"
        self._twice(command, decision)
        if any(told.fact.TYPE == "command.refused" for told in decision.facts):
            self._nothing_but_seen(before, command, decision)
        return decision

    def tick(self, later: int, *, number: int) -> None:
        """Time passes: by the clock of the live system, or in memory."""
        self.now += later if self.live else later // MINUTE * MINUTE
        command = Command(CLOCK_TICK, "clock", {}, f"tick-{number}") if number % 2 else None
        decision = _decided(self.office, command, self.now) if command else tick(self.office, self.now)
        self._take(None, decision, command, ticked=True)

    def _written(self, command: Command) -> Command:
        """Minutes as the space writes instants."""
        if not self.live or not isinstance(command.data, dict):
            return command
        minutes = {name: value for name in INSTANTS if type(value := command.data.get(name)) is int and value >= 0}
        data = command.data | {name: text(ZERO + value * MINUTE) for name, value in minutes.items() if value < 10**6}
        return replace(command, data=data)

    def _take(
        self, asked: Command | None, decision: Decision, command: Command | None, *, ticked: bool = False
    ) -> None:
        self.sound = False
        clock = decision.office.clock
        facts = [Said(told.at, told.fact.TYPE, told.data(clock)) for told in decision.facts]
        for told, said in zip(decision.facts, facts, strict=True):
            read = FACTS[said.kind].model_validate(from_json(to_json(said.data)), context=clock)
            assert said.data == Told(told.at, read).data(clock), "a fact is read back as it was told"
            self._count(said)
        follow(self.world, asked, self.now, facts, ticked=ticked)
        changes = from_json(to_json(decision.changes))
        known = command.id if command is not None and isinstance(command.id, str) and command.id.strip() else None
        self.folded = self.folded.fold(decision.office.now, known, changes)
        assert self.folded == decision.office, "the office is the fold of its changes"
        for table, records in changes.items():
            self.tables.setdefault(table, {}).update(records)
        self.office = decision.office
        self.sound = True

    def _count(self, said: Said) -> None:
        names = [said.kind]
        if said.kind == "escalation":
            names.append(said.data["rule"])
        if "reason" in said.data and said.kind in {"command.refused", "statement.blocked", "key.refused"}:
            names.append(f"{said.kind} {said.data['reason']}")
        REACHED.update(names)
        self.kinds.update(names)

    def _twice(self, command: Command, decision: Decision) -> None:
        """INV-13: the same id again changes nothing and gives no fact."""
        if isinstance(command.id, str) and command.id.strip():
            again = decide_live(self.office, command, self.now)
            assert (decision.office, (), {}) == (again.office, again.facts, again.changes)

    def _nothing_but_seen(self, before: Office, command: Command, decision: Decision) -> None:
        """A refused command changes nothing that the timers before it did not change."""
        timers = _decided(before, Command("no such command", "x", {}, ABSENT), self.now)
        assert changed(timers.office, seen=decision.office.seen) == decision.office
        assert timers.changes == decision.changes
        assert [one for one in decision.office.seen if one not in before.seen] in ([], [command.id])

    def ends(self) -> None:
        """The last record of each key rebuilds the office (`crisis.snapshots.v1`)."""
        if not self.sound:  # a failure is on its way up already
            return
        restored = Office.restored(POLICY, self.office.now, self.office.seen, self.tables)
        assert self.office == restored
        agrees(self.world, self.office)


def _decided(office: Office, command: Command, at: int) -> Decision:
    """The whole answer; after a long silence it comes in parts."""
    parts = [decide_live(office, command, at)]
    while parts[-1].more:
        parts.append(decide_live(parts[-1].office, command, at))
    changes: dict[str, dict[str, Any]] = {}
    for part in parts:
        for table, records in part.changes.items():
            changes.setdefault(table, {}).update(records)
    return changed(parts[-1], facts=tuple(told for part in parts for told in part.facts), changes=changes)


def agrees(w: World, office: Office) -> None:
    """The facts alone told the whole story: what the model made of them is what the office keeps."""
    assert w.incidents.keys() == set(office.incidents)
    for name, known in w.incidents.items():
        kept = office.incidents[name]
        story = [known[field] for field in ("state", "grade", "peak", "level", "lead", "spokesperson", "confirmed")]
        assert story == [
            kept.state,
            kept.grade,
            kept.peak_grade,
            kept.level,
            kept.lead,
            kept.spokesperson,
            kept.confirmed,
        ]
        assert (known["sheet"], known["deadline"], known["out"]) == (kept.sheet, kept.deadline, kept.first_out)
        assert {text for text, of in w.statements.items() if of["warning_of"] == name} == set(kept.warnings)
        assert {rumour for rumour, of in w.rumours.items() if of["incident"] == name} == set(kept.rumours)
    assert w.statements.keys() == set(office.statements)
    for name, known in w.statements.items():
        text_kept = office.statements[name]
        assert (known["state"], known["author"], known["facts"]) == (
            text_kept.state,
            text_kept.author,
            text_kept.facts,
        )
        if known["state"] == "IN_REVIEW":
            assert (known["needed"], known["given"]) == (text_kept.needed, text_kept.given)
    assert {name: (one["state"], one["priority"]) for name, one in w.rumours.items()} == {
        name: (one.state, one.priority) for name, one in office.rumours.items()
    }
    assert {name: one["state"] for name, one in w.plans.items()} == {
        n: one.state for n, one in office.initiatives.items()
    }
    assert w.suspended == {(one.channel, one.entity) for one in office.suspensions.values()}
    assert {clock.due for clock in w.clocks} <= {timer.due for timer in office.timers}, TIMERS
