"""Draft, submit, return, reject, withdraw, review (`scenario-format.md` §5, Statements)."""

from typing import Any

import pytest

from tests.rules.playing import (
    LEVEL_1,
    Order,
    answer,
    approve,
    close,
    draft,
    facts,
    log,
    only,
    out,
    override,
    refusal,
    report,
    sheet,
    submit,
    update,
)

SUSPENDED_EXERCISE = [
    report(name="I", exercise=True, emirates=["AE-DU"]),
    draft(0, "S"),
    report(1, "REAL", "MET-FLOOD", emirates=["AE-DU"]),
]
"""A real incident of level 2 in the same emirate suspends the exercise (DR-5)."""


def decide(at: int, what: str, by: str, name: str = "S", **data: Any) -> Order:
    reason = {"reason": "as it is"} if what in {"return", "reject"} else {}
    return at, f"statement.{what}", by, {"statement": name, **reason, **data}


def test_a_draft_is_told_with_its_author_and_its_facts() -> None:
    told = answer([report(), draft(1, "S", "SITREP", by="NCM.writer", facts={"b": 1, "a": True})])

    assert [
        (
            "statement.drafted",
            {"statement": "S", "incident": "I", "kind": "SITREP", "by": "NCM.writer", "facts": {"b": 1, "a": True}},
        )
    ] == told
    assert told[0][1]["facts"]["a"] is True


def test_a_draft_without_facts_tells_that_it_has_none() -> None:
    assert {} == answer([report(), draft(1)])[0][1]["facts"]


@pytest.mark.parametrize("write", [pytest.param(draft, id="draft"), pytest.param(submit, id="submit")])
@pytest.mark.parametrize(
    ("before", "data", "expected"),
    [
        pytest.param([], {"name": "AUTO-I"}, ("BAD_VALUE", "id"), id="AUTO- is kept for the system"),
        pytest.param([report(0, "J"), draft(1)], {"incident": "J"}, ("DUPLICATE_ID", None), id="of another incident"),
        pytest.param([close(1)], {}, ("INCIDENT_CLOSED", None), id="ended"),
        pytest.param([submit(1), decide(1, "reject", "MOI.a")], {}, ("WRONG_STATE", None), id="rejected"),
        pytest.param([draft(1), decide(1, "withdraw", "MOI.a")], {}, ("WRONG_STATE", None), id="withdrawn"),
        pytest.param(out(1, keys=LEVEL_1), {}, ("WRONG_STATE", None), id="published"),
        pytest.param(out(1, keys=LEVEL_1, embargo_until=9), {}, ("WRONG_STATE", None), id="scheduled"),
        pytest.param([], {"kind": "SITREP", "expires": 9}, ("BAD_VALUE", "expires"), id="a sitrep does not expire"),
        pytest.param([], {"kind": "LINES_TO_TAKE", "expires": 9}, ("BAD_VALUE", "expires"), id="nor do lines to take"),
        pytest.param([], {"kind": "EXERCISE_NOTICE"}, ("BAD_VALUE", "kind"), id="no kind of this flow"),
        pytest.param([], {"refs": ["nobody"]}, ("UNKNOWN_STATEMENT", None), id="unknown reference"),
        pytest.param([], {"answers": ["nobody"]}, ("UNKNOWN_RUMOUR", None), id="unknown rumour"),
        pytest.param([], {"channels": ["WEB", "SMOKE"]}, ("UNKNOWN_CHANNEL", None), id="unknown channel"),
        pytest.param([], {"originator": "NOBODY"}, ("UNKNOWN_ENTITY", None), id="unknown originator"),
        pytest.param([], {"text": {" ": "x"}}, ("BAD_VALUE", "text"), id="a language needs a name"),
        pytest.param([], {"facts": {"a": 1.5}}, ("BAD_VALUE", "facts"), id="no fractions in facts"),
        pytest.param([], {"embargo_until": -1}, ("BAD_VALUE", "embargo_until"), id="no minute before the first"),
        pytest.param([], {"embargo_until": True}, ("BAD_VALUE", "embargo_until"), id="a truth is no minute"),
        pytest.param([], {"marker": None}, ("BAD_VALUE", "marker"), id="null is not absent"),
    ],
)
def test_a_text_is_refused(
    write: Any, before: list[Order], data: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    assert expected == refusal([report(), *before, write(2, **data)])


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param(
            [report(0, "J"), draft(1), close(1, name="J"), draft(2, incident="J")],
            "DUPLICATE_ID",
            id="the other incident before open",
        ),
        pytest.param(
            [draft(1), decide(1, "withdraw", "MOI.a"), close(1), draft(2)],
            "INCIDENT_CLOSED",
            id="open before state",
        ),
        pytest.param(
            [draft(1), decide(1, "withdraw", "MOI.a"), draft(2, kind="SITREP", expires=9)],
            "WRONG_STATE",
            id="state before expires",
        ),
    ],
)
def test_the_checks_of_a_text_come_in_their_order(commands: list[Order], expected: str) -> None:
    assert (expected, None) == refusal([report(), *commands])


def test_a_draft_in_a_suspended_exercise_is_refused() -> None:
    assert ("EXERCISE_SUSPENDED", None) == refusal([*SUSPENDED_EXERCISE, draft(2)])


def test_a_submit_in_a_suspended_exercise_is_blocked() -> None:
    told = answer([*SUSPENDED_EXERCISE, submit(2)])

    assert [
        (
            "statement.blocked",
            {"statement": "S", "stage": "submit", "reason": "EXERCISE_SUSPENDED", "rule": "DR-5"},
        )
    ] == told


def test_a_known_automatic_draft_may_be_submitted_by_anybody_who_may_speak() -> None:
    told = facts([report(), submit(30, "AUTO-I"), submit(31, "AUTO-I")])

    assert [31] == [at for at, _, data in only(told, "approval.requested") if data["statement"] == "AUTO-I"]
    assert [(30, "AUTO-I")] == [(at, data["statement"]) for at, _, data in only(told, "statement.drafted")]
    assert [(30, "BAD_VALUE")] == [(at, data["reason"]) for at, _, data in only(told, "command.refused")]


@pytest.mark.rule("INV-3")
@pytest.mark.parametrize("again", [pytest.param(draft, id="a draft"), pytest.param(submit, id="a submission")])
def test_a_new_text_voids_the_keys_of_the_old_one(again: Any) -> None:
    told = facts(
        [report(), submit(1), approve(1, "FACT", "MOI.a"), again(2), submit(3), approve(3, "RELEASE", "MOI.b")]
    )

    assert [] == only(told, "statement.published")


def test_the_author_is_who_wrote_last() -> None:
    commands = [report(), draft(1, by="MOI.a"), submit(2, by="MOI.b"), approve(2, "FACT", "MOI.a")]

    assert "key.given" == answer(commands)[0][0]
    assert {"reason": "AUTHOR_CANNOT_APPROVE"}.items() <= answer([*commands, approve(2, "RELEASE", "MOI.b")])[0][
        1
    ].items()


def test_a_new_text_replaces_all_of_the_old_one() -> None:
    commands = [report(), submit(1, channels=["WAM"], names_victims=True), *out(2, keys=LEVEL_1)]

    (published,) = only(facts(commands), "statement.published")

    assert "WAM" not in published[2]["channels"]


def test_a_statement_may_change_its_kind_when_it_is_written_again() -> None:
    told = answer([report(), submit(1), submit(2, kind="INTERNAL_BRIEFING")])

    assert [("approval.requested", {"statement": "S", "keys": {"INTERNAL": "ANY"}})] == told


@pytest.mark.parametrize(
    ("what", "fact"), [("return", "statement.returned"), ("reject", "statement.rejected")], ids=["return", "reject"]
)
@pytest.mark.parametrize(
    ("kind", "by", "may"),
    [
        pytest.param("HOLDING", "MOI.a", True, id="the lead whose key is needed"),
        pytest.param("HOLDING", "MOI.drafter", True, id="even the author, being of the lead"),
        pytest.param("HOLDING", "NCM.a", False, id="nobody else"),
        pytest.param("HOLDING", "GCO.desk", False, id="nor the Office, before a key is late"),
        pytest.param("INTERNAL_BRIEFING", "somebody", True, id="anybody where any key will do"),
    ],
)
def test_who_may_return_or_reject(what: str, fact: str, kind: str, by: str, may: bool) -> None:  # noqa: FBT001 a row
    commands = [report(), submit(1, kind=kind), decide(2, what, by)]

    if may:
        assert [(fact, {"statement": "S", "by": by, "reason": "as it is"})] == answer(commands)
    else:
        assert ("NOT_ALLOWED", None) == refusal(commands)


@pytest.mark.parametrize("what", ["return", "reject"])
def test_an_entity_whose_key_was_given_may_still_return_or_reject(what: str) -> None:
    commands = [report(), override(0, 2), submit(1), approve(1, "FACT", "MOI.a"), decide(2, what, "MOI.b")]

    assert f"statement.{what}ed" == answer(commands)[0][0]


@pytest.mark.parametrize(
    ("at", "may"), [pytest.param(60, False, id="not at the second key time"), pytest.param(61, True, id="after it")]
)
def test_the_office_may_return_a_text_once_a_key_is_late(at: int, may: bool) -> None:  # noqa: FBT001 a row
    told = answer([report(), submit(0), decide(at, "return", "GCO.desk")])

    assert ("statement.returned" if may else "command.refused") == told[0][0]


def test_the_state_is_looked_at_before_the_right_to_return() -> None:
    assert ("WRONG_STATE", None) == refusal([report(), draft(1), decide(2, "return", "somebody")])


@pytest.mark.rule("INV-3")
def test_a_returned_text_is_a_draft_and_its_keys_are_void() -> None:
    commands = [report(), submit(1), approve(1, "FACT", "MOI.a"), decide(2, "return", "MOI.a"), submit(3)]

    assert "NOT_IN_REVIEW" == answer([*commands[:-1], approve(3, "RELEASE", "MOI.b")])[0][1]["reason"]
    assert {"FACT": "MOI", "RELEASE": "MOI"} == answer(commands)[0][1]["keys"]
    assert [("key.given", {"statement": "S", "key": "RELEASE", "by": "MOI.b"})] == answer(
        [*commands, approve(3, "RELEASE", "MOI.b")]
    )


@pytest.mark.parametrize(
    ("by", "may"),
    [
        pytest.param("NCM.writer", True, id="the author"),
        pytest.param("EX:NCM.writer", True, id="the author, with a prefix"),
        pytest.param("NCM.other", False, id="somebody else of the author's entity"),
        pytest.param("MOI.a", True, id="the lead"),
        pytest.param("GCO.desk", True, id="the Office"),
        pytest.param("NCEMA.desk", False, id="not the coordinator"),
    ],
)
def test_who_may_withdraw(by: str, may: bool) -> None:  # noqa: FBT001 a row
    commands = [report(), draft(1, by="NCM.writer"), decide(2, "withdraw", by)]

    if may:
        assert [("statement.withdrawn", {"statement": "S", "by": by})] == answer(commands)
    else:
        assert ("NOT_ALLOWED", None) == refusal(commands)


@pytest.mark.parametrize(
    ("before", "may"),
    [
        pytest.param([draft(1)], True, id="draft"),
        pytest.param([submit(1, by="NCM.a")], True, id="blocked"),
        pytest.param([submit(1)], True, id="in review"),
        pytest.param(out(1, keys=LEVEL_1, embargo_until=9), True, id="scheduled"),
        pytest.param(out(1, keys=LEVEL_1), False, id="published"),
        pytest.param([submit(1), decide(1, "reject", "MOI.a")], False, id="rejected"),
        pytest.param([draft(1), decide(1, "withdraw", "MOI.a")], False, id="withdrawn"),
    ],
)
def test_when_a_text_may_be_withdrawn(before: list[Order], may: bool) -> None:  # noqa: FBT001 a row
    told = answer([report(), *before, decide(2, "withdraw", "MOI.a")])

    assert ("statement.withdrawn" if may else "command.refused") == told[0][0]
    assert may or told[0][1]["reason"] == "WRONG_STATE"


def test_the_state_is_looked_at_before_the_right_to_withdraw() -> None:
    assert ("WRONG_STATE", None) == refusal([report(), *out(1, keys=LEVEL_1), decide(2, "withdraw", "somebody")])


def test_facts_answers_and_next_of_kin_of_a_text_are_checked_when_it_is_written_not_before() -> None:
    commands = [report(), log(0), sheet(0, dead=2), update(0, by="MOI.duty", next_of_kin_informed=True)]

    told = answer([*commands, submit(1, facts={"dead": 2}, answers=["R"], names_victims=True)])

    assert "approval.requested" == told[0][0]
