from pathlib import Path

import pytest

from crisis_bus.cap.alert import CapAlert
from crisis_bus.cap.defects import CapRefused, Code
from crisis_bus.cap.reader import read
from crisis_bus.cap.reports import to_report
from crisis_bus.domain.reports import Report
from crisis_bus.domain.values import Severity, Urgency
from crisis_bus.packs import cap_mapping, load
from tests.cap.samples import ALERT, accepted, corpus, needs_corpus

MAPPING = cap_mapping("uae")


def report_of(text: str) -> Report | CapRefused:
    return to_report(accepted(text), MAPPING, space="uae", by="NCM.desk")


def reported(text: str) -> Report:
    report = report_of(text)
    assert isinstance(report, Report), report
    return report


def update(text: str) -> str:
    references = "ncm@uae.example,AE-1,2026-04-16T16:40:00+04:00 ncm@uae.example,AE-0,2026-04-16T15:00:00+04:00"
    return (
        text.replace("<identifier>AE-1", "<identifier>AE-2")
        .replace(">Alert<", ">Update<")
        .replace("<info>", f"<references>{references}</references><info>")
    )


def test_an_alert_is_a_report_of_its_chain() -> None:
    expected = Report(
        id="ncm@uae.example,AE-1,2026-04-16T16:40:00+04:00",
        space="uae",
        subject="AE-1",
        by="NCM.desk",
        type="MET-FLOOD",
        severity="Severe",
        urgency="Immediate",
        certainty="Observed",
        emirates=("AE-FU",),
        exercise=False,
        source="cap",
    )

    assert expected == reported(ALERT)


def test_an_update_is_about_the_oldest_alert_that_it_refers_to() -> None:
    assert reported(update(ALERT)).subject == "AE-0"


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Actual", False), ("Exercise", True)],
)
def test_an_exercise_stays_one(status: str, expected: bool) -> None:  # noqa: FBT001 a column of the table
    assert expected == reported(ALERT.replace("Actual", status)).exercise


@pytest.mark.parametrize("status", ["Test", "System", "Draft"])
def test_what_is_not_meant_is_refused(status: str) -> None:
    answer = report_of(ALERT.replace("Actual", status))

    assert isinstance(answer, CapRefused)
    assert answer.defects[0].code == Code.NOT_ACTUAL
    assert status in answer.defects[0].ar


def test_an_acknowledgement_reports_nothing() -> None:
    answer = report_of(update(ALERT).replace(">Update<", ">Ack<"))

    assert isinstance(answer, CapRefused)
    assert answer.defects[0].code == Code.NOT_A_REPORT


def test_an_alert_without_info_says_nothing() -> None:
    answer = report_of(ALERT[: ALERT.index("<info>")] + "</alert>")

    assert isinstance(answer, CapRefused)
    assert answer.defects[0].code == Code.NO_INFO


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(update(ALERT).replace(">Update<", ">Cancel<"), id="Cancel"),
        pytest.param(
            update(ALERT)[: update(ALERT).index("<info>")].replace(">Update<", ">Cancel<") + "</alert>", id="bare"
        ),
        pytest.param(
            update(ALERT).replace("<urgency>", "<responseType>AllClear</responseType><urgency>"), id="AllClear"
        ),
        pytest.param(update(ALERT).replace("Immediate", "Past"), id="urgency Past"),
    ],
)
def test_what_ends_the_hazard_is_past(text: str) -> None:
    report = reported(text)

    assert (report.urgency, report.subject) == (Urgency.PAST, "AE-0")


def test_the_gravest_info_counts() -> None:
    info = ALERT[ALERT.index("<info>") : ALERT.index("</info>") + len("</info>")]
    worse = info.replace("Severe", "Extreme").replace("AE-FU", "AE-SH").replace("الفجيرة", "الشارقة")

    report = reported(ALERT.replace("</alert>", worse + "</alert>"))

    assert report.severity == Severity.EXTREME
    assert report.emirates == ("AE-SH", "AE-FU")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param("Flash Flood Warning", "MET-FLOOD", id="flood"),
        pytest.param("أمطار غزيرة وجريان الأودية", "MET-FLOOD", id="wadis, with the article"),
        pytest.param("زِلزال", "GEO-QUAKE", id="with vowel signs"),
        pytest.param("هزة أرضيّة", "GEO-QUAKE", id="with another hamza"),
        pytest.param("Fire Weather Watch", "MET-WARN", id="fire weather is weather"),
        pytest.param("Structure FIRE", "FIRE-BLDG", id="fire"),
        pytest.param("ضباب كثيف", "MET-DUST", id="fog"),
        pytest.param("School bus accident", "EDU-BUS", id="a narrow word before a wide one"),
        pytest.param("Campfire ban", "MET-WARN", id="inside a word is no beginning"),
    ],
)
def test_the_event_says_the_type(event: str, expected: str) -> None:
    assert expected == reported(ALERT.replace("سيول", event, 1)).type


def test_an_event_code_says_the_type_where_words_do_not() -> None:
    code = "<eventCode><valueName>SAME</valueName><value>EQW</value></eventCode>"

    assert reported(ALERT.replace("سيول", "?", 1).replace("<urgency>", code + "<urgency>")).type == "GEO-QUAKE"


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        pytest.param("Fujairah, United Arab Emirates", ("AE-FU",), id="one emirate and the country"),
        pytest.param("United Arab Emirates", ("AE",), id="the country"),
        pytest.param("إمارة رأس الخيمة والشارقة", ("AE-SH", "AE-RK"), id="two, in Arabic, with a conjunction"),
        pytest.param("Toronto, ON", (), id="another country"),
        pytest.param("حي النهضة", (), id="a quarter that nobody knows"),
    ],
)
def test_the_area_says_the_emirates(area: str, expected: tuple[str, ...]) -> None:
    text = ALERT.replace("الفجيرة", area).replace("<value>AE-FU</value>", "<value>XX</value>")

    assert expected == reported(text).emirates


def test_an_identifier_without_end_is_refused() -> None:
    answer = report_of(ALERT.replace("AE-1", "A" * 500))

    assert isinstance(answer, CapRefused)
    assert {Code.TOO_LONG} == {defect.code for defect in answer.defects}


def test_the_table_names_only_types_and_emirates_of_the_pack() -> None:
    policy = load("uae")
    types = {row.code for row in policy.incident_types}

    assert {entry.type for entry in MAPPING.events} | set(MAPPING.categories.values()) <= types
    assert {place.code for place in MAPPING.places} == {*policy.emirate_codes, policy.nationwide}


@needs_corpus
@pytest.mark.parametrize("path", corpus("valid"), ids=lambda path: path.name[:40])
def test_every_valid_alert_is_a_report_or_says_why_not(path: Path) -> None:
    alert = read(path.read_bytes())
    assert isinstance(alert, CapAlert)

    answer = to_report(alert, MAPPING, space="uae", by="NCM.desk")

    if alert.status.value in {"Actual", "Exercise"}:
        assert isinstance(answer, Report)
        assert answer == Report.model_validate_json(answer.model_dump_json())
    else:
        assert isinstance(answer, CapRefused)
        assert answer.defects[0].code == Code.NOT_ACTUAL
