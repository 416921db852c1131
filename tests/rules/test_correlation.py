"""Many signals of one event are one incident: what a report asks of the desk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from crisis_bus.domain.commands import COMMANDS
from crisis_bus.domain.reports import Report
from crisis_bus.domain.values import Certainty, Severity, Urgency
from crisis_bus.rules import correlation
from crisis_bus.rules.correlation import Codes, Correlated, Correlation, correlate

WINDOW = 60_000
CODES = Codes(frozenset({"MET-FLOOD"}), frozenset({"AE-FU", "AE-SH"}))


def report(name: str = "r1", **fields: object) -> Report:
    known = {
        "id": name,
        "space": "uae",
        "subject": "flood-1",
        "by": "NCM.desk",
        "type": "MET-FLOOD",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "emirates": ("AE-FU",),
    }
    return Report.model_validate(known | fields)


def told(known: Correlation | None, said: Report, now: int = 0) -> Correlated:
    return correlate(known, said, now, WINDOW, CODES)


def asked(found: Correlated) -> tuple[object, object] | None:
    return None if found.command is None else (found.command.type, found.command.data)


def asked_type(found: Correlated) -> object:
    return None if found.command is None else found.command.type


def first() -> Correlation:
    known = told(None, report()).known
    assert known is not None
    return known


def test_the_first_report_of_a_subject_opens_an_incident() -> None:
    found = told(None, report(fatalities=2))

    assert found.command is not None
    assert found.known is not None
    assert found.command.by == "NCM.desk"
    expected = {
        "id": found.known.incident,
        "type": "MET-FLOOD",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "emirates": ["AE-FU"],
        "fatalities": 2,
        "injured": 0,
        "exercise": False,
    }
    assert ("incident.report", expected) == asked(found)


def test_the_models_of_the_desk_take_what_intake_asks() -> None:
    opened = told(None, report())
    updated = told(opened.known, report("r2", severity="Extreme", emirates=("AE-SH",)))

    for found in (opened, updated):
        assert found.command is not None
        COMMANDS[str(found.command.type)].model_validate_json(to_json(found.command.data))


def test_the_same_report_again_asks_nothing() -> None:
    known = first()

    assert Correlated(None, known) == told(known, report(), now=WINDOW * 5)


def test_a_repeat_after_a_crash_asks_with_the_same_id_for_the_same_incident() -> None:
    assert told(None, report()) == told(None, report())


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        pytest.param({"severity": "Extreme"}, {"severity": "Extreme"}, id="severity"),
        pytest.param({"urgency": "Past"}, {"urgency": "Past"}, id="it is over"),
        pytest.param({"emirates": ("AE-SH", "AE-FU")}, {"emirates": ["AE-FU", "AE-SH"]}, id="a second emirate"),
        pytest.param({"fatalities": 3}, {"fatalities": 3}, id="a count"),
        pytest.param({"severity": "Extreme", "injured": 1}, {"severity": "Extreme", "injured": 1}, id="two at once"),
    ],
)
def test_a_later_report_says_only_what_changed(fields: dict[str, object], changed: dict[str, object]) -> None:
    known = first()

    found = told(known, report("r2", **fields))

    assert ("incident.update", {"incident": known.incident, **changed}) == asked(found)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="the same values"),
        pytest.param({"severity": "Unknown"}, id="does not know the severity"),
        pytest.param({"certainty": "Unknown"}, id="does not know the certainty"),
        pytest.param({"emirates": ()}, id="does not know where"),
        pytest.param({"emirates": ("AE-FU", "AE-FU")}, id="names a place twice"),
    ],
)
def test_a_later_report_without_news_asks_nothing_and_is_remembered(fields: dict[str, object]) -> None:
    found = told(first(), report("r2", **fields))

    assert found.command is None
    assert found.known is not None
    assert found.known.reports == ("r1", "r2")


def test_a_report_without_a_count_does_not_take_it_back() -> None:
    known = told(first(), report("r2", fatalities=4)).known

    assert told(known, report("r3")).command is None
    assert ("incident.update", {"incident": first().incident, "fatalities": 3}) == asked(
        told(known, report("r4", fatalities=3))
    )


def test_the_window_slides_with_each_report() -> None:
    known = told(first(), report("r2"), now=WINDOW).known

    assert told(known, report("r3"), now=2 * WINDOW).command is None
    assert told(known, report("r3"), now=2 * WINDOW + 1).command is not None


def test_a_report_after_the_window_opens_another_incident() -> None:
    known = first()

    found = told(known, report("r2"), now=WINDOW + 1)

    assert found.command is not None
    assert found.known is not None
    assert found.command.type == "incident.report"
    assert known.incident != found.known.incident


def test_a_report_after_the_end_opens_another_incident() -> None:
    known = told(first(), report("r2", urgency="Past")).known
    assert known is not None

    found = told(known, report("r3"))

    assert found.known is not None
    assert found.known.incident != known.incident


def test_a_second_word_that_it_is_over_opens_nothing() -> None:
    known = told(first(), report("r2", urgency="Past")).known

    assert told(known, report("r3", urgency="Past"), now=WINDOW * 9).command is None


def test_the_end_of_what_nobody_heard_of_opens_nothing() -> None:
    cancel = report(urgency="Past", severity="Unknown", certainty="Unknown", emirates=())

    assert Correlated(None, None) == told(None, cancel)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"urgency": "Past", "severity": "Unknown"}, id="it names a place"),
        pytest.param({"urgency": "Past", "emirates": ()}, id="it says how bad it was"),
        pytest.param({"severity": "Unknown", "emirates": ()}, id="it is not over"),
        pytest.param({"emirates": ()}, id="it is bad, somewhere"),
    ],
)
def test_the_end_of_something_opens_an_incident_when_it_says_more_than_that(fields: dict[str, object]) -> None:
    assert "incident.report" == asked_type(told(None, report("r1", **fields)))


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        pytest.param({}, ("R-4D19D73152", "36b5a1bc-94a9-5cef-87db-a908e12f7199"), id="real"),
        pytest.param({"exercise": True}, ("R-EBD32DE8F8", "5a3e2a80-1d09-5eb0-a9af-1bf579f6671d"), id="a drill"),
    ],
)
def test_ids_are_the_same_for_ever(fields: dict[str, object], ids: tuple[str, str]) -> None:
    """Ids that stand in a journal: whatever is changed here would ask again for what was asked before."""
    command = told(None, report("r1", **fields)).command

    assert command is not None
    assert isinstance(command.data, dict)
    assert ids == (command.data["id"], command.id)


def test_an_older_report_that_comes_late_joins_and_does_not_turn_the_clock_back() -> None:
    known = told(None, report(), now=100 * WINDOW).known

    found = told(known, report("r2"), now=0)

    assert found.known is not None
    assert found.known.last == 100 * WINDOW


@pytest.mark.parametrize("fields", [{"type": "FLOOD"}, {"emirates": ("AE-FU", "AE-XX")}])
def test_what_the_desk_will_refuse_is_asked_and_not_remembered(fields: dict[str, object]) -> None:
    refused = told(None, report("r1", **fields))
    corrected = told(refused.known, report("r2"))

    assert refused.command is not None
    assert refused.known is None
    assert corrected.command is not None
    assert corrected.command.type == "incident.report"


def test_an_update_that_the_desk_will_refuse_does_not_hide_the_corrected_one() -> None:
    known = first()

    refused = told(known, report("r2", severity="Extreme", emirates=("AE-XX",)))

    assert known == refused.known
    assert ("incident.update", {"incident": known.incident, "severity": "Extreme"}) == asked(
        told(refused.known, report("r3", severity="Extreme"))
    )


def test_a_drill_shares_nothing_with_the_real_thing_or_another_space() -> None:
    subjects = {
        correlation.subject_of(each)
        for each in (report(), report(exercise=True), report(space="drill"), report(subject="flood-2"))
    }
    commands = [told(None, each).command for each in (report(), report(exercise=True), report(space="drill"))]

    assert len(subjects) == 4
    assert len({command.id for command in commands if command}) == 3


def test_memory_is_bounded() -> None:
    known: Correlation | None = None
    for number in range(correlation.REMEMBERED + 20):
        known = told(known, report(f"r{number}")).known

    assert known is not None
    assert len(known.reports) == correlation.REMEMBERED
    assert f"r{correlation.REMEMBERED + 19}" == known.reports[-1]


steps = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(Severity),
        st.sampled_from(Urgency),
        st.sampled_from(Certainty),
        st.lists(st.sampled_from(["AE-FU", "AE-SH"]), max_size=3),
        st.integers(0, WINDOW * 2),
    ),
    max_size=12,
)


@given(steps)
def test_played_again_from_any_point_the_same_commands_come_with_the_same_ids(found: list[tuple]) -> None:  # type: ignore[type-arg]  # a drawn row
    def play(known: Correlation | None, rows: list[tuple]) -> list[tuple[object, Correlation | None]]:  # type: ignore[type-arg]  # a drawn row
        out: list[tuple[object, Correlation | None]] = []
        for number, severity, urgency, certainty, emirates, now in rows:
            said = report(
                f"r{number}", severity=severity, urgency=urgency, certainty=certainty, emirates=tuple(emirates)
            )
            step = told(known, said, now)
            known = step.known
            out.append((step.command, known))
        return out

    once = play(None, found)

    for place in range(len(found)):
        stored = once[place - 1][1] if place else None
        again = None if stored is None else Correlation.model_validate_json(stored.model_dump_json())
        assert once[place:] == play(again, found[place:])
