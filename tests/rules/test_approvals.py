"""Giving a key, refused keys in their order, late keys (`scenario-format.md` §5, ESC-09)."""

from typing import Any

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LIFE_SAFETY,
    Data,
    Order,
    answer,
    approve,
    draft,
    escalations,
    facts,
    only,
    out,
    override,
    refusal,
    report,
    submit,
    update,
)


def refused(commands: list[Order]) -> Data:
    """What the refused key is told with, without statement, key and actor."""
    ((kind, data),) = answer(commands)
    assert kind == "key.refused"
    return {name: value for name, value in data.items() if name in {"reason", "needs"}}


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([draft(1)], id="draft"),
        pytest.param([submit(1, by="NCM.a")], id="blocked"),
        pytest.param(out(1, keys=LEVEL_1, embargo_until=9), id="scheduled"),
        pytest.param(out(1, keys=LEVEL_1), id="published"),
        pytest.param([draft(1), (1, "statement.withdraw", "MOI.a", {"statement": "S"})], id="withdrawn"),
    ],
)
def test_a_key_for_what_is_not_in_review_is_refused_as_a_fact(before: list[Order]) -> None:
    told = answer([report(), *before, approve(2, "INTERNAL", "MOI.drafter")])

    expected = {"statement": "S", "key": "INTERNAL", "by": "MOI.drafter", "reason": "NOT_IN_REVIEW"}
    assert [("key.refused", expected)] == told


@pytest.mark.parametrize("key", ["ANY", "fact", "", 1, None])
def test_a_key_that_is_none_is_a_bad_value(key: Any) -> None:
    assert ("BAD_VALUE", "key") == refusal([report(), submit(1), approve(2, key, "MOI.a")])


@pytest.mark.rule("INV-2")
@pytest.mark.parametrize(
    ("given", "key", "by", "expected"),
    [
        pytest.param([], "COORD", "MOI.drafter", {"reason": "KEY_NOT_NEEDED"}, id="not needed, before the author"),
        pytest.param([], "FACT", "MOI.drafter", {"reason": "AUTHOR_CANNOT_APPROVE"}, id="the author"),
        pytest.param([], "FACT", "EX:MOI.drafter", {"reason": "AUTHOR_CANNOT_APPROVE"}, id="the author prefixed"),
        pytest.param(
            [("FACT", "MOI.a")], "RELEASE", "MOI.a", {"reason": "SAME_PERSON_TWO_KEYS"}, id="two keys of one person"
        ),
        pytest.param(
            [("FACT", "MOI.a")], "RELEASE", "EX:MOI.a", {"reason": "SAME_PERSON_TWO_KEYS"}, id="the same prefixed"
        ),
        pytest.param([("FACT", "MOI.a")], "FACT", "MOI.a", {"reason": "SAME_PERSON_TWO_KEYS"}, id="the same key again"),
        pytest.param([("FACT", "MOI.a")], "FACT", "MOI.b", {"reason": "KEY_ALREADY_GIVEN"}, id="given by another"),
        pytest.param(
            [("FACT", "MOI.a")], "FACT", "NCM.b", {"reason": "KEY_ALREADY_GIVEN"}, id="given, before the entity"
        ),
        pytest.param([], "RELEASE", "NCM.a", {"reason": "WRONG_ENTITY", "needs": "MOI"}, id="of another entity"),
        pytest.param([], "RELEASE", "GCO.a", {"reason": "WRONG_ENTITY", "needs": "MOI"}, id="the Office too early"),
        pytest.param([], "FACT", "SPK-MOI-01", {"reason": "WRONG_ENTITY", "needs": "MOI"}, id="a spokesperson"),
    ],
)
def test_a_key_is_refused_with_the_first_reason_that_holds(
    given: list[tuple[str, str]], key: str, by: str, expected: Data
) -> None:
    before = [report(), submit(1), *(approve(1, name, actor) for name, actor in given)]

    assert expected == refused([*before, approve(2, key, by)])


def test_the_author_is_told_so_also_for_a_key_that_was_given() -> None:
    before = [report(), submit(1), approve(1, "FACT", "MOI.a")]

    assert {"reason": "AUTHOR_CANNOT_APPROVE"} == refused([*before, approve(2, "FACT", "MOI.drafter")])


def test_a_briefing_takes_the_key_of_anybody_but_its_author() -> None:
    before = [report(), submit(1, kind="INTERNAL_BRIEFING", by="NCM.a")]

    assert {"reason": "AUTHOR_CANNOT_APPROVE"} == refused([*before, approve(2, "INTERNAL", "NCM.a")])
    assert "key.given" == answer([*before, approve(2, "INTERNAL", "somebody")])[0][0]


def test_an_actor_with_the_prefix_of_exercises_has_the_same_entity() -> None:
    assert "key.given" == answer([report(), submit(1), approve(2, "FACT", "EX:MOI.a")])[0][0]


@pytest.mark.rule("INV-1")
def test_the_last_key_publishes_in_its_minute() -> None:
    told = facts([report(), submit(1), approve(2, "RELEASE", "MOI.a"), approve(7, "FACT", "MOI.b")])

    assert [7] == [at for at, _, _ in only(told, "statement.published")]


def late(told: list[Any]) -> list[tuple[int, str, str, list[str]]]:
    """Minute, rule, key and addresses of everything said about late keys."""
    found = escalations(told, "ESC-09a") + escalations(told, "ESC-09b")
    return sorted((at, data["rule"], data["key"], data["to"]) for at, data in found)


@pytest.mark.rule("ESC-09a", "ESC-09b")
def test_a_late_key_calls_the_deputy_and_then_the_office() -> None:
    """G1: thirty minutes a key."""
    told = facts([report(), override(0, 3), submit(5)], until=500)

    assert [
        (35, "ESC-09a", "COORD", ["NCEMA.approver.deputy"]),
        (35, "ESC-09a", "FACT", ["MOI.approver.deputy"]),
        (35, "ESC-09a", "RELEASE", ["GCO.approver.deputy"]),
        (65, "ESC-09b", "COORD", ["GCO.director"]),
        (65, "ESC-09b", "FACT", ["GCO.director"]),
        (65, "ESC-09b", "RELEASE", ["GCO.director"]),
    ] == late(told)
    named = {
        (data["rule"], data["statement"], len(data)) for _, kind, data in told if kind == "escalation" and "key" in data
    }
    assert {("ESC-09a", "S", 4), ("ESC-09b", "S", 4)} == named


def test_a_late_key_of_anybody_calls_the_deputy_of_the_lead() -> None:
    told = late(facts([report(), submit(0, kind="INTERNAL_BRIEFING")], until=100))

    assert [(30, "ESC-09a", "INTERNAL", ["MOI.approver.deputy"]), (60, "ESC-09b", "INTERNAL", ["GCO.director"])] == told


@pytest.mark.rule("DR-4")
def test_late_keys_of_a_drill_call_addresses_of_drills() -> None:
    told = late(facts([report(exercise=True), submit(0, marker=True), approve(0, "FACT", "MOI.a")], until=100))

    assert [
        (30, "ESC-09a", "RELEASE", ["EX:MOI.approver.deputy"]),
        (60, "ESC-09b", "RELEASE", ["EX:GCO.director"]),
    ] == told


def test_a_key_given_in_the_minute_of_its_timer_is_in_time() -> None:
    told = late(facts([report(), submit(0), approve(30, "FACT", "MOI.a")], until=100))

    assert {"RELEASE"} == {key for _, _, key, _ in told}


def test_a_key_given_between_the_two_timers_is_not_called_for_again() -> None:
    told = late(facts([report(), submit(0), approve(31, "FACT", "MOI.a")], until=100))

    assert ["ESC-09a"] == [rule for _, rule, key, _ in told if key == "FACT"]


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param((10, "statement.return", "MOI.a", {"statement": "S", "reason": "r"}), id="returned"),
        pytest.param((10, "statement.withdraw", "MOI.a", {"statement": "S"}), id="withdrawn"),
        pytest.param(draft(10), id="written again"),
        pytest.param((10, "lead.transfer", "GCO.a", {"incident": "I", "to": "NCM"}), id="the lead changed"),
    ],
)
def test_nobody_is_called_for_a_text_that_is_not_in_review(meanwhile: Order) -> None:
    assert [] == late(facts([report(), submit(0), meanwhile], until=100))


@pytest.mark.rule("ESC-09a")
def test_key_timers_belong_to_one_submission() -> None:
    told = late(facts([report(), submit(0), submit(20), approve(20, "FACT", "MOI.a")], until=100))

    assert [(50, "ESC-09a"), (80, "ESC-09b")] == [(at, rule) for at, rule, _, _ in told]


def test_key_timers_use_the_grade_of_the_moment_in_which_they_are_set() -> None:
    """G1 gives 30 minutes at submit; G3 gives 10 from the minute of the first timer."""
    told = late(facts([report(), submit(0), approve(0, "FACT", "MOI.a"), update(20, **LIFE_SAFETY)], until=100))

    assert [(30, "ESC-09a"), (40, "ESC-09b")] == [(at, rule) for at, rule, _, _ in told]


@pytest.mark.rule("ESC-09b")
@pytest.mark.parametrize(
    ("at", "by", "expected"),
    [
        pytest.param(60, "GCO.a", "WRONG_ENTITY", id="a command of that minute comes before the timer"),
        pytest.param(61, "GCO.a", None, id="after it"),
        pytest.param(61, "NCEMA.a", "WRONG_ENTITY", id="nobody else"),
    ],
)
def test_the_office_may_give_a_key_that_is_late_twice(at: int, by: str, expected: str | None) -> None:
    told = answer([report(), submit(0), approve(at, "FACT", by)])[0]

    assert expected == told[1].get("reason")


@pytest.mark.rule("ESC-09b", "INV-2")
def test_the_office_gives_two_late_keys_by_two_people() -> None:
    before = [report(), submit(0), approve(61, "FACT", "GCO.a")]

    assert {"reason": "SAME_PERSON_TWO_KEYS"} == refused([*before, approve(62, "RELEASE", "GCO.a")])
    assert "key.given" == answer([*before, approve(62, "RELEASE", "GCO.b")])[0][0]


def test_the_office_may_give_only_the_key_that_is_late() -> None:
    """COORD was added at minute 40 and is late twice at minute 100."""
    commands = [report(), submit(0), override(40, 3), approve(40, "RELEASE", "GCO.a")]

    told = facts([*commands, approve(61, "COORD", "GCO.b"), approve(101, "COORD", "GCO.b")], until=101)

    answers = [(at, kind) for at, kind, data in only(told, "key.given", "key.refused") if data["key"] == "COORD"]
    assert [(61, "key.refused"), (101, "key.given")] == answers


def test_the_right_of_the_office_ends_with_the_submission() -> None:
    before = [report(), submit(0), submit(61)]

    assert {"reason": "WRONG_ENTITY", "needs": "MOI"} == refused([*before, approve(62, "FACT", "GCO.a")])


def test_a_moved_key_has_a_timer_of_its_own_beside_the_old_one() -> None:
    told = late(facts([report(), submit(0), override(10, 2), approve(10, "FACT", "MOI.a")], until=100))

    assert [
        (30, "ESC-09a", "RELEASE", ["GCO.approver.deputy"]),
        (40, "ESC-09a", "RELEASE", ["GCO.approver.deputy"]),
        (60, "ESC-09b", "RELEASE", ["GCO.director"]),
        (70, "ESC-09b", "RELEASE", ["GCO.director"]),
    ] == told


def test_an_added_key_gets_a_timer_from_the_minute_in_which_it_was_added() -> None:
    told = late(facts([report(), override(0, 2), submit(0), override(10, 3), approve(20, "FACT", "MOI.a")], until=100))

    assert [(50, "ESC-09a"), (80, "ESC-09b")] == [(at, rule) for at, rule, key, _ in told if key == "COORD"]
