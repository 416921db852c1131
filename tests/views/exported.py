"""Journals as `crisis-bus journal export` writes them, made by the desk's own seat, without a broker."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from crisis_bus import packs, rehearsal
from crisis_bus.desk import Decision, decide
from crisis_bus.domain.commands import CLOCK_TICK, REHEARSAL_OPEN, Command
from crisis_bus.domain.instants import minutes, parse, text
from crisis_bus.domain.journal import Asked, Entry, FactRecord
from crisis_bus.domain.policy import Policy
from crisis_bus.office import REHEARSAL, Office
from crisis_bus.rehearsal import Scenario
from crisis_bus.streams.seat import Seat
from crisis_bus.views import chain
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import Envelope

SCENARIOS = Path(packs.__file__).parent / "uae" / "scenarios"
START = "2026-04-16T16:40:00+04:00"
NAMES = sorted(path.stem for path in SCENARIOS.glob("S*.json"))


@cache
def policy() -> Policy:
    return packs.load("uae")


def scenario(name: str) -> Scenario:
    return rehearsal.read((SCENARIOS / f"{name}.json").read_bytes())


def commands(played: Scenario, space: str) -> list[Envelope]:
    """The commands of a scenario as they go on the log: opened first, ticked to the end last."""
    zero = parse(played.clock.start)

    def command(number: int, name: object, by: object, data: object, at: int) -> Envelope:
        when = zero + minutes(at)
        return messages.command(space, str(name), by, data, id=f"{space}-{number}", at=when, source="/tests")

    roster = {name: change.model_dump(mode="json", exclude_none=True) for name, change in played.roster.items()}
    steps = [command(n, step.type, step.by, step.data, step.at) for n, step in enumerate(played.commands, 1)]
    opened = command(0, REHEARSAL_OPEN, "tests", {"start": played.clock.start, "roster": roster}, 0)
    return [opened, *steps, command(len(steps) + 1, CLOCK_TICK, "clock", {}, played.clock.until_minutes)]


def answered(envelopes: Iterable[Envelope], appended: int = 0) -> list[bytes]:
    """The journal entries of commands, as bytes; a real space takes the time `appended` and so on each second."""
    seat, found = Seat(policy()), []
    for offset, envelope in enumerate(envelopes):
        asked = *messages.read_command(envelope), envelope, offset, appended + offset * 1000
        found.append(seat.answer(*asked))
        while seat.chain.part:
            found.append(seat.answer(*asked))
    return found


def played(
    orders: Iterable[tuple[int, str, Any, Any]], until: int, roster: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Entry, ...]:
    """The entries of a small scenario: minute, type, by and data of each command."""
    steps = [{"at": at, "type": kind, "by": by, "data": data} for at, kind, by, data in orders]
    clock = {"start": START, "until_minutes": until}
    made = Scenario.model_validate({"id": "T", "clock": clock, "roster": roster or {}, "commands": steps})
    return tuple(chain.read(value) for value in answered(commands(made, "rehearsal-t")))


@cache
def journal(name: str) -> tuple[bytes, ...]:
    """The journal of a shipped scenario, in the space `rehearsal-<name>`."""
    return tuple(answered(commands(scenario(name), f"rehearsal-{name.lower()}")))


@cache
def entries(name: str) -> tuple[Entry, ...]:
    return tuple(chain.read(value) for value in journal(name))


def write(path: Path, *names: str) -> Path:
    """The export of the journal of some scenarios, one partition each."""
    path.write_bytes(b"".join(value + b"\n" for name in names for value in journal(name)))
    return path


def decided(steps: Iterable[tuple[int, Command]], zero: int = parse(START)) -> Iterator[tuple[Decision, Entry]]:
    """What the desk makes of commands, each so many minutes after the one before, and the entry that tells it."""
    office, at = Office.opened(policy()).rehearsing(START, {}), zero
    opened = {REHEARSAL: {REHEARSAL: {"start": START, "roster": {}}}}
    for number, (later, command) in enumerate(steps):
        at += minutes(later)
        decision = decide(office, command, at)
        facts = tuple(
            FactRecord.model_validate(
                {"at": office.clock.write(told.at), "type": told.fact.TYPE, "data": told.data(office.clock)}
            )
            for told in decision.facts
        )
        known = command.id if isinstance(command.id, str) and command.id.strip() else f"c{number}"
        asked = Asked(offset=number, id=known, type=command.type, by=command.by, data=command.data, at=text(at))
        changes = decision.changes | (opened if number == 0 else {})
        yield decision, Entry(space="t", zero=text(zero), command=asked, facts=facts, changes=changes, previous="")
        office = decision.office
