"""Journals of one partition, written by the desk's own seat in memory, and how to forge one."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from crisis_bus.audit.auditor import Auditor
from crisis_bus.audit.findings import Finding
from crisis_bus.domain.commands import CLOCK_TICK, REHEARSAL_OPEN, Command
from crisis_bus.domain.instants import MINUTE, minutes, parse
from crisis_bus.domain.journal import GENESIS, digest
from crisis_bus.streams.seat import Seat
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import Envelope
from crisis_bus.wire.messages import read_command
from tests.streams.space import SCENARIOS, commands_of, policy, scenario

START = "2026-04-16T16:40:00+04:00"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.json"))
Values = list[dict[str, Any]]
"""Entries as plain values, in their order."""


def auditor() -> Auditor:
    return Auditor(policy())


def played(name: str) -> list[bytes]:
    """The journal of a shipped scenario."""
    return answered(commands_of(scenario(name), f"rehearsal-{name.lower()}"))


def answered(envelopes: Sequence[Envelope]) -> list[bytes]:
    """The journal that the desk writes for these commands, each appended at its own time."""
    seat, written = Seat(policy()), list[bytes]()
    for offset, one in enumerate(envelopes):
        written.append(seat.answer(*read_command(one), one, offset, one.time))
        while seat.chain.part:
            written.append(seat.answer(*read_command(one), one, offset, one.time))
    return written


def asked(space: str, steps: Sequence[tuple[int, Command]], *, rehearsal: bool = True) -> list[bytes]:
    """The journal of random commands, each so many minutes after the one before, and then a day of silence."""
    at, zero = parse(START), parse(START)
    envelopes = [messages.command(space, REHEARSAL_OPEN, "tests", {"start": START}, id="open", at=zero, source="/t")]
    for number, (later, command) in enumerate(steps):
        at += minutes(later)
        name = command.id if isinstance(command.id, str) and command.id.strip() else f"c{number}"
        envelopes.append(_command(space, command, name, at))
    envelopes.append(messages.command(space, CLOCK_TICK, "clock", {}, id="end", at=at + 1500 * MINUTE, source="/t"))
    return answered(envelopes if rehearsal else envelopes[1:])


def _command(space: str, command: Command, name: str, at: int) -> Envelope:
    kind = command.type if isinstance(command.type, str) and command.type else "no.such"
    return messages.command(space, kind, command.by, command.data, id=name, at=at, source="/t")


def audited(values: Sequence[bytes | None], partition: int = 0) -> list[Finding]:
    """Every finding in a journal, the breaks of its chain included."""
    witness = auditor()
    found = [finding for offset, value in enumerate(values) for finding in witness.take(partition, offset, value)]
    return found + witness.breaks()


def forged(values: Sequence[bytes], forge: Callable[[Values], object]) -> list[bytes]:
    """The same journal with a fault in it, and a chain that holds all the same."""
    entries = [json.loads(value) for value in values]
    forge(entries)
    made: list[bytes] = []
    for entry in entries:
        entry["previous"] = digest(made[-1]) if made else GENESIS
        made.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode())
    return made
