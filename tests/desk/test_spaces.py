"""A space as the live system keeps it: opened as a rehearsal, rebuilt from what the journal holds."""

from typing import Any

import pytest

from crisis_bus import packs
from crisis_bus.desk import decide_live
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import minutes, parse
from crisis_bus.office import TABLES, TIMERS, Office

POLICY = packs.load("uae")
START = "2026-04-16T16:40:00+04:00"
ZERO = parse(START)
REPORT = {
    "id": "I",
    "type": "ROAD-MCI",
    "severity": "Severe",
    "urgency": "Expected",
    "certainty": "Likely",
    "emirates": ["AE-AZ"],
}
Facts = list[tuple[str, dict[str, Any]]]


def opening(command_id: str = "open", **data: object) -> Command:
    return Command("rehearsal.open", "trainer", {"start": START, **data}, command_id)


def ask(office: Office, command: Command, at: int = ZERO) -> tuple[Facts, Office]:
    decision = decide_live(office, command, at)
    return [(told.fact.TYPE, told.data(decision.office.clock)) for told in decision.facts], decision.office


def test_the_first_command_of_a_space_makes_it_a_rehearsal() -> None:
    told, office = ask(Office.opened(POLICY), opening(roster={"SPK-MOI-01": {"on_rota": False}}))

    report, _ = ask(office, Command("incident.report", "ops", REPORT), ZERO + minutes(2))

    assert [("rehearsal.opened", {"start": START})] == told
    assert 32 == report[0][1]["first_statement_due"]
    assert [["SPK-MOI-01:OFF_ROTA"]] == [data["skipped"] for kind, data in report if kind == "spokesperson.assigned"]


@pytest.mark.parametrize(
    ("start", "voice"),
    [
        pytest.param("2026-04-17T00:30:00+04:00", "SPK-MOI-02", id="tomorrow there"),
        pytest.param("2026-04-16T20:30:00Z", "SPK-MOI-01", id="today in Greenwich"),
        pytest.param("2026-04-16T15:30:00-05:00", "SPK-MOI-01", id="today further west"),
    ],
)
def test_a_rehearsal_has_the_day_of_the_offset_it_was_opened_with(start: str, voice: str) -> None:
    """Three ways to write one instant."""
    change = {"SPK-MOI-01": {"accredited_until": "2026-04-16"}}
    _, office = ask(Office.opened(POLICY), opening(start=start, roster=change))

    told, _ = ask(office, Command("incident.report", "ops", REPORT), parse(start))

    assert [voice] == [data["spokesperson"] for kind, data in told if kind == "spokesperson.assigned"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({"start": 5}, "start", id="no text"),
        pytest.param({"start": "now"}, "start", id="no time"),
        pytest.param([], "start", id="no object"),
        pytest.param({"start": START, "roster": []}, "roster", id="no roster"),
        pytest.param({"start": START, "roster": {"NOBODY": {}}}, "roster", id="nobody of the pack"),
        pytest.param({"start": START, "roster": {"SPK-MOI-01": {"on_rota": "?"}}}, "roster", id="a senseless change"),
    ],
)
def test_a_senseless_opening_is_refused_and_remembered(data: object, field: str) -> None:
    told, office = ask(Office.opened(POLICY), Command("rehearsal.open", "trainer", data, "1"))

    assert [("command.refused", "BAD_VALUE", field)] == [(kind, d["reason"], d["field"]) for kind, d in told]
    assert [] == ask(office, opening("1"))[0]


def test_a_space_in_which_something_happened_stays_what_it_is() -> None:
    _, office = ask(Office.opened(POLICY), Command("incident.report", "ops", REPORT))

    assert ["WRONG_STATE"] == [data["reason"] for _, data in ask(office, opening())[0]]


LIFE = [
    opening(roster={"SPK-MOI-01": {"on_rota": False}}),
    Command("incident.report", "ops", REPORT, "1"),
    Command("incident.report", "ops", REPORT | {"id": "J", "exercise": True, "emirates": ["AE-DU"]}, "2"),
    Command("channel.suspend", "GCO.desk", {"channel": "SOCIAL", "entity": "MOI"}, "3"),
    Command("channel.suspend", "GCO.desk", {"channel": "WEB", "entity": "MOI"}, "4"),
    Command("channel.restore", "GCO.desk", {"channel": "WEB", "entity": "MOI"}, "5"),
    Command("incident.report", "ops", REPORT | {"id": "K", "supersedes": "I"}, "6"),
    Command("initiative.plan", "NCM.press", {"id": "P", "owner": "NCM", "kind": "CAMPAIGN", "start": 900}, "7"),
    Command("verification.ask", "x", {"ref": "-"}, "8"),
]


def lived() -> tuple[Office, Office, dict[str, dict[str, Any]]]:
    """The office that decided, the office that read the journal, and the last record of each key."""
    office, folded = Office.opened(POLICY), Office.opened(POLICY)
    tables: dict[str, dict[str, Any]] = {}
    for n, command in enumerate(LIFE):
        decision = decide_live(office, command, ZERO + minutes(20 * n))
        office = decision.office
        folded = folded.fold(office.now, str(command.id), decision.changes)
        for table, records in decision.changes.items():
            tables.setdefault(table, {}).update(records)
    return office, folded, tables


@pytest.mark.rule("INV-13")
def test_the_journal_rebuilds_the_office() -> None:
    office, folded, _ = lived()

    assert office == folded


def test_the_last_record_of_each_key_rebuilds_it_too() -> None:
    office, _, tables = lived()

    restored = Office.restored(POLICY, office.now, office.seen, tables)

    assert {*tables} <= {*TABLES.values(), TIMERS, "rehearsal"}
    assert office == restored


def test_open_incidents_are_kept_in_the_order_of_their_opening() -> None:
    office, folded, _ = lived()

    assert ("J", "K") == office.live == folded.live
