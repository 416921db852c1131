"""A statement as CAP: the official schema takes it, and our reader finds the same in every language of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crisis_bus.cap import reader, writing
from crisis_bus.cap.alert import CapAlert, MsgType, Scope, Status
from crisis_bus.domain.hazard import Earlier, Hazard, Place
from crisis_bus.domain.instants import parse
from crisis_bus.domain.values import Kind
from tests.channels.samples import bulletin

SENDER = "desk@gco.example"
SCHEMA = Path(__file__).parents[3] / "shared" / "cap" / "CAP-v1.2.xsd"
WARNING = Earlier(number="uae/W0", at="2026-04-16T12:30:00.500Z")
HAZARD = Hazard(
    category="Met",
    severity="Severe",
    urgency="Immediate",
    certainty="Observed",
    event={"ar": "سيول", "en": "Flash flood"},
    places=(
        Place(code="AE-DU", names={"ar": "دبي", "en": "Dubai"}),
        Place(code="AE-FU", names={"ar": "الفجيرة", "en": "Fujairah"}),
    ),
    sender={"ar": "وزارة الداخلية", "en": "Ministry of Interior"},
)


def written(**changes: Any) -> bytes:
    earlier = changes.pop("earlier", ())
    said = bulletin(**{"hazard": HAZARD.model_copy(update={"earlier": earlier}), **changes})
    document = writing.written(said, SENDER, 240)
    assert document is not None
    return document


def read(**changes: Any) -> CapAlert:
    alert = reader.read(written(**changes))
    assert isinstance(alert, CapAlert), alert
    return alert


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not SCHEMA.exists():
        pytest.skip("../shared/cap is not there")
    return etree.XMLSchema(etree.parse(SCHEMA))


def test_a_warning_says_the_same_hazard_in_arabic_and_english() -> None:
    alert = read(expires="2026-04-16T18:00:00.000Z")

    assert (SENDER, "uae/W1", parse("2026-04-16T12:40:00.000Z")) == (alert.sender, alert.identifier, alert.sent)
    assert "2026-04-16T16:40:00+04:00" == alert.sent_text
    assert (Status.ACTUAL, MsgType.ALERT, Scope.PUBLIC) == (alert.status, alert.msg_type, alert.scope)
    assert [("ar", "سيول", "تحذير عام: سيول"), ("en", "Flash flood", "Public warning: flash flood")] == [
        (info.language, info.event, info.headline) for info in alert.infos
    ]
    assert 1 == len({(info.severity, info.urgency, info.certainty, info.expires) for info in alert.infos})
    assert 1 == len({tuple(code.value for area in info.areas for code in area.geocodes) for info in alert.infos})
    assert "دبي، الفجيرة" == alert.infos[0].areas[0].description


@pytest.mark.parametrize(
    ("kind", "earlier", "expected"),
    [
        (Kind.HOLDING, (), MsgType.ALERT),
        (Kind.SITREP, (), MsgType.ALERT),
        (Kind.SITREP, (WARNING,), MsgType.UPDATE),
        (Kind.CORRECTION, (WARNING,), MsgType.UPDATE),
        (Kind.RETRACTION, (WARNING,), MsgType.CANCEL),
        (Kind.ALL_CLEAR, (WARNING,), MsgType.UPDATE),
        (Kind.RUMOUR_RESPONSE, (), MsgType.ALERT),
        (Kind.RUMOUR_RESPONSE, (WARNING,), MsgType.UPDATE),
    ],
)
def test_what_a_statement_does_to_earlier_ones(kind: Kind, earlier: tuple[Earlier, ...], expected: MsgType) -> None:
    alert = read(kind=kind, earlier=earlier)

    assert expected is alert.msg_type
    references = [(each.sender, each.identifier, each.sent) for each in alert.references]
    assert ([] if expected is MsgType.ALERT else [(SENDER, "uae/W0", parse("2026-04-16T12:30:00.000Z"))]) == references


def test_the_end_of_a_hazard_is_all_clear_and_past() -> None:
    alert = read(kind=Kind.ALL_CLEAR, earlier=(WARNING,))

    assert [(("AllClear",), "Past")] * 2 == [(info.response_types, info.urgency.value) for info in alert.infos]


def test_an_exercise_says_so_and_names_itself() -> None:
    alert = read(exercise=True, incident="EX7")

    assert (Status.EXERCISE, "EX7") == (alert.status, alert.note)


def test_what_is_for_entities_only_is_restricted_and_a_press_release_is_no_alert() -> None:
    assert Scope.RESTRICTED is read(kind=Kind.INTERNAL_BRIEFING).scope
    assert writing.written(bulletin(kind=Kind.PRESS_RELEASE, hazard=HAZARD), SENDER) is None
    assert writing.written(bulletin(), SENDER) is None, "nothing is known of its hazard"


def test_a_number_that_cap_could_not_carry_has_another_name() -> None:
    assert "uae/W1" == writing.identifier("uae/W1")
    assert writing.identifier("a, b/W1") == writing.identifier("a, b/W1") != writing.identifier("a. b/W1")
    assert not set(" ,<&") & set(writing.identifier("a, b/<W1&"))


@given(
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.PRESS_RELEASE]),
    text=st.text(min_size=1).map(lambda words: words or "x"),
    earlier=st.lists(st.just(WARNING), max_size=2).map(tuple),
    exercise=st.booleans(),
    expires=st.none() | st.just("2026-04-17T00:00:00.000Z"),
    space=st.text(min_size=1, max_size=10),
)
def test_the_official_schema_takes_whatever_is_written(schema: etree.XMLSchema, **changes: Any) -> None:
    words, space = changes.pop("text"), changes.pop("space")
    said = {"ar": words, "en": "Keep away."}

    document = written(text=said, headline=said, number=f"{space}/W1", space=space, **changes)

    schema.assertValid(etree.fromstring(document))
    assert isinstance(reader.read(document), CapAlert)
