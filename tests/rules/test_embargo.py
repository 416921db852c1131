"""Embargoes: they end, or they are broken (EMB-1 to EMB-3)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
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
    sheet,
    submit,
)

WAITS = [report(), *out(5, keys=LEVEL_1, embargo_until=50)]
RELEASED = "statement.published"


def broken(at: int, by: str, name: str = "S", outlet: str = "outlet-17") -> Order:
    return at, "embargo.break", by, {"statement": name, "outlet": outlet}


def published(commands: list[Order], until: int | None = None) -> list[int]:
    return [at for at, _, _ in only(facts(commands, until=until), RELEASED)]


@pytest.mark.rule("EMB-2")
def test_the_last_key_schedules_a_text_whose_embargo_is_ahead() -> None:
    told = answer(WAITS)

    expected = {"statement": "S", "due": 50, "embargoed_copy_to": ["MEDIA_WIRE"]}
    assert [("statement.scheduled", expected)] == told[1:]


@pytest.mark.rule("EMB-2")
def test_an_embargoed_text_of_a_drill_goes_to_its_sandbox() -> None:
    told = answer([report(exercise=True), *out(5, keys=LEVEL_1, embargo_until=50, marker=True)])

    expected = {"statement": "S", "due": 50, "embargoed_copy_to": ["EX_SANDBOX"]}
    assert [("statement.scheduled", expected)] == told[1:]


@pytest.mark.parametrize("until", [0, 4, 5])
def test_an_embargo_that_is_not_ahead_does_not_hold_a_text_back(until: int) -> None:
    commands = [report(), *out(5, keys=LEVEL_1, embargo_until=until)]

    assert [5] == published(commands)
    assert [] == only(facts(commands), "statement.scheduled")


def test_a_text_is_published_when_its_embargo_ends_after_the_commands_of_that_minute() -> None:
    told = facts([*WAITS, approve(50, "FACT", "MOI.x")], until=60)

    assert [50] == [at for at, _, _ in only(told, RELEASED)]
    assert ["NOT_IN_REVIEW"] == [data["reason"] for _, _, data in only(told, "key.refused")]


def test_a_deadline_is_met_by_a_text_whose_embargo_ends_in_its_minute() -> None:
    """The end of an embargo is class 0: it fires before the 100 % timer of minute 60, which was set first."""
    told = facts([report(), *out(5, keys=LEVEL_1, embargo_until=60)], until=60)

    assert [(60, {"incident": "I", "minutes": 60, "target": 60})] == [
        (at, data) for at, _, data in only(told, "deadline.met")
    ]
    assert [] == only(told, "deadline.breached")


def test_a_text_with_a_changed_fact_is_blocked_when_its_embargo_ends() -> None:
    told = facts(
        [report(), sheet(0, a=1), *out(5, keys=LEVEL_1, embargo_until=50, facts={"a": 1}), sheet(9, a=2)], until=60
    )

    ((at, _, data),) = only(told, "statement.blocked")
    assert (50, "publish", "FACT_MISMATCH") == (at, data["stage"], data["reason"])


@pytest.mark.rule("EMB-3")
def test_a_missing_key_is_asked_for_when_an_embargo_ends() -> None:
    told = facts([*WAITS, override(9, 3), approve(55, "COORD", "NCEMA.a"), approve(56, "RELEASE", "GCO.a")], until=60)

    expected = {"statement": "S", "keys": {"COORD": "NCEMA", "RELEASE": "GCO"}, "why": "LEVEL_ROSE"}
    assert [(50, expected)] == [(at, data) for at, _, data in only(told, "approval.requested") if at > 5]
    assert [56] == [at for at, _, _ in only(told, RELEASED)]


def test_keys_asked_for_at_the_end_of_an_embargo_have_timers() -> None:
    told = facts([*WAITS, override(9, 3)], until=200)

    found = [(at, data["key"]) for at, data in escalations(told, "ESC-09a")]
    assert [(80, "COORD"), (80, "RELEASE")] == found


@pytest.mark.rule("EMB-3")
@pytest.mark.parametrize(
    ("by", "may"),
    [
        pytest.param("GCO.desk", True, id="the Office"),
        pytest.param("NCEMA.anybody", True, id="the author's entity"),
        pytest.param("MOI.duty", True, id="the lead"),
        pytest.param("monitor", True, id="the monitor"),
        pytest.param("monitor.night", True, id="another monitor"),
        pytest.param("NCM.a", False, id="nobody else"),
        pytest.param("delivery", False, id="nor the senders"),
    ],
)
def test_who_may_tell_that_an_embargo_is_broken(by: str, may: bool) -> None:  # noqa: FBT001 a row
    commands = [report(), *out(5, keys=LEVEL_1, embargo_until=50, by="NCEMA.w"), broken(9, by)]

    if may:
        assert ["media.strike", RELEASED] == [kind for kind, _ in answer(commands)][:2]
    else:
        assert ("NOT_ALLOWED", None) == refusal(commands)


@pytest.mark.rule("EMB-3")
def test_a_broken_embargo_is_a_strike() -> None:
    told = answer([*WAITS, broken(9, "monitor")])

    assert ("media.strike", {"outlet": "outlet-17", "statement": "S", "rule": "EMB-3"}) == told[0]
    assert "keys.waived" not in [kind for kind, _ in told]


@pytest.mark.rule("EMB-3")
def test_keys_that_became_necessary_are_waived_when_an_embargo_is_broken() -> None:
    told = answer([*WAITS, override(9, 3), broken(9, "monitor")])

    assert [("keys.waived", {"statement": "S", "keys": ["COORD", "RELEASE"], "rule": "EMB-3"})] == [
        fact for fact in told if fact[0] == "keys.waived"
    ]
    assert RELEASED in [kind for kind, _ in told]
    assert "approval.requested" not in [kind for kind, _ in told]


def test_a_broken_embargo_does_not_publish_what_the_sheet_contradicts() -> None:
    waits = out(5, keys=LEVEL_1, embargo_until=50, facts={"a": 1})

    told = answer([report(), sheet(0, a=1), *waits, sheet(9, a=2), broken(9, "monitor")])

    assert ["media.strike", "statement.blocked"] == [kind for kind, _ in told]


def test_a_broken_embargo_does_not_end_again() -> None:
    assert [9] == published([*WAITS, broken(9, "monitor")], until=60)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([submit(1, embargo_until=50)], id="in review"),
        pytest.param(out(1, keys=LEVEL_1), id="published"),
        pytest.param([draft(1, embargo_until=50)], id="draft"),
    ],
)
def test_only_a_scheduled_text_has_an_embargo_to_break(before: list[Order]) -> None:
    assert ("WRONG_STATE", None) == refusal([report(), *before, broken(2, "nobody")])


@pytest.mark.parametrize(("again", "expected"), [({"embargo_until": 90}, [90]), ({}, [20])], ids=["later", "none"])
def test_the_timer_of_an_older_embargo_does_not_fire_for_a_new_submission(again: Data, expected: list[int]) -> None:
    transfer = (10, "lead.transfer", "GCO.a", {"incident": "I", "to": "NCM"})
    keys = {"FACT": "NCM.a", "RELEASE": "NCM.b"}

    assert expected == published([*WAITS, transfer, *out(20, keys=keys, by="NCM.w", **again)], until=120)


def test_an_embargo_may_end_earlier_in_a_new_submission() -> None:
    transfer = (10, "lead.transfer", "GCO.a", {"incident": "I", "to": "NCM"})
    again = out(20, keys={"FACT": "NCM.a", "RELEASE": "NCM.b"}, by="NCM.w", embargo_until=30)

    assert [30] == published([*WAITS, transfer, *again], until=120)


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param((9, "statement.withdraw", "MOI.a", {"statement": "S"}), id="withdrawn"),
        pytest.param((9, "lead.transfer", "GCO.a", {"incident": "I", "to": "NCM"}), id="a draft again"),
        pytest.param((9, "incident.close", "MOI.a", {"incident": "I", "outcome": "FALSE_ALARM"}), id="ended"),
    ],
)
def test_a_text_that_is_not_scheduled_any_more_is_not_published(meanwhile: Order) -> None:
    assert [] == published([*WAITS, meanwhile], until=60)


def test_embargoes_that_end_in_one_minute_end_in_the_order_in_which_they_were_set() -> None:
    first = out(5, "A", "SITREP", keys=LEVEL_2, embargo_until=50, facts={"a": 1})
    second = out(6, "B", "SITREP", keys=LEVEL_2, embargo_until=50, facts={"a": 1, "b": 1})

    told = facts([report(), override(0, 2), sheet(0, a=1, b=1), *first, *second], until=60)

    assert [(50, {"statement": "A", "state": "SUPERSEDED", "by": "B"})] == [
        (at, data) for at, _, data in only(told, "statement.state")
    ]
