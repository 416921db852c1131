"""Two incidents are one: what goes along, what stays (`scenario-format.md` §5, incident.merge)."""

import pytest

from tests.rules.playing import (
    LEVEL_1,
    LEVEL_2,
    Order,
    answer,
    draft,
    log,
    out,
    override,
    report,
    submit,
)


def merge(at: int, name: str, into: str) -> Order:
    return at, "incident.merge", "ops", {"incident": name, "into": into}


def observed(at: int = 1) -> list[Order]:
    """A government says 3 where the sheet says 2: contradiction P."""
    stated = {"id": "P", "incident": "I", "source": "a ministry", "government": True, "facts": {"deaths": 3}}
    return [
        (at, "factsheet.set", "MOI.duty", {"incident": "I", "facts": {"deaths": 2}}),
        (at, "publication.observe", "monitor", stated),
    ]


def test_a_merge_withdraws_what_was_under_way_and_names_the_other() -> None:
    before = [report(), report(name="J", kind="MET-WARN"), submit(1, "A"), draft(1, "B"), *out(1, "C", keys=LEVEL_1)]

    assert [
        ("incident.state", {"incident": "I", "state": "MERGED", "into": "J"}),
        ("statement.state", {"statement": "A", "state": "WITHDRAWN", "by": "J"}),
    ] == answer([*before, merge(2, "I", "J")])


def test_a_merge_withdraws_a_scheduled_statement_too() -> None:
    before = [report(), report(name="J"), *out(1, "A", "PRESS_RELEASE", keys=LEVEL_1, embargo_until=60)]

    assert ("statement.state", {"statement": "A", "state": "WITHDRAWN", "by": "J"}) in answer(
        [*before, merge(2, "I", "J")]
    )


def test_a_merge_carries_rumours_contradictions_and_warnings_along() -> None:
    before = [
        report(),
        report(name="J"),
        *observed(),
        log(1, reach=1000, harm=3, incident="I"),
        *out(1, "W", "PUBLIC_WARNING", keys=LEVEL_2),
        merge(2, "I", "J"),
    ]
    refused = answer([*before, (3, "incident.stand_down", "GCO.desk", {"incident": "J"})])

    assert [("OPEN_HIGH_RUMOUR:R", "OPEN_CONTRADICTION", "NO_ALL_CLEAR_AFTER_WARNING")] == [
        tuple(data["reasons"]) for _, data in refused
    ]


def test_a_high_rumour_that_comes_along_raises_the_other_to_two() -> None:
    before = [report(), report(name="J", kind="MET-WARN"), log(1, reach=1000, harm=3, incident="I")]

    told = answer([*before, merge(2, "I", "J")])

    assert ("level.raised", {"incident": "J", "level": 2, "was": 1, "rule": "ESC-07a"}) in told


@pytest.mark.parametrize("more", [[], [(61, "rumour.close", "ops", {"rumour": "R"})]], ids=["answered", "closed"])
def test_a_rumour_that_was_answered_raises_nothing(more: list[Order]) -> None:
    before = [
        report(),
        log(1, reach=1000, harm=3, incident="I"),
        *out(1, "A", "RUMOUR_RESPONSE", keys={"FACT": "GCO.facts", "RELEASE": "GCO.release"}, answers=["R"]),
        *more,
        report(62, "J", "MET-WARN"),
    ]

    assert ["incident.state"] == [kind for kind, _ in answer([*before, merge(63, "I", "J")])]


def test_a_superseding_report_starts_at_two_when_a_high_rumour_comes_along() -> None:
    before = [report(), log(1, reach=1000, harm=3, incident="I")]

    told = answer([*before, report(2, "J", supersedes="I")])

    assert ("incident.state", {"incident": "I", "state": "MERGED", "into": "J"}) == told[0]
    assert (2, 62) == (told[1][1]["level"], told[1][1]["first_statement_due"])


def test_the_lowest_floor_of_a_new_incident_is_one() -> None:
    told = answer([report(), override(1, 3), report(2, "J", supersedes="I")])

    assert [1] == [data["level"] for kind, data in told if kind == "incident.graded"]
