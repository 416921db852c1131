"""Everything that the board page shows, put together in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

from crisis_bus.domain.actors import person
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language
from crisis_bus.gateway import ages
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.rows import LEVELS_BY_CODE, Row, Setting, row
from crisis_bus.gateway.telling import Sentence, Teller
from crisis_bus.views.ledger import Answer

LINES = 30
FACTS_OF_A_LINE = 8


@dataclass(frozen=True, slots=True)
class Group:
    """The open incidents of one level."""

    level: int
    word: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One answered command in the journal; `hidden` facts are counted only."""

    cursor: int
    time: str
    by: str
    command: str
    sentences: tuple[Sentence, ...]
    hidden: int

    @property
    def tone(self) -> str:
        """The strongest tone of its facts."""
        tones = [sentence.tone for sentence in self.sentences]
        return next((tone for tone in ("stop", "out", "timer") if tone in tones), "act")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page."""

    space: str
    exercise: bool
    cursor: int
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    late: int
    clock: str
    day: str
    others: tuple[str, ...]

    @property
    def incidents(self) -> int:
        """How many incidents are open."""
        return sum(len(group.rows) for group in self.groups)


def sheet(deps: GatewayDeps, space: str, language: Language) -> Sheet:
    """The page of a space as it is now; a rehearsal is as late as its newest command."""
    ledger = deps.views.ledger
    rehearsal = ledger.zero(space) is not None
    now = (ledger.clock(space) if rehearsal else None) or deps.now()
    rows = [
        row(deps.views, space, record, Setting(language, deps.names, now)) for record in deps.views.board.open(space)
    ]
    return Sheet(
        space=space,
        exercise=rehearsal,
        cursor=ledger.last_offset(space),
        groups=_groups(rows, language),
        lines=tuple(_line(deps, answer, language) for answer in ledger.latest(space, LINES)),
        late=sum(item.clock.look == "over" for item in rows),
        clock=ages.clock(now, deps.offset_minutes),
        day=ages.day(now, deps.offset_minutes, language),
        others=tuple(other for other in ledger.spaces() if other != space),
    )


def _groups(rows: Sequence[Row], language: Language) -> tuple[Group, ...]:
    levels = sorted({item.level for item in rows}, reverse=True)
    return tuple(
        Group(
            level,
            LEVELS_BY_CODE[str(level)].of(language) if str(level) in LEVELS_BY_CODE else str(level),
            tuple(item for item in rows if item.level == level),
        )
        for level in levels
    )


def _line(deps: GatewayDeps, answer: Answer, language: Language) -> Line:
    def instant(told: int | str) -> Instant:
        return deps.views.ledger.instant(answer.space, told)

    teller = Teller(language, deps.names, lambda told: ages.clock(instant(told), deps.offset_minutes))
    shown = answer.facts[:FACTS_OF_A_LINE]
    return Line(
        cursor=answer.offset,
        time=ages.clock(instant(answer.at), deps.offset_minutes),
        by=person(answer.by) if isinstance(answer.by, str) else "–",
        command=answer.type if isinstance(answer.type, str) else "–",
        sentences=tuple(teller.tell(fact) for fact in shown),
        hidden=len(answer.facts) - len(shown),
    )
