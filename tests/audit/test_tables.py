"""The auditor takes the versions of the policy from the journal, as an incident began with them."""

import json
from typing import Any

from crisis_bus import packs
from crisis_bus.audit.tables import Tables
from crisis_bus.domain.commands import Command
from crisis_bus.domain.policy import Policy
from tests.audit.journals import Values, asked, audited, forged, played
from tests.streams.space import policy


def faster() -> dict[str, Any]:
    """A version in which a first statement of G3 is due at once, and an acknowledgement later."""
    tables: dict[str, Any] = json.loads(policy().model_dump_json())
    tables["version"] = "faster"
    for row in tables["grades"]:
        row["acknowledge"] = 7
    return tables


def edition(tables: dict[str, Any], since: int | None, by: str | None = "GCO.desk", number: int = 0) -> dict[str, Any]:
    return {"policy": tables, "proposed_by": by, "in_force_from": since, "number": number}


def test_the_latest_version_whose_time_has_come_is_in_force() -> None:
    tables = Tables(policy())
    tables.take({"faster": edition(faster(), 100, number=3), "waits": edition(faster() | {"version": "w"}, None)})

    assert [policy().version, "faster"] == [tables.at(now).version for now in (99, 100)]


def test_a_space_goes_on_with_the_tables_that_it_began_with() -> None:
    tables = Tables(policy())
    tables.take({"faster": edition(faster(), 0, by=None)})

    assert Policy.model_validate(faster()) == tables.base


def test_a_clock_is_expected_when_the_tables_of_the_journal_say_so() -> None:
    def begun(entries: Values) -> None:
        entries[0]["changes"]["policies"] = {"faster": edition(faster(), 0, by=None)}

    codes = {(finding.rule, finding.code) for finding in audited(forged(played("S03"), begun))}

    assert ("LIVE", "clock_missing") in codes


def test_nothing_is_found_when_a_space_adopts_another_version() -> None:
    tables = {name: value for name, value in faster().items() if name not in {"version", "effective"}}
    words = packs.words("uae").model_dump(mode="json")
    proposed = {"version": "faster", "effective": "2026-04-16", "tables": tables, "templates": words}
    grave = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed", "emirates": ["AE-DU"]}
    steps = [
        (0, Command("incident.report", "ops", {"id": "I1", "type": "MET-FLOOD", **grave})),
        (0, Command("policy.propose", "GCO.desk", proposed)),
        (1, Command("policy.adopt", "GCO.director", {"version": "faster"})),
        (1, Command("incident.report", "ops", {"id": "I2", "type": "MET-FLOOD", **grave})),
    ]

    values = asked("uae", steps, rehearsal=False)

    told = [
        fact["at"] for value in values for fact in json.loads(value)["facts"] if fact["data"].get("rule") == "ESC-01a"
    ]
    assert [] == audited(values)
    assert ["2026-04-16T12:45:00.000Z", "2026-04-16T12:49:00.000Z"] == told
