"""The short lists that rules look at hold what a walk over all records would find, in its order."""

from typing import Any

from hypothesis import HealthCheck, given, settings

from crisis_bus import packs
from crisis_bus.desk import decide
from crisis_bus.domain.commands import Command
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.instants import minutes, parse
from crisis_bus.domain.values import InitiativeState
from crisis_bus.office import Office
from tests.desk.commands import STEPS

POLICY = packs.load("uae")
START = "2026-04-16T16:40:00+04:00"
ZERO = parse(START)
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def walked(office: Office) -> dict[str, set[Any]]:
    live = [incident for incident in office.incidents.values() if incident.live]
    shared = [one for one in live if one.open and not one.exercise and one.level > 1]
    return {
        "live": {one.id for one in live},
        "drills": {one.id for one in live if one.open and one.exercise},
        "shared": {(_asked(one), one.id) for one in shared},
        "voices": {(one.spokesperson, one.id) for one in shared if one.spokesperson},
        "planned": {(one.owner, one.id) for one in office.initiatives.values() if one.state is InitiativeState.PLANNED},
        "warnings": {(text, one.id) for one in office.incidents.values() for text in one.warnings},
    }


def _asked(incident: Incident) -> tuple[Any, ...]:
    return incident.lead, incident.supporting, incident.emirates, incident.policy


def kept(office: Office) -> dict[str, set[Any]]:
    registers = office.registers
    grouped = {"shared": registers.shared, "voices": registers.voices, "planned": registers.planned}
    return {
        "live": set(registers.live.values()),
        "drills": set(registers.drills.values()),
        **{name: {(key, one) for key, ids in table.items() for one in ids.values()} for name, table in grouped.items()},
        "warnings": set(registers.warnings.items()),
    }


@THOROUGH
@given(STEPS)
def test_registers_hold_what_a_walk_would_find(steps: list[tuple[int, Command]]) -> None:
    office, at = Office.opened(POLICY).rehearsing(START, {}), ZERO
    for later, command in steps:
        at += minutes(later)
        office = decide(office, command, at).office

        assert walked(office) == kept(office)


def told(*commands: Command) -> list[tuple[str, dict[str, Any]]]:
    office, found = Office.opened(POLICY).rehearsing(START, {}), []
    for command in commands:
        decision = decide(office, command, ZERO)
        office = decision.office
        found += [(one.fact.TYPE, one.data(office.clock)) for one in decision.facts]
    return found


def report(name: str, **more: object) -> Command:
    said = {"severity": "Extreme", "urgency": "Immediate", "certainty": "Observed", "emirates": ["AE-FU"]}
    return Command("incident.report", "NCM.ops", {"id": name, "type": "MET-WARN", **said, **more})


def test_an_exercise_gives_way_to_the_first_real_incident_that_stops_it() -> None:
    elsewhere = report("B", emirates=["AE-DU"], type="HLT-OUTBREAK")
    drill = report("X", exercise=True)

    facts = told(elsewhere, report("C"), report("D"), drill, report("E"))

    assert [{"incident": "X", "because": "C", "rule": "DR-5"}] == [
        data for kind, data in facts if kind == "exercise.suspended"
    ]


def test_a_plan_is_held_by_the_first_incident_that_its_owner_handles() -> None:
    plan = Command(
        "initiative.plan", "NCM.press", {"id": "P", "owner": "NCM", "kind": "CAMPAIGN", "start": 900, "audience": "a"}
    )

    facts = told(report("B", emirates=["AE-DU"]), report("C"), report("D"), plan)

    assert [("P", "B")] == [(data["initiative"], data["incident"]) for kind, data in facts if kind == "initiative.held"]
