"""Which keys a text needs (`rules.md` §4.3, `scenario-format.md` §7)."""

from typing import Any

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LIFE_SAFETY,
    Data,
    Order,
    answer,
    log,
    out,
    override,
    report,
    submit,
    warning,
)

L1 = {"FACT": "MOI", "RELEASE": "MOI"}
L2 = {"FACT": "MOI", "RELEASE": "GCO"}
L3 = {"COORD": "NCEMA", "FACT": "MOI", "RELEASE": "GCO"}
COORD = {"COORD": "NCEMA"}


def needed(commands: list[Order]) -> Any:
    ((kind, data),) = answer(commands)
    assert (kind, set(data)) == ("approval.requested", {"statement", "keys"})
    return data["keys"]


@pytest.mark.rule("INV-1")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param({"kind": "HOLDING"}, id="holding"),
        pytest.param({"kind": "SITREP"}, id="sitrep"),
        pytest.param({"kind": "PRESS_RELEASE"}, id="press release"),
        pytest.param({"kind": "PUBLIC_WARNING", "originator": "NCEMA"}, id="a warning that saves no lives"),
        pytest.param({"kind": "CORRECTION", "refs": ["P"]}, id="correction"),
        pytest.param({"kind": "ALL_CLEAR", "refs": ["P"]}, id="all-clear"),
        pytest.param({"kind": "RETRACTION", "refs": ["P"]}, id="retraction of a statement"),
        pytest.param({"kind": "RETRACTION", "refs": ["V", "P"]}, id="retraction of a warning and a statement"),
    ],
)
@pytest.mark.parametrize(("level", "expected"), [(1, L1), (2, L2), (3, L3)])
def test_a_public_text_needs_the_keys_of_its_level(text: Data, level: int, expected: Data) -> None:
    earlier = [*out(0, "P", keys=LEVEL_1), *out(0, "V", "PUBLIC_WARNING", keys=LEVEL_1, by="GCO.w")]
    levels = [override(0, level)] if level > 1 else []

    assert expected == needed([report(), *earlier, *levels, submit(1, **text)])


@pytest.mark.parametrize(("level", "expected"), [(1, L1), (2, L2), (3, L2)])
@pytest.mark.parametrize("kind", ["MET-FLOOD", "SEC-INCIDENT", "CRD-CRUSH"])
def test_lines_to_take_never_need_coordination(kind: str, level: int, expected: Data) -> None:
    base = 1 if kind == "CRD-CRUSH" else 2
    levels = [override(0, level)] if level != base else []

    assert expected == needed([report(kind=kind, topic="HLT"), *levels, submit(1, kind="LINES_TO_TAKE")])


@pytest.mark.parametrize("level", [2, 3])
def test_a_briefing_needs_one_key_of_anybody(level: int) -> None:
    assert {"INTERNAL": "ANY"} == needed([report(), override(0, level), submit(1, kind="INTERNAL_BRIEFING")])


@pytest.mark.parametrize("originator", ["NCEMA", "POL-DU"])
def test_a_warning_that_saves_lives_needs_its_originator_alone(originator: str) -> None:
    text = submit(1, kind="PUBLIC_WARNING", originator=originator)

    assert {"ORIGINATOR": originator} == needed([report(emirates=["AE-DU"], **LIFE_SAFETY), text])


def test_a_retraction_of_warnings_only_needs_the_coordinator_alone() -> None:
    warnings = [*warning(0, "W"), *out(0, "V", "PUBLIC_WARNING", keys=LEVEL_1, incident="J")]

    told = needed([report(**LIFE_SAFETY), report(name="J"), *warnings, submit(1, kind="RETRACTION", refs=["W", "V"])])

    assert {"ORIGINATOR": "NCEMA"} == told


@pytest.mark.parametrize(
    ("kind", "topic", "expected"),
    [
        pytest.param("INF-RUMOUR", "TEL", {"FACT": "TDRA", "RELEASE": "TDRA"}, id="a rumour's lead is its owner"),
        pytest.param("INF-RUMOUR", None, {"FACT": "GCO", "RELEASE": "GCO"}, id="a rumour without topic"),
        pytest.param("INF-DEEPFAKE", "TEL", {"FACT": "TDRA", "RELEASE": "GCO"}, id="a deepfake's topic has an owner"),
        pytest.param("INF-DEEPFAKE", None, {"FACT": "GCO", "RELEASE": "GCO"}, id="a deepfake without topic"),
        pytest.param("INF-FALSEALERT", "TEL", {"FACT": "NCEMA", "RELEASE": "GCO", **COORD}, id="no other type's"),
        pytest.param("ROAD-MCI", "TEL", L1, id="nor that of an accident"),
        pytest.param("ROAD-MCI", "HLT", {**L1, **COORD}, id="health"),
        pytest.param("ROAD-MCI", "RAD", {**L1, **COORD}, id="radiation"),
        pytest.param("HLT-OUTBREAK", None, {"FACT": "MOHAP", "RELEASE": "MOHAP", **COORD}, id="outbreak"),
        pytest.param("RAD-EVENT", None, {"FACT": "FANR", "RELEASE": "GCO", **COORD}, id="radiation event"),
        pytest.param("SEC-INCIDENT", None, {**L2, **COORD}, id="security"),
        pytest.param("HLT-FOODPOIS", None, {"FACT": "MOHAP", "RELEASE": "MOHAP"}, id="food poisoning"),
    ],
)
def test_keys_by_type_and_topic(kind: str, topic: str | None, expected: Data) -> None:
    more: Data = {} if topic is None else {"topic": topic}

    assert expected == needed([report(kind=kind, **more), submit(1, by="GCO.a")])


@pytest.mark.parametrize(
    ("kind", "topic", "expected"),
    [
        pytest.param("ROAD-MCI", "TEL", {"FACT": "TDRA", "RELEASE": "MOI"}, id="the owner gives the fact"),
        pytest.param("ROAD-MCI", "RAD", {"FACT": "FANR", "RELEASE": "MOI", **COORD}, id="radiation"),
        pytest.param("ROAD-MCI", "HLT", {"FACT": "MOHAP", "RELEASE": "MOI", **COORD}, id="health"),
        pytest.param("INF-RUMOUR", "TEL", {"FACT": "TDRA", "RELEASE": "GCO"}, id="whatever the type"),
    ],
)
def test_a_response_needs_the_owner_of_the_answered_topics(kind: str, topic: str, expected: Data) -> None:
    text = submit(1, kind="RUMOUR_RESPONSE", answers=["R"], by="GCO.a")

    assert expected == needed([report(kind=kind), log(0, topic=topic), text])


def test_only_a_response_is_bound_to_the_topics_of_rumours() -> None:
    assert L1 == needed([report(), log(0, topic="HLT"), submit(1, kind="SITREP", answers=["R"])])


CALM = [report(**LIFE_SAFETY), override(0, 1)]


@pytest.mark.rule("CH-1")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param({"kind": "CORRECTION", "refs": ["P", "W"]}, {**L1, **COORD}, id="correction"),
        pytest.param({"kind": "ALL_CLEAR", "refs": ["W"]}, {**L1, **COORD}, id="all-clear"),
        pytest.param({"kind": "RETRACTION", "refs": ["P", "W"]}, {**L1, **COORD}, id="retraction of more"),
        pytest.param({"kind": "CORRECTION", "refs": ["P"]}, L1, id="of what did not go out on it"),
        pytest.param({"kind": "SITREP", "refs": ["W"]}, L1, id="a sitrep that only refers"),
    ],
)
def test_what_answers_a_cell_broadcast_needs_coordination(text: Data, expected: Data) -> None:
    assert expected == needed([*CALM, *warning(0), *out(0, "P", keys=LEVEL_1), submit(1, **text)])


def test_a_transfer_changes_whose_key_is_needed_except_by_topic() -> None:
    to_moi = (1, "lead.transfer", "GCO.a", {"incident": "I", "to": "MOI"})

    assert {"FACT": "TDRA", "RELEASE": "MOI"} == needed([report(kind="INF-RUMOUR", topic="TEL"), to_moi, submit(2)])
