"""The moment of publication: channels, accounts, voice (`scenario-format.md` §7, Publish 2 to 5)."""

from typing import Any

import pytest

from tests.rules.playing import (
    KEYS,
    L1,
    L2,
    L3,
    LEVEL_1,
    LEVEL_2,
    LEVEL_3,
    LIFE,
    LIFE_SAFETY,
    Data,
    approve,
    facts,
    levels,
    log,
    only,
    out,
    override,
    published,
    report,
    submit,
    suspended,
    update,
    warning,
)

INTERNAL = {"INTERNAL": "MOI.x"}


def test_a_public_text_of_a_real_incident_is_told_in_full() -> None:
    told = published([report(), *out(5, keys=LEVEL_1)])

    assert {
        "statement": "S",
        "incident": "I",
        "kind": "HOLDING",
        "exercise": False,
        "channels": [*L1, "SIGNAGE"],
        "social_accounts": ["MOI"],
        "suspended_accounts": [],
        "suspended_channels": [],
        "voice": "MOI:WRITTEN",
    } == told
    assert told["exercise"] is False


def test_a_public_text_of_a_drill_is_told_without_accounts() -> None:
    told = published([report(exercise=True), *out(5, keys=LEVEL_1, marker=True)])

    assert {
        "statement": "S",
        "incident": "I",
        "kind": "HOLDING",
        "exercise": True,
        "channels": ["EX_SANDBOX", "EX_INTERNAL"],
        "voice": "MOI:WRITTEN",
    } == told


@pytest.mark.parametrize(
    ("kind", "keys", "channels"),
    [
        ("INTERNAL_BRIEFING", INTERNAL, ["GOV_INTERNAL", "LEADERSHIP_BRIEF", "HEALTH_NET"]),
        ("LINES_TO_TAKE", LEVEL_1, ["GOV_INTERNAL", "HEALTH_NET"]),
    ],
)
def test_an_internal_text_is_told_without_accounts_and_voice(kind: str, keys: Any, channels: list[str]) -> None:
    told = published([report(), *out(5, kind=kind, keys=keys, channels=["HEALTH_NET", "GOV_INTERNAL"])])

    assert {"statement": "S", "incident": "I", "kind": kind, "exercise": False, "channels": channels} == told


@pytest.mark.rule("INV-5")
@pytest.mark.parametrize("kind", ["INTERNAL_BRIEFING", "LINES_TO_TAKE", "ALL_CLEAR", "PUBLIC_WARNING"])
def test_every_text_of_a_drill_goes_to_the_channels_of_drills(kind: str) -> None:
    keys = INTERNAL if kind == "INTERNAL_BRIEFING" else LEVEL_1
    first = out(1, "P", keys=LEVEL_1, marker=True)

    told = published([report(exercise=True), *first, *out(5, kind=kind, keys=keys, marker=True, refs=["P"])])

    assert ["EX_SANDBOX", "EX_INTERNAL"] == told["channels"]


@pytest.mark.parametrize("kind", ["HOLDING", "SITREP", "PRESS_RELEASE"])
@pytest.mark.parametrize(("level", "channels"), [(1, L1), (2, L2), (3, L3)])
def test_a_text_takes_the_set_of_the_level_then_the_extras_then_those_asked_for(
    kind: str, level: int, channels: list[str]
) -> None:
    briefing = ["PRESS_BRIEFING"] if (kind, level) == ("SITREP", 3) else []
    text = out(5, kind=kind, keys=KEYS[level], channels=["DIPLO", "WEB", "CELL_BROADCAST", "SMS_GEO"])

    told = published([report(), *levels(level), *text])

    assert [*channels, *briefing, "SIGNAGE", "DIPLO", "SMS_GEO"] == told["channels"]


def test_the_level_of_the_moment_of_publication_counts() -> None:
    waits = out(5, keys=LEVEL_2, embargo_until=9)

    told = facts([report(), override(0, 2), *waits, override(6, 1)], until=9)

    assert [[*L1, "SIGNAGE"]] == [data["channels"] for _, _, data in only(told, "statement.published")]


def test_an_extra_that_the_set_has_comes_once_in_its_place() -> None:
    commands = [report(kind="MET-WARN"), override(0, 3)]
    keys = {"FACT": "NCM.a", "COORD": "NCEMA.a", "RELEASE": "GCO.a"}

    assert L3 == published([*commands, *out(5, keys=keys, by="NCM.w")])["channels"]


@pytest.mark.parametrize("level", [2, 3])
def test_a_warning_takes_the_channels_that_save_lives_at_every_level(level: int) -> None:
    incident = report(kind="MAR-ACCIDENT", **LIFE_SAFETY)
    raised = [override(0, level)] if level == 3 else []

    told = published([incident, *raised, *warning(5, channels=["WEB", "PRESS_BRIEFING"])], "W")

    assert [*LIFE, "DIPLO", "PRESS_BRIEFING"] == told["channels"]
    assert "voice" not in told


@pytest.mark.rule("OV-8", "CH-1")
@pytest.mark.parametrize(
    ("author", "cell"),
    [
        pytest.param("MOI.w", True, id="an originator is the author"),
        pytest.param("EX:MOI.w", True, id="an originator with a prefix"),
        pytest.param("GCO.w", False, id="the Office is none"),
    ],
)
def test_a_warning_with_the_usual_keys_is_broadcast_only_for_an_originator(author: str, cell: bool) -> None:  # noqa: FBT001 a row
    told = published([report(), *out(5, kind="PUBLIC_WARNING", keys=LEVEL_1, by=author, originator="NCEMA")])

    assert [*(LIFE if cell else LIFE[1:])] == told["channels"]


def test_a_warning_that_lost_its_ground_keeps_cell_broadcast_by_its_originator_key() -> None:
    text = submit(1, kind="PUBLIC_WARNING", originator="NCEMA", by="GCO.w")
    keys = {"ORIGINATOR": "NCEMA.a", **LEVEL_2}

    told = published(
        [report(**LIFE_SAFETY), text, update(2, urgency="Future"), *(approve(3, key, by) for key, by in keys.items())]
    )

    assert LIFE == told["channels"]


@pytest.mark.rule("OV-8", "CH-1")
@pytest.mark.parametrize("kind", ["HOLDING", "SITREP", "PRESS_RELEASE", "RUMOUR_RESPONSE"])
def test_no_other_text_goes_out_by_cell_broadcast(kind: str) -> None:
    """The type INF-FALSEALERT has it among its extras."""
    keys = {"FACT": "GCO.f" if kind == "RUMOUR_RESPONSE" else "NCEMA.f", "COORD": "NCEMA.c", "RELEASE": "GCO.r"}
    text = out(5, kind=kind, keys=keys, by="NCEMA.w", answers=["R"], channels=["CELL_BROADCAST"])

    told = published([report(kind="INF-FALSEALERT"), log(0), *text])

    extras = ["PRESS_BRIEFING"] if kind == "SITREP" else []
    assert [*L3, *extras, "SMS_GEO", "SIGNAGE"] == told["channels"]


@pytest.mark.rule("INV-4")
@pytest.mark.parametrize("kind", ["CORRECTION", "RETRACTION", "ALL_CLEAR"])
def test_what_answers_a_statement_goes_to_every_channel_that_it_reached(kind: str) -> None:
    first = [*out(1, "P", keys=LEVEL_1, channels=["DIPLO"]), *out(1, "Q", keys=LEVEL_1, channels=["SMS_GEO", "DIPLO"])]

    told = published([report(), *first, *out(5, kind=kind, keys=LEVEL_1, refs=["Q", "P"], channels=["APP_PUSH"])])

    assert [*L1, "SIGNAGE", "SMS_GEO", "DIPLO", "APP_PUSH"] == told["channels"]


@pytest.mark.rule("CH-1")
@pytest.mark.parametrize("kind", ["CORRECTION", "RETRACTION", "ALL_CLEAR"])
def test_what_answers_a_cell_broadcast_goes_out_by_cell_broadcast(kind: str) -> None:
    keys = {"ORIGINATOR": "NCEMA.a"} if kind == "RETRACTION" else LEVEL_3

    told = published([report(**LIFE_SAFETY), *warning(1), *out(5, kind=kind, keys=keys, refs=["W"])])

    assert [*L2, *(channel for channel in LIFE if channel not in L2)] == told["channels"]


def test_what_answers_no_cell_broadcast_does_not_go_out_by_it() -> None:
    text: Data = {"keys": {"FACT": "NCEMA.f", "COORD": "NCEMA.c", "RELEASE": "GCO.r"}, "by": "NCEMA.w"}

    told = published(
        [report(kind="INF-FALSEALERT"), *out(1, "P", **text), *out(5, kind="ALL_CLEAR", refs=["P"], **text)]
    )

    assert "CELL_BROADCAST" not in told["channels"]


def test_a_sitrep_that_refers_does_not_go_to_the_channels_of_its_references() -> None:
    first = out(1, "P", keys=LEVEL_1, channels=["DIPLO"])

    told = published([report(), *first, *out(5, kind="SITREP", keys=LEVEL_1, refs=["P"])])

    assert [*L1, "SIGNAGE"] == told["channels"]


@pytest.mark.rule("CH-2", "INV-4")
def test_what_answers_does_not_go_where_a_suspended_account_kept_the_first_from() -> None:
    first = [suspended("DIPLO", "MOI"), *out(1, "P", keys=LEVEL_1, channels=["DIPLO"])]
    restored = (2, "channel.restore", "GCO.desk", {"channel": "DIPLO", "entity": "MOI"})

    told = published([report(), *first, restored, *out(5, kind="CORRECTION", keys=LEVEL_1, refs=["P"])])

    assert "DIPLO" not in told["channels"]
