"""Who speaks, and why others do not (`rules.md` §3.4, `scenario-format.md` §7, Select spokesperson)."""

import pytest

from tests.rules.playing import Data, Order, facts, only, report
from tests.rules.voices import Roster, chosen


@pytest.mark.rule("SPK")
@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        pytest.param("ROAD-MCI", {"on_rota": False}, "OFF_ROTA", id="off the rota"),
        pytest.param("ROAD-MCI", {"accredited_until": "2026-04-15"}, "ACCREDITATION_EXPIRED", id="expired"),
        pytest.param("ROAD-MCI", {"accredited_until": "2026-04-16"}, None, id="accredited until today"),
        pytest.param("ROAD-MCI", {"trained": "2025-04-15"}, "TRAINING_LAPSED", id="366 days ago"),
        pytest.param("ROAD-MCI", {"trained": "2025-04-16"}, None, id="365 days ago"),
        pytest.param("ROAD-MCI", {"languages": ["en"]}, "LANGUAGE", id="level 1 needs Arabic"),
        pytest.param("ROAD-MCI", {"languages": ["ar"]}, None, id="and only Arabic"),
        pytest.param("SEC-INCIDENT", {"languages": ["ar"]}, "LANGUAGE", id="level 2 needs English too"),
        pytest.param("SEC-INCIDENT", {"languages": ["en"]}, "LANGUAGE", id="level 2 needs Arabic too"),
        pytest.param("ROAD-MCI", {"media": ["live_tv"]}, "MEDIUM", id="level 1 needs the press"),
        pytest.param("ROAD-MCI", {"media": ["press"]}, None, id="and only the press"),
        pytest.param("SEC-INCIDENT", {"media": ["press"]}, "MEDIUM", id="level 2 needs television"),
        pytest.param("SEC-INCIDENT", {"media": ["live_tv"]}, None, id="and only television"),
    ],
)
def test_a_person_is_skipped_for_a_reason(kind: str, change: Data, reason: str | None) -> None:
    told = chosen(report(kind=kind), roster={"SPK-MOI-01": change})

    assert (("SPK-MOI-01", []) if reason is None else ("SPK-MOI-02", [f"SPK-MOI-01:{reason}"])) == told


ALL_BAD: Data = {"on_rota": False, "accredited_until": "2020-01-01", "trained": "2020-01-01"}
ALL_BAD |= {"languages": [], "media": []}


@pytest.mark.rule("SPK")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (ALL_BAD, "OFF_ROTA"),
        (ALL_BAD | {"on_rota": True}, "ACCREDITATION_EXPIRED"),
        (ALL_BAD | {"on_rota": True, "accredited_until": "2027-01-01"}, "TRAINING_LAPSED"),
        ({"languages": [], "media": []}, "LANGUAGE"),
        ({"media": []}, "MEDIUM"),
        ({}, "CONFLICT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_first_reason_that_holds_is_named(change: Data, reason: str) -> None:
    told = chosen(report(depicted="SPK-MOI-01"), roster={"SPK-MOI-01": change})

    assert ("SPK-MOI-02", [f"SPK-MOI-01:{reason}"]) == told


def test_a_conflict_comes_before_an_engagement() -> None:
    told = chosen(report(name="J", kind="SEC-INCIDENT"), report(1, depicted="SPK-MOI-01"))

    assert ("SPK-MOI-02", ["SPK-MOI-01:CONFLICT"]) == told


@pytest.mark.parametrize(
    ("start", "voice"),
    [
        pytest.param("2026-04-16T23:59:00+04:00", "SPK-MOI-01", id="still its last day"),
        pytest.param("2026-04-16T20:01:00Z", "SPK-MOI-01", id="the day of the offset of the start"),
        pytest.param("2026-04-17T00:00:00+04:00", "SPK-MOI-02", id="the day after"),
    ],
)
def test_today_is_the_day_in_the_offset_of_the_start(start: str, voice: str) -> None:
    told = chosen(report(), roster={"SPK-MOI-01": {"accredited_until": "2026-04-16"}}, start=start)

    assert voice == told[0]


def test_today_moves_on_with_the_minutes() -> None:
    told = chosen(
        report(1), start="2026-04-16T23:59:00+04:00", roster={"SPK-MOI-01": {"accredited_until": "2026-04-16"}}
    )

    assert ("SPK-MOI-02", ["SPK-MOI-01:ACCREDITATION_EXPIRED"]) == told


@pytest.mark.rule("SPK")
@pytest.mark.parametrize(
    ("kind", "tried"),
    [
        pytest.param("ROAD-MCI", ["MOI", "GCO", "NCEMA"], id="lead, GCO, NCEMA"),
        pytest.param("INF-RUMOUR", ["GCO", "NCEMA"], id="each once: led by GCO"),
        pytest.param("SEC-AIRTHREAT", ["NCEMA", "MOD", "GCO"], id="at level 3 the national voice first, once"),
    ],
)
def test_entities_are_tried_in_their_order_and_nobody_may_be_fit(kind: str, tried: list[str]) -> None:
    people = {"MOD": ["SPK-MOD-01"]} | {e: [f"SPK-{e}-01", f"SPK-{e}-02"] for e in ("MOI", "GCO", "NCEMA")}
    off: Roster = {name: {"on_rota": False} for names in people.values() for name in names}

    told = only(facts([report(kind=kind)], roster=off), "spokesperson.unavailable")

    skipped = [f"{name}:OFF_ROTA" for entity in tried for name in people[entity]]
    assert [(0, "spokesperson.unavailable", {"incident": "I", "skipped": skipped})] == told


def test_an_entity_without_people_is_skipped_by_its_name() -> None:
    assert ("SPK-GCO-01", ["FAACD:NONE_REGISTERED"]) == chosen(report(kind="FIRE-BLDG"))


@pytest.mark.rule("INV-10", "SPK")
@pytest.mark.parametrize(
    ("other", "skipped"),
    [
        pytest.param(report(name="J", kind="SEC-INCIDENT"), ["SPK-MOI-01:ENGAGED"], id="real, open, level 2"),
        pytest.param(report(name="J"), [], id="level 1 does not count"),
        pytest.param(report(name="J", kind="SEC-INCIDENT", exercise=True), [], id="an exercise does not count"),
    ],
)
def test_who_speaks_for_another_crisis_is_engaged(other: Order, skipped: list[str]) -> None:
    assert (["SPK-MOI-01", "SPK-MOI-02"][len(skipped)], skipped) == chosen(other, report(1))


def test_an_exercise_does_not_take_who_is_engaged() -> None:
    told = chosen(report(name="J", kind="SEC-INCIDENT"), report(1, exercise=True))

    assert ("SPK-MOI-02", ["SPK-MOI-01:ENGAGED"]) == told


def test_who_spoke_for_an_ended_crisis_is_free() -> None:
    ended = (1, "incident.close", "MOI.duty", {"incident": "J", "outcome": "DUPLICATE"})

    assert ("SPK-MOI-01", []) == chosen(report(name="J", kind="SEC-INCIDENT"), ended, report(2))
