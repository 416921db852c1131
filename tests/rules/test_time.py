"""Time and order: commands before the timers of their minute, timers by class (`scenario-format.md` §2)."""

import pytest
from pydantic_core import to_json

from crisis_bus import rehearsal
from crisis_bus.desk import decide, decide_live, fire, pass_over, tick
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import minutes, parse
from crisis_bus.domain.records import TimerKind
from crisis_bus.errors import ScenarioError
from crisis_bus.office import Office
from tests.rules.playing import LEVEL_1, START, Data, facts, only, out, policy, report

NOON = parse("2026-04-16T12:00:00+04:00")


def test_timers_of_a_minute_wait_for_its_commands() -> None:
    told = facts([report(), (15, "verification.ask", "x", {"ref": "-"}), (15, "verification.ask", "x", {"ref": "-"})])

    assert ["verification.answered", "verification.answered", "escalation"] == [
        kind for at, kind, _ in told if at == 15
    ]


def test_timers_before_a_command_keep_their_own_minute() -> None:
    told = facts([report(), (100, "verification.ask", "x", {"ref": "-"})])

    assert [15, 30, 30, 30, 48] == [at for at, _, data in only(told, "escalation") if at < 100][:5]


def test_timers_run_up_to_and_including_the_end() -> None:
    assert [15] == [at for at, _, _ in only(facts([report()], until=15), "escalation")]
    assert [] == only(facts([report()], until=14), "escalation")


def test_a_command_after_the_end_fires_only_what_was_due_before_it() -> None:
    last = (15, "verification.ask", "x", {"ref": "-"})

    assert [] == only(facts([report(), last], until=10), "escalation")


def test_an_embargo_ends_before_a_statement_expires_before_all_others() -> None:
    """At minute 30: the embargo of E (set last), the expiry of S, then ESC-01b, in this order."""
    before = [report(), *out(1, keys=LEVEL_1, expires=30)]
    before += out(2, "E", "PRESS_RELEASE", keys=LEVEL_1, embargo_until=30)

    told = [fact for fact in facts(before, until=30) if fact[0] == 30]

    assert ["statement.published", "statement.state", "escalation"] == [kind for _, kind, _ in told][:3]


def test_timers_of_a_class_fire_in_the_order_in_which_they_were_set() -> None:
    """Minute 30 of a grade 1 incident: the confirmation (set first), ESC-01b, ESC-02a."""
    told = facts([report()], until=30)

    assert ["ESC-03", "ESC-01b", "ESC-02a"] == [data["rule"] for at, _, data in only(told, "escalation") if at == 30]


def test_facts_before_the_end_of_an_embargo_see_the_text_still_waiting() -> None:
    """ESC-02a is due with the end of the embargo, which comes first: something is out, so it is silent."""
    told = facts([report(), *out(1, "E", "PRESS_RELEASE", keys=LEVEL_1, embargo_until=60)], until=60)

    assert [] == only(told, "deadline.breached")
    assert [(60, "deadline.met", {"incident": "I", "minutes": 60, "target": 60})] == only(told, "deadline.met")


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("2026-04-16T23:50:00+04:00", id="RFC 3339"),
        pytest.param("2026-04-16T23:50+04:00", id="without seconds"),
        pytest.param("20260416T235000+0400", id="basic"),
        pytest.param("2026-04-16T23:50:00.000+04", id="hours of offset alone"),
    ],
)
def test_a_start_is_any_iso_8601_time_with_an_offset(start: str) -> None:
    told = facts([report(9), report(10, "J")], start=start, roster={"SPK-MOI-01": {"accredited_until": "2026-04-16"}})

    assert ["SPK-MOI-01", "SPK-MOI-02"] == [data["spokesperson"] for _, _, data in only(told, "spokesperson.assigned")]


@pytest.mark.parametrize("start", ["2026-04-16T23:50:00", "2026-04-16", "soon", "", 5])
def test_a_start_without_an_offset_is_none(start: object) -> None:
    clock = {"start": start, "until_minutes": 1}

    with pytest.raises(ScenarioError, match="start"):
        rehearsal.read(to_json({"id": "T", "title": {}, "clock": clock, "commands": []}))


def live(*commands: tuple[int, str, str, Data]) -> list[tuple[int, str, Data]]:
    """Facts of a real space: milliseconds after noon, type, data."""
    office, told = Office.opened(policy()), []
    for at, kind, by, data in commands:
        decision = decide_live(office, Command(kind, by, data, f"{at}"), NOON + at)
        told += [(fact.at - NOON, fact.fact.TYPE, fact.data(office.clock)) for fact in decision.facts]
        office = decision.office
    return told


TICK: Data = {}


def test_a_tick_fires_what_is_due_at_its_instant_and_says_nothing_itself() -> None:
    _, kind, by, data = report()
    at = minutes(15)

    told = live((1, kind, by, data), (at, "clock.tick", "clock", TICK), (at + 1, "clock.tick", "clock", TICK))

    assert [(at + 1, "ESC-01a")] == [(when, data["rule"]) for when, kind, data in told if kind == "escalation"]


@pytest.mark.parametrize(("by", "data"), [("GCO.desk", {}), ("clock", {"now": 1}), ("clock", None)])
def test_only_the_clock_ticks_and_without_data(by: str, data: Data) -> None:
    assert ["UNKNOWN_COMMAND"] == [told["reason"] for _, _, told in live((0, "clock.tick", by, data))]


def test_instants_are_written_out_and_minutes_are_whole() -> None:
    _, kind, by, data = report()
    acknowledged = ("incident.acknowledge", "MOI.duty", {"incident": "I"})

    told = live((500, kind, by, data), (500 + minutes(3) - 1, *acknowledged))

    assert "2026-04-16T09:00:00.500Z" == told[0][2]["first_statement_due"]
    assert 2 == told[-1][2]["ack_minutes"]


def test_a_late_statement_may_show_its_target() -> None:
    _, kind, by, data = report()
    publish = [(minutes(60) + n, *order[1:]) for n, order in enumerate(out(0, keys=LEVEL_1), start=1)]

    told = live((0, kind, by, data), *publish)

    assert [{"incident": "I", "minutes": 60, "target": 60}] == [d for _, kind, d in told if kind == "deadline.late"]


def test_a_tightened_deadline_is_rounded_up_to_whole_minutes() -> None:
    """Half a minute into the sixteenth: 15.5 + 8 minutes; 50 and 80 % of 8 minutes are 4 and 7."""
    _, kind, by, data = report(kind="TEL-OUTAGE")
    at = minutes(15) + 30_000
    worse = {"incident": "I", "severity": "Extreme", "certainty": "Likely"}

    told = live((0, kind, by, data), (at, "incident.update", "ops", worse), (minutes(60), "clock.tick", "clock", TICK))

    assert ["2026-04-16T08:23:30.000Z"] == [d["due"] for _, kind, d in told if kind == "deadline.tightened"]
    assert [minutes(15), at + minutes(7), at + minutes(8)] == [
        when for when, kind, d in told if kind == "escalation" and d["rule"].startswith("ESC-02")
    ]


def test_the_last_mark_of_a_tightened_deadline_is_the_deadline_itself() -> None:
    """Half a minute into the first: 15 minutes are left but for that half; 50 and 80 % of 14.5 are rounded up."""
    _, kind, by, data = report(kind="TEL-OUTAGE")
    at = 30_000
    worse = {"incident": "I", "severity": "Extreme", "certainty": "Likely"}

    told = live((0, kind, by, data), (at, "incident.update", "ops", worse), (minutes(60), "clock.tick", "clock", TICK))

    assert [at + minutes(8), at + minutes(12), minutes(15)] == [
        when for when, kind, d in told if kind == "escalation" and d["rule"].startswith("ESC-02")
    ]


def test_time_does_not_go_back() -> None:
    office = tick(Office.opened(policy()), NOON).office

    decision = decide(office, Command("verification.ask", "x", {"ref": "-"}), NOON - 1)

    assert [NOON] == [told.at for told in decision.facts]


def test_a_space_knows_whether_anything_happened_and_what_is_due_next() -> None:
    office = Office.opened(policy()).rehearsing(START, {})
    _, kind, by, data = report()

    after = decide(office, Command(kind, by, data), parse(START)).office

    assert (True, None) == (office.untouched, office.next_due)
    assert (False, parse(START) + minutes(15)) == (after.untouched, after.next_due)


def test_a_timer_that_is_passed_over_asks_no_rule_and_the_others_go_on() -> None:
    _, kind, by, data = report()
    office = decide(Office.opened(policy()), Command(kind, by, data), NOON).office

    timer, decision = pass_over(office)

    assert (TimerKind.ACKNOWLEDGE_1, (), True) == (timer.kind, decision.facts, decision.more)
    assert (NOON + minutes(15), NOON + minutes(30)) == (decision.office.now, decision.office.next_due)
    assert decision.office == office.fold(decision.office.now, None, decision.changes)


def test_what_is_due_before_a_command_may_fire_alone() -> None:
    _, kind, by, data = report()
    office = decide(Office.opened(policy()), Command(kind, by, data), NOON).office
    asked = Command("verification.ask", "x", {"ref": "-"})

    fired = fire(office, asked, NOON + minutes(15) + 1, at_most=1)

    assert fired is not None
    assert (["escalation"], True) == ([told.fact.TYPE for told in fired.facts], fired.more)
    assert fire(office, asked, NOON + minutes(15), at_most=1) is None
