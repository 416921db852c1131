"""What became of each command of a space, in the order of the journal."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from crisis_bus.domain.instants import UTC_CLOCK, Instant, minutes, parse
from crisis_bus.domain.journal import Entry, FactRecord
from crisis_bus.views.paging import Page


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered command; `offset` orders the answers of a space and is their cursor."""

    space: str
    offset: int
    id: str
    type: Any
    by: Any
    data: Any
    at: str
    facts: tuple[FactRecord, ...]
    repeats: bool

    @property
    def refused(self) -> bool:
        """Whether the command changed nothing because a rule did not allow it."""
        return any(fact.type == "command.refused" for fact in self.facts)


@dataclass(slots=True)
class _Space:
    zero: Instant | None = None
    answers: list[Answer] = field(default_factory=list)
    by_id: dict[str, Answer] = field(default_factory=dict)
    unfinished: Answer | None = None
    """The parts so far of an answer that is not whole yet; nobody sees it before."""


def _with_earlier_parts(space: _Space, entry: Entry) -> Answer:
    asked, before = entry.command, space.unfinished
    space.unfinished = None
    if before is not None and before.offset != asked.offset:  # its command went to the dead letters
        _keep(space, before)
    facts = entry.facts if before is None or not entry.part else (*before.facts, *entry.facts)
    repeats = asked.id in space.by_id
    return Answer(entry.space, asked.offset, asked.id, asked.type, asked.by, asked.data, asked.at, facts, repeats)


def _keep(space: _Space, answer: Answer) -> None:
    space.answers.append(answer)
    space.by_id.setdefault(answer.id, answer)


def _offset(answer: Answer) -> int:
    return answer.offset


@dataclass(slots=True)
class Ledger:
    """The fold of all entries; it keeps what was asked and told, not the records that changed."""

    _spaces: dict[str, _Space] = field(default_factory=dict)

    def apply(self, entry: Entry) -> Answer:
        """Take the next entry that counts."""
        space = self._spaces.setdefault(entry.space, _Space())
        if entry.zero is not None:
            space.zero = parse(entry.zero)
        answer = _with_earlier_parts(space, entry)
        if entry.more:
            space.unfinished = answer
        else:
            _keep(space, answer)
        return answer

    def find(self, space: str, command: str) -> Answer | None:
        """The first answer to a command id; a repeat of the id changes nothing."""
        known = self._spaces.get(space)
        return known.by_id.get(command) if known else None

    def after(self, space: str, cursor: int | None, limit: int) -> Page[Answer]:
        """Answers from oldest to newest, those after the cursor."""
        answers = self._answers(space)
        begin = 0 if cursor is None else bisect_right(answers, cursor, key=_offset)
        items = tuple(answers[begin : begin + limit])
        last = items[-1].offset if items else cursor
        return Page(items, None if last is None else str(last), begin + len(items) < len(answers))

    def latest(self, space: str, count: int) -> tuple[Answer, ...]:
        """The last answers, newest first; commands that led to nothing are left out."""
        found: list[Answer] = []
        for answer in reversed(self._answers(space)):
            if answer.facts:
                found.append(answer)
            if len(found) == count:
                break
        return tuple(found)

    def last_offset(self, space: str) -> int:
        """The cursor of the newest answer, -1 if there is none."""
        answers = self._answers(space)
        return answers[-1].offset if answers else -1

    def spaces(self) -> tuple[str, ...]:
        """Every space that has an answer, by name."""
        return tuple(sorted(self._spaces))

    def zero(self, space: str) -> Instant | None:
        """Minute 0 of a rehearsal; None for a real space and for one that is not known."""
        known = self._spaces.get(space)
        return known.zero if known else None

    def known(self, space: str) -> bool:
        """Whether anything was ever answered in the space."""
        return space in self._spaces

    def instant(self, space: str, told: int | str) -> Instant:
        """The instant that a fact's `at` means in its space."""
        zero = self.zero(space)
        if zero is not None and isinstance(told, int):
            return zero + minutes(told)
        return UTC_CLOCK.read(told)

    def clock(self, space: str) -> Instant | None:
        """How far a space has come: the time of its newest command."""
        answers = self._answers(space)
        return parse(answers[-1].at) if answers else None

    def _answers(self, space: str) -> list[Answer]:
        known = self._spaces.get(space)
        return known.answers if known else []
