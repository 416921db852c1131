"""Versions of the policy under test: what proposes them, what adopts them, and a space that has them."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from crisis_bus import packs
from crisis_bus.desk import Decision, decide_live
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import parse
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office

START = parse("2026-04-16T16:40:00+04:00")
PROPOSER, ADOPTER = "GCO.desk", "GCO.director"
Told = list[tuple[str, dict[str, Any]]]


@cache
def policy() -> Policy:
    return packs.load("uae")


@cache
def _words() -> dict[str, Any]:
    return packs.words("uae").model_dump(mode="json")


def proposal(version: str = "2", effective: str = "2026-04-01", **tables: object) -> dict[str, Any]:
    """The whole proposed version: the pack's tables, some of them replaced."""
    own = policy().model_dump(mode="json", exclude={"version", "effective"}, exclude_none=True)
    return {
        "version": version,
        "effective": effective,
        "tables": {**own, **tables},
        "templates": deepcopy(_words()),
    }


def rows(table: str, key: object, **changes: object) -> list[dict[str, Any]]:
    """A table of the pack, one of its rows changed."""
    found = policy().model_dump(mode="json", exclude_none=True)[table]
    return [{**row, **changes} if key in {row.get("code"), row.get("grade"), row.get("id")} else row for row in found]


def propose(data: Mapping[str, Any], by: str = PROPOSER) -> Command:
    return Command("policy.propose", by, data)


def adopt(version: str = "2", by: str = ADOPTER) -> Command:
    return Command("policy.adopt", by, {"version": version})


def report(name: str = "I1", kind: str = "ROAD-MCI", **more: object) -> Command:
    data = {"id": name, "type": kind, "severity": "Moderate", "urgency": "Expected", "certainty": "Likely"}
    return Command("incident.report", "ops", {**data, "emirates": ["AE-AZ"], **more})


class Space:
    """A real space; the journal's view of it is folded along."""

    def __init__(self) -> None:
        self.office = self.folded = Office.opened(policy())
        self.tables: dict[str, dict[str, Any]] = {}
        self.now = START

    def ask(self, command: Command, later: int = 60_000) -> Told:
        """One command, so many milliseconds later; the facts."""
        self.now += later
        decision = decide_live(self.office, command, self.now)
        self._take(decision)
        return [(told.fact.TYPE, told.data(decision.office.clock)) for told in decision.facts]

    def _take(self, decision: Decision) -> None:
        self.office = decision.office
        self.folded = self.folded.fold(decision.office.now, None, decision.changes)
        for table, records in decision.changes.items():
            self.tables.setdefault(table, {}).update(records)

    def all(self, commands: Iterable[Command]) -> Told:
        return [told for command in commands for told in self.ask(command)]


def amended(**tables: object) -> Space:
    """A space with an incident under the first version, and another version in force since."""
    space = Space()
    space.all([report("OLD"), propose({**(data := proposal()), "tables": {**data["tables"], **tables}}), adopt()])
    return space
