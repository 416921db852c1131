"""Keys asked for only grow: with the level, or when a warning loses its ground (`scenario-format.md` §7)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
    LIFE_SAFETY,
    Data,
    Order,
    answer,
    approve,
    facts,
    only,
    out,
    override,
    report,
    submit,
    update,
)

L3 = {"COORD": "NCEMA", "FACT": "MOI", "RELEASE": "GCO"}
COORD = {"COORD": "NCEMA"}


def grown(commands: list[Order]) -> list[tuple[str, Data]]:
    """What the last command says about keys."""
    return [(kind, data) for kind, data in answer(commands) if kind in {"approval.requested", "key.given"}]


GIVEN = ("key.given", {"statement": "S", "key": "FACT", "by": "MOI.facts"})


@pytest.mark.rule("INV-1")
@pytest.mark.parametrize(
    ("level", "keys"),
    [
        pytest.param(2, {"RELEASE": "GCO"}, id="release moves to the Office"),
        pytest.param(3, {"RELEASE": "GCO", **COORD}, id="and the coordinator comes in"),
    ],
)
def test_keys_grow_when_the_level_rose_and_a_key_is_given(level: int, keys: Data) -> None:
    told = grown([report(), submit(1), override(2, level), approve(3, "FACT", "MOI.facts")])

    assert [GIVEN, ("approval.requested", {"statement": "S", "keys": keys, "why": "LEVEL_ROSE"})] == told


def test_a_moved_release_voids_the_leads_key() -> None:
    commands = [report(), submit(1), approve(1, "RELEASE", "MOI.b"), override(2, 2), approve(3, "FACT", "MOI.a")]

    told = facts([*commands, approve(4, "RELEASE", "MOI.c"), approve(5, "RELEASE", "GCO.a")])

    assert [{"RELEASE": "GCO"}] == [data["keys"] for at, _, data in only(told, "approval.requested") if at == 3]
    assert [(4, "WRONG_ENTITY")] == [(at, data["reason"]) for at, _, data in only(told, "key.refused")]
    assert [5] == [at for at, _, _ in only(told, "statement.published")]


def test_the_person_whose_key_is_void_may_give_another() -> None:
    commands = [report(), submit(1), approve(1, "RELEASE", "MOI.b"), override(2, 2), approve(3, "FACT", "MOI.b")]

    assert "key.given" == answer(commands)[0][0]


def test_a_release_that_the_office_gave_stays_when_release_moves() -> None:
    commands = [report(), submit(0), approve(61, "RELEASE", "GCO.a"), override(62, 2), approve(63, "FACT", "MOI.a")]

    told = facts(commands)

    assert [] == [data for at, _, data in only(told, "approval.requested") if at == 63]
    assert [63] == [at for at, _, _ in only(told, "statement.published")]


def test_a_refused_key_still_asks_for_what_grew() -> None:
    told = answer([report(), submit(1), override(2, 3), approve(3, "ORIGINATOR", "NCEMA.a")])

    assert [
        ("key.refused", {"statement": "S", "key": "ORIGINATOR", "by": "NCEMA.a", "reason": "KEY_NOT_NEEDED"}),
        (
            "approval.requested",
            {"statement": "S", "keys": {"FACT": "MOI", "RELEASE": "GCO", **COORD}, "why": "LEVEL_ROSE"},
        ),
    ] == told


def test_a_grown_key_may_be_given_by_the_command_that_made_it_grow() -> None:
    told = grown([report(), submit(1), override(2, 2), approve(3, "RELEASE", "GCO.a")])

    assert [
        ("key.given", {"statement": "S", "key": "RELEASE", "by": "GCO.a"}),
        ("approval.requested", {"statement": "S", "keys": {"FACT": "MOI"}, "why": "LEVEL_ROSE"}),
    ] == told


def test_keys_are_asked_for_once() -> None:
    commands = [report(), submit(1), override(2, 3), approve(3, "FACT", "MOI.facts"), approve(4, "COORD", "NCEMA.a")]

    assert ["key.given"] == [kind for kind, _ in answer(commands)]


def test_lowering_a_level_removes_no_key_and_gives_none_back() -> None:
    lowered = [report(), override(0, 3), submit(1), override(2, 1), approve(3, "FACT", "MOI.facts")]

    assert [GIVEN] == grown(lowered)
    assert "WRONG_ENTITY" == answer([*lowered, approve(4, "RELEASE", "MOI.b")])[0][1]["reason"]


def test_release_of_a_lead_that_is_the_office_does_not_move() -> None:
    commands = [report(kind="INF-RUMOUR"), submit(1, by="GCO.w"), override(2, 2), approve(3, "FACT", "GCO.a")]

    assert [("key.given", {"statement": "S", "key": "FACT", "by": "GCO.a"})] == answer(commands)


@pytest.mark.parametrize(
    ("kind", "key", "by"),
    [("INTERNAL_BRIEFING", "INTERNAL", "x"), ("RETRACTION", "ORIGINATOR", "NCEMA.a")],
)
def test_some_texts_never_need_more(kind: str, key: str, by: str) -> None:
    refs = ["V"] if kind == "RETRACTION" else []
    before = [report(), *out(0, "V", "PUBLIC_WARNING", keys=LEVEL_1), submit(1, kind=kind, refs=refs)]

    assert ["key.given", "statement.published"] == [
        kind for kind, _ in answer([*before, override(2, 3), approve(3, key, by)])
    ][:2]


PENDING = submit(1, kind="PUBLIC_WARNING", originator="NCEMA")
ORIGINATOR = approve(3, "ORIGINATOR", "NCEMA.a")


@pytest.mark.rule("INV-1")
@pytest.mark.parametrize(
    ("meanwhile", "keys"),
    [
        pytest.param([update(2, urgency="Future")], {"FACT": "MOI", "RELEASE": "GCO"}, id="not immediate any more"),
        pytest.param([update(2, urgency="Past"), override(2, 1)], {"FACT": "MOI", "RELEASE": "MOI"}, id="and lowered"),
        pytest.param([update(2, certainty="Unknown"), override(2, 3)], dict(L3), id="and raised"),
    ],
)
def test_a_warning_whose_ground_is_gone_needs_the_usual_keys_too(meanwhile: list[Order], keys: Data) -> None:
    told = grown([report(**LIFE_SAFETY), PENDING, *meanwhile, ORIGINATOR])

    assert [
        ("key.given", {"statement": "S", "key": "ORIGINATOR", "by": "NCEMA.a"}),
        ("approval.requested", {"statement": "S", "keys": keys, "why": "LIFE_SAFETY_ENDED"}),
    ] == told


def test_a_warning_that_saves_lives_needs_no_more_when_the_level_rises() -> None:
    told = answer([report(**LIFE_SAFETY), PENDING, override(2, 3), ORIGINATOR])

    assert ["key.given", "statement.published"] == [kind for kind, _ in told][:2]


def test_a_warning_that_lost_its_ground_keeps_the_keys_when_it_has_ground_again() -> None:
    lost = [report(**LIFE_SAFETY), PENDING, update(2, urgency="Future"), ORIGINATOR, update(4, urgency="Immediate")]

    told = answer([*lost, override(4, 3), approve(5, "FACT", "MOI.a")])

    assert ("approval.requested", {"statement": "S", "keys": {"RELEASE": "GCO", **COORD}, "why": "LEVEL_ROSE"}) == told[
        1
    ]


def test_a_usual_warning_gets_no_originator_when_it_comes_to_save_lives() -> None:
    commands = [report(), override(0, 2), submit(1, kind="PUBLIC_WARNING"), update(2, **LIFE_SAFETY)]
    commands += [approve(3, key, by) for key, by in LEVEL_2.items()]

    told = facts(commands)

    assert [3] == [at for at, _, _ in only(told, "statement.published")]
    assert [] == only(told, "post_review.due")
