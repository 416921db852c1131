"""How long a signature under a stand-down stands, and what lets it lapse (INV-12, `scenario-format.md` §5)."""

import pytest

from tests.rules.playing import (
    LEVEL_2,
    LEVEL_3,
    Order,
    answer,
    draft,
    facts,
    log,
    only,
    out,
    override,
    report,
    sheet,
    submit,
    update,
)
from tests.rules.signing import LEVEL, sign, signed, stood_down


@pytest.mark.rule("INV-12")
@pytest.mark.parametrize(("at", "missing"), [(60, []), (61, ["GCO"])])
def test_a_signature_stands_for_sixty_minutes(at: int, missing: list[str]) -> None:
    told = answer([*LEVEL[3], sign(1), sign(at, "NCEMA.head")])

    assert signed("NCEMA.head", *missing) == told[0]
    assert missing != [] or stood_down() == told[1]


def test_who_signed_an_hour_ago_signs_again() -> None:
    assert [signed("GCO.director", "NCEMA")] == answer([*LEVEL[3], sign(1), sign(61)])


QUIET: list[Order] = [
    (2, "incident.acknowledge", "MOI.duty", {"incident": "I"}),
    (2, "incident.stabilise", "MOI.duty", {"incident": "I"}),
    (2, "lead.transfer", "NCEMA.head", {"incident": "I", "to": "MOHAP"}),
    (2, "spokesperson.confirm", "SPK-NCEMA-01", {"incident": "I"}),
    (2, "spokesperson.decline", "SPK-NCEMA-01", {"incident": "I", "reason": "ill"}),
    (2, "incident.merge", "ops", {"incident": "J", "into": "I"}),
    (2, "level.override", "GCO.desk", {"incident": "J", "level": 2}),
    update(2, injured=9),
    update(2, fatalities=25, emirates=["AE"], next_of_kin_informed=True, by="MOI.duty"),
    update(2, severity="Minor"),
    update(2, "J", severity="Severe", certainty="Observed"),
    sheet(2, deaths=20),
    sheet(2, "J", deaths=7),
    sign(2, "MOI.duty"),
    sign(2, "GCO.deputy"),
    draft(2),
    submit(2, facts={"deaths": 21}),
    log(2, reach=10, incident="I"),
    log(2, reach=1000, harm=3, incident="J"),
    (2, "rumour.verify", "GCO.desk", {"rumour": "OLD", "verdict": "TRUE"}),
    (2, "channel.suspend", "GCO.desk", {"channel": "SOCIAL", "entity": "MOI"}),
    (2, "delivery.fail", "delivery", {"statement": "PUBLISHED", "channel": "WEB"}),
]
LAPSING: list[list[Order]] = [
    [update(2, certainty="Likely")],
    [update(2, severity="Extreme")],
    [override(2, 2), override(2, 3)],
    [sheet(2, deaths=21)],
    [sheet(2, deaths="20")],
    [sheet(2, deaths=20, roads=1)],
    out(2, keys=LEVEL_3),
    out(2, kind="LINES_TO_TAKE", keys=LEVEL_2),
    out(2, kind="INTERNAL_BRIEFING", keys={"INTERNAL": "MOI.duty"}),
]
SIGNED = [*LEVEL[3], report(name="J"), sheet(0, deaths=20), log(0, "OLD", reach=10, incident="I")]
SIGNED += [*out(0, "PUBLISHED", keys=LEVEL_3), sign(1)]


@pytest.mark.parametrize("event", QUIET, ids=lambda order: f"{order[1]} {order[3]}")
def test_a_signature_outlives_what_changes_nothing_of_weight(event: Order) -> None:
    told = only(facts([*SIGNED, event, sign(3, "NCEMA.head")]), "stand_down.signed")

    assert [["NCEMA"], []] == [data["missing"] for _, _, data in told]


@pytest.mark.rule("INV-12")
@pytest.mark.parametrize("events", LAPSING, ids=lambda orders: f"{orders[-1][1]} {orders[0][3]}")
def test_a_signature_lapses_when_something_of_weight_changes(events: list[Order]) -> None:
    told = only(facts([*SIGNED, *events, sign(3, "NCEMA.head")]), "stand_down.signed")

    assert [["NCEMA"], ["GCO"]] == [data["missing"] for _, _, data in told]


def test_a_lowering_lapses_what_was_signed_above() -> None:
    before = [report(fatalities=20), sign(1, "NCEMA.head"), override(2, 2), override(3, 3)]

    assert [signed("GCO.director", "NCEMA")] == answer([*before, sign(4)])


def test_an_expired_signature_is_given_again_while_the_other_stands() -> None:
    before = [*LEVEL[3], sign(1), sign(30, "nobody"), sign(61, "NCEMA.head")]

    assert [signed("GCO.director"), stood_down()] == answer([*before, sign(62)])


def test_a_refused_call_takes_no_signature_away() -> None:
    before = [*LEVEL[3], sign(1), submit(2), sign(3, "NCEMA.head")]
    withdrawn = (4, "statement.withdraw", "MOI.drafter", {"statement": "S"})

    assert [signed("NCEMA.head"), stood_down()] == answer([*before, withdrawn, sign(5, "NCEMA.head")])


def test_a_refused_call_leaves_no_signature() -> None:
    before = [*LEVEL[3], submit(1), sign(2), (3, "statement.withdraw", "MOI.drafter", {"statement": "S"})]

    assert [signed("NCEMA.head", "GCO")] == answer([*before, sign(4, "NCEMA.head")])
