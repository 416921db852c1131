"""AC10.1 and AC10.2: a change of policy takes two people, and an incident keeps the version that it began with."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisis_bus.desk import decide, decide_live
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import parse
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office
from tests.desk.commands import JSON
from tests.rules.amending import (
    ADOPTER,
    PROPOSER,
    START,
    Space,
    Told,
    adopt,
    amended,
    policy,
    proposal,
    propose,
    report,
    rows,
)

FASTER = rows("grades", 2, first_statement=20)


def refusals(told: Told) -> list[tuple[str, str | None]]:
    return [(data["reason"], data.get("field")) for kind, data in told if kind == "command.refused"]


def data_of(told: Told, kind: str) -> list[dict[str, Any]]:
    return [data for name, data in told if name == kind]


def test_a_version_is_proposed_by_one_person_and_adopted_by_another() -> None:
    space = Space()

    (proposed,) = data_of(space.ask(propose(proposal())), "policy.proposed")
    (adopted,) = data_of(space.ask(adopt()), "policy.adopted")

    assert ("2", "2026-04-01", PROPOSER) == (proposed["version"], proposed["effective"], proposed["by"])
    assert (PROPOSER, ADOPTER, proposed["digest"]) == (adopted["proposed_by"], adopted["by"], adopted["digest"])


@pytest.mark.parametrize(
    ("effective", "since"),
    [
        pytest.param("2026-04-01", "2026-04-16T12:42:00.000Z", id="the day is past: from the adoption"),
        pytest.param("2026-07-01", "2026-06-30T20:00:00.000Z", id="the day is to come: from its midnight there"),
    ],
)
def test_a_version_holds_from_its_adoption_or_its_day(effective: str, since: str) -> None:
    space = Space()
    space.ask(propose(proposal(effective=effective)))

    (adopted,) = data_of(space.ask(adopt()), "policy.adopted")

    assert since == adopted["in_force_from"]


def test_what_is_adopted_for_a_day_to_come_holds_from_then_on_without_a_timer() -> None:
    space = Space()
    space.all([propose(proposal(effective="2026-04-20")), adopt()])
    midnight = parse("2026-04-20T00:00:00+04:00")

    space.ask(report("EVE"), midnight - space.now - 1)
    space.ask(report("DAY"), 1)

    assert ("1", "2") == tuple(space.office.incidents[name].policy for name in ("EVE", "DAY"))
    assert "2" == space.office.policy.version


@pytest.mark.parametrize(
    ("before", "command", "refusal"),
    [
        pytest.param([], propose(proposal(), by="NCEMA.ops"), ("NOT_ALLOWED", None), id="not of the office"),
        pytest.param([], propose(proposal("1")), ("DUPLICATE_ID", None), id="the name of the first version"),
        pytest.param([propose(proposal())], propose(proposal()), ("DUPLICATE_ID", None), id="proposed already"),
        pytest.param([], adopt("9"), ("UNKNOWN_POLICY", None), id="nobody proposed it"),
        pytest.param([propose(proposal())], adopt(by="MOI.duty"), ("NOT_ALLOWED", None), id="adopted from outside"),
        pytest.param([propose(proposal())], adopt(by=PROPOSER), ("NOT_ALLOWED", "by"), id="by the same person"),
        pytest.param(
            [propose(proposal())], adopt(by=f"EX:{PROPOSER}"), ("NOT_ALLOWED", "by"), id="who has put on another hat"
        ),
        pytest.param([propose(proposal()), adopt()], adopt(), ("ALREADY_DONE", None), id="adopted already"),
        pytest.param([report()], adopt("1"), ("ALREADY_DONE", None), id="what the space began with"),
        pytest.param([], propose({}), ("BAD_VALUE", "version"), id="nothing at all"),
        pytest.param([], propose(proposal("no name")), ("BAD_VALUE", "version"), id="a name with a blank"),
        pytest.param([], propose(proposal(effective="soon")), ("BAD_VALUE", "effective"), id="no day"),
        pytest.param([], propose(proposal(version2="x")), ("BAD_VALUE", "tables.version2"), id="no such table"),
        pytest.param([], propose(proposal(id="atlantis")), ("BAD_VALUE", "tables.id"), id="another government"),
        pytest.param(
            [],
            propose(proposal(incident_types=rows("incident_types", "MET-FLOOD", lead="NOBODY"))),
            ("BAD_VALUE", "tables.incident_types.1.lead"),
            id="a lead that is nobody",
        ),
        pytest.param(
            [], propose(proposal(grades=FASTER[:3])), ("BAD_VALUE", "tables.grades"), id="a grade without a row"
        ),
        pytest.param(
            [],
            propose(proposal(grades=rows("grades", 1, cadence=10**30))),
            ("BAD_VALUE", "tables.grades.0.cadence"),
            id="a deadline after the end of time",
        ),
        pytest.param(
            [], propose({**proposal(), "templates": {}}), ("BAD_VALUE", "templates.kinds"), id="nothing to say"
        ),
    ],
)
def test_what_must_not_hold_is_refused(
    before: list[Command], command: Command, refusal: tuple[str, str | None]
) -> None:
    space = Space()
    space.all(before)

    assert [refusal] == refusals(space.ask(command))


def test_a_template_that_could_not_be_filled_is_refused_with_its_place() -> None:
    data = proposal()
    data["templates"]["kinds"]["SITREP"]["en"]["body"] = "{{ nobody }}"

    assert [("BAD_VALUE", "templates.kinds.SITREP.en.body")] == refusals(Space().ask(propose(data)))


@pytest.mark.parametrize("field", ["version", "effective"])
def test_what_stands_beside_the_tables_does_not_stand_in_them_too(field: str) -> None:
    data = proposal()
    data["tables"][field] = data[field]

    assert [("BAD_VALUE", field)] == refusals(Space().ask(propose(data)))


@pytest.mark.parametrize("command", [propose(proposal()), adopt()], ids=["propose", "adopt"])
def test_a_scenario_knows_no_versions(command: Command) -> None:
    told = decide(Office.opened(policy()), command, START).facts

    assert [("command.refused", "UNKNOWN_COMMAND")] == [
        (one.fact.TYPE, one.data(Office.opened(policy()).clock)["reason"]) for one in told
    ]


def test_a_repeated_id_changes_nothing() -> None:
    space = Space()
    first = Command("policy.propose", PROPOSER, proposal(), "p")
    space.ask(first)
    before = space.office

    assert ([], before.policies) == (space.ask(first), space.office.policies)


def test_an_incident_before_and_one_after_differ_exactly_by_the_tables() -> None:
    space = amended(grades=FASTER)

    told = space.ask(report("NEW"))

    old, new = space.office.incidents["OLD"], space.office.incidents["NEW"]
    assert ("1", 60 * 60_000, "2", 20 * 60_000) == (old.policy, old.deadline, new.policy, new.deadline)
    alone = Space()
    usual = alone.ask(report("NEW"))
    assert [kind for kind, _ in usual] == [kind for kind, _ in told]
    assert [data for kind, data in usual if kind != "incident.graded"] == [
        data for kind, data in told if kind != "incident.graded"
    ]


def test_who_speaks_is_chosen_from_the_roster_of_the_incident() -> None:
    space = amended(roster=rows("roster", "SPK-MOI-01", on_rota=False))
    decline = Command("spokesperson.decline", "SPK-MOI-01", {"incident": "OLD", "reason": "ill"})

    (new,) = data_of(space.ask(report("NEW")), "spokesperson.assigned")
    (old,) = data_of(space.ask(decline), "spokesperson.assigned")

    assert (["SPK-MOI-01:OFF_ROTA"], ["SPK-MOI-01:DECLINED"]) == (new["skipped"], old["skipped"])


def test_a_name_that_a_version_leaves_out_stands_for_incidents_that_know_it_and_for_no_other() -> None:
    left = [row for row in rows("channels", "") if row["code"] != "DIPLO"]
    types = [{**row, "extra_channels": []} for row in rows("incident_types", "")]
    space = amended(channels=left, incident_types=types)
    text = {"kind": "HOLDING", "channels": ["DIPLO"]}

    space.ask(report("NEW"))
    old = space.ask(Command("statement.submit", "MOI.press", {"id": "A", "incident": "OLD", **text}))
    new = space.ask(Command("statement.submit", "MOI.press", {"id": "B", "incident": "NEW", **text}))

    assert (["approval.requested"], [("UNKNOWN_CHANNEL", None)]) == ([kind for kind, _ in old], refusals(new))


def test_an_entity_of_a_later_version_may_lead_an_older_incident() -> None:
    new_body = {"code": "NEWBODY", "ar": "جهة جديدة", "en": "New body", "kind": "authority"}
    space = amended(entities=[*rows("entities", ""), new_body])

    told = space.ask(Command("lead.transfer", "GCO.director", {"incident": "OLD", "to": "NEWBODY"}))
    notified = space.ask(Command("level.override", "GCO.director", {"incident": "OLD", "level": 3}))

    assert ["NEWBODY"] == [data["lead"] for data in data_of(told, "lead.changed")]
    assert "NEWBODY.duty" in data_of(notified, "notify")[0]["to"]


def test_the_journal_gives_the_same_office_with_every_version() -> None:
    space = amended(grades=FASTER)
    space.all([report("NEW"), propose(proposal("3", "2027-01-01")), adopt("3")])

    restored = Office.restored(policy(), space.office.now, [], space.tables)

    assert space.office == space.folded
    assert (space.office.policies, space.office.incidents) == (restored.policies, restored.incidents)
    assert {"1", "2", "3"} == set(restored.policies)


def test_a_space_goes_on_with_the_tables_that_it_began_with() -> None:
    space = Space()
    space.ask(report())
    edited = Policy.model_validate({**policy().model_dump(mode="json"), "rumour_types": ["INF-RUMOUR"]})

    restored = Office.restored(edited, space.office.now, [], space.tables)

    assert (policy(), policy().digest) == (restored.base, restored.policies["1"].digest)
    assert edited.digest != policy().digest


def test_incidents_of_a_journal_older_than_versions_are_of_the_first() -> None:
    space = amended(grades=FASTER)
    record = {name: value for name, value in space.tables["incidents"]["OLD"].items() if name != "policy"}
    tables = {**space.tables, "incidents": {"OLD": record}}

    restored = Office.restored(policy(), space.office.now, [], tables)

    assert "1" == restored.policy_called(restored.incidents["OLD"].policy).version


def _replaced(value: Any, path: tuple[str | int, ...], junk: object) -> Any:
    if not path:
        return junk
    inner = _replaced(value[path[0]], path[1:], junk)
    if isinstance(value, list):
        return [inner if place == path[0] else item for place, item in enumerate(value)]
    return {**value, path[0]: inner}


@st.composite
def junk_proposals(draw: st.DrawFn) -> Mapping[str, Any]:
    """A proposal with something else in some place of it, at any depth."""
    data: Any = proposal()
    path: tuple[str | int, ...] = ()
    here = data
    while isinstance(here, dict | list) and here and draw(st.booleans() if path else st.just(value=True)):
        step = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        path, here = (*path, step), here[step]
    junk = JSON | st.integers(-(10**40), 10**40) | st.sampled_from(["{{ x }}", "{% for", "{{ 9 ** 9 }}", "9999-12-31"])
    replaced: Mapping[str, Any] = _replaced(data, path, draw(junk))
    return replaced


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(junk_proposals())
def test_no_proposal_breaks_the_desk(data: Mapping[str, Any]) -> None:
    space = Space()

    ((kind, _),) = space.ask(propose(data))
    told = space.all([adopt(str(data.get("version"))), report()])

    assert kind in {"policy.proposed", "command.refused"}
    assert data_of(told, "incident.graded")
    assert space.office == space.folded


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_no_shape_of_data_breaks_the_desk(data: object) -> None:
    for name in ("policy.propose", "policy.adopt"):
        decision = decide_live(Office.opened(policy()), Command(name, "GCO.desk", data), START)

        assert ["command.refused"] == [told.fact.TYPE for told in decision.facts]
