"""Reminders after the last public statement (ESC-10), and what restarts or ends them."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
    Data,
    Order,
    escalations,
    facts,
    out,
    override,
    report,
    update,
)

STABILISE = (6, "incident.stabilise", "MOI.a", {"incident": "I"})


def reminders(commands: list[Order], until: int = 20_000) -> list[tuple[int, int]]:
    """Minute and repeat of each reminder."""
    return [(at, data["repeat"]) for at, data in escalations(facts(commands, until=until), "ESC-10")]


def every(cadence: int, start: int) -> list[tuple[int, int]]:
    """The first reminder and its five repeats."""
    return [(start + cadence * (1 + repeat), repeat) for repeat in range(6)]


@pytest.mark.rule("ESC-10")
@pytest.mark.parametrize(
    ("triple", "cadence"),
    [
        pytest.param({"severity": "Minor"}, 1440, id="G1"),
        pytest.param({"certainty": "Likely"}, 240, id="G2"),
        pytest.param({"severity": "Severe", "certainty": "Likely"}, 120, id="G3"),
        pytest.param({"severity": "Extreme", "certainty": "Likely"}, 60, id="G4"),
    ],
)
def test_a_reminder_comes_after_each_cadence_and_five_more_times(triple: Data, cadence: int) -> None:
    commands = [report(**triple), override(0, 3), override(0, 2), *out(5, keys=LEVEL_2)]

    assert every(cadence, 5) == reminders(commands)


@pytest.mark.rule("ESC-10")
def test_the_director_hears_of_it_from_the_second_time_on() -> None:
    told = escalations(facts([report(), *out(5, keys=LEVEL_1)], until=5000), "ESC-10")

    desk = ["MOI.duty", "GCO.desk"]
    assert [desk, [*desk, "GCO.director"], [*desk, "GCO.director"]] == [data["to"] for _, data in told]
    assert {"rule", "incident", "repeat", "to"} == set(told[0][1])


@pytest.mark.rule("ESC-10")
@pytest.mark.parametrize(
    ("kind", "data", "restarts"),
    [
        pytest.param("SITREP", {}, True, id="sitrep"),
        pytest.param("PUBLIC_WARNING", {}, True, id="warning"),
        pytest.param("CORRECTION", {"refs": ["P"]}, True, id="correction"),
        pytest.param("RETRACTION", {"refs": ["P"]}, True, id="retraction"),
        pytest.param("LINES_TO_TAKE", {}, False, id="an internal text does not"),
    ],
)
def test_a_public_text_restarts_the_cadence(kind: str, data: Data, restarts: bool) -> None:  # noqa: FBT001 a row
    commands = [report(), *out(5, "P", keys=LEVEL_1), *out(50, kind=kind, keys=LEVEL_1, **data)]

    assert every(1440, 50 if restarts else 5) == reminders(commands)


def test_an_all_clear_ends_the_reminders() -> None:
    assert [] == reminders([report(), *out(5, "P", keys=LEVEL_1), *out(50, kind="ALL_CLEAR", refs=["P"], keys=LEVEL_1)])


def test_a_text_after_an_all_clear_starts_them_again() -> None:
    clear = out(50, "C", "ALL_CLEAR", refs=["P"], keys=LEVEL_1)

    assert every(1440, 60) == reminders([report(), *out(5, "P", keys=LEVEL_1), *clear, *out(60, keys=LEVEL_1)])


def test_a_drill_has_no_reminders() -> None:
    assert [] == reminders([report(exercise=True), *out(5, keys=LEVEL_1, marker=True)])


def test_reminders_end_with_the_incident() -> None:
    stand_down = (100, "incident.stand_down", "MOI.a", {"incident": "I"})

    assert [] == reminders([report(), *out(5, keys=LEVEL_1), stand_down])


def test_a_stabilising_incident_is_reminded_four_times_more_slowly() -> None:
    assert every(4 * 1440, 10) == reminders([report(), STABILISE, *out(10, keys=LEVEL_1)], until=40_000)


def test_factor_and_grade_are_those_of_the_reminder_before() -> None:
    """Set at minute 5 for 1445; the next uses ×4 of that minute, the one after it the new grade."""
    stable = (10, "incident.stabilise", "MOI.a", {"incident": "I"})
    worse = update(1500, severity="Severe", certainty="Likely")

    told = reminders([report(), *out(5, keys=LEVEL_1), stable, worse])

    assert [(1445, 0), (7205, 1), (7325, 2)] == told[:3]


def test_reminders_go_to_the_lead_of_the_moment() -> None:
    transfer = (10, "lead.transfer", "GCO.a", {"incident": "I", "to": "NCM"})

    told = escalations(facts([report(), *out(5, keys=LEVEL_1), transfer], until=1500), "ESC-10")

    assert [["NCM.duty", "GCO.desk"]] == [data["to"] for _, data in told]
