"""Grades and levels, by the tables of the rule book."""

import json
from pathlib import Path

import pytest

from crisis_bus.domain.values import Certainty, Severity, Urgency
from crisis_bus.rules import grading

DATA = Path("../shared/domain/data.json")


def test_every_row_of_the_grade_table_is_met() -> None:
    if not DATA.is_file():
        pytest.skip("the shared tables (../shared/domain/data.json) are not here")
    table = json.loads(DATA.read_text(encoding="utf-8"))["grade_table"]

    wrong = [
        row
        for row in table
        if row["grade"]
        != grading.of_triple(Severity(row["severity"]), Urgency(row["urgency"]), Certainty(row["certainty"]))
    ]

    assert (len(table), wrong) == (125, [])


@pytest.mark.parametrize(
    ("triple", "grade"),
    [
        pytest.param(("Extreme", "Immediate", "Observed"), 4, id="extreme and hot is critical"),
        pytest.param(("Extreme", "Future", "Observed"), 3, id="extreme and not hot is major"),
        pytest.param(("Severe", "Expected", "Likely"), 3, id="severe and hot is major"),
        pytest.param(("Unknown", "Unknown", "Observed"), 2, id="unknown counts as moderate and expected"),
        pytest.param(("Extreme", "Past", "Observed"), 1, id="what is past is minor"),
        pytest.param(("Extreme", "Immediate", "Unlikely"), 1, id="what is unlikely is minor"),
    ],
)
def test_a_triple_has_its_grade(triple: tuple[str, str, str], grade: int) -> None:
    severity, urgency, certainty = triple

    assert grade == grading.of_triple(Severity(severity), Urgency(urgency), Certainty(certainty))
