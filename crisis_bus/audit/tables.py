"""The versions of the policy, as the journal of a space keeps them: its table `policies`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy


@dataclass(slots=True)
class Tables:
    """`base` are the tables that the space began with: those of the pack, until the journal says otherwise."""

    base: Policy
    _versions: dict[str, Policy] = field(default_factory=dict)
    _in_force: dict[str, tuple[Instant, int]] = field(default_factory=dict)

    def take(self, records: Mapping[str, Any]) -> None:
        """Take the versions that an entry changed; raises pydantic's ValidationError."""
        for version, record in records.items():
            policy = Policy.model_validate(record["policy"])
            self._versions[version] = policy
            if record.get("proposed_by") is None:
                self.base = policy
            if record.get("in_force_from") is not None:
                self._in_force[version] = (record["in_force_from"], record.get("number", 0))

    def of(self, incident: Incident) -> Policy:
        """AC10.1: the tables that an incident began with; those of the beginning, where it names none."""
        return self._versions.get(getattr(incident, "policy", ""), self.base)

    def at(self, now: Instant) -> Policy:
        """The tables in force at an instant: of those whose time has come, the latest."""
        there = {version: rank for version, rank in self._in_force.items() if rank[0] <= now}
        return self._versions[max(there, key=lambda version: there[version])] if there else self.base
