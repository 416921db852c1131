"""The assigned person confirms, declines, is silent, is replaced (`rules.md` §3.4, ESC-03)."""

import pytest

from tests.rules.playing import LEVEL_2, Data, Order, answer, facts, only, out, override, refusal, report
from tests.rules.voices import EVERYBODY_ELSE, OFF_CENTRE, Roster, chosen, voices


def confirm(at: int, by: str, name: str = "I") -> Order:
    return at, "spokesperson.confirm", by, {"incident": name}


def decline(at: int, by: str, name: str = "I") -> Order:
    return at, "spokesperson.decline", by, {"incident": name, "reason": "abroad"}


def transfer(at: int, to: str, name: str = "I") -> Order:
    return at, "lead.transfer", "GCO.desk", {"incident": name, "to": to}


@pytest.mark.parametrize("by", ["SPK-MOI-01", "EX:SPK-MOI-01"])
def test_the_assigned_person_confirms(by: str) -> None:
    assert [("spokesperson.ready", {"incident": "I", "spokesperson": "SPK-MOI-01"})] == answer(
        [report(), confirm(1, by)]
    )


CLOSED = [report(), (1, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"})]
SUSPENDED = [report(exercise=True), report(name="REAL", kind="MET-FLOOD")]


@pytest.mark.parametrize(
    ("before", "last", "reason"),
    [
        (CLOSED, confirm(2, "SPK-MOI-02"), "INCIDENT_CLOSED"),
        (CLOSED, decline(2, "SPK-MOI-02"), "INCIDENT_CLOSED"),
        (SUSPENDED, confirm(2, "SPK-MOI-02"), "EXERCISE_SUSPENDED"),
        (SUSPENDED, decline(2, "SPK-MOI-02"), "EXERCISE_SUSPENDED"),
        ([report(), confirm(1, "SPK-MOI-01")], confirm(2, "SPK-MOI-02"), "NOT_ASSIGNED"),
        ([report()], decline(2, "SPK-MOI-02"), "NOT_ASSIGNED"),
        ([report()], confirm(2, "SPK-MOI-01.aide"), "NOT_ASSIGNED"),
        ([report(), confirm(1, "SPK-MOI-01")], confirm(2, "SPK-MOI-01"), "ALREADY_DONE"),
    ],
)
def test_others_are_refused(before: list[Order], last: Order, reason: str) -> None:
    assert (reason, None) == refusal([*before, last])


def test_nobody_can_confirm_where_nobody_is_assigned() -> None:
    told = facts(
        [report(), confirm(1, "SPK-MOI-01")],
        roster={"SPK-MOI-01": {"on_rota": False}, "SPK-MOI-02": {"on_rota": False}, **EVERYBODY_ELSE},
    )

    assert "NOT_ASSIGNED" == told[-1][2]["reason"]


@pytest.mark.rule("ESC-03")
@pytest.mark.parametrize("before", [[], [confirm(1, "SPK-MOI-01")]], ids=["at once", "after a confirmation"])
def test_who_declines_hands_on(before: list[Order]) -> None:
    assert [
        (
            "escalation",
            {
                "rule": "ESC-03",
                "incident": "I",
                "spokesperson": "SPK-MOI-01",
                "cause": "DECLINED",
                "to": ["MOI.duty"],
            },
        ),
        ("spokesperson.assigned", {"incident": "I", "spokesperson": "SPK-MOI-02", "skipped": ["SPK-MOI-01:DECLINED"]}),
    ] == answer([report(), *before, decline(2, "SPK-MOI-01")])


@pytest.mark.rule("ESC-03")
def test_who_is_silent_is_skipped_at_the_minute_of_the_grade() -> None:
    told = facts([report(exercise=True)], until=30)

    assert [
        (
            30,
            "escalation",
            {
                "rule": "ESC-03",
                "incident": "I",
                "spokesperson": "SPK-MOI-01",
                "cause": "SILENT",
                "to": ["EX:MOI.duty"],
            },
        )
    ] == [fact for fact in told if fact[2].get("rule") == "ESC-03"]
    assert (30, "SPK-MOI-02", ["SPK-MOI-01:SILENT"]) == voices(told)[-1]


@pytest.mark.parametrize(
    ("severity", "certainty", "minute"),
    [("Moderate", "Likely", 15), ("Severe", "Likely", 10), ("Extreme", "Likely", 5)],
)
def test_a_worse_grade_waits_less(severity: str, certainty: str, minute: int) -> None:
    told = voices(facts([report(severity=severity, certainty=certainty)], until=minute))

    assert [0, minute] == [at for at, _, _ in told]


@pytest.mark.rule("ESC-03")
@pytest.mark.parametrize(
    "last",
    [
        pytest.param(confirm(30, "SPK-MOI-01"), id="confirmed in its minute"),
        pytest.param((1, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"}), id="ended"),
        pytest.param((1, "incident.stand_down", "MOI.duty", {"incident": "I"}), id="stood down"),
    ],
)
def test_a_confirmation_or_an_end_stops_the_wait(last: Order) -> None:
    assert [(0, "SPK-MOI-01", [])] == voices(facts([report(), last], until=40))


def test_a_confirm_timer_belongs_to_its_assignment() -> None:
    """GCO-01 is assigned again at minute 5, so the wait since minute 0 means nothing."""
    told = voices(facts([report(kind="INF-RUMOUR"), transfer(2, "MOI"), transfer(5, "GCO")], until=35))

    assert [(0, "SPK-GCO-01", []), (2, "SPK-MOI-01", []), (5, "SPK-GCO-01", [])] == told[:3]
    assert [35] == [at for at, _, _ in told[3:]]


def test_silence_lasts_sixty_minutes_and_its_end_selects_nobody() -> None:
    before = [report(), confirm(31, "SPK-MOI-02")]

    assert [(0, "SPK-MOI-01", []), (30, "SPK-MOI-02", ["SPK-MOI-01:SILENT"])] == voices(facts(before, until=200))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(89, ("SPK-GCO-01", ["SPK-MOI-01:SILENT", "SPK-MOI-02:DECLINED"]), id="after 59 minutes: skipped"),
        pytest.param(90, ("SPK-MOI-01", []), id="after 60 minutes: eligible"),
    ],
)
def test_a_silent_person_is_eligible_again(at: int, expected: tuple[str, list[str]]) -> None:
    assert expected == chosen(report(), confirm(31, "SPK-MOI-02"), decline(at, "SPK-MOI-02"))


def test_the_latest_silence_counts() -> None:
    """MOI-01 is silent at 30 and, assigned again at 90, at 120."""
    orders = [report(), confirm(31, "SPK-MOI-02"), decline(90, "SPK-MOI-02"), confirm(121, "SPK-GCO-01")]

    assert ("SPK-GCO-02", ["SPK-MOI-01:SILENT", "SPK-MOI-02:DECLINED", "SPK-GCO-01:DECLINED"]) == chosen(
        *orders, decline(179, "SPK-GCO-01")
    )
    assert ("SPK-MOI-01", []) == chosen(*orders, decline(180, "SPK-GCO-01"))


def test_who_declined_is_out_for_this_incident_and_no_other() -> None:
    declined = [report(), decline(1, "SPK-MOI-01")]

    assert ("SPK-MOI-01", []) == chosen(*declined, report(2, "J"))
    assert ("SPK-MOI-02", ["SPK-MOI-01:DECLINED"]) == chosen(*declined, transfer(2, "NCM"), transfer(5000, "MOI"))


def test_the_silent_one_of_one_incident_may_speak_for_another() -> None:
    assert ("SPK-MOI-01", []) == chosen(report(), report(31, "J"))


@pytest.mark.rule("OV-5", "SPK")
def test_a_rise_to_level_three_hands_over_to_the_national_voice() -> None:
    told = answer([report(), override(1, 3)])

    assert (
        "spokesperson.assigned",
        {"incident": "I", "spokesperson": "SPK-NCEMA-01", "skipped": [], "co_speaker": "SPK-MOI-01"},
    ) in told


def test_the_one_assigned_already_stays_without_a_word() -> None:
    told = facts([report(kind="FOR-CITIZENS"), confirm(1, "SPK-MOFA-01"), override(2, 3)])

    assert [(0, "SPK-MOFA-01", [])] == voices(told)
    assert (
        "ALREADY_DONE"
        == facts([report(kind="FOR-CITIZENS"), confirm(1, "SPK-MOFA-01"), override(2, 3), confirm(3, "SPK-MOFA-01")])[
            -1
        ][2]["reason"]
    )


@pytest.mark.rule("SPK")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, None, id="fit: stays"),
        pytest.param({"media": ["press"]}, ["SPK-MOI-01:MEDIUM"], id="no television"),
        pytest.param({"languages": ["ar"]}, ["SPK-MOI-01:LANGUAGE"], id="no English"),
    ],
)
def test_a_rise_to_level_two_replaces_who_is_unfit(change: Data, expected: list[str] | None) -> None:
    told = facts([report(), override(1, 2)], roster={"SPK-MOI-01": change})

    after = [] if expected is None else [{"incident": "I", "spokesperson": "SPK-MOI-02", "skipped": expected}]
    assert after == [data for at, _, data in only(told, "spokesperson.assigned") if at == 1]


def test_a_rise_to_level_two_asks_for_nothing_but_language_medium_and_engagement() -> None:
    """MOI-01's accreditation ends at midnight, 20 minutes after the report."""
    told = facts(
        [report(), confirm(1, "SPK-MOI-01"), override(21, 2)],
        start="2026-04-16T23:40:00+04:00",
        roster={"SPK-MOI-01": {"accredited_until": "2026-04-16"}},
    )

    assert [(0, "SPK-MOI-01", [])] == voices(told)


def test_a_rise_to_level_two_selects_where_nobody_is_assigned() -> None:
    off: Roster = {"SPK-MOI-01": {"media": ["live_tv"]}, "SPK-MOI-02": {"on_rota": False}, **EVERYBODY_ELSE}

    told = voices(facts([report(), override(1, 2)], roster=off))

    assert [
        (0, None, ["SPK-MOI-01:MEDIUM", "SPK-MOI-02:OFF_ROTA", *OFF_CENTRE]),
        (1, "SPK-MOI-01", []),
    ] == told


@pytest.mark.rule("INV-10")
def test_who_becomes_engaged_is_replaced_on_the_rise() -> None:
    told = voices(facts([report(), report(name="J"), override(1, 2), override(2, 2, "J")]))

    assert (2, "SPK-MOI-02", ["SPK-MOI-01:ENGAGED"]) == told[-1]


def test_an_exercise_keeps_who_is_engaged_on_a_rise_to_two() -> None:
    """Neither lead has people, so GCO-01 speaks for both; no emirate is shared."""
    told = facts(
        [report(kind="FIRE-BLDG", exercise=True), report(1, "J", "REL-HAJJ"), override(2, 2, "J"), override(3, 2)]
    )

    assert [2, 3] == [at for at, _, _ in only(told, "level.raised")]
    assert [(0, "SPK-GCO-01"), (1, "SPK-GCO-01")] == [(at, voice) for at, voice, _ in voices(told)]


def test_nobody_left_leaves_nobody_assigned() -> None:
    told = facts([report(), decline(1, "SPK-MOI-01")], roster={"SPK-MOI-02": {"on_rota": False}, **EVERYBODY_ELSE})

    assert (1, None, ["SPK-MOI-01:DECLINED", "SPK-MOI-02:OFF_ROTA", *OFF_CENTRE]) == voices(told)[-1]


def test_a_transfer_from_nobody_has_no_co_speaker() -> None:
    off: Roster = {"SPK-MOI-01": {"on_rota": False}, "SPK-MOI-02": {"on_rota": False}, **EVERYBODY_ELSE}

    told = facts([report(), transfer(1, "NCM")], roster=off)

    assert [{"incident": "I", "spokesperson": "SPK-NCM-01", "skipped": []}] == [
        data for _, _, data in only(told, "spokesperson.assigned")
    ]


def test_whoever_becomes_unfit_and_has_no_successor_speaks_no_more() -> None:
    """SPK: at level 2 the voice needs live television; nobody has it, so the lead speaks in writing."""
    press: Roster = {"SPK-MOI-01": {"media": ["press"]}, "SPK-MOI-02": {"on_rota": False}}
    ready = [report(), confirm(1, "SPK-MOI-01"), override(2, 2)]
    spoken = out(3, keys=LEVEL_2)

    told = facts([*ready, confirm(3, "SPK-MOI-01"), *spoken], roster=EVERYBODY_ELSE | press)

    assert (2, None, ["SPK-MOI-01:MEDIUM", "SPK-MOI-02:OFF_ROTA", *OFF_CENTRE]) == voices(told)[-1]
    assert ["NOT_ASSIGNED"] == [data["reason"] for _, _, data in only(told, "command.refused")]
    assert ["MOI:WRITTEN"] == [data["voice"] for _, _, data in only(told, "statement.published")]
