"""What leaves for the outside, and when."""

from collections.abc import Iterator, Mapping

import pytest

from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.instants import minutes, text
from crisis_bus.domain.values import Kind
from crisis_bus.packs.templates import load_templates
from crisis_bus.streams.bulletins import Newsroom
from crisis_bus.streams.past import SpacePast
from crisis_bus.streams.seat import Seat
from crisis_bus.text.compose import Said, Scene
from crisis_bus.text.short import Whole
from crisis_bus.views import chain
from crisis_bus.wire import messages
from crisis_bus.wire.messages import read_command
from tests.streams.space import policy

Order = tuple[int, str, str, Mapping[str, object]]
INCIDENT = {"id": "I", "type": "ROAD-MCI", "severity": "Moderate", "urgency": "Expected", "certainty": "Possible"}
NINE = text(minutes(9))
UNDER_EMBARGO: list[Order] = [
    (0, "incident.report", "ops", {**INCIDENT, "emirates": []}),
    (1, "statement.submit", "MOI.a", {"id": "S", "incident": "I", "kind": "PRESS_RELEASE", "embargo_until": NINE}),
    (2, "statement.approve", "MOI.b", {"statement": "S", "key": "FACT"}),
    (3, "statement.approve", "MOI.c", {"statement": "S", "key": "RELEASE"}),
]


def leaving(orders: list[Order]) -> Iterator[list[str]]:
    """After each order, the statements that leave."""
    return ([bulletin.statement for bulletin in found] for found in bulletins(orders))


def published(orders: list[Order], pages: str | None = None) -> list[Bulletin]:
    return [bulletin for found in bulletins(orders, pages) for bulletin in found]


def bulletins(orders: list[Order], pages: str | None = None) -> Iterator[list[Bulletin]]:
    """After each order, what leaves."""
    desk, past = Seat(policy()), SpacePast()
    newsroom = Newsroom(policy(), load_templates("uae"), pages)
    for offset, (at, kind, by, data) in enumerate(orders):
        one = messages.command("uae", kind, by, data, id=str(offset), at=minutes(at), source="/tests")
        entry = chain.read(desk.answer(*read_command(one), one, offset, one.time))
        past.take(entry.command.at, entry.command.id, entry.changes)
        yield list(newsroom.bulletins(entry, past))


@pytest.mark.rule("INV-15", "INV-1")
def test_nothing_leaves_before_the_last_key_and_the_end_of_the_embargo() -> None:
    ended: Order = (10, "clock.tick", "clock", {})

    assert [[], [], [], [], ["S"]] == list(leaving([*UNDER_EMBARGO, ended]))


@pytest.mark.rule("INV-15")
def test_a_broken_embargo_lets_the_text_leave_at_once() -> None:
    broken: Order = (5, "embargo.break", "monitor", {"statement": "S", "outlet": "outlet-17"})

    assert ["S"] == list(leaving([*UNDER_EMBARGO, broken]))[-1]


def test_who_missed_a_retraction_learns_from_its_correction_what_is_void() -> None:
    orders = [
        *UNDER_EMBARGO,
        (5, "embargo.break", "monitor", {"statement": "S", "outlet": "outlet-17"}),
        (6, "statement.submit", "GCO.a", {"id": "R", "incident": "I", "kind": "RETRACTION", "refs": ["S"]}),
        (7, "statement.approve", "MOI.b", {"statement": "R", "key": "FACT"}),
        (7, "statement.approve", "MOI.c", {"statement": "R", "key": "RELEASE"}),
        (8, "statement.submit", "MOI.a", {"id": "C", "incident": "I", "kind": "CORRECTION", "refs": ["R"]}),
        (9, "statement.approve", "MOI.b", {"statement": "C", "key": "FACT"}),
        (9, "statement.approve", "MOI.c", {"statement": "C", "key": "RELEASE"}),
    ]

    replaced = {bulletin.number: bulletin.replaces for bulletin in published(orders)}

    assert {"uae/S": (), "uae/R": ("uae/S",), "uae/C": ("uae/R", "uae/S")} == replaced


AT_ONCE: list[Order] = [
    UNDER_EMBARGO[0],
    (1, "statement.submit", "MOI.a", {"id": "S", "incident": "I", "kind": "PRESS_RELEASE"}),
    *UNDER_EMBARGO[2:],
]


def test_a_bulletin_carries_every_short_wording_in_every_language() -> None:
    (bulletin,) = published(AT_ONCE)

    assert {"sms", "post", "push", "sign", "broadcast"} == set(bulletin.forms)
    assert all(set(bulletin.text) == set(each) for each in bulletin.forms.values())
    assert bulletin.worded("sign", "ar") != bulletin.text["ar"]


def test_short_wordings_point_to_the_page_of_the_statement_where_there_is_one() -> None:
    (paged,) = published(AT_ONCE, pages="https://gov.example/")
    (plain,) = published(AT_ONCE)

    assert paged.worded("sms", "ar").endswith("https://gov.example/S.ar.html")
    assert plain.worded("sms", "ar").endswith("رقم uae/S")


@pytest.mark.parametrize(
    ("kind", "rehearsal"),
    [
        pytest.param(Kind.INTERNAL_BRIEFING, False, id="a briefing"),
        pytest.param(Kind.LINES_TO_TAKE, False, id="lines to take"),
        pytest.param(Kind.PUBLIC_WARNING, True, id="a rehearsed warning"),
    ],
)
def test_what_has_no_public_page_points_to_none(kind: Kind, rehearsal: bool) -> None:  # noqa: FBT001 a parameter
    newsroom = Newsroom(policy(), load_templates("uae"), "https://gov.example/")
    name = {"ar": "سيول", "en": "Flood"}

    assert Whole("uae/S", {}) == newsroom._whole(
        "uae/S", Said(kind), Scene(name, name, (), 0, 240, rehearsal=rehearsal)
    )


def test_a_bulletin_says_the_hazard_and_what_went_before_it_and_holds() -> None:
    first, retraction = published(
        [
            *UNDER_EMBARGO,
            (5, "embargo.break", "monitor", {"statement": "S", "outlet": "outlet-17"}),
            (6, "statement.submit", "GCO.a", {"id": "R", "incident": "I", "kind": "RETRACTION", "refs": ["S"]}),
            (6, "statement.approve", "MOI.b", {"statement": "R", "key": "FACT"}),
            (6, "statement.approve", "MOI.c", {"statement": "R", "key": "RELEASE"}),
        ]
    )

    assert first.hazard is not None
    assert retraction.hazard is not None
    assert ("Moderate", "Expected", "Possible") == (
        first.hazard.severity,
        first.hazard.urgency,
        first.hazard.certainty,
    )
    assert {"ar", "en"} <= set(first.hazard.event)
    assert () == first.hazard.earlier
    assert [("uae/S", first.published_at)] == [(each.number, each.at) for each in retraction.hazard.earlier]


FAILED: Order = (6, "delivery.fail", "delivery", {"statement": "S", "channel": "SOCIAL"})


@pytest.mark.rule("ESC-11")
def test_what_a_channel_did_not_take_goes_to_its_alternates_under_the_same_number() -> None:
    ended: Order = (5, "embargo.break", "monitor", {"statement": "S", "outlet": "outlet-17"})

    first, again = published([*UNDER_EMBARGO, ended, FAILED])

    assert (first.number, first.text, first.sequence) == (again.number, again.text, again.sequence)
    assert ("TV_RADIO",) == again.channels
    assert {"SOCIAL", "WEB"} <= set(first.channels)


@pytest.mark.rule("ESC-11")
def test_what_was_corrected_meanwhile_is_not_rerouted() -> None:
    orders = [
        *UNDER_EMBARGO,
        (5, "embargo.break", "monitor", {"statement": "S", "outlet": "outlet-17"}),
        (5, "statement.submit", "GCO.a", {"id": "R", "incident": "I", "kind": "RETRACTION", "refs": ["S"]}),
        (5, "statement.approve", "MOI.b", {"statement": "R", "key": "FACT"}),
        (5, "statement.approve", "MOI.c", {"statement": "R", "key": "RELEASE"}),
        FAILED,
    ]

    assert ["uae/S", "uae/R"] == [bulletin.number for bulletin in published(orders)]
