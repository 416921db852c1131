"""What a row of the board shows of an incident, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language
from crisis_bus.gateway import ages
from crisis_bus.gateway.names import Names, name
from crisis_bus.gateway.words import DUE, GRADES, KEYS, KINDS, LEVELS, STATES
from crisis_bus.views.gathered import Views
from crisis_bus.views.receipts import Summary
from crisis_bus.views.records import IncidentRecord, StatementRecord

RING = 62.8
"""The length of the clock's ring, in the units of its drawing."""
_HALF = 0.5
_LOOKS = {
    "PUBLISHED": "pub",
    "CORRECTED": "pub",
    "IN_REVIEW": "rev",
    "SCHEDULED": "rev",
    "BLOCKED": "blk",
    "FAILED": "blk",
    "REJECTED": "blk",
    "RETRACTED": "blk",
    "DRAFT": "warn",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class KeySlot:
    """One approval key of a statement."""

    name: str
    entity: str
    given: bool


@dataclass(frozen=True, slots=True)
class Current:
    """The statement that matters now."""

    id: str
    kind: str
    state: str
    look: str
    keys: tuple[KeySlot, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """The clock of the first statement; `used` is the part of the ring that is drawn."""

    look: Literal["", "warn", "over", "met"]
    used: str
    words: str
    about: str


@dataclass(frozen=True, slots=True)
class ChannelSquare:
    """How one channel of the last published statement fares."""

    name: str
    look: Literal["ok", "bad", "off"]


@dataclass(frozen=True, slots=True)
class Row:
    """One open incident."""

    id: str
    grade: int
    grade_word: str
    level: int
    level_word: str
    policy: str
    title: str
    places: str
    since: str
    exercise: bool
    lead: Named
    speaker: str | None
    speaker_ready: bool
    current: Current | None
    clock: Ring
    channels: tuple[ChannelSquare, ...]

    @property
    def delivered(self) -> int:
        """How many channels have the statement."""
        return sum(square.look == "ok" for square in self.channels)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every row needs: language, names, and how late it is in the space."""

    language: Language
    names: Names
    now: Instant


def row(views: Views, space: str, record: IncidentRecord, setting: Setting) -> Row:
    """The row of an incident."""
    language, names = setting.language, setting.names
    statements = views.statements.of_incident(space, record.id)
    age = ages.duration(ages.minutes_between(record.reported_at, setting.now), language, after=True)
    return Row(
        id=record.id,
        grade=record.grade,
        grade_word=name(GRADES_BY_CODE, str(record.grade)).of(language),
        level=record.level,
        policy=views.board.policy(space, record),
        level_word=name(LEVELS_BY_CODE, str(record.level)).of(language),
        title=name(names.types, record.type).of(language),
        places=_joined([name(names.emirates, code).of(language) for code in record.emirates], language),
        since=f"قبل {age}" if language == "ar" else f"{age} ago",
        exercise=record.exercise,
        lead=Named(record.lead, name(names.entities, record.lead).of(language)),
        speaker=record.spokesperson,
        speaker_ready=record.confirmed,
        current=_current(statements, language),
        clock=_clock(record, views.board.deadline(space, record.id), setting),
        channels=_channels(views, space, statements, setting),
    )


GRADES_BY_CODE = {str(grade): words for grade, words in GRADES.items()}
LEVELS_BY_CODE = {str(level): words for level, words in LEVELS.items()}


def _joined(words: Sequence[str], language: Language) -> str:
    return ("، " if language == "ar" else ", ").join(words)


def _current(statements: Sequence[StatementRecord], language: Language) -> Current | None:
    if not statements:
        return None
    record = statements[-1]
    slots = tuple(
        KeySlot(name(KEYS, key).of(language), record.given.get(key) or entity, key in record.given)
        for key, entity in record.needed.items()
    )
    waiting = record.state == "IN_REVIEW"
    return Current(
        record.id,
        name(KINDS, record.kind).of(language),
        name(STATES, record.state).of(language),
        _LOOKS.get(record.state, "old"),
        slots if waiting else (),
    )


def _clock(record: IncidentRecord, outcome: str | None, setting: Setting) -> Ring:
    language = setting.language
    if outcome in {"met", "late"}:
        look: Literal["met", "warn"] = "met" if outcome == "met" else "warn"
        return Ring(look, f"{RING}", DUE[outcome].of(language), DUE["waiting"].of(language))
    left = record.first_statement_due - setting.now
    about = DUE["waiting"].of(language)
    if left < 0 or outcome == "breached":
        late = ages.duration(ages.minutes_between(record.first_statement_due, setting.now), language)
        return Ring("over", f"{RING}", f"متأخر {late}" if language == "ar" else f"Late by {late}", about)
    used = 1 - left / record.deadline if record.deadline > 0 else 1.0
    words = ages.duration(ages.minutes_between(record.first_statement_due, setting.now), language)
    look_now: Literal["", "warn"] = "warn" if used >= _HALF else ""
    return Ring(look_now, f"{RING * used:.1f}", f"متبقٍ {words}" if language == "ar" else f"{words} left", about)


def _channels(
    views: Views, space: str, statements: Sequence[StatementRecord], setting: Setting
) -> tuple[ChannelSquare, ...]:
    out = [record for record in statements if record.went_to]
    if not out:
        return ()
    record = max(out, key=lambda item: item.published_at or 0)
    summary = views.receipts.summary(space, record.id)
    return tuple(
        ChannelSquare(name(setting.names.channels, channel).of(setting.language), _look(summary, channel))
        for channel in record.went_to
    )


def _look(summary: Summary, channel: str) -> Literal["ok", "bad", "off"]:
    outcomes = summary.get(channel)
    if not outcomes:
        return "off"
    if outcomes[Outcome.FAILED] or outcomes[Outcome.EXPIRED]:
        return "bad"
    return "ok" if outcomes[Outcome.DELIVERED] or outcomes[Outcome.ACCEPTED] else "off"
