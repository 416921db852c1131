import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.cap.alert import CapAlert, MsgType, Scope, Status
from crisis_bus.cap.defects import CapRefused, Code
from crisis_bus.cap.document import MAX_BYTES
from crisis_bus.cap.reader import read
from crisis_bus.domain import instants
from crisis_bus.domain.values import Certainty, Severity, Urgency
from tests.cap.samples import ALERT, accepted, corpus, needs_corpus, read_text

NEEDED_BY_NOBODY_YET = frozenset({
    "at-backbone__2.0.0.1.AT.1482847571.132AT003.cap__1d7667.xml",
    "defra__nws-alert__2abdbc.xml",
    "govuk__invalid_degenerate_area.xml",
    "invalid_ceiling_without_altitude.xml",
    "invalid_element_order_event_before_category.xml",
    "invalid_language_underscore.xml",
    "invalid_namespace_cap11.xml",
    "invalid_polygon_arabic_digits.xml",
    "invalid_polygon_open.xml",
    "invalid_polygon_three_pairs.xml",
    "invalid_private_without_addresses.xml",
    "invalid_resource_bad_base64.xml",
    "invalid_resource_without_mimetype.xml",
    "invalid_restricted_without_restriction.xml",
    "kde__gdacs-cap_1470644__7076ba.xml",
    "kde__mow.DE-HE-KS-SE106-20250313-106-001__481984.xml",
    "kde__noaa-2.49.0.1.840.0.bde6c30c43ead9c23c42bea7977652a7de76d87d.002.1__50ac20.xml",
    "kde__rs-2.49.0.0.688.0.20250817210003.457535__3bf77e.xml",
    "kde__test_cap_data_1__8a6f77.xml",
    "kde__thunderstorm__4d26b0.xml",
    "wmo-im__bz__invalid_digest__254b96.xml",
    "wmo-im__dz__valid__4772a9.xml",
    "wmo-im__sc__incorrect_digest__30c4eb.xml",
    "wmo-im__sc__invalid_digest__02cd4b.xml",
    "wmo-im__tg__invalid_digest__395fd8.xml",
})  # fmt: skip
"""Invalid only in order, version, shapes, resources, addresses or signatures, which are not read yet."""


def codes(answer: CapAlert | CapRefused) -> list[str]:
    assert isinstance(answer, CapRefused), answer
    return [defect.code.value for defect in answer.defects]


def test_what_is_needed_is_read() -> None:
    alert = accepted(ALERT)

    info = alert.infos[0]
    assert (alert.version, alert.identifier, alert.sender) == ("1.2", "AE-1", "ncm@uae.example")
    assert (alert.status, alert.msg_type, alert.scope) == (Status.ACTUAL, MsgType.ALERT, Scope.PUBLIC)
    assert instants.parse("2026-04-16T12:40:00Z") == alert.sent
    assert (info.severity, info.urgency, info.certainty) == (Severity.SEVERE, Urgency.IMMEDIATE, Certainty.OBSERVED)
    assert (info.event, info.headline, info.areas[0].geocodes[0].value) == ("سيول", "سيول & أودية", "AE-FU")


@needs_corpus
@pytest.mark.parametrize("path", corpus("valid"), ids=lambda path: path.name[:40])
def test_every_valid_alert_is_accepted(path: Path) -> None:
    answer = read(path.read_bytes())

    assert isinstance(answer, CapAlert), answer


@needs_corpus
@pytest.mark.parametrize("path", corpus("invalid"), ids=lambda path: path.name[:40])
def test_what_is_invalid_in_a_needed_field_is_refused_with_both_sentences(path: Path) -> None:
    answer = read(path.read_bytes())

    refused = isinstance(answer, CapRefused)
    assert (path.name not in NEEDED_BY_NOBODY_YET) == refused
    for defect in answer.defects if isinstance(answer, CapRefused) else ():
        assert defect.en
        assert defect.ar
        assert "{" not in defect.en.replace(defect.found, "")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("<identifier>AE-1</identifier>", "", Code.MISSING, id="no identifier"),
        pytest.param("<event>سيول</event>", "<event> </event>", Code.MISSING, id="blank event"),
        pytest.param("<category>Met</category>", "", Code.MISSING, id="no category"),
        pytest.param("AE-1", "AE 1", Code.CHARACTERS, id="space in an identifier"),
        pytest.param("AE-1", "AE,1", Code.CHARACTERS, id="comma in an identifier"),
        pytest.param("Severe", "شديدة", Code.VALUE, id="severity in Arabic"),
        pytest.param("2026-04-16T16", "٢٠٢٦-٠٤-١٦T16", Code.DATETIME, id="Arabic-Indic digits"),
        pytest.param("16:40:00+04:00", "12:40:00Z", Code.DATETIME, id="Z"),
        pytest.param("16:40:00+04:00", "16:40:00.5+04:00", Code.DATETIME, id="a fraction"),
        pytest.param("2026-04-16T16", "2026-02-30T16", Code.DATETIME, id="a day that does not exist"),
        pytest.param("<expires>2026", "<expires>0000", Code.DATETIME, id="the year 0"),
        pytest.param(">Alert<", ">Cancel<", Code.REFERENCES, id="a Cancel of nothing"),
        pytest.param("<info>", "<references>a,b</references><info>", Code.REFERENCE_FORMAT, id="two parts"),
        pytest.param("<info>", "<status>Test</status><info>", Code.REPEATED, id="two values of one field"),
        pytest.param("cap:1.2", "cap:1.3", Code.NAMESPACE, id="no such version"),
        pytest.param('"UTF-8"', '"UTF-16"', Code.ENCODING, id="an encoding that could hide a DOCTYPE"),
        pytest.param('"UTF-8"', '"UTF-7"', Code.ENCODING, id="another one"),
        pytest.param("</alert>", "", Code.NOT_WELL_FORMED, id="cut off"),
        pytest.param("سيول &amp;", "\x07", Code.NOT_WELL_FORMED, id="a control character"),
        pytest.param("سيول &amp;", "&bomb;", Code.NOT_WELL_FORMED, id="an entity of nobody"),
        pytest.param("<alert", "<!DOCTYPE alert [<!ENTITY a 'b'>]><alert", Code.DOCTYPE, id="a DTD"),
        pytest.param("<alert", "<!DOCTYPE alert SYSTEM 'file:///etc/passwd'><alert", Code.DOCTYPE, id="a file"),
    ],
)
def test_a_fault_has_its_code(old: str, new: str, code: Code) -> None:
    assert old in ALERT

    assert code in codes(read_text(ALERT.replace(old, new, 1)))


def test_all_faults_are_told_at_once() -> None:
    text = ALERT.replace("Severe", "Bad").replace("<sender>ncm@uae.example</sender>", "")

    assert codes(read_text(text)) == [Code.MISSING, Code.VALUE]


def test_what_is_too_large_is_not_parsed() -> None:
    assert codes(read(b"<" * (MAX_BYTES + 1))) == [Code.TOO_LARGE]


def test_a_wide_encoding_is_refused() -> None:
    assert codes(read(ALERT.replace('"UTF-8"', '"UTF-16"').encode("utf-16"))) == [Code.ENCODING]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "ISO-8859-15", "windows-1252"])
def test_western_encodings_are_read(encoding: str) -> None:
    text = ALERT.replace("UTF-8", encoding).replace("سيول", "Überflutung").replace("الفجيرة", "x").replace("أودية", "é")

    answer = read(text.encode(encoding))

    assert isinstance(answer, CapAlert)
    assert answer.infos[0].event == "Überflutung"


def test_a_byte_order_mark_and_space_around_do_no_harm() -> None:
    assert accepted(ALERT) == read(b"\xef\xbb\xbf" + ALERT.encode() + b"\r\n\n")


def test_comments_and_processing_instructions_are_no_text() -> None:
    text = ALERT.replace("AE-1", "AE<!-- no -->-1<?no no?>")

    assert accepted(text).identifier == "AE-1"


def test_an_older_alert_says_very_likely_and_may_leave_out_scope() -> None:
    text = (
        ALERT.replace("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0")
        .replace("Observed", "Very Likely")
        .replace("<scope>Public</scope>", "")
        .replace("<valueName>ISO 3166-2</valueName><value>AE-FU</value>", "ISO 3166-2=AE-FU")
    )

    info = accepted(text).infos[0]

    assert info.certainty == Certainty.LIKELY
    assert (info.areas[0].geocodes[0].name, info.areas[0].geocodes[0].value) == ("ISO 3166-2", "AE-FU")


def test_deep_nesting_is_refused_not_followed() -> None:
    text = ALERT.replace("سيول &amp;", "<a>" * 5000 + "</a>" * 5000)

    assert codes(read_text(text)) == [Code.NOT_WELL_FORMED]


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert isinstance(read(data), CapAlert | CapRefused)


@given(st.lists(st.tuples(st.integers(0, len(ALERT.encode())), st.integers(0, 6), st.binary(max_size=4)), max_size=6))
def test_any_damage_to_an_alert_gets_an_answer(cuts: list[tuple[int, int, bytes]]) -> None:
    data = ALERT.encode()
    for place, length, put in cuts:
        data = data[:place] + put + data[place + length :]

    assert isinstance(read(data), CapAlert | CapRefused)


@needs_corpus
def test_damaged_alerts_of_the_corpus_get_an_answer() -> None:
    chance = random.Random(20260416)
    pieces = (b"<", b">", b"&", b"\0", b"\xff", b"]]>", b"<!DOCTYPE a>", "٣".encode(), b"", b'"', b"<info>")
    for path in corpus("valid") + corpus("invalid"):
        original = path.read_bytes()[:20_000]
        for _ in range(15):
            data = bytearray(original)
            for _ in range(chance.randint(1, 4)):
                place = chance.randrange(len(data) + 1)
                data[place : place + chance.randint(0, 8)] = chance.choice(pieces)
            assert isinstance(read(bytes(data)), CapAlert | CapRefused), (path.name, bytes(data))
