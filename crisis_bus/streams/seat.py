"""One partition of the log as the desk holds it: the chain so far, and the office of each space."""

from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from crisis_bus.desk import AT_MOST, Decision, decide_live, fire, pass_over
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import MINUTE, Instant, text
from crisis_bus.domain.policy import Policy
from crisis_bus.errors import UserError
from crisis_bus.office import Office
from crisis_bus.streams.past import Past
from crisis_bus.views.chain import Chain
from crisis_bus.wire.envelope import Envelope

MAX_ENTRY_BYTES = 8_000_000
"""What the topic of the journal takes, less its headers."""


class Restoring:
    """Reads a partition of the journal from its beginning or from a snapshot; `seat` is what it comes to."""

    def __init__(self, policy: Policy, past: Past | None = None) -> None:
        """Begin with what is known already, or with nothing."""
        self._policy = policy
        self.past = past or Past()

    def take(self, offset: int, value: bytes | None) -> bool:
        """The next journal record, passed over if it does not count; says whether it is an entry at all."""
        return self.past.take(offset, value)

    def seat(self) -> "Seat":
        """The partition as it stands after what was read."""
        offices = {
            name: Office.restored(self._policy, space.at, space.seen, space.tables, space.numbered)
            for name, space in self.past.spaces.items()
        }
        return Seat(self._policy, self.past.chain, offices, self.past.next_entry)


@dataclass(slots=True)
class Seat:
    """Answers the commands of one partition, one after the other; `next_entry` is where the next entry must stand.

    `passed_over` tells of timers that had to be taken out unanswered; the caller takes the sentences.
    """

    policy: Policy
    chain: Chain = field(default_factory=Chain)
    offices: dict[str, Office] = field(default_factory=dict)
    next_entry: int = 0
    passed_over: list[str] = field(default_factory=list, compare=False)

    def answer(self, space: str, command: Command, envelope: Envelope, offset: int, appended: Instant) -> bytes:
        """The next journal entry of a command, as bytes; while `chain.part` is not 0, ask again for the rest.

        The seat has gone on when it returns, not when it raises.
        """
        office = self.offices.get(space) or Office.opened(self.policy)
        asking = _Asking(space, command, envelope, offset, self.chain)
        try:
            decision, entry = asking.whole(office, _instant(office, envelope, appended))
        except Exception as error:
            found = self._timers_alone(asking, office, _instant(office, envelope, appended), error)
            if found is None:
                raise
            decision, entry = found
        self.chain.goes_on(offset, self.chain.tip, entry, asking.part, more=decision.more)
        self.offices[space] = decision.office if decision.more else decision.office.remembering(envelope.id)
        return entry

    def _timers_alone(
        self, asking: "_Asking", office: Office, at: Instant, error: Exception
    ) -> "tuple[Decision, bytes] | None":
        """What the timers before a command tell, as many as can be told; None if it is the command that cannot be."""
        at_most = max(AT_MOST, 2)
        while (at_most := at_most // 2) > 0:
            try:
                found = asking.timers(office, at, at_most)
            except Exception as again:  # noqa: BLE001 whatever is wrong with a timer, fewer may be right
                error = again
            else:
                return found
        timer, decision = pass_over(office)
        self.passed_over.append(
            f"timer {timer.number} ({timer.kind} of {timer.of!r}, due {text(timer.due)}) was passed over: {error}"
        )
        return decision, asking.written(decision)

    def strangers(self) -> dict[str, tuple[str, str]]:
        """Spaces that go on with tables other than the pack's of that version: the digests, theirs first (ADR 11)."""
        mine = self.policy
        return {
            name: (office.base.digest, mine.digest)
            for name, office in self.offices.items()
            if office.base.version == mine.version and office.base.digest != mine.digest
        }

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


@dataclass(frozen=True, slots=True)
class _Asking:
    """A command on its way to an entry of the journal."""

    space: str
    command: Command
    envelope: Envelope
    offset: int
    chain: Chain

    @property
    def part(self) -> int:
        """Which part of the answer comes next."""
        return self.chain.part_of(self.offset)

    def whole(self, office: Office, at: Instant) -> tuple[Decision, bytes]:
        """The answer, or its next part."""
        decision = decide_live(office, self.command, at, AT_MOST)
        return decision, self.written(decision)

    def timers(self, office: Office, at: Instant, at_most: int) -> tuple[Decision, bytes] | None:
        """Some of the timers before the command; None if there are none."""
        decision = fire(office, self.command, at, at_most)
        return None if decision is None else (decision, self.written(decision))

    def written(self, decision: Decision) -> bytes:
        """The entry of a decision; raises UserError if the journal cannot take it."""
        entry = to_json(self._entry(decision))
        if len(entry) > MAX_ENTRY_BYTES:
            msg = f"the journal entry of this command would have {len(entry)} bytes, more than {MAX_ENTRY_BYTES}"
            raise UserError(msg)
        return entry

    def _entry(self, decision: Decision) -> dict[str, Any]:
        clock, facts = decision.office.clock, decision.facts
        asked = {
            "offset": self.offset,
            "id": self.envelope.id,
            "type": self.command.type,
            "by": self.command.by,
            "data": None if decision.more else self.command.data,
            "at": text(decision.office.now),
        }
        return {
            "space": self.space,
            **({} if clock.zero is None else {"zero": text(clock.zero)}),
            "command": asked,
            **({"part": self.part} if self.part else {}),
            **({"more": True} if decision.more else {}),
            "facts": [{"at": clock.write(one.at), "type": one.fact.TYPE, "data": one.data(clock)} for one in facts],
            "changes": decision.changes,
            "previous": self.chain.tip,
        }
