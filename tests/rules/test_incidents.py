"""Incidents from report to the closed file (`scenario-format.md` §5, Incidents)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    Data,
    Fact,
    Order,
    answer,
    approve,
    draft,
    facts,
    log,
    only,
    out,
    override,
    refusal,
    report,
    submit,
    update,
)

HOT: Data = {"severity": "Severe", "urgency": "Expected", "certainty": "Likely"}


def on(at: int, kind: str, by: str = "MOI.duty", name: str = "I", **data: object) -> Order:
    return at, f"incident.{kind}", by, {"incident": name, **data}


def merge(at: int, name: str, into: str) -> Order:
    return at, "incident.merge", "ops", {"incident": name, "into": into}


def transfer(at: int, to: str, by: str = "GCO.director") -> Order:
    return at, "lead.transfer", by, {"incident": "I", "to": to}


def test_a_report_is_graded_told_and_given_a_spokesperson() -> None:
    expected = [
        ("incident.graded", {"incident": "I", "grade": 1, "level": 1, "lead": "MOI", "first_statement_due": 63}),
        ("notify", {"incident": "I", "to": ["MOI.duty", "GCO.desk"]}),
        ("spokesperson.assigned", {"incident": "I", "spokesperson": "SPK-MOI-01", "skipped": []}),
    ]

    assert expected == answer([report(3)])


@pytest.mark.parametrize(
    ("kind", "data", "graded"),
    [
        pytest.param("MET-FLOOD", HOT, (3, 2, "MOI", 15), id="the type's time is the smaller"),
        pytest.param("MET-HEAT", HOT, (3, 2, "MOHAP", 30), id="the grade's time is the smaller"),
        pytest.param("INF-RUMOUR", {}, (1, 1, "GCO", 30), id="a rumour incident without topic: the type's lead"),
        pytest.param("INF-RUMOUR", {"topic": "HLT"}, (1, 1, "MOHAP", 30), id="the owner of its topic leads it"),
        pytest.param("INF-DEEPFAKE", {"topic": "HLT"}, (1, 2, "GCO", 30), id="a deepfake stays with its type's lead"),
        pytest.param("ROAD-MCI", {"topic": "HLT"}, (1, 1, "MOI", 60), id="a topic changes no other lead"),
        pytest.param("INF-RUMOUR", {"priority": "HIGH"}, (3, 2, "GCO", 30), id="HIGH is grade 3"),
        pytest.param("INF-RUMOUR", {"priority": "MEDIUM", **HOT}, (2, 1, "GCO", 30), id="MEDIUM is grade 2"),
        pytest.param("INF-RUMOUR", {"priority": "LOW", **HOT}, (1, 1, "GCO", 30), id="LOW is grade 1"),
    ],
)
def test_grade_level_lead_and_deadline_of_a_report(kind: str, data: Data, graded: tuple[int, int, str, int]) -> None:
    grade, level, lead, due = graded

    ((_, _, told),) = only(facts([report(kind=kind, **data)]), "incident.graded")

    assert {"incident": "I", "grade": grade, "level": level, "lead": lead, "first_statement_due": due} == told


ENDED = [report(), on(1, "close", outcome="DUPLICATE")]
DRILLED = [report(exercise=True)]
SUSPENDED = [*DRILLED, report(name="REAL", kind="MET-FLOOD")]


@pytest.mark.parametrize(
    ("before", "last", "reason"),
    [
        (ENDED, report(2, supersedes="I", priority="LOW"), ("DUPLICATE_ID", None)),
        (ENDED, report(2, "J", supersedes="I", exercise=True), ("INCIDENT_CLOSED", None)),
        (SUSPENDED, report(2, "J", supersedes="I"), ("EXERCISE_SUSPENDED", None)),
        (DRILLED, report(2, "J", supersedes="I", priority="LOW"), ("EXERCISE_MISMATCH", None)),
        (DRILLED, report(2, "J", priority="LOW"), ("BAD_VALUE", "priority")),
        (ENDED, on(2, "acknowledge", "FAACD.duty"), ("INCIDENT_CLOSED", None)),
        (SUSPENDED, on(2, "acknowledge", "FAACD.duty"), ("EXERCISE_SUSPENDED", None)),
        ([report(), on(1, "acknowledge")], on(2, "acknowledge", "FAACD.duty"), ("NOT_ALLOWED", None)),
        ([report(), on(1, "acknowledge")], on(2, "acknowledge", "NCEMA.ops"), ("ALREADY_DONE", None)),
        (ENDED, update(2, next_of_kin_informed=True), ("INCIDENT_CLOSED", None)),
        ([report()], update(2, next_of_kin_informed=False), ("NOT_ALLOWED", None)),
        ([report()], update(2, by="GCO.desk", next_of_kin_informed=True), ("NOT_ALLOWED", None)),
        (ENDED, merge(2, "I", "I"), ("INCIDENT_CLOSED", None)),
        ([*ENDED, report(1, "J")], merge(2, "J", "I"), ("INCIDENT_CLOSED", None)),
        (SUSPENDED, merge(2, "I", "REAL"), ("EXERCISE_SUSPENDED", None)),
        ([report()], merge(2, "I", "I"), ("BAD_VALUE", "into")),
        ([*DRILLED, report(1, "J")], merge(2, "I", "J"), ("EXERCISE_MISMATCH", None)),
        (ENDED, on(2, "stabilise", "FAACD.duty"), ("INCIDENT_CLOSED", None)),
        ([report(), on(1, "stabilise")], on(2, "stabilise", "FAACD.duty"), ("NOT_ALLOWED", None)),
        ([report(), on(1, "stabilise")], on(2, "stabilise", "GCO.desk"), ("ALREADY_DONE", None)),
        (ENDED, on(2, "close", "FAACD.duty", outcome="DUPLICATE"), ("INCIDENT_CLOSED", None)),
        (SUSPENDED, on(2, "close", "FAACD.duty", outcome="FALSE_ALARM"), ("EXERCISE_SUSPENDED", None)),
        (ENDED, on(2, "close", "FAACD.duty", outcome="AAR_FILED"), ("NOT_ALLOWED", None)),
        (ENDED, on(2, "close", outcome="AAR_FILED"), ("WRONG_STATE", None)),
        (SUSPENDED, on(2, "close", outcome="AAR_FILED"), ("WRONG_STATE", None)),
        ([report()], on(2, "close", outcome="AAR_FILED"), ("WRONG_STATE", None)),
        ([report(), *out(1, keys=LEVEL_1)], on(2, "close", "x", outcome="DUPLICATE"), ("NOT_ALLOWED", None)),
        ([report(), *out(1, keys=LEVEL_1)], on(2, "close", outcome="DUPLICATE"), ("ALREADY_PUBLIC", None)),
        (ENDED, transfer(2, "NCM", "MOI.duty"), ("INCIDENT_CLOSED", None)),
        (SUSPENDED, transfer(2, "NCM", "MOI.duty"), ("EXERCISE_SUSPENDED", None)),
        ([report()], transfer(2, "MOI", "MOI.duty"), ("ONLY_GCO_OR_NCEMA", None)),
        ([report()], transfer(2, "MOI"), ("ALREADY_DONE", None)),
    ],
)
def test_the_first_check_that_fails_refuses(before: list[Order], last: Order, reason: tuple[str, str | None]) -> None:
    assert reason == refusal([*before, last])


@pytest.mark.parametrize("by", ["MOI.duty", "GCO.desk", "NCEMA.ops", "EX:MOI.duty"])
def test_the_lead_and_the_centre_may_acknowledge(by: str) -> None:
    expected = [("incident.state", {"incident": "I", "state": "ACKNOWLEDGED", "ack_minutes": 7})]

    assert expected == answer([report(2), on(9, "acknowledge", by)])


@pytest.mark.rule("ESC-01b")
def test_custody_is_no_acknowledgement_so_a_late_one_is_taken() -> None:
    told = facts([report(), on(40, "acknowledge")])

    assert [
        (15, "escalation", {"rule": "ESC-01a", "incident": "I", "to": ["MOI.duty.deputy"]}),
        (30, "escalation", {"rule": "ESC-01b", "incident": "I", "to": ["GCO.desk"]}),
    ] == [fact for fact in told if fact[2].get("rule", "").startswith("ESC-01")]
    assert [(40, "incident.state", {"incident": "I", "state": "ACKNOWLEDGED", "ack_minutes": 40})] == only(
        told, "incident.state"
    )


def test_a_stabilising_incident_stays_so_when_acknowledged() -> None:
    expected = [("incident.state", {"incident": "I", "state": "STABILISING", "ack_minutes": 2})]

    assert expected == answer([report(), on(1, "stabilise"), on(2, "acknowledge")])


def test_stabilising_is_no_acknowledgement_so_the_clock_runs_on() -> None:
    told = facts([report(exercise=True), on(1, "stabilise")], until=30)

    assert [(15, "ESC-01a", ["EX:MOI.duty.deputy"]), (30, "ESC-01b", ["EX:GCO.desk"])] == [
        (at, data["rule"], data["to"]) for at, _, data in only(told, "escalation") if "ESC-01" in data["rule"]
    ]


@pytest.mark.rule("ESC-01a", "ESC-01b")
@pytest.mark.parametrize(
    ("last", "rules"),
    [
        pytest.param(on(15, "acknowledge"), [], id="in its minute: in time"),
        pytest.param(on(16, "acknowledge"), ["ESC-01a"], id="a minute later: one reminder"),
        pytest.param(on(15, "close", outcome="DUPLICATE"), [], id="an ended incident needs none"),
    ],
)
def test_an_acknowledgement_ends_the_reminders(last: Order, rules: list[str]) -> None:
    told = facts([report(), last], until=30)

    assert rules == [d["rule"] for _, _, d in only(told, "escalation") if d["rule"].startswith("ESC-01")]


@pytest.mark.parametrize("outcome", ["FALSE_ALARM", "DUPLICATE"])
def test_what_was_nothing_is_closed_with_what_was_under_way(outcome: str) -> None:
    before = [report(), submit(1, "A"), draft(1, "B"), *out(1, "C", "LINES_TO_TAKE", keys=LEVEL_1)]

    assert [
        ("incident.state", {"incident": "I", "state": outcome}),
        ("statement.state", {"statement": "A", "state": "WITHDRAWN", "by": "I"}),
    ] == answer([*before, on(2, "close", outcome=outcome)])


def test_the_file_is_closed_when_the_report_on_it_is_there() -> None:
    before = [report(), on(1, "stand_down")]

    assert [("incident.state", {"incident": "I", "state": "CLOSED"})] == answer(
        [*before, on(2, "close", outcome="AAR_FILED")]
    )


@pytest.mark.rule("OV-1", "INV-10")
def test_a_new_lead_voids_what_the_old_one_had_under_way() -> None:
    before = [report(), submit(1, "B"), *out(1, "A", "PRESS_RELEASE", keys=LEVEL_1, embargo_until=60)]
    before += [submit(1, "C", facts={"deaths": 1}), draft(1, "D"), *out(1, "E", keys=LEVEL_1)]

    told = answer([*before, transfer(2, "MOHAP")])

    assert [
        ("lead.changed", {"incident": "I", "lead": "MOHAP", "was": "MOI", "voided": ["A", "B", "C"], "rule": "OV-1"}),
        (
            "spokesperson.assigned",
            {"incident": "I", "spokesperson": "SPK-MOHAP-01", "skipped": [], "co_speaker": "SPK-MOI-01"},
        ),
    ] == told


@pytest.mark.rule("OV-1")
def test_a_voided_statement_is_a_draft_without_keys() -> None:
    before = [report(), submit(1), approve(1, "FACT", "MOI.facts"), transfer(2, "MOHAP"), submit(3, by="MOHAP.drafter")]

    assert [("key.given", {"statement": "S", "key": "FACT", "by": "MOHAP.facts"})] == answer(
        [*before, approve(4, "FACT", "MOHAP.facts")]
    )


@pytest.mark.rule("OV-1")
def test_the_old_lead_is_the_first_to_support_and_the_new_one_no_more() -> None:
    told: list[Fact] = facts([report(), transfer(1, "MOHAP"), override(2, 2)])

    assert ["MOHAP.duty", "GCO.desk", "NCEMA.ops", "MOI.liaison", "FAACD.liaison", "MOEI.liaison"] == only(
        told, "notify"
    )[-1][2]["to"]


def test_an_incident_opened_from_a_rumour_ends_only_when_the_rumour_is_answered() -> None:
    before = [log(1, reach=1000, harm=3, topic="TEL")]

    opened = only(facts(before), "incident.opened", "incident.graded")
    refused = answer([*before, on(2, "stand_down", "GCO.desk", "INC-R")])

    graded = {"incident": "INC-R", "grade": 3, "level": 2, "lead": "TDRA", "first_statement_due": 31}
    assert [
        (1, "incident.opened", {"incident": "INC-R", "type": "INF-RUMOUR", "rumour": "R"}),
        (1, "incident.graded", graded),
    ] == opened
    assert [["OPEN_HIGH_RUMOUR:R"]] == [data["reasons"] for _, data in refused]
