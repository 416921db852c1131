"""The case in hand: an office under change, and the facts told so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from crisis_bus.domain.facts import Fact, Told
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import MINUTE, Instant
from crisis_bus.domain.policy import Grade, IncidentType, Policy
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.records import Initiative, Publication, Rumour, Suspension, Timer, TimerKind
from crisis_bus.domain.registers import in_order
from crisis_bus.domain.statement import Statement
from crisis_bus.office import TABLES, TIMERS, Office, R, key_of

T = TypeVar("T")


class Refused(Exception):
    """A command that changes nothing; `field` goes with BAD_VALUE."""

    def __init__(self, reason: Reason, field: str | None = None) -> None:
        """Keep the code of `scenario-format.md` §4 and the field."""
        super().__init__(reason)
        self.reason = reason
        self.field = field


class Case:
    """One decision under way, at one instant."""

    def __init__(self, office: Office, at: Instant) -> None:
        """Begin with the office as it is."""
        self.office = office if office.now == at else changed(office, now=at)
        self.told: list[Told] = []
        self.touched: dict[str, dict[str, object]] = {}

    @property
    def now(self) -> Instant:
        """The instant of what is being decided."""
        return self.office.now

    @property
    def policy(self) -> Policy:
        """The tables in force now: for what belongs to no incident."""
        return self.office.policy

    def policy_of(self, about: Incident | Statement | Rumour | Publication | None) -> Policy:
        """AC10.1: the tables that an incident began with hold for all that belongs to it, whatever is adopted since."""
        if about is None:
            return self.policy
        if isinstance(about, Incident):
            return self.office.policy_called(about.policy)
        return self.policy_of(None if about.incident is None else self.incident(about.incident))

    def everywhere(self, about: Incident | Statement | Rumour | None, find: Callable[[Policy], T | None]) -> T:
        """What a name means: in the incident's own tables, else in force, else in any that the space ever had.

        A name was good when it was taken; it stays one when another version leaves it out.
        """
        versions = (edition.policy for edition in self.office.policies.values())
        found = (find(policy) for policy in (self.policy_of(about), self.policy, *versions))
        return next(value for value in found if value is not None)

    def tell(self, fact: Fact) -> None:
        """A fact, as of now."""
        self.told.append(Told(self.now, fact))

    def put(self, record: R) -> R:
        """Keep a record."""
        self.office = self.office.put(record)
        self._touch(TABLES[type(record)], key_of(record), record)
        return record

    def drop(self, suspension: Suspension) -> None:
        """Forget a suspension."""
        self.office = self.office.without(suspension)
        self._touch(TABLES[Suspension], key_of(suspension), None)

    def number(self) -> int:
        """The next number: it orders incidents, rumours, plans and timers by their making."""
        self.office = changed(self.office, numbered=self.office.numbered + 1)
        return self.office.numbered

    def set_timer(self, kind: TimerKind, due: Instant, of: str, **more: Any) -> None:  # noqa: ANN401 fields of Timer
        """A timer; one due in the past is due now (`scenario-format.md` §2, 3)."""
        timer = Timer(self.number(), max(due, self.now), kind, of, **more)
        self.office = self.office.with_timer(timer)
        self._touch(TIMERS, str(timer.number), timer)

    def take_timer(self) -> Timer:
        """The next timer, out of the queue, its due instant being now (`scenario-format.md` §2, 3)."""
        timer = self.office.timers.first
        assert timer is not None, "nothing is due"
        self.office = changed(self.office.without_timer(timer), now=timer.due)
        self._touch(TIMERS, str(timer.number), None)
        return timer

    def _touch(self, table: str, key: str, record: object) -> None:
        self.touched.setdefault(table, {})[key] = record

    def incident(self, name: str) -> Incident:
        """The incident of this id."""
        return self.office.incidents[name]

    def statement(self, name: str) -> Statement:
        """The statement of this id."""
        return self.office.statements[name]

    def rumour(self, name: str) -> Rumour:
        """The rumour of this id."""
        return self.office.rumours[name]

    def publication(self, name: str) -> Publication:
        """The publication of this id."""
        return self.office.publications[name]

    def initiative(self, name: str) -> Initiative:
        """The plan of this id."""
        return self.office.initiatives[name]

    def change(self, incident: str, **fields: Any) -> Incident:  # noqa: ANN401 fields of Incident
        """Change fields of an incident."""
        return self.put(changed(self.incident(incident), **fields))

    def revise(self, statement: str, **fields: Any) -> Statement:  # noqa: ANN401 fields of Statement
        """Change fields of a statement."""
        return self.put(changed(self.statement(statement), **fields))

    def among(self, ids: Mapping[int, str]) -> Iterator[Incident]:
        """The incidents of a register, in the order of opening."""
        return map(self.incident, in_order(ids))

    def shared(self) -> Iterator[Incident]:
        """Open real incidents at level 2 or more; of those alike in lead, others and places only the first."""
        return self.among({min(ids): ids[min(ids)] for ids in self.office.registers.shared.values()})

    def type_of(self, incident: Incident) -> IncidentType:
        """The row of the responsibility matrix."""
        return self.policy_of(incident).type_of[incident.type]

    def grade_of(self, incident: Incident) -> Grade:
        """What the grade of the moment asks for."""
        return self.policy_of(incident).grade_of[incident.grade]

    def affected(self, incident: Incident) -> tuple[str, ...]:
        """The emirates that an incident touches (`scenario-format.md` §3)."""
        return self.policy_of(incident).affected(incident.emirates)

    def owner(self, topic: str | None, about: Incident | Rumour | None) -> str | None:
        """The entity that owns a topic."""
        return None if topic is None else self.everywhere(about, lambda policy: policy.topic_owner.get(topic))

    def within(self, minutes: int, since: Instant) -> bool:
        """Whether fewer than so many minutes have passed (`scenario-format.md` §2, 6)."""
        return self.now - since < minutes * MINUTE

    def after(self, minutes: int) -> Instant:
        """So many minutes from now."""
        return self.now + minutes * MINUTE

    def minutes_since(self, since: Instant) -> int:
        """Whole minutes passed."""
        return (self.now - since) // MINUTE


def addresses(incident: Incident | None, names: Iterable[str]) -> tuple[str, ...]:
    """DR-4: addresses as this incident uses them, those of an exercise begin with `EX:`."""
    prefix = "EX:" if incident is not None and incident.exercise else ""
    return tuple(prefix + name for name in dict.fromkeys(names))


def same_value(one: object, other: object) -> bool:
    """Equality of fact values is strict: `3`, `"3"` and `true` all differ (`scenario-format.md` §3)."""
    return type(one) is type(other) and one == other
