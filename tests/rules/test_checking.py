"""What a command must be before any rule looks at it, and what is kept of it (`scenario-format.md` §3, §4)."""

from typing import Any

import pytest

from crisis_bus import rehearsal
from crisis_bus.rules import checking
from tests.rules.playing import START, Data, Order, answer, facts, policy, refusal, report

REPORT: Data = report()[3]


def play(*steps: Data, until: int = 0) -> list[Data]:
    """Facts of commands written as a scenario file has them, at minute 0 unless named."""
    scenario = {"id": "T", "title": {}, "clock": {"start": START, "until_minutes": until}}
    commands = [{"at": 0, "type": "incident.report", "by": "ops", "data": REPORT} | step for step in steps]
    return list(rehearsal.play(rehearsal.Scenario.model_validate({**scenario, "commands": commands}), policy()))


def refused(step: Data) -> tuple[str, str | None, str, str, str]:
    """Reason, field, command, by and ref of the refusal."""
    (fact,) = play(step)
    data = fact["data"]
    assert fact["type"] == "command.refused"
    return data["reason"], data.get("field"), data["command"], data["by"], data["ref"]


@pytest.mark.parametrize(
    ("step", "reason", "field"),
    [
        pytest.param(
            {"id": " ", "type": "no", "by": "", "data": []}, "BAD_VALUE", "id", id="a blank id, before all else"
        ),
        pytest.param({"id": None}, "BAD_VALUE", "id", id="an id that is null"),
        pytest.param({"id": 7}, "BAD_VALUE", "id", id="an id that is a number"),
        pytest.param({"type": "no", "by": "", "data": []}, "UNKNOWN_COMMAND", None, id="an unknown type, before by"),
        pytest.param(
            {"type": "clock.tick", "by": "clock", "data": {}}, "UNKNOWN_COMMAND", None, id="a tick is live only"
        ),
        pytest.param(
            {"type": "rehearsal.open", "data": {"start": START}}, "UNKNOWN_COMMAND", None, id="an opening too"
        ),
        pytest.param({"type": "Incident.report"}, "UNKNOWN_COMMAND", None, id="letter for letter"),
        pytest.param({"by": " \u3000", "data": []}, "BAD_VALUE", "by", id="a blank by, before data"),
        pytest.param({"by": None}, "BAD_VALUE", "by", id="no by"),
        pytest.param({"by": 5}, "BAD_VALUE", "by", id="a by that is a number"),
        pytest.param({"data": []}, "BAD_VALUE", "data", id="data that are a list"),
        pytest.param({"data": None}, "BAD_VALUE", "data", id="no data"),
        pytest.param({"data": {}}, "BAD_VALUE", "id", id="the first field that is missing"),
    ],
)
def test_a_command_is_checked_in_this_order(step: Data, reason: str, field: str | None) -> None:
    assert (reason, field) == refused(step)[:2]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({"id": "INC-1"}, "id", id="an id kept for the system"),
        pytest.param({"id": ""}, "id", id="an empty id"),
        pytest.param({"id": 3}, "id", id="an id that is a number"),
        pytest.param({"type": 3, "severity": "Bad"}, "type", id="the first in table order"),
        pytest.param({"severity": "extreme"}, "severity", id="CAP letter for letter"),
        pytest.param({"urgency": "Now"}, "urgency", id="no urgency"),
        pytest.param({"certainty": None}, "certainty", id="null is nothing"),
        pytest.param({"emirates": "AE-AZ"}, "emirates", id="a text is no list"),
        pytest.param({"emirates": [1]}, "emirates", id="a list of numbers"),
        pytest.param({"emirates": None}, "emirates", id="a list that is null"),
        pytest.param({"fatalities": -1}, "fatalities", id="less than none"),
        pytest.param({"fatalities": True}, "fatalities", id="a boolean is no count"),
        pytest.param({"fatalities": 1.0}, "fatalities", id="nor is a fraction"),
        pytest.param({"fatalities": "1"}, "fatalities", id="nor is a text"),
        pytest.param({"injured": None}, "injured", id="an optional field is left out, never null"),
        pytest.param({"exercise": 1}, "exercise", id="a number is no boolean"),
        pytest.param({"exercise": "true"}, "exercise", id="nor is a text"),
        pytest.param({"topic": None}, "topic", id="no topic, written as null"),
        pytest.param({"priority": "URGENT"}, "priority", id="no priority"),
        pytest.param({"depicted": "  "}, "depicted", id="a blank person"),
        pytest.param({"supersedes": ["I"]}, "supersedes", id="a list is no incident"),
        pytest.param({"zz": 1, "aa": 2, "supersedes": 3}, "supersedes", id="what is in the table comes first"),
        pytest.param({"zz": 1, "Zz": 2, "\u00e9": 3}, "Zz", id="what is not in it, by code point"),
        pytest.param({"zz": 1, "type": "NO", "emirates": ["XX"]}, "zz", id="before any name is looked up"),
    ],
)
def test_a_field_is_refused(data: Data, field: str) -> None:
    assert ("BAD_VALUE", field) == refused({"data": REPORT | data})[:2]


@pytest.mark.parametrize("missing", ["id", "type", "severity", "urgency", "certainty", "emirates"])
def test_a_required_field_must_be_there(missing: str) -> None:
    data = {name: value for name, value in REPORT.items() if name != missing}

    assert ("BAD_VALUE", missing) == refused({"data": {**data, "surplus": 1}})[:2]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (report(2, "I", "NO", emirates=["XX"], topic="NO", supersedes="NO"), "UNKNOWN_TYPE"),
        (report(2, "I", emirates=["AE-AZ", "XX"], topic="NO", supersedes="NO"), "UNKNOWN_EMIRATE"),
        (report(2, "I", topic="NO", supersedes="NO"), "UNKNOWN_TOPIC"),
        (report(2, "I", supersedes="NO"), "UNKNOWN_INCIDENT"),
        ((2, "incident.merge", "x", {"incident": "NO", "into": "NO"}), "UNKNOWN_INCIDENT"),
        ((2, "incident.update", "x", {"incident": "I", "emirates": ["AE-XX"]}), "UNKNOWN_EMIRATE"),
        ((2, "lead.transfer", "x", {"incident": "I", "to": "NO"}), "UNKNOWN_ENTITY"),
        ((2, "lead.transfer", "x", {"incident": "I", "to": "monitor"}), "UNKNOWN_ENTITY"),
        ((2, "statement.withdraw", "x", {"statement": "NO"}), "UNKNOWN_STATEMENT"),
        ((2, "rumour.close", "x", {"rumour": "NO"}), "UNKNOWN_RUMOUR"),
        ((2, "contradiction.resolve", "x", {"contradiction": "NO", "outcome": "NO_CONFLICT"}), "UNKNOWN_CONTRADICTION"),
        ((2, "initiative.release", "x", {"initiative": "NO"}), "UNKNOWN_INITIATIVE"),
        ((2, "channel.suspend", "x", {"channel": "NO", "entity": "NO"}), "UNKNOWN_CHANNEL"),
    ],
)
def test_a_name_must_exist_before_the_commands_own_checks(order: Order, reason: str) -> None:
    checking._references.cache_clear()

    assert (reason, None) == refusal([report(), order])


def test_a_publication_that_contradicts_nothing_is_no_contradiction() -> None:
    seen = {"id": "P", "incident": "I", "source": "s", "government": True, "facts": {"deaths": 3}}

    assert ("UNKNOWN_CONTRADICTION", None) == refusal(
        [
            report(),
            (1, "publication.observe", "monitor", seen),
            (2, "contradiction.resolve", "x", {"contradiction": "P", "outcome": "NO_CONFLICT"}),
        ]
    )


@pytest.mark.parametrize(
    ("step", "told"),
    [
        pytest.param({"data": {}}, ("incident.report", "ops", ""), id="no first field"),
        pytest.param({"data": REPORT | {"severity": 1}}, ("incident.report", "ops", "I"), id="its value"),
        pytest.param({"data": {"id": ["x"]}}, ("incident.report", "ops", ""), id="no text"),
        pytest.param({"data": {"id": " "}}, ("incident.report", "ops", ""), id="a blank text"),
        pytest.param({"type": "no", "data": {"id": "I"}}, ("no", "ops", ""), id="an unknown command"),
        pytest.param({"type": 5, "data": {"id": "I"}}, ("5", "ops", ""), id="a command that is no text"),
        pytest.param({"by": 5}, ("incident.report", "", "I"), id="by no text"),
        pytest.param({"by": "  "}, ("incident.report", "", "I"), id="by blank"),
        pytest.param({"id": "", "by": " me "}, ("incident.report", " me ", "I"), id="by as sent"),
        pytest.param({"data": "I"}, ("incident.report", "ops", ""), id="data no object"),
        pytest.param(
            {"type": "incident.merge", "data": {"into": "J", "incident": "X"}},
            ("incident.merge", "ops", "X"),
            id="table",
        ),
    ],
)
def test_a_refusal_says_what_was_sent(step: Data, told: tuple[str, str, str]) -> None:
    assert told == refused(step)[2:]


@pytest.mark.rule("INV-13")
@pytest.mark.parametrize(
    "first",
    [
        pytest.param({"id": "1"}, id="accepted"),
        pytest.param({"id": "1", "data": {}}, id="refused"),
        pytest.param({"id": "1", "type": "no"}, id="unknown"),
        pytest.param({"id": "1", "by": None}, id="without an actor"),
    ],
)
def test_a_command_id_counts_once(first: Data) -> None:
    again = {"id": "1", "data": REPORT | {"id": "J"}}

    assert play(first) == play(first, again)


def test_a_repeated_id_lets_the_timers_before_it_fire() -> None:
    first, again = play({"id": "1"}, {"id": "1", "at": 16}, until=16), play({"id": "1"}, until=16)

    assert again == first


def test_commands_without_an_id_are_never_the_same() -> None:
    assert ["incident.graded", "notify", "spokesperson.assigned", "command.refused"] == [
        fact["type"] for fact in play({}, {})
    ]


def test_a_blank_id_is_not_remembered() -> None:
    assert ["command.refused", "command.refused"] == [fact["type"] for fact in play({"id": " "}, {"id": " "})]


def sheet(by: str, facts_: Any) -> Order:
    return 1, "factsheet.set", by, {"incident": "I", "facts": facts_}


@pytest.mark.parametrize(
    "facts_",
    [{}, [], {"": 1}, {" ": 1}, {"a": None}, {"a": 1.5}, {"a": [1]}, {"a": {}}],
    ids=["empty", "a list", "no key", "a blank key", "null", "a fraction", "a list as value", "an object as value"],
)
def test_a_facts_map_holds_texts_numbers_and_booleans(facts_: Any) -> None:
    assert ("BAD_VALUE", "facts") == refusal([report(), sheet("MOI.duty", facts_)])


def test_values_are_kept_as_they_are() -> None:
    values = {"a": 3, "b": "3", "c": True, "d": "", "e": -1, "f": 10**20}

    assert [("factsheet.updated", {"incident": "I", "facts": values, "changed": {}, "stale": []})] == answer(
        [report(), sheet("MOI.duty", values)]
    )


@pytest.mark.parametrize(
    ("old", "new"), [(3, "3"), (1, True), (0, False), (True, "true"), (3, 4)], ids=lambda value: f"{value!r}"
)
def test_values_of_another_kind_differ(old: Any, new: Any) -> None:
    ((_, told),) = answer([report(), sheet("MOI.duty", {"k": old}), sheet("MOI.duty", {"k": new, "other": 1})])

    assert [("k", repr(old))] == [(key, repr(value)) for key, value in told["changed"].items()]


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        ("MOI.duty", True),
        ("EX:MOI", True),
        ("FAACD.duty", True),
        ("GCO.desk", True),
        ("NCEMA.ops", True),
        ("TDRA.duty", True),
        ("CSC.duty", True),
        ("NCM.duty", False),
        ("monitor", False),
        ("SPK-MOI-01", False),
        ("EX:EX:MOI", False),
    ],
)
def test_the_sheet_is_kept_by_those_concerned(by: str, allowed: bool) -> None:  # noqa: FBT001 a column
    rumour = {"id": "R", "claim": "c", "reach": 1, "harm": 1, "topic": "CYB", "incident": "I"}
    before = [report(topic="TEL"), (0, "rumour.log", "monitor", rumour), (1, "statement.withdraw", "x", {})]

    told = facts([*before, sheet(by, {"k": 1})])[-1]

    assert ("factsheet.updated" if allowed else "command.refused") == told[1]
    assert allowed or told[2]["reason"] == "NOT_ALLOWED"


def test_the_sheet_of_an_ended_incident_is_closed_to_everybody() -> None:
    close = (1, "incident.close", "MOI.duty", {"incident": "I", "outcome": "DUPLICATE"})

    assert ("INCIDENT_CLOSED", None) == refusal([report(), close, sheet("NCM.duty", {"k": 1})])
