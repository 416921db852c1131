"""Whose accounts post, who is the voice, when a language pack is due (`scenario-format.md` §7, Publish 3 and 4)."""

import pytest

from tests.rules.playing import (
    KEYS,
    L2,
    LEVEL_1,
    LEVEL_2,
    LEVEL_3,
    LIFE_SAFETY,
    Data,
    Order,
    levels,
    log,
    out,
    override,
    published,
    report,
    suspended,
    warning,
)


@pytest.mark.parametrize(("level", "accounts"), [(1, ["MOI"]), (2, ["MOI", "GCO"]), (3, ["MOI", "GCO", "NCEMA"])])
def test_the_accounts_of_a_level(level: int, accounts: list[str]) -> None:
    assert accounts == published([report(), *levels(level), *out(5, keys=KEYS[level])])["social_accounts"]


def test_each_account_comes_once() -> None:
    keys = {"FACT": "NCEMA.f", "COORD": "NCEMA.c", "RELEASE": "GCO.r"}

    told = published([report(kind="INF-FALSEALERT"), *out(5, keys=keys, by="NCEMA.w")])

    assert ["NCEMA", "GCO"] == told["social_accounts"]


def test_the_owner_of_the_answered_topics_posts_a_response_too() -> None:
    keys = {"FACT": "TDRA.f", "RELEASE": "GCO.r"}
    text = out(5, kind="RUMOUR_RESPONSE", keys=keys, answers=["R1", "R2"])

    told = published([report(), override(0, 2), log(0, "R1", topic="TEL"), log(0, "R2", topic="TEL"), *text])

    assert ["MOI", "GCO", "TDRA"] == told["social_accounts"]


@pytest.mark.rule("CH-2")
@pytest.mark.parametrize(
    ("out_of_use", "expected"),
    [
        pytest.param([("SOCIAL", "MOI")], (["GCO"], ["MOI"], []), id="the lead's account: the others post"),
        pytest.param([("SOCIAL", "GCO")], (["MOI"], ["GCO"], []), id="the Office's"),
        pytest.param([("SOCIAL", "GCO"), ("SOCIAL", "MOI")], ([], ["MOI", "GCO"], ["SOCIAL"]), id="no account left"),
        pytest.param([("SOCIAL", "NCM")], (["MOI", "GCO"], [], []), id="somebody else's"),
        pytest.param(
            [("SIGNAGE", "MOI"), ("WAM", "MOI"), ("WEB", "GCO"), ("DIPLO", "MOI")],
            (["MOI", "GCO"], [], ["WAM", "SIGNAGE"]),
            id="channels of the lead, in the order of the list",
        ),
    ],
)
def test_suspended_accounts_and_channels(out_of_use: list[tuple[str, str]], expected: tuple[list[str], ...]) -> None:
    told = published([report(), override(0, 2), *(suspended(*pair) for pair in out_of_use), *out(5, keys=LEVEL_2)])

    assert expected == (told["social_accounts"], told["suspended_accounts"], told["suspended_channels"])
    assert [name for name in [*L2, "SIGNAGE"] if name not in expected[2]] == told["channels"]


def test_suspensions_do_not_touch_internal_texts_and_drills() -> None:
    internal = [suspended("GOV_INTERNAL", "MOI"), *out(5, kind="LINES_TO_TAKE", keys=LEVEL_1)]
    drill = [suspended("EX_SANDBOX", "MOI"), *out(5, keys=LEVEL_1, marker=True)]

    assert ["GOV_INTERNAL"] == published([report(), *internal])["channels"]
    assert ["EX_SANDBOX", "EX_INTERNAL"] == published([report(exercise=True), *drill])["channels"]


CONFIRM = (1, "spokesperson.confirm", "SPK-MOI-01", {"incident": "I"})


@pytest.mark.parametrize(
    ("before", "voice"),
    [
        pytest.param([], "MOI:WRITTEN", id="not confirmed"),
        pytest.param([CONFIRM], "SPK-MOI-01", id="confirmed"),
        pytest.param(
            [CONFIRM, (2, "spokesperson.decline", "SPK-MOI-01", {"incident": "I", "reason": "ill"})],
            "MOI:WRITTEN",
            id="declined after all: the next has not confirmed",
        ),
        pytest.param([CONFIRM, override(2, 3)], "MOI:WRITTEN", id="the national voice has not confirmed"),
    ],
)
def test_the_voice_of_a_text(before: list[Order], voice: str) -> None:
    keys = LEVEL_3 if override(2, 3) in before else LEVEL_1

    assert voice == published([report(), *before, *out(5, keys=keys)])["voice"]


@pytest.mark.parametrize(
    ("triple", "expected"),
    [
        pytest.param({"severity": "Severe", "certainty": "Observed"}, 35, id="G3"),
        pytest.param({"severity": "Extreme", "certainty": "Observed"}, 35, id="G4"),
        pytest.param({"severity": "Severe", "certainty": "Possible"}, None, id="G2"),
    ],
)
def test_a_language_pack_is_due_from_the_third_grade_on(triple: Data, expected: int | None) -> None:
    at_level_2 = override(0, 2)

    told = published([report(**triple), at_level_2, *out(5, keys=LEVEL_2)])

    assert expected == told.get("language_pack_due")


def test_a_drill_and_an_internal_text_have_no_language_pack() -> None:
    drill = [report(exercise=True, **LIFE_SAFETY), *out(5, keys=LEVEL_2, marker=True)]
    internal = [report(**LIFE_SAFETY), *out(5, kind="LINES_TO_TAKE", keys=LEVEL_2)]

    assert "language_pack_due" not in published(drill)
    assert "language_pack_due" not in published(internal)


def test_a_warning_has_a_language_pack() -> None:
    assert 35 == published([report(**LIFE_SAFETY), *warning(5)], "W")["language_pack_due"]
