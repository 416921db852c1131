"""Where every statement of a space stands."""

from dataclasses import dataclass, field

from crisis_bus.domain.journal import Entry
from crisis_bus.views.paging import Page, page
from crisis_bus.views.records import StatementRecord, fold


def _id(record: StatementRecord) -> str:
    return record.id


@dataclass(slots=True)
class Statements:
    """The fold of the statements in all entries."""

    _spaces: dict[str, dict[str, StatementRecord]] = field(default_factory=dict)

    def apply(self, entry: Entry) -> None:
        """Take the next entry that counts; a statement that changed moves to the end of its incident's list."""
        known = self._spaces.setdefault(entry.space, {})
        for key in entry.changes.get("statements", {}):
            known.pop(key, None)
        fold(StatementRecord, "statements", entry, known)

    def find(self, space: str, statement: str) -> StatementRecord | None:
        """One statement as it stands."""
        return self._spaces.get(space, {}).get(statement)

    def all_of(self, space: str) -> tuple[StatementRecord, ...]:
        """Every statement of a space; the one that changed last comes last of its incident."""
        return tuple(self._spaces.get(space, {}).values())

    def of_incident(self, space: str, incident: str) -> tuple[StatementRecord, ...]:
        """The statements of an incident; the one that changed last comes last."""
        return tuple(record for record in self._spaces.get(space, {}).values() if record.incident == incident)

    def page(
        self, space: str, after: str | None, limit: int, incident: str | None = None, state: str | None = None
    ) -> Page[StatementRecord]:
        """Statements by id, those after the cursor, of one incident or state if that is asked."""
        found = [
            record
            for record in self._spaces.get(space, {}).values()
            if incident in {None, record.incident} and state in {None, record.state}
        ]
        return page(sorted(found, key=_id), _id, after, limit)
