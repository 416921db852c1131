"""The counting rule of the journal, in one place for every reader (`architecture.md`, idea 3).

A record counts if it is the next part of the command counted last, or the first of a later one, and
its `previous` is the hash of the last one counted. Whatever else stands on the topic was written by a worker that had
lost its partition or came back from a crash, and changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import ValidationError

from crisis_bus.domain.journal import GENESIS, Entry, digest
from crisis_bus.errors import JournalBroken, UnreadableMessage


class Standing(StrEnum):
    """Why a record counts or does not."""

    COUNTS = "counts"
    REPEATED = "repeated"
    FORKED = "forked"
    UNREADABLE = "unreadable"


def read(value: bytes | None) -> Entry:
    """The entry in a record's value; raises UnreadableMessage."""
    if value is None:
        msg = "a journal record has no value: a tombstone does not belong in the journal"
        raise UnreadableMessage(msg)
    try:
        return Entry.model_validate_json(value)
    except ValidationError as error:
        msg = f"a journal record is no entry: {error.error_count()} errors, the first at {error.errors()[0]['loc']}"
        raise UnreadableMessage(msg) from error


@dataclass(slots=True)
class Chain:
    """INV-14: one partition of the journal as counted so far; give all three to go on after a snapshot.

    `last` is the offset of the last command that counted; `part` is the number of its next part, 0 if it is answered.
    """

    last: int = -1
    tip: str = GENESIS
    part: int = 0

    @property
    def next_command(self) -> int:
        """The command offset at which to go on: the last one again if its answer is not whole."""
        return self.last if self.part else self.last + 1

    def part_of(self, offset: int) -> int:
        """Which part of a command's answer comes next."""
        return self.part if offset == self.last else 0

    def follows(self, offset: int, part: int) -> bool:
        """Whether this part of this command may come next."""
        return offset == self.last and part == self.part > 0 if offset <= self.last else part == 0

    def standing(self, entry: Entry) -> Standing:
        """Whether the entry would count now, and why not."""
        offset, part = entry.command.offset, entry.part
        if offset < self.last or (offset == self.last and (not self.part or part < self.part)):
            return Standing.REPEATED
        fits = self.follows(offset, part) and entry.previous == self.tip
        return Standing.COUNTS if fits else Standing.FORKED

    def counts(self, entry: Entry, value: bytes) -> bool:
        """Whether the entry counts; if it does, the chain goes on from it."""
        return self.goes_on(entry.command.offset, entry.previous, value, entry.part, more=entry.more)

    def goes_on(self, offset: int, previous: str, value: bytes, part: int = 0, *, more: bool = False) -> bool:
        """The same for a record of which only so much was read yet."""
        if previous != self.tip or not self.follows(offset, part):
            return False
        self.last = offset
        self.part = part + 1 if more else 0
        self.tip = digest(value)
        return True


@dataclass(slots=True)
class Chains:
    """The chains of all partitions that a reader reads."""

    _chains: dict[int, Chain] = field(default_factory=dict)

    def of(self, partition: int) -> Chain:
        """The chain of one partition, begun when it is first asked for."""
        return self._chains.setdefault(partition, Chain())

    def judge(self, partition: int, entry: Entry, value: bytes) -> Standing:
        """How the entry stands in its partition; if it counts, that chain goes on from it."""
        chain = self.of(partition)
        standing = chain.standing(entry)
        chain.counts(entry, value)
        return standing


@dataclass(frozen=True, slots=True)
class Break:
    """The first record after which the chain of a partition never goes on."""

    partition: int
    offset: int
    standing: Standing
    reason: str


@dataclass(slots=True)
class Verdict:
    """What a partition of the journal is worth: what counted, what did not, and where it breaks, if it does."""

    partition: int
    counted: int = 0
    skipped: dict[Standing, int] = field(default_factory=dict)
    chain: Chain = field(default_factory=Chain)
    broken: Break | None = None

    def see(self, offset: int, value: bytes | None) -> Entry | None:
        """Take the next record; one that counts is given back, and heals what stood between: the chain went on."""
        try:
            entry = read(value)
        except UnreadableMessage as error:
            self._pass_over(offset, Standing.UNREADABLE, str(error))
            return None
        before = Chain(self.chain.last, self.chain.tip, self.chain.part)
        if value is not None and self.chain.counts(entry, value):
            self.counted += 1
            self.broken = None
            return entry
        self._pass_over(offset, before.standing(entry), _why(before, entry))
        return None

    def _pass_over(self, offset: int, standing: Standing, reason: str) -> None:
        self.skipped[standing] = self.skipped.get(standing, 0) + 1
        if standing is not Standing.REPEATED and self.broken is None:
            self.broken = Break(self.partition, offset, standing, reason)


def _why(chain: Chain, entry: Entry) -> str:
    part = f" (part {entry.part})" if entry.part else ""
    named = f"command {entry.command.id} at command offset {entry.command.offset}{part}"
    expected = "the beginning of the chain" if chain.tip == GENESIS else f"{chain.tip[:12]}…"
    return f"{named} names {entry.previous[:12]}… as its predecessor, expected {expected}"


def verify(records: Iterable[tuple[int, int, bytes | None]]) -> dict[int, Verdict]:
    """Judge a whole journal, given as (partition, offset, value) with offsets rising in each partition."""
    verdicts: dict[int, Verdict] = {}
    for partition, offset, value in records:
        verdicts.setdefault(partition, Verdict(partition)).see(offset, value)
    return verdicts


def ensure_whole(verdicts: Iterable[Verdict]) -> None:
    """Raise JournalBroken with the first break that there is."""
    for verdict in verdicts:
        if verdict.broken is not None:
            broken = verdict.broken
            msg = f"journal partition {broken.partition}, offset {broken.offset}: {broken.standing}: {broken.reason}"
            raise JournalBroken(msg)
