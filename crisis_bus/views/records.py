"""What the views read of a record in an entry's `changes`; a field that a record does not have is empty here."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from crisis_bus.domain.journal import Entry
from crisis_bus.domain.values import OPEN_INCIDENT
from crisis_bus.errors import UnreadableMessage

_OPEN = frozenset(state.value for state in OPEN_INCIDENT)


class Record(BaseModel):
    """A record as it is now; what the views do not know is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str


class IncidentRecord(Record):
    """Where an incident stands; `deadline` is the time for the first statement, in milliseconds."""

    type: str
    exercise: bool = False
    state: str
    grade: int
    level: int
    lead: str
    supporting: tuple[str, ...] = ()
    emirates: tuple[str, ...] = ()
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    fatalities: int = 0
    injured: int = 0
    topic: str | None = None
    spokesperson: str | None = None
    confirmed: bool = False
    reported_at: int
    deadline: int
    first_out: bool = False
    policy: str = ""
    sheet: dict[str, Any] = {}

    @property
    def open(self) -> bool:
        """Whether the crisis still runs."""
        return self.state in _OPEN

    @property
    def first_statement_due(self) -> int:
        """When the first statement has to be out, as an instant."""
        return self.reported_at + self.deadline


class StatementRecord(Record):
    """Where a statement stands; `needed` maps each key to the entity that gives it, `given` to who gave it."""

    incident: str
    kind: str
    author: str | None = None
    state: str
    facts: dict[str, Any] = {}
    refs: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    text: dict[str, str] | None = None
    parts: dict[str, str] | None = None
    needed: dict[str, str] = {}
    given: dict[str, str] = {}
    published_at: int | None = None
    went_to: tuple[str, ...] = ()


R = TypeVar("R", bound=Record)


def fold(model: type[R], table: str, entry: Entry, known: dict[str, R]) -> None:
    """Bring the records of one table up to an entry."""
    changes: Mapping[str, Any] = entry.changes.get(table, {})
    for key, record in changes.items():
        if record is None:
            known.pop(key, None)
            continue
        known[key] = _read(model, table, key, record)


def _read(model: type[R], table: str, key: str, record: object) -> R:
    try:
        return model.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        msg = f"the record {table}/{key} of a journal entry cannot be read: {first['loc']}: {first['msg']}"
        raise UnreadableMessage(msg) from error
