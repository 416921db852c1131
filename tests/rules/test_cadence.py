"""Reminders after the last public statement: ESC-10 (`scenario-format.md` §6, Repeats)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
    Data,
    Fact,
    Order,
    facts,
    only,
    out,
    override,
    report,
    update,
)


def reminders(told: list[Fact]) -> list[Data]:
    return [{"at": at, **data} for at, _, data in only(told, "escalation") if data["rule"] == "ESC-10"]


def close(at: int) -> Order:
    return at, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"}


@pytest.mark.rule("ESC-10")
@pytest.mark.parametrize(
    ("data", "cadence"),
    [
        pytest.param({"certainty": "Unlikely"}, 1440, id="grade 1"),
        pytest.param({"certainty": "Likely"}, 240, id="grade 2"),
        pytest.param({"severity": "Severe", "certainty": "Likely"}, 120, id="grade 3"),
        pytest.param({"severity": "Extreme", "certainty": "Possible"}, 120, id="grade 3 by another way"),
    ],
)
def test_the_reminder_comes_after_the_cadence_six_times_and_no_more(data: Data, cadence: int) -> None:
    keys = LEVEL_2 if cadence == 120 else LEVEL_1
    told = facts([report(**data), *out(1, keys=keys)], until=1 + 8 * cadence)

    desk, director = ["MOI.duty", "GCO.desk"], ["MOI.duty", "GCO.desk", "GCO.director"]
    usual = {"rule": "ESC-10", "incident": "I"}
    assert [
        {"at": 1 + (n + 1) * cadence, **usual, "repeat": n, "to": director if n else desk} for n in range(6)
    ] == reminders(told)


def stabilise(at: int) -> Order:
    return at, "incident.stabilise", "MOI.duty", {"incident": "I"}


G2: Data = {"certainty": "Likely"}


@pytest.mark.parametrize(
    ("orders", "minutes"),
    [
        pytest.param([*out(1, keys=LEVEL_1)], [241, 481], id="grade 2"),
        pytest.param([stabilise(0), *out(1, keys=LEVEL_1)], [961], id="four times as slow while stabilising"),
        pytest.param([*out(1, keys=LEVEL_1), stabilise(2)], [241], id="the first timer was set before"),
        pytest.param([stabilise(0), *out(1, keys=LEVEL_1), update(2, severity="Severe")], [961, 1081], id="no longer"),
        pytest.param([*out(1, keys=LEVEL_1), update(241, severity="Severe")], [241, 361, 481], id="a worse grade"),
        pytest.param([*out(1, keys=LEVEL_1), *out(11, "T", keys=LEVEL_1)], [251, 491], id="a later statement counts"),
        pytest.param([*out(1, keys=LEVEL_1), *out(11, "T", "LINES_TO_TAKE", keys=LEVEL_1)], [241, 481], id="internal"),
        pytest.param([*out(1, keys=LEVEL_1), close(2)], [241, 481], id="a refused end ends nothing"),
        pytest.param(
            [*out(1, keys=LEVEL_1), (2, "incident.stand_down", "MOI.duty", {"incident": "I"})], [], id="stood down"
        ),
        pytest.param(
            [*out(1, keys=LEVEL_1), *out(2, "T", "ALL_CLEAR", refs=["S"], keys=LEVEL_1)], [], id="an all-clear ends it"
        ),
    ],
)
def test_the_cadence_is_that_of_the_moment_it_is_set(orders: list[Order], minutes: list[int]) -> None:
    told = facts([report(**G2), *orders], until=500 if minutes[:1] != [961] else 1100)

    assert minutes == [reminder["at"] for reminder in reminders(told)]


def test_an_update_statement_starts_a_series_of_its_own() -> None:
    told = facts([report(**G2), *out(1, keys=LEVEL_1), *out(300, "T", keys=LEVEL_1)], until=800)

    assert [(241, 0), (540, 0), (780, 1)] == [(reminder["at"], reminder["repeat"]) for reminder in reminders(told)]


def test_an_exercise_has_no_cadence() -> None:
    told = facts([report(exercise=True, **G2), *out(1, keys=LEVEL_1, marker=True)], until=1000)

    assert [1] == [at for at, _, _ in only(told, "statement.published")]
    assert [] == reminders(told)


def test_the_reminder_goes_to_the_lead_of_the_moment() -> None:
    transfer = (2, "lead.transfer", "GCO.desk", {"incident": "I", "to": "MOHAP"})

    told = facts([report(**G2), *out(1, keys=LEVEL_1), transfer], until=241)

    assert [["MOHAP.duty", "GCO.desk"]] == [reminder["to"] for reminder in reminders(told)]


def test_a_raise_by_hand_alone_changes_no_deadline() -> None:
    assert [] == only(facts([report(), override(1, 3)]), "deadline.tightened")
