"""Where every incident of a space stands."""

from dataclasses import dataclass, field

from crisis_bus.domain.instants import Instant, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.rules import grading
from crisis_bus.views.paging import Page, page
from crisis_bus.views.records import IncidentRecord, fold

_DEADLINE_FACTS = {"deadline.met": "met", "deadline.late": "late", "deadline.breached": "breached"}


@dataclass(slots=True)
class _Space:
    records: dict[str, IncidentRecord] = field(default_factory=dict)
    deadlines: dict[str, str] = field(default_factory=dict)
    dangers: dict[str, list[Instant]] = field(default_factory=dict)
    """Incident → when a report made the life-safety rule true."""
    policy: str = ""


def _id(record: IncidentRecord) -> str:
    return record.id


def _urgency(record: IncidentRecord) -> tuple[int, int, int, str]:
    return -record.level, -record.grade, record.first_statement_due, record.id


def _dangerous(record: IncidentRecord | None) -> bool:
    return record is not None and grading.threatens_life(record.severity, record.urgency, record.certainty)


@dataclass(slots=True)
class Board:
    """The fold of the incidents in all entries."""

    _spaces: dict[str, _Space] = field(default_factory=dict)

    def apply(self, entry: Entry) -> None:
        """Take the next entry that counts."""
        space = self._spaces.setdefault(entry.space, _Space())
        before = {incident: space.records.get(incident) for incident in entry.changes.get("incidents", {})}
        fold(IncidentRecord, "incidents", entry, space.records)
        for incident, was in before.items():
            if _dangerous(space.records.get(incident)) and not _dangerous(was):
                space.dangers.setdefault(incident, []).append(parse(entry.command.at))
        for version, record in entry.changes.get("policies", {}).items():
            space.policy = version if record["proposed_by"] is None else space.policy
        for fact in entry.facts:
            if fact.type in _DEADLINE_FACTS:
                space.deadlines[str(fact.data.get("incident"))] = _DEADLINE_FACTS[fact.type]

    def find(self, space: str, incident: str) -> IncidentRecord | None:
        """One incident as it stands."""
        return self._of(space).records.get(incident)

    def deadline(self, space: str, incident: str) -> str | None:
        """What became of the deadline of the first statement: met, late, breached, or None while it runs."""
        return self._of(space).deadlines.get(incident)

    def danger(self, space: str, incident: str, before: Instant) -> Instant | None:
        """When the report came that made the life-safety rule true, as it was at an instant (KPI-05)."""
        return max((at for at in self._of(space).dangers.get(incident, ()) if at <= before), default=None)

    def policy(self, space: str, record: IncidentRecord) -> str:
        """The version of the policy that an incident began with: that of its space, where the record names none."""
        return record.policy or self._of(space).policy

    def open(self, space: str) -> tuple[IncidentRecord, ...]:
        """The open incidents: the nation's first, then the worst, then the one that is due next."""
        return tuple(sorted((record for record in self._of(space).records.values() if record.open), key=_urgency))

    def page(self, space: str, after: str | None, limit: int, state: str | None = None) -> Page[IncidentRecord]:
        """Incidents by id, those after the cursor, of one state if that is asked."""
        found = [record for record in self._of(space).records.values() if state in {None, record.state}]
        return page(sorted(found, key=_id), _id, after, limit)

    def _of(self, space: str) -> _Space:
        return self._spaces.get(space) or _Space()
