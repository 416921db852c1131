"""The first statement's clock: ESC-02 (`scenario-format.md` §6, §7)."""

import pytest

from crisis_bus.desk import decide, tick
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import minutes
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import Kind, StatementState
from crisis_bus.office import Office
from tests.rules.playing import (
    LEVEL_1,
    Data,
    Fact,
    Order,
    approve,
    draft,
    facts,
    only,
    out,
    policy,
    report,
    sheet,
    submit,
    update,
)

HOT: Data = {"severity": "Severe", "certainty": "Likely"}
"""Grade 3: half an hour."""


def steps(told: list[Fact]) -> list[tuple[int, str]]:
    """Minute and rule of the escalations of ESC-02."""
    return [(at, data["rule"]) for at, _, data in only(told, "escalation") if data["rule"].startswith("ESC-02")]


def close(at: int) -> Order:
    return at, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"}


@pytest.mark.rule("ESC-02a", "ESC-02b", "ESC-02c")
@pytest.mark.parametrize(
    ("kind", "data", "minutes"),
    [
        pytest.param("MET-HEAT", {}, [60, 96, 120], id="two hours"),
        pytest.param("ROAD-MCI", {}, [30, 48, 60], id="one hour"),
        pytest.param("ROAD-MCI", HOT, [15, 24, 30], id="half an hour"),
        pytest.param("MET-FLOOD", {}, [8, 12, 15], id="a quarter, rounded up"),
        pytest.param("INF-FALSEALERT", {}, [3, 4, 5], id="five minutes, rounded up"),
    ],
)
def test_the_marks_are_at_half_at_four_fifths_and_at_the_end(kind: str, data: Data, minutes: list[int]) -> None:
    told = facts([report(kind=kind, **data)], until=200)

    assert [*zip(minutes, ["ESC-02a", "ESC-02b", "ESC-02c"], strict=True)] == steps(told)


@pytest.mark.rule("ESC-02a", "ESC-02b", "ESC-02c")
def test_the_steps_call_worse_and_worse_people_and_draft_a_holding_statement() -> None:
    told = facts([report(), sheet(1, roads=2, open=True)], until=60)

    assert [
        (30, "escalation", {"rule": "ESC-02a", "incident": "I", "to": ["MOI.duty"]}),
        (
            30,
            "statement.drafted",
            {
                "statement": "AUTO-I",
                "incident": "I",
                "kind": "HOLDING",
                "by": "system",
                "facts": {"roads": 2, "open": True},
            },
        ),
        (48, "escalation", {"rule": "ESC-02b", "incident": "I", "to": ["approver.deputies", "GCO.desk"]}),
        (60, "deadline.breached", {"incident": "I", "due": 60}),
        (60, "escalation", {"rule": "ESC-02c", "incident": "I", "to": ["GCO.director"]}),
    ] == [
        fact
        for fact in only(told, "escalation", "statement.drafted", "deadline.breached")
        if fact[2].get("rule", "ESC-02")[:6] == "ESC-02"
    ]


@pytest.mark.rule("DR-4")
def test_an_exercise_has_the_steps_with_its_own_addresses_and_a_marked_draft() -> None:
    keys = {"FACT": "MOI.facts", "RELEASE": "MOI.release"}
    again = submit(31, "AUTO-I", by="MOI.drafter", marker=True)
    told = facts([report(exercise=True), again, *(approve(31, key, by, "AUTO-I") for key, by in keys.items())])

    assert [["EX:MOI.duty"]] == [d["to"] for _, _, d in only(told, "escalation") if d["rule"] == "ESC-02a"]
    assert [(31, "deadline.met", {"incident": "I", "minutes": 31, "target": 60})] == only(told, "deadline.met")


@pytest.mark.rule("DR-4")
def test_the_later_steps_of_an_exercise_call_addresses_of_exercises() -> None:
    told = facts([report(exercise=True)], until=120)

    assert [("ESC-02b", ["EX:approver.deputies", "EX:GCO.desk"]), ("ESC-02c", ["EX:GCO.director"])] == [
        (d["rule"], d["to"]) for _, _, d in only(told, "escalation") if d["rule"] in {"ESC-02b", "ESC-02c"}
    ]


@pytest.mark.rule("ESC-02a")
@pytest.mark.parametrize(
    "waiting",
    [
        pytest.param([draft(1)], id="a draft"),
        pytest.param([submit(1, kind="SITREP")], id="in review"),
        pytest.param(out(1, kind="PRESS_RELEASE", keys=LEVEL_1, embargo_until=50), id="scheduled"),
        pytest.param([draft(1, kind="PUBLIC_WARNING")], id="a warning"),
    ],
)
def test_a_waiting_first_statement_keeps_the_reminder_silent(waiting: list[Order]) -> None:
    told = facts([report(), *waiting], until=49)

    assert [(48, "ESC-02b")] == steps(told)
    assert "AUTO-I" not in [data["statement"] for _, _, data in only(told, "statement.drafted")]


@pytest.mark.rule("ESC-02a")
@pytest.mark.parametrize(
    "idle",
    [
        pytest.param([submit(1, facts={"deaths": 1})], id="a blocked text does not wait"),
        pytest.param([draft(1, kind="LINES_TO_TAKE")], id="nor does an internal one"),
        pytest.param([draft(1, kind="CORRECTION")], id="nor one of a kind that is never first"),
        pytest.param(
            [draft(1), (2, "statement.withdraw", "MOI.drafter", {"statement": "S"})], id="nor one that was withdrawn"
        ),
    ],
)
def test_what_does_not_wait_does_not_silence_the_reminder(idle: list[Order]) -> None:
    assert [(30, "ESC-02a")] == steps(facts([report(), *idle], until=30))


@pytest.mark.rule("ESC-02a")
def test_a_silent_reminder_is_used_up_and_a_tightened_deadline_does_not_bring_it_back() -> None:
    """The draft of minute 1 is withdrawn after the mark of minute 30; grade 3 gives a new deadline, 30 → 55."""
    before = [report(kind="MET-HEAT"), draft(1, by="MOHAP.drafter")]
    before += [(61, "statement.withdraw", "MOHAP.drafter", {"statement": "S"}), update(62, **HOT)]

    told = facts(before, until=200)

    assert [(62, "deadline.tightened", {"incident": "I", "due": 77})] == only(told, "deadline.tightened")
    assert [(74, "ESC-02b"), (77, "ESC-02c")] == steps(told)


@pytest.mark.rule("ESC-02a", "ESC-02b", "ESC-02c")
def test_each_step_fires_once_however_often_the_deadline_is_tightened() -> None:
    told = facts([report(kind="MET-HEAT"), update(61, **HOT), update(62, severity="Extreme")], until=200)

    assert [61 + 15, 62 + 8] == [data["due"] for _, _, data in only(told, "deadline.tightened")]
    assert [(60, "ESC-02a"), (62 + 7, "ESC-02b"), (70, "ESC-02c")] == steps(told)


@pytest.mark.parametrize(
    ("kind", "at", "data", "due", "marks"),
    [
        pytest.param("TEL-OUTAGE", 16, {"severity": "Extreme", "certainty": "Likely"}, 24, [23, 24], id="rules.md 3.2"),
        pytest.param("MET-HEAT", 10, {"certainty": "Likely"}, 60, [35, 50, 60], id="elapsed and half is less"),
        pytest.param("MET-HEAT", 10, HOT, 30, [20, 26, 30], id="grade 3"),
        pytest.param("MET-HEAT", 15, HOT, 30, [23, 27, 30], id="exactly half of it gone"),
        pytest.param("MET-HEAT", 16, HOT, 31, [24, 28, 31], id="a minute more than half"),
        pytest.param("ROAD-MCI", 44, HOT, 59, [56, 59], id="just sooner than the old one"),
        pytest.param("ROAD-MCI", 45, HOT, None, [48, 60], id="not sooner: nothing changes"),
        pytest.param("ROAD-MCI", 5, {"certainty": "Likely"}, None, [30, 48, 60], id="the new value is not smaller"),
        pytest.param("MET-FLOOD", 2, HOT, None, [8, 12, 15], id="the type's time is the smaller anyway"),
        pytest.param("FIRE-BLDG", 4, {"severity": "Extreme", "certainty": "Likely"}, 15, [10, 13, 15], id="grade 4"),
        pytest.param("FIRE-BLDG", 8, {"severity": "Extreme", "certainty": "Likely"}, 16, [12, 15, 16], id="half of 15"),
    ],
)
def test_a_worse_grade_leaves_less_time(kind: str, at: int, data: Data, due: int | None, marks: list[int]) -> None:
    told = facts([report(kind=kind), update(at, **data)], until=200)

    assert ([] if due is None else [due]) == [d["due"] for _, _, d in only(told, "deadline.tightened")]
    assert marks == [minute for minute, _ in steps(told) if minute >= at]
    assert [(marks[-1], "deadline.breached", {"incident": "I", "due": marks[-1]})] == only(told, "deadline.breached")


@pytest.mark.parametrize(
    ("before", "due"),
    [
        pytest.param([], [30], id="nothing is out"),
        pytest.param([draft(1), submit(2, "T")], [30], id="nor is what waits"),
        pytest.param(out(1, keys=LEVEL_1), [], id="something is out"),
        pytest.param([update(1, **HOT), update(2, certainty="Unlikely")], [30], id="once is enough"),
    ],
)
def test_a_deadline_is_tightened_only_while_nothing_is_out(before: list[Order], due: list[int]) -> None:
    told = facts([report(), *before, update(5, **HOT)])

    assert due == [data["due"] for _, _, data in only(told, "deadline.tightened")]


def test_a_milder_grade_does_not_loosen_the_deadline() -> None:
    told = facts([report(**HOT), update(1, certainty="Unlikely")], until=40)

    assert [(30, "deadline.breached", {"incident": "I", "due": 30})] == only(told, "deadline.breached")


HEALTH = {"FACT": "MOHAP.facts", "RELEASE": "GCO.release"}
FIRST = ["HOLDING", "SITREP", "PRESS_RELEASE", "PUBLIC_WARNING"]


@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize(("at", "fact"), [(60, "deadline.met"), (61, "deadline.late")])
def test_the_first_statement_meets_the_deadline_in_its_minute(kind: str, at: int, fact: str) -> None:
    told = facts([report(), *out(at, kind=kind, keys=LEVEL_1), *out(at, "T", kind=kind, keys=LEVEL_1)], until=200)

    assert [(at, fact, {"incident": "I", "minutes": at, "target": 60})] == only(told, "deadline.met", "deadline.late")
    assert (at == 61) == bool(only(told, "deadline.breached"))


@pytest.mark.parametrize(
    "early",
    [
        pytest.param(out(1, kind="LINES_TO_TAKE", keys=LEVEL_1), id="lines to take"),
        pytest.param(out(1, kind="INTERNAL_BRIEFING", keys={"INTERNAL": "GCO.desk"}), id="an internal briefing"),
    ],
)
def test_an_internal_text_meets_no_deadline(early: list[Order]) -> None:
    told = facts([report(), *early], until=60)

    assert [] == only(told, "deadline.met")
    assert [(30, "ESC-02a"), (48, "ESC-02b"), (60, "ESC-02c")] == steps(told)


def test_a_tightened_deadline_is_the_target() -> None:
    told = facts([report(kind="MET-HEAT"), update(16, **HOT), *out(31, by="MOHAP.drafter", keys=HEALTH)], until=31)

    assert [(31, "deadline.met", {"incident": "I", "minutes": 31, "target": 31})] == only(told, "deadline.met")


@pytest.mark.parametrize("last", [close(29), (29, "incident.stand_down", "MOI.duty", {"incident": "I"})])
def test_the_steps_end_with_the_incident(last: Order) -> None:
    assert [] == steps(facts([report(), last], until=100))


def test_a_statement_of_the_merged_incident_is_none_of_the_other() -> None:
    before = [
        report(),
        report(name="J"),
        *out(1, keys=LEVEL_1),
        (2, "incident.merge", "ops", {"incident": "I", "into": "J"}),
    ]

    assert [(30, "ESC-02a"), (48, "ESC-02b"), (60, "ESC-02c")] == steps(facts(before, until=60))


def test_an_automatic_draft_that_exists_is_not_made_again() -> None:
    """No command can make one, so it is put into the office by hand."""
    _, kind, by, data = report()
    office = decide(Office.opened(policy()), Command(kind, by, data), 0).office
    withdrawn = Statement(
        "AUTO-I", 99, "I", exercise=False, kind=Kind.HOLDING, author="x", state=StatementState.WITHDRAWN
    )

    told = tick(office.put(withdrawn), minutes(30)).facts

    assert [] == [fact for fact in told if fact.fact.TYPE == "statement.drafted"]
    assert 1 == sum(fact.fact.model_dump().get("rule") == "ESC-02a" for fact in told)
