"""Which incidents and plans a rule has to look at, so that none walks over all that ever were.

Kept from the records themselves, so they are the same however the office came about.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from immutables import Map

from crisis_bus.domain.frozen import changed
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.records import Initiative
from crisis_bus.domain.values import InitiativeState, Level

Ids = Map[int, str]
"""The number that orders things by their making → id."""
K = TypeVar("K", bound=Hashable)
_NONE: Ids = Map()
_Marks = dict[str, tuple[Hashable, ...]]


@dataclass(frozen=True, slots=True)
class Registers:
    """`shared` are the real incidents that several entities handle, by what rules ask of them: who, where, by what.

    Incidents that are alike in all of this are looked at through the first of them.
    """

    live: Ids = field(default_factory=Map)
    drills: Ids = field(default_factory=Map)
    shared: Map[Hashable, Ids] = field(default_factory=Map)
    voices: Map[Hashable, Ids] = field(default_factory=Map)
    planned: Map[Hashable, Ids] = field(default_factory=Map)
    warnings: Map[str, str] = field(default_factory=Map)

    def after(self, before: object, record: object) -> "Registers":
        """The registers after a record took the place of what it was."""
        if isinstance(record, Incident):
            return self._after_incident(before if isinstance(before, Incident) else None, record)
        if isinstance(record, Initiative):
            was = before if isinstance(before, Initiative) else None
            return self._moved(_of_initiative(was), _of_initiative(record), record.number, record.id)
        return self

    def _after_incident(self, before: Incident | None, after: Incident) -> "Registers":
        kept = self._moved(_of_incident(before), _of_incident(after), after.number, after.id)
        warned = () if before is None else before.warnings
        if warned == after.warnings:
            return kept
        with kept.warnings.mutate() as warnings:
            for name in warned:
                if warnings.get(name) == after.id:
                    del warnings[name]
            for name in after.warnings:
                warnings[name] = after.id
            moved = warnings.finish()
        return changed(kept, warnings=moved)

    def _moved(self, before: _Marks, after: _Marks, number: int, name: str) -> "Registers":
        if before == after:
            return self
        fields: dict[str, Any] = {}
        for register in before.keys() | after.keys():
            was, now = before.get(register), after.get(register)
            if was != now:
                table = getattr(self, register)
                table = table if was is None else _struck(table, was, number)
                fields[register] = table if now is None else _entered(table, now, number, name)
        return changed(self, **fields)


def in_order(ids: Mapping[int, str]) -> Iterator[str]:
    """Ids in the order of their making."""
    return (ids[number] for number in sorted(ids))


def _of_incident(incident: Incident | None) -> _Marks:
    if incident is None or not incident.live:
        return {}
    marks: _Marks = {"live": ()}
    if incident.exercise and incident.open:
        marks["drills"] = ()
    if not incident.exercise and incident.open and incident.level >= Level.CROSS_ENTITY:
        marks["shared"] = ((incident.lead, incident.supporting, incident.emirates, incident.policy),)
        if incident.spokesperson is not None:
            marks["voices"] = (incident.spokesperson,)
    return marks


def _of_initiative(initiative: Initiative | None) -> _Marks:
    waits = initiative is not None and initiative.state is InitiativeState.PLANNED
    return {"planned": (initiative.owner,)} if initiative is not None and waits else {}


def _entered(table: Map[Any, Any], place: tuple[Hashable, ...], number: int, name: str) -> Map[Any, Any]:
    if not place:
        return table.set(number, name)
    return table.set(place[0], table.get(place[0], _NONE).set(number, name))


def _struck(table: Map[Any, Any], place: tuple[Hashable, ...], number: int) -> Map[Any, Any]:
    if not place:
        return table.delete(number)
    left = table[place[0]].delete(number)
    return table.set(place[0], left) if left else table.delete(place[0])
