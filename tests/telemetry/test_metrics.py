"""Metrics: closed labels, base units, zero from the start, and the journal as numbers."""

import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics

from crisis_bus.domain.journal import GENESIS, Asked, Entry, FactRecord
from crisis_bus.telemetry.journal import observe_entry, restore
from crisis_bus.telemetry.labels import Mode
from crisis_bus.telemetry.metrics import TABLE, Metrics, Standing, reference

README = Path(__file__).parents[2] / "deploy" / "README.md"
GRADED = ("incident.graded", {"incident": "I1", "grade": 3, "level": 1, "lead": "NCM", "first_statement_due": 30})


def fresh() -> Metrics:
    return Metrics(CollectorRegistry())


def entry(*facts: tuple[str, dict[str, Any]], zero: str | None = None, **command: Any) -> Entry:
    asked = {"offset": 0, "id": "c1", "type": "incident.report", "by": "NCM.desk", "data": {"id": "I1"}, "at": "T"}
    records = tuple(FactRecord(at=0, type=name, data=data) for name, data in facts)
    return Entry(
        space="uae", zero=zero, command=Asked(**(asked | command)), facts=records, changes={}, previous=GENESIS
    )


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def open_incidents(metrics: Metrics) -> dict[tuple[str, str, str], float]:
    samples = [sample for family in metrics.registry.collect() for sample in family.samples]
    found = [sample for sample in samples if sample.name == "crisis_bus_open_incidents" and sample.value]
    return {(each.labels["grade"], each.labels["level"], each.labels["mode"]): each.value for each in found}


def test_every_series_exists_and_is_zero_from_the_start() -> None:
    metrics = fresh()

    samples = [sample for family in metrics.registry.collect() for sample in family.samples]
    counted = [sample for sample in samples if not sample.name.endswith("_created")]
    assert {"crisis_bus_build_info"} == {sample.name for sample in counted if sample.value}
    assert 11 * 6 == sum(sample.name == "crisis_bus_deliveries_total" for sample in counted)
    assert 36 == sum(sample.name == "crisis_bus_open_incidents" for sample in counted)


def test_names_have_the_prefix_and_base_units() -> None:
    units = r"(seconds|records|info|total|ready|alive|incidents|findings|messages|breakers|providers)"
    named = re.compile(rf"crisis_bus_([a-z_]+_)?{units}")

    odd = [spec.name for kind, spec in TABLE.values() if not named.fullmatch(spec.name)]
    totals = [
        spec.name for kind, spec in TABLE.values() if (kind.__name__ == "Counter") != spec.name.endswith("_total")
    ]
    assert ([], []) == (odd, totals)


def test_no_label_can_hold_an_incident_a_recipient_or_free_text() -> None:
    labels = {label for _, spec in TABLE.values() for label in spec.labels}

    assert labels == {
        "version",
        "stage",
        "outcome",
        "command",
        "rule",
        "reason",
        "grade",
        "level",
        "mode",
        "transport",
        "topic",
    }


def test_a_value_outside_of_its_set_is_counted_as_other_and_never_becomes_a_label() -> None:
    metrics = fresh()
    for text in ("fatima@example.ae", "I1", "x" * 999):
        metrics.refused.labels(reason=text).inc()

    assert 3 == value(metrics, "crisis_bus_commands_refused_total", reason="other")
    assert b"fatima" not in metrics.exposed(tuple)[0]


@pytest.mark.parametrize("labels", [{}, {"transport": "web"}, {"transport": "web", "outcome": "failed", "to": "x"}])
def test_a_wrong_set_of_labels_is_a_mistake_of_the_programmer(labels: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="transport, outcome"):
        fresh().deliveries.labels(**labels)


def test_the_page_says_whether_the_process_is_ready() -> None:
    metrics = fresh()

    assert b"crisis_bus_ready 0.0" in metrics.exposed(lambda: ["no partition yet"])[0]
    assert b"crisis_bus_ready 1.0" in metrics.exposed(tuple)[0]


def test_the_page_is_valid_openmetrics_when_asked_for() -> None:
    page, content_type = fresh().exposed(tuple, "application/openmetrics-text; version=1.0.0")

    assert content_type.startswith("application/openmetrics-text")
    assert len(TABLE) == len(list(openmetrics(page.decode())))  # type: ignore[no-untyped-call]  # the library has no types here


def test_two_processes_in_one_program_do_not_share_numbers() -> None:
    one, other = fresh(), fresh()
    one.entries.inc()

    assert (1, 0) == tuple(value(each, "crisis_bus_journal_entries_total") for each in (one, other))


def test_the_reference_in_the_readme_is_fresh() -> None:
    assert reference() in README.read_text(encoding="utf-8"), "run: python -m crisis_bus.telemetry deploy"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param([GRADED], {("3", "1", "real"): 1}, id="opened"),
        pytest.param(
            [GRADED, ("incident.regraded", {"incident": "I1", "grade": 4, "was": 3})],
            {("4", "1", "real"): 1},
            id="worse",
        ),
        pytest.param(
            [GRADED, ("level.raised", {"incident": "I1", "level": 3, "was": 1, "rule": "ESC-04"})],
            {("3", "3", "real"): 1},
            id="raised",
        ),
        pytest.param(
            [GRADED, ("level.lowered", {"incident": "I1", "level": 2, "was": 3, "rule": "ESC-12"})],
            {("3", "2", "real"): 1},
            id="lowered",
        ),
        pytest.param(
            [GRADED, ("incident.state", {"incident": "I1", "state": "STABILISING"})], {("3", "1", "real"): 1}, id="open"
        ),
        pytest.param([GRADED, ("incident.state", {"incident": "I1", "state": "STOOD_DOWN"})], {}, id="ended"),
        pytest.param(
            [GRADED, ("incident.state", {"incident": "I1", "state": "MERGED", "into": "I2"})], {}, id="merged"
        ),
        pytest.param(
            [GRADED, ("exercise.suspended", {"incident": "I1", "because": "I2", "rule": "DR-5"})], {}, id="suspended"
        ),
        pytest.param([GRADED, GRADED], {("3", "1", "real"): 1}, id="told twice is once"),
        pytest.param([("incident.state", {"incident": "I9", "state": "CLOSED"})], {}, id="end of an unknown one"),
    ],
)
def test_open_incidents_follow_the_journal(
    facts: list[tuple[str, dict[str, Any]]], expected: dict[tuple[str, str, str], float]
) -> None:
    metrics = fresh()
    for fact in facts:
        observe_entry(metrics, entry(fact))

    assert expected == open_incidents(metrics)


def test_incidents_of_two_spaces_do_not_mix() -> None:
    metrics = fresh()
    observe_entry(metrics, entry(GRADED))
    observe_entry(metrics, entry(GRADED).model_copy(update={"space": "other"}))
    observe_entry(metrics, entry(("incident.state", {"incident": "I1", "state": "CLOSED"})))

    assert {("3", "1", "real"): 1} == open_incidents(metrics)


@pytest.mark.rule("DR-6")
def test_drills_and_rehearsals_are_counted_apart() -> None:
    metrics = fresh()
    breached = ("deadline.breached", {"incident": "I1", "due": 30})
    observe_entry(metrics, entry(GRADED, breached, data={"id": "I1", "exercise": True}))
    observe_entry(metrics, entry(GRADED, breached, zero="2026-04-16T00:00:00.000Z").model_copy(update={"space": "r"}))
    observe_entry(metrics, entry(("escalation", {"rule": "ESC-01b", "incident": "I1", "to": ["EX:GCO.desk"]})))

    name = "crisis_bus_first_statement_deadlines_total"
    assert [0, 1, 1] == [value(metrics, name, outcome="breached", mode=mode) for mode in Mode]
    name = "crisis_bus_escalations_total"
    assert [0, 1, 0] == [value(metrics, name, rule="ESC-01b", mode=mode) for mode in Mode]


def test_decisions_refusals_escalations_and_deadlines_are_counted() -> None:
    metrics = fresh()
    refused = ("command.refused", {"command": "x", "by": "", "ref": "", "reason": "UNKNOWN_COMMAND"})
    observe_entry(metrics, entry(refused, type="no.such"))
    observe_entry(metrics, entry(refused, type={"not": "text"}))
    escalated = ("escalation", {"rule": "ESC-11", "statement": "S1", "channel": "WEB", "to": ["GCO.desk"]})
    met = ("deadline.met", {"incident": "I1", "minutes": 3, "target": 15})
    observe_entry(metrics, entry(GRADED, met, escalated))

    assert 3 == value(metrics, "crisis_bus_journal_entries_total")
    assert 2 == value(metrics, "crisis_bus_commands_decided_total", command="other")
    assert 2 == value(metrics, "crisis_bus_commands_refused_total", reason="UNKNOWN_COMMAND")
    assert 1 == value(metrics, "crisis_bus_escalations_total", rule="ESC-11", mode="real")
    assert 1 == value(metrics, "crisis_bus_first_statement_deadlines_total", outcome="met", mode="real")


def test_catching_up_moves_gauges_and_no_counter() -> None:
    metrics = fresh()
    late = ("deadline.late", {"incident": "I1", "minutes": 40, "target": 30})
    observe_entry(metrics, entry(GRADED, late), counting=False)

    assert {("3", "1", "real"): 1} == open_incidents(metrics)
    assert 0 == value(metrics, "crisis_bus_first_statement_deadlines_total", outcome="late", mode="real")
    assert 0 == value(metrics, "crisis_bus_journal_entries_total")


def test_a_snapshot_sets_the_open_incidents_whatever_was_known_before() -> None:
    metrics = fresh()
    observe_entry(metrics, entry(GRADED))
    restore(metrics, {("uae", "I7"): Standing(2, 2, Mode.REAL), ("uae", "EX1"): Standing(1, 1, Mode.EXERCISE)})

    assert {("2", "2", "real"): 1, ("1", "1", "exercise"): 1} == open_incidents(metrics)
