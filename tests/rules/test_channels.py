"""Suspended accounts and failed sends (CH-2, ESC-11)."""

import pytest

from tests.rules.playing import (
    L1,
    LEVEL_1,
    LIFE_SAFETY,
    Data,
    Order,
    answer,
    draft,
    escalations,
    facts,
    fail,
    out,
    refusal,
    report,
    states,
    warning,
)


def suspend(at: int, *, by: str = "GCO.desk", channel: str = "SOCIAL", entity: str = "NCM") -> Order:
    return at, "channel.suspend", by, {"channel": channel, "entity": entity}


def restore(at: int, *, by: str = "GCO.desk", channel: str = "SOCIAL", entity: str = "NCM") -> Order:
    return at, "channel.restore", by, {"channel": channel, "entity": entity}


@pytest.mark.rule("CH-2")
@pytest.mark.parametrize("by", ["NCM.admin", "GCO.desk", "NCEMA.desk", "CSC.desk", "EX:NCM.admin"])
def test_a_suspension_is_told_and_flagged(by: str) -> None:
    account = {"channel": "SOCIAL", "entity": "NCM"}

    told = answer([report(), suspend(7, by=by)])

    assert [
        ("channel.suspended", {**account, "rule": "CH-2"}),
        ("verification.flagged", {**account, "verdict": "NOT_OFFICIAL_SINCE", "since": 7}),
    ] == told


@pytest.mark.rule("CH-2")
@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([suspend(1, by="MOI.a")], ("NOT_ALLOWED", None), id="somebody else"),
        pytest.param([suspend(1, by="monitor")], ("NOT_ALLOWED", None), id="the monitor"),
        pytest.param([suspend(1), suspend(2)], ("ALREADY_DONE", None), id="suspended"),
        pytest.param([suspend(1), suspend(2, by="x")], ("NOT_ALLOWED", None), id="who, before suspended"),
        pytest.param([suspend(1, channel="SMOKE")], ("UNKNOWN_CHANNEL", None), id="unknown channel"),
        pytest.param([suspend(1, entity="NOBODY", by="NOBODY.a")], ("UNKNOWN_ENTITY", None), id="unknown entity"),
        pytest.param([restore(1)], ("ALREADY_DONE", None), id="not suspended"),
        pytest.param([restore(1, by="x")], ("NOT_ALLOWED", None), id="who, before not suspended"),
        pytest.param([suspend(1), restore(2, by="NCM.admin")], ("NOT_ALLOWED", None), id="its own entity"),
        pytest.param([suspend(1), restore(2, entity="MOI")], ("ALREADY_DONE", None), id="another entity's"),
        pytest.param([suspend(1), restore(2, channel="WEB")], ("ALREADY_DONE", None), id="another channel"),
        pytest.param([suspend(1), restore(2), restore(3)], ("ALREADY_DONE", None), id="restored"),
    ],
)
def test_a_suspension_or_its_end_is_refused(commands: list[Order], expected: tuple[str, str | None]) -> None:
    assert expected == refusal(commands)


@pytest.mark.rule("CH-2")
@pytest.mark.parametrize("by", ["GCO.desk", "NCEMA.desk", "CSC.desk"])
def test_an_account_is_restored(by: str) -> None:
    told = answer([suspend(1), restore(2, by=by)])

    assert [("channel.restored", {"channel": "SOCIAL", "entity": "NCM"})] == told


def test_a_restored_account_may_be_suspended_again() -> None:
    assert "channel.suspended" == answer([suspend(1), restore(2), suspend(3)])[0][0]


OUT = [report(), *out(5, keys=LEVEL_1)]


@pytest.mark.rule("ESC-11")
@pytest.mark.parametrize("by", ["delivery", "delivery.worker-2", "GCO.desk"])
@pytest.mark.parametrize(
    ("channel", "reroute"),
    [
        ("WEB", ["SOCIAL", "WAM"]),
        ("SOCIAL", ["WEB", "TV_RADIO"]),
        ("CALL_CENTRE", ["WEB", "TV_RADIO"]),
        ("GOV_INTERNAL", []),
        ("MEDIA_WIRE", []),
        ("SIGNAGE", []),
    ],
)
def test_a_failed_send_calls_the_desk_with_the_alternates(channel: str, reroute: list[str], by: str) -> None:
    told = answer([*OUT, fail(7, channel, by=by)])

    expected = {"rule": "ESC-11", "statement": "S", "channel": channel, "reroute_to": reroute, "to": ["GCO.desk"]}
    assert [("escalation", expected)] == told


@pytest.mark.rule("DR-4")
def test_a_failed_send_of_a_drill_calls_the_desk_of_drills() -> None:
    drill = [report(exercise=True), *out(5, keys=LEVEL_1, marker=True)]

    assert ["EX:GCO.desk"] == answer([*drill, fail(7, "EX_SANDBOX")])[0][1]["to"]


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([report(), draft(1), fail(2, "WEB")], "WRONG_STATE", id="not out"),
        pytest.param([report(), *out(1, keys=LEVEL_1, embargo_until=9), fail(2, "WEB")], "WRONG_STATE", id="scheduled"),
        pytest.param([*OUT, fail(7, "TV_RADIO")], "WRONG_STATE", id="not among its channels"),
        pytest.param([*OUT, fail(7, "TV_RADIO", by="x")], "WRONG_STATE", id="the channel, before who"),
        pytest.param([*OUT, fail(7, "WEB", by="MOI.a")], "NOT_ALLOWED", id="who"),
        pytest.param([*OUT, fail(7, "WEB", by="monitor")], "NOT_ALLOWED", id="not the monitor"),
        pytest.param([*OUT, fail(7, "WEB"), fail(8, "WEB")], "ALREADY_DONE", id="told before"),
        pytest.param([*OUT, fail(7, "WEB"), fail(8, "WEB", by="x")], "NOT_ALLOWED", id="who, before told"),
        pytest.param([*OUT, fail(7, "SMOKE")], "UNKNOWN_CHANNEL", id="unknown channel"),
        pytest.param([*OUT, fail(7, "WEB", "Q")], "UNKNOWN_STATEMENT", id="unknown statement"),
        pytest.param(
            [report(), suspend(1, channel="WEB", entity="MOI"), *out(5, keys=LEVEL_1), fail(7, "WEB")],
            "WRONG_STATE",
            id="a suspended channel was left out",
        ),
    ],
)
def test_a_failed_send_is_refused(commands: list[Order], expected: str) -> None:
    assert (expected, None) == refusal(commands)


ALL = [*L1, "SIGNAGE"]


def test_a_statement_has_failed_when_every_channel_has() -> None:
    some = [*OUT, *(fail(7, channel, by="GCO.desk") for channel in ALL[:-1])]

    assert [] == states(some)
    assert [(8, "S", "FAILED", "delivery")] == states([*some, fail(8, ALL[-1], by="GCO.desk")])


def test_a_channel_that_was_left_out_need_not_fail() -> None:
    before = [report(), suspend(1, channel="SIGNAGE", entity="MOI"), *out(5, keys=LEVEL_1)]

    assert [(7, "S", "FAILED", "delivery")] == states([*before, *(fail(7, channel) for channel in L1)])


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param(out(6, "C", "CORRECTION", refs=["S"], keys=LEVEL_1), "CORRECTED", id="corrected"),
        pytest.param(out(6, "C", "RETRACTION", refs=["S"], keys=LEVEL_1), "RETRACTED", id="retracted"),
    ],
)
def test_only_what_is_published_becomes_failed(change: list[Order], state: str) -> None:
    commands = [*OUT, *change, *(fail(7, channel) for channel in ALL)]

    assert [(6, "S", state, "C")] == states(commands)
    assert ALL == [data["channel"] for _, data in escalations(facts(commands), "ESC-11")]


def test_a_failed_statement_takes_no_more_reports() -> None:
    assert ("ALREADY_DONE", None) == refusal([*OUT, *(fail(7, channel) for channel in ALL), fail(8, "WEB")])


def test_an_internal_text_may_fail_too() -> None:
    briefing = out(5, kind="INTERNAL_BRIEFING", keys={"INTERNAL": "x"})
    failures = [fail(7, channel) for channel in ("GOV_INTERNAL", "LEADERSHIP_BRIEF")]

    assert [(7, "S", "FAILED", "delivery")] == states([report(), *briefing, *failures])


def test_cell_broadcast_is_rerouted() -> None:
    told: Data = answer([report(**LIFE_SAFETY), *warning(1), fail(2, "CELL_BROADCAST", "W")])[0][1]

    assert ["SMS_GEO", "TV_RADIO", "SIGNAGE"] == told["reroute_to"]
