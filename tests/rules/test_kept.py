"""What the office keeps of each thing: every view, page and stand-down reads it there."""

from typing import Any

import pytest

from crisis_bus.office import Office
from tests.rules.playing import (
    EXERCISE,
    LEVEL_1,
    Order,
    approve,
    close,
    draft,
    fail,
    kept,
    log,
    out,
    override,
    report,
    sheet,
    submit,
    warning,
)

GIVEN = [report(), submit(0), approve(1, "FACT", "MOI.facts")]
LATE = [*GIVEN, (70, "verification.ask", "x", {"ref": "-"})]
"""A text with one key given and the other one so late that the Office may give it."""
VOID: dict[str, Any] = {"needed": {}, "given": {}, "fallback": ()}
PLAN: Order = (0, "initiative.plan", "MOI.a", {"id": "P", "owner": "MOI", "kind": "CAMPAIGN", "start": 900})
SAID = {"id": "X", "incident": "I", "source": "MOE", "government": True, "facts": {"a": 2}}
CONTRADICTED: list[Order] = [report(), sheet(0, a=1), (0, "publication.observe", "monitor", SAID)]


def on(statement: str, at: int, name: str = "S", *, by: str = "MOI.release", **data: Any) -> Order:
    return at, f"statement.{statement}", by, {"statement": name, **data}


def incident(at: int, what: str, *, by: str = "GCO.desk", **data: Any) -> Order:
    return at, f"incident.{what}", by, {"incident": "I", **data}


def shown(office: Office, table: str, name: str, expected: dict[str, Any]) -> dict[str, Any]:
    """The expected fields, as the record has them."""
    record = getattr(office, table)[name]
    return {field: getattr(record, field) for field in expected}


@pytest.mark.parametrize(
    ("commands", "until", "name", "expected"),
    [
        pytest.param(LATE, None, "S", {"state": "IN_REVIEW", "given": {"FACT": "MOI.facts"}}, id="a key given"),
        pytest.param(LATE, None, "S", {"needed": {"FACT": "MOI", "RELEASE": "MOI"}}, id="keys needed"),
        pytest.param(LATE, None, "S", {"fallback": ("RELEASE",)}, id="a key that the Office may give"),
        pytest.param(
            [*LATE, on("return", 71, reason="r")], None, "S", {"state": "DRAFT", "submission": 1, **VOID}, id="returned"
        ),
        pytest.param([*LATE, on("reject", 71, reason="r")], None, "S", {"state": "REJECTED", **VOID}, id="rejected"),
        pytest.param([*LATE, on("withdraw", 71)], None, "S", {"state": "WITHDRAWN"}, id="withdrawn"),
        pytest.param(
            [*LATE, (71, "lead.transfer", "GCO.desk", {"incident": "I", "to": "NCM"})],
            None,
            "S",
            {"state": "DRAFT", **VOID},
            id="its incident has a new lead",
        ),
        pytest.param(
            [*LATE, sheet(71, a=1), submit(72, facts={"a": 2})],
            None,
            "S",
            {"state": "BLOCKED", "submission": 2, **VOID},
            id="blocked at submit",
        ),
        pytest.param(
            [
                report(),
                sheet(0, a=1),
                submit(0, facts={"a": 1}),
                approve(1, "FACT", "MOI.facts"),
                sheet(65, a=2),
                approve(66, "RELEASE", "GCO.a"),
            ],
            None,
            "S",
            {"state": "BLOCKED", "went_to": (), "published_at": None, **VOID},
            id="blocked at publication",
        ),
        pytest.param([*LATE, close(71)], None, "S", {"state": "WITHDRAWN"}, id="its incident is over"),
        pytest.param([*LATE, submit(71)], None, "S", {"submission": 2, "given": {}, "fallback": ()}, id="anew"),
        pytest.param(
            [*out(0, keys=LEVEL_1, embargo_until=9)], None, "S", {"state": "SCHEDULED", "embargo_until": 9}, id="waits"
        ),
        pytest.param([*out(0, keys=LEVEL_1), fail(1, "WEB")], None, "S", {"failed_on": ("WEB",)}, id="failed on one"),
    ],
)
def test_a_statement_is_kept(commands: list[Order], until: int | None, name: str, expected: dict[str, Any]) -> None:
    played = commands if commands[0][1] == "incident.report" else [report(), *commands]
    office = kept(played, until)
    if "embargo_until" in expected:
        expected = {**expected, "embargo_until": office.clock.read(expected["embargo_until"])}

    assert expected == shown(office, "statements", name, expected)


def test_when_a_statement_was_published_is_kept() -> None:
    office = kept([report(), *out(7, keys=LEVEL_1)])

    assert 7 == office.clock.write(office.statements["S"].published_at or 0)


def test_waived_keys_are_kept() -> None:
    before = [report(), *out(0, keys=LEVEL_1, embargo_until=60), override(1, 3)]
    broken: Order = (2, "embargo.break", "monitor", {"statement": "S", "outlet": "o"})

    expected = {"state": "PUBLISHED", "waived": ("COORD", "RELEASE"), "given": {"FACT": "MOI.facts"}}
    assert expected == shown(kept([*before, broken]), "statements", "S", expected)


def test_a_review_is_kept() -> None:
    urgent = report(severity="Severe", urgency="Immediate", certainty="Observed", emirates=["AE-AZ"])
    reviewed = kept([urgent, *warning(1), on("review", 2, "W", by="GCO.desk")])

    assert "GCO.desk" == reviewed.statements["W"].reviewed_by


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([], {"state": "REPORTED", "acknowledged": False, "confirmed": False}, id="new"),
        pytest.param([incident(1, "acknowledge")], {"state": "ACKNOWLEDGED", "acknowledged": True}, id="acknowledged"),
        pytest.param(
            [incident(1, "stabilise"), incident(2, "acknowledge")],
            {"state": "STABILISING", "acknowledged": True},
            id="acknowledged while stabilising",
        ),
        pytest.param([submit(40)], {"state": "ACKNOWLEDGED", "acknowledged": False}, id="taken into custody"),
        pytest.param([incident(1, "stabilise"), submit(40)], {"state": "STABILISING"}, id="custody while stabilising"),
        pytest.param(
            [incident(1, "stand_down"), incident(2, "close", outcome="AAR_FILED")], {"state": "CLOSED"}, id="closed"
        ),
        pytest.param([close(1, "FALSE_ALARM")], {"state": "FALSE_ALARM"}, id="false alarm"),
        pytest.param([incident(1, "stand_down")], {"state": "STOOD_DOWN"}, id="stood down"),
        pytest.param(
            [(1, "spokesperson.confirm", "SPK-MOI-01", {"incident": "I"})],
            {"spokesperson": "SPK-MOI-01", "confirmed": True},
            id="its voice is ready",
        ),
        pytest.param(
            [
                (1, "spokesperson.confirm", "SPK-MOI-01", {"incident": "I"}),
                (2, "spokesperson.decline", "SPK-MOI-01", {"incident": "I", "reason": "r"}),
            ],
            {"spokesperson": "SPK-MOI-02", "confirmed": False, "declined": ("SPK-MOI-01",)},
            id="its voice declined",
        ),
        pytest.param(
            [draft(1), log(2, incident="I")], {"statements": ("S",), "rumours": ("R",)}, id="what belongs to it"
        ),
    ],
)
def test_an_incident_is_kept(commands: list[Order], expected: dict[str, Any]) -> None:
    assert expected == shown(kept([report(), *commands]), "incidents", "I", expected)


def test_a_text_written_anew_keeps_its_place_in_the_order_of_making() -> None:
    once, twice = (kept([report(), draft(1), *more]) for more in ([], [draft(2)]))

    assert once.statements["S"].number == twice.statements["S"].number


def test_what_goes_along_in_a_merge_belongs_to_the_other_alone() -> None:
    urgent: dict[str, Any] = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}
    before = [report(**urgent), report(0, "J"), *warning(1), log(1, incident="I"), *CONTRADICTED[1:]]
    merged = (2, "incident.merge", "GCO.desk", {"incident": "I", "into": "J"})

    office = kept([*before, merged])

    nothing = {"state": "MERGED", "rumours": (), "contradictions": (), "warnings": ()}
    assert nothing == shown(office, "incidents", "I", nothing)
    everything = {"rumours": ("R",), "contradictions": ("X",), "warnings": ("W",)}
    assert everything == shown(office, "incidents", "J", everything)
    assert ("J", "J") == (office.rumours["R"].incident, office.publications["X"].incident)


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([], {"state": "OPEN", "verdict": None}, id="new"),
        pytest.param(["verify"], {"state": "VERIFIED", "verdict": "FALSE"}, id="verified"),
        pytest.param(["verify", "grow"], {"state": "VERIFIED", "reach": 5, "verdict": "FALSE"}, id="grown"),
        pytest.param(["close", "grow"], {"state": "OPEN", "reach": 5}, id="opened again"),
        pytest.param(["close"], {"state": "CLOSED"}, id="closed"),
        pytest.param(["answer"], {"state": "ANSWERED"}, id="answered"),
        pytest.param(["answer", "verify"], {"state": "ANSWERED", "verdict": "FALSE"}, id="verified after its answer"),
    ],
)
def test_a_rumour_is_kept(commands: list[str], expected: dict[str, Any]) -> None:
    steps: dict[str, list[Order]] = {
        "verify": [(70, "rumour.verify", "GCO.desk", {"rumour": "R", "verdict": "FALSE"})],
        "grow": [(71, "rumour.grow", "monitor", {"rumour": "R", "reach": 5})],
        "close": [(70, "rumour.close", "GCO.desk", {"rumour": "R"})],
        "answer": out(70, kind="RUMOUR_RESPONSE", keys={"FACT": "GCO.facts", "RELEASE": "MOI.release"}, answers=["R"]),
    }
    played = [report(), log(0), *(order for name in commands for order in steps[name])]

    assert expected == shown(kept(played), "rumours", "R", expected)


@pytest.mark.parametrize(
    ("commands", "state"),
    [
        pytest.param([], "PLANNED", id="planned"),
        pytest.param([report(1, kind="MET-FLOOD")], "HELD", id="held"),
        pytest.param(
            [report(1, kind="MET-FLOOD"), (2, "initiative.release", "GCO.desk", {"initiative": "P"})],
            "RELEASED",
            id="released",
        ),
    ],
)
def test_a_plan_is_kept(commands: list[Order], state: str) -> None:
    assert state == kept([PLAN, *commands]).initiatives["P"].state


def test_a_rumour_that_opened_an_incident_belongs_to_it() -> None:
    office = kept([log(0, reach=1000, harm=3)])

    assert ("INC-R", ("R",)) == (office.rumours["R"].incident, office.incidents["INC-R"].rumours)


def test_the_floor_of_a_high_rumour_and_of_an_override_is_kept() -> None:
    high = [report(), log(1, reach=1000, harm=3, incident="I")]

    assert 2 == kept(high).incidents["I"].floor
    assert 1 == kept([*high, override(2, 1)]).incidents["I"].floor


def test_a_lowering_leaves_no_signature() -> None:
    signed = incident(1, "stand_down", by="NCEMA.head")

    assert {"NCEMA"} == set(kept([report(fatalities=20), signed]).incidents["I"].signatures)
    assert {} == kept([report(fatalities=20), signed, override(2, 2)]).incidents["I"].signatures


def test_an_automatic_draft_holds_what_the_sheet_holds() -> None:
    office = kept([report(), sheet(1, roads=3)], until=60)

    assert {"roads": 3} == office.statements["AUTO-I"].facts
    assert ("AUTO-I",) == office.incidents["I"].statements


def test_a_settled_contradiction_is_kept_with_its_outcome() -> None:
    settled: Order = (1, "contradiction.resolve", "GCO.desk", {"contradiction": "X", "outcome": "NO_CONFLICT"})

    assert "NO_CONFLICT" == kept([*CONTRADICTED, settled]).publications["X"].outcome


def test_a_drill_and_its_texts_are_kept_as_drills() -> None:
    office = kept([EXERCISE], until=61)

    assert (True, True, True) == (
        office.incidents["E"].exercise,
        office.statements["AUTO-E"].exercise,
        office.statements["AUTO-E"].marker,
    )
