"""One partition of the log as the desk holds it: the chain so far, and the office of each space."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json, to_json

from crisis_bus.desk import Decision, decide_live
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import MINUTE, Instant, parse, text
from crisis_bus.domain.policy import Policy
from crisis_bus.errors import UserError
from crisis_bus.office import Office
from crisis_bus.views.chain import Chain
from crisis_bus.wire.envelope import Envelope

MAX_ENTRY_BYTES = 8_000_000
"""What the topic of the journal takes, less its headers."""


@dataclass(slots=True)
class _Space:
    """What the journal says of a space, before an office is made of it: the last record of each key."""

    at: Instant = 0
    seen: list[str] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, entry: Mapping[str, Any]) -> None:
        """One more entry."""
        self.at = max(self.at, parse(entry["command"]["at"]))
        self.seen.append(entry["command"]["id"])
        for table, records in entry["changes"].items():
            self.tables.setdefault(table, {}).update(records)


class Restoring:
    """Reads a partition of the journal from its beginning; `seat` is what it comes to."""

    def __init__(self, policy: Policy) -> None:
        """Begin with nothing."""
        self._policy = policy
        self._chain = Chain()
        self._spaces: dict[str, _Space] = {}
        self._next = 0

    def take(self, offset: int, value: bytes | None) -> bool:
        """The next journal record, passed over if it does not count; says whether it is an entry at all."""
        self._next = offset + 1
        try:
            entry = from_json(value or b"")
            command, previous, space = entry["command"], entry["previous"], entry["space"]
            if self._chain.goes_on(command["offset"], previous, value or b""):
                self._spaces.setdefault(space, _Space()).take(entry)
        except (ValueError, KeyError, TypeError):
            return False
        return True

    def seat(self) -> "Seat":
        """The partition as it stands after what was read."""
        offices = {
            name: Office.restored(self._policy, space.at, space.seen, space.tables)
            for name, space in self._spaces.items()
        }
        return Seat(self._policy, self._chain, offices, self._next)


@dataclass(slots=True)
class Seat:
    """Answers the commands of one partition, one after the other; `next_entry` is where the next entry must stand."""

    policy: Policy
    chain: Chain = field(default_factory=Chain)
    offices: dict[str, Office] = field(default_factory=dict)
    next_entry: int = 0

    def answer(self, space: str, command: Command, envelope: Envelope, offset: int, appended: Instant) -> bytes:
        """The journal entry of a command, as bytes; the seat has gone on when it returns, not when it raises."""
        office = self.offices.get(space) or Office.opened(self.policy)
        at = _instant(office, envelope, appended)
        decision = decide_live(office, command, at)
        entry = to_json(_entry(space, command, envelope.id, offset, decision, self.chain.tip))
        if len(entry) > MAX_ENTRY_BYTES:
            msg = f"the journal entry of this command would have {len(entry)} bytes, more than {MAX_ENTRY_BYTES}"
            raise UserError(msg)
        self.chain.goes_on(offset, self.chain.tip, entry)
        self.offices[space] = decision.office
        return entry

    def due(self, now: Instant) -> list[tuple[str, Instant]]:
        """Real spaces with a timer that is due by this clock, and since when."""
        found = [(name, office.next_due) for name, office in self.offices.items() if office.clock.zero is None]
        return [(name, since) for name, since in found if since is not None and since <= now]


def _instant(office: Office, envelope: Envelope, appended: Instant) -> Instant:
    """A real space takes the broker's time, a rehearsal that of its commands, in whole minutes."""
    zero = office.clock.zero
    if zero is None:
        return appended
    return zero + (envelope.time - zero) // MINUTE * MINUTE


def _entry(space: str, command: Command, name: str, offset: int, decision: Decision, previous: str) -> dict[str, Any]:
    clock = decision.office.clock
    facts = [{"at": clock.write(told.at), "type": told.fact.TYPE, "data": told.data(clock)} for told in decision.facts]
    asked = {
        "offset": offset,
        "id": name,
        "type": command.type,
        "by": command.by,
        "data": command.data,
        "at": text(decision.office.now),
    }
    entry: dict[str, Any] = {"space": space}
    if clock.zero is not None:
        entry["zero"] = text(clock.zero)
    return entry | {"command": asked, "facts": facts, "changes": decision.changes, "previous": previous}
