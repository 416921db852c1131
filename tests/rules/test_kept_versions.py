"""AC10.1: what began under one version goes on as if no other had been adopted, however different that one is."""

from typing import Any

import pytest

from crisis_bus.desk import decide_live
from crisis_bus.domain.commands import Command
from crisis_bus.domain.instants import minutes
from crisis_bus.office import Office
from tests.rules.amending import START, adopt, policy, proposal, propose
from tests.rules.playing import (
    EXERCISE,
    KEYS,
    LEVEL_1,
    LEVEL_2,
    Order,
    approve,
    close,
    draft,
    fail,
    log,
    out,
    override,
    report,
    sheet,
    submit,
    update,
    warning,
)
from tests.rules.turned import turned

URGENT = report(severity="Severe", urgency="Immediate", certainty="Observed", emirates=["AE-AZ", "AE-DU"])
RADIATION = report(0, "I", "RAD-EVENT", emirates=["AE-AZ"])
RUMOUR = report(0, "I", "INF-RUMOUR", topic="HLT", priority="LOW")


def told(before: list[Order], after: list[Order], until: int, *, adopted: bool) -> list[tuple[int, str, Any]]:
    """The facts of a story; another version may be adopted in its middle."""
    office = Office.opened(policy()).rehearsing("2026-04-16T16:40:00+04:00", {})
    change = [propose(proposal(**turned())), adopt()] if adopted else []
    steps = [(at, Command(kind, by, data)) for at, kind, by, data in before]
    steps += [(before[-1][0], command) for command in change]
    steps += [(at, Command(kind, by, data)) for at, kind, by, data in after]
    facts: list[tuple[int, str, Any]] = []
    for at, command in [*steps, (until, Command("clock.tick", "clock", {}))]:
        decision = decide_live(office, command, START + minutes(at))
        office = decision.office
        facts += [(fact.at, fact.fact.TYPE, fact.data(office.clock)) for fact in decision.facts]
    assert ("2" if adopted else "1") == office.policy.version
    return [fact for fact in facts if not fact[1].startswith("policy.")]


def on(what: str, at: int, by: str, **data: Any) -> Order:
    return at, what, by, data


RELEASED = out(3, keys=KEYS[2])
STORIES: dict[str, tuple[list[Order], list[Order], int]] = {
    "silence": ([report()], [], 400),
    "silence in a grave one": ([report(severity="Severe", certainty="Observed", emirates=["AE"])], [], 90),
    "silence in a drill": ([EXERCISE], [], 150),
    "late keys": (
        [report()],
        [
            submit(1),
            approve(70, "FACT", "NCEMA.a"),
            on("statement.return", 71, "GCO.b", statement="S", reason="r"),
            submit(72),
            approve(140, "FACT", "GCO.a"),
            approve(141, "RELEASE", "GCO.b"),
        ],
        200,
    ),
    "withdrawn by the Office": ([report(), draft(0)], [on("statement.withdraw", 1, "GCO.a", statement="S")], 1),
    "worse": ([report()], [update(1, severity="Extreme", certainty="Observed", emirates=["AE-AZ", "AE-DU"])], 40),
    "deaths": ([report()], [update(1, fatalities=5), update(2, fatalities=20)], 2),
    "raised by hand": ([report(emirates=["AE-AZ"])], [override(1, 2), override(2, 3)], 30),
    "a hand from elsewhere": ([report()], [on("level.override", 1, "NMA.a", incident="I", level=2)], 1),
    "the kin": ([report()], [update(1, by="MOI.a", next_of_kin_informed=True)], 1),
    "the kin told by another": ([report()], [update(1, by="NMA.a", next_of_kin_informed=True)], 1),
    "another lead": (
        [report(), sheet(0, a=1), submit(0, facts={"a": 1})],
        [on("lead.transfer", 1, "NCEMA.a", incident="I", to="NCM"), sheet(2, by="GCO.a", a=2)],
        40,
    ),
    "acknowledged by the centre": ([report()], [on("incident.acknowledge", 1, "NCEMA.a", incident="I")], 1),
    "stabilising": (
        [report()],
        [on("incident.stabilise", 1, "NCEMA.a", incident="I"), *out(2, keys=LEVEL_1)],
        12_000,
    ),
    "reminders": ([report(certainty="Likely")], out(1, keys=LEVEL_1), 1800),
    "closed": ([report()], [close(1)], 1),
    "level 2 text": ([report(emirates=["AE-AZ", "AE-DU"])], [*RELEASED, fail(4, "SOCIAL"), fail(5, "WEB")], 10),
    "level 3 text": ([report(emirates=["AE"])], [*out(1, keys=KEYS[3]), *out(2, "T", "SITREP", keys=KEYS[3])], 10),
    "an amplified text with extras": (
        [report(0, "I", "CYB-GOV"), sheet(0, a=1)],
        out(1, by="CSC.w", keys={"FACT": "CSC.a", "RELEASE": "GCO.a"}, channels=["DIPLO"], facts={"a": 1}),
        5,
    ),
    "a warning": ([URGENT], [*warning(1), fail(2, "CELL_BROADCAST")], 40),
    "a police warning": ([URGENT], warning(1, originator="POL-AZ"), 5),
    "a retracted warning": (
        [URGENT],
        [*warning(1), *out(2, "R", "RETRACTION", keys={"ORIGINATOR": "NCEMA.a"}, refs=["W"])],
        5,
    ),
    "what ends a warning": (
        [URGENT],
        [
            *warning(1),
            *out(2, "A", "ALL_CLEAR", keys={**LEVEL_2, "COORD": "NCEMA.a"}, refs=["W"]),
            on("incident.stand_down", 3, "GCO.a", incident="I"),
        ],
        5,
    ),
    "a warning without ground": (
        [URGENT],
        [
            submit(1, "W", "PUBLIC_WARNING", by="d", originator="NCEMA"),
            update(2, urgency="Expected"),
            approve(3, "ORIGINATOR", "NCEMA.a", "W"),
        ],
        60,
    ),
    "grown keys": (
        [report()],
        [submit(1), override(2, 3), approve(3, "FACT", "MOI.a"), approve(4, "RELEASE", "MOI.b")],
        60,
    ),
    "two signatures": (
        [report(fatalities=20)],
        [
            on("incident.stand_down", 1, "MOI.a", incident="I"),
            on("incident.stand_down", 2, "GCO.a", incident="I"),
            on("incident.stand_down", 65, "NCEMA.a", incident="I"),
            on("incident.stand_down", 66, "GCO.a", incident="I"),
        ],
        66,
    ),
    "an embargo": ([report()], out(1, "S", "PRESS_RELEASE", keys=LEVEL_1, embargo_until=30), 40),
    "a broken embargo": (
        [report()],
        [
            *out(1, "S", "PRESS_RELEASE", keys=LEVEL_1, embargo_until=30),
            override(2, 3),
            on("embargo.break", 3, "GCO.a", statement="S", outlet="o"),
        ],
        40,
    ),
    "coordination by type": ([RADIATION], [submit(1, by="FANR.a")], 1),
    "coordination by topic": ([RUMOUR], [submit(1, by="MOHAP.a"), sheet(2, by="MOHAP.a", a=1)], 1),
    "a rumour": (
        [report(), log(0, "R", harm=2, reach=1000, incident="I", topic="TEL")],
        [
            on("rumour.verify", 1, "TDRA.a", rumour="R", verdict="FALSE"),
            on("rumour.grow", 2, "monitor", rumour="R", reach=60_000),
            *out(50, "A", "RUMOUR_RESPONSE", keys={"FACT": "TDRA.b", "RELEASE": "GCO.a"}, answers=["R"], by="TDRA.a"),
            on("rumour.close", 70, "GCO.a", rumour="R"),
            on("rumour.grow", 71, "monitor", rumour="R", reach=70_000),
        ],
        400,
    ),
    "a rumour verified by the centre": (
        [report(), log(0, "R", incident="I")],
        [on("rumour.verify", 1, "NCEMA.a", rumour="R", verdict="TRUE")],
        1,
    ),
    "a new rumour": ([report()], [log(1, "R", harm=3, reach=1000, incident="I", topic="TEL")], 400),
    "a contradiction": (
        [report(), sheet(0, a=1)],
        [
            on("publication.observe", 1, "MOE.a", id="X", incident="I", source="s", government=True, facts={"a": 2}),
            on("contradiction.resolve", 90, "NCEMA.a", contradiction="X", outcome="NO_CONFLICT"),
        ],
        100,
    ),
    "an entity that another version leaves out": (
        [report(), log(0, incident="I")],
        [
            on("rumour.grow", 1, "MOTC.a", rumour="R", reach=5),
            log(2, "Q", by="MOTC.a", incident="I"),
            on(
                "publication.observe", 3, "NEWBODY.a", id="X", incident="I", source="s", government=True, facts={"a": 2}
            ),
        ],
        5,
    ),
    "the voice": (
        [report(severity="Severe", certainty="Observed")],
        [
            on("spokesperson.decline", 1, "SPK-MOI-01", incident="I", reason="r"),
            override(30, 3),
            override(80, 2),
            on("spokesperson.confirm", 81, "SPK-NCEMA-01", incident="I"),
        ],
        200,
    ),
    "content": (
        [report()],
        [submit(1, parts={}, text={"ar": " "}), submit(2, "L", "LINES_TO_TAKE", channels=["DIPLO"])],
        2,
    ),
    "the voice of the topic, and of the centre": (
        [RUMOUR],
        [submit(1, by="MOHAP.a"), submit(2, "T", by="NCEMA.a"), submit(3, "U", by="GCO.a")],
        3,
    ),
    "the sheet, and the owners of topics": (
        [report(topic="CYB"), log(0, "R", incident="I", topic="TEL")],
        [sheet(1, by="CSC.a", a=1), sheet(2, by="TDRA.a", a=2)],
        2,
    ),
    "a correction of what went out by cell broadcast": (
        [URGENT],
        [*warning(1), submit(2, "C", "CORRECTION", refs=["W"]), submit(3, "R", "CORRECTION", refs=["W"], by="NCEMA.a")],
        3,
    ),
    "suspended accounts": (
        [report(emirates=["AE-AZ", "AE-DU"]), on("channel.suspend", 1, "GCO.a", channel="SOCIAL", entity="MOI")],
        RELEASED,
        4,
    ),
    "a channel that another version leaves out": (
        [report(), *out(0, keys=LEVEL_1, channels=["HEALTH_NET"])],
        [fail(1, "HEALTH_NET"), submit(2, "T", channels=["HEALTH_NET"])],
        2,
    ),
    "parts and languages": (
        [report()],
        [
            submit(1, parts={"as_of": "now", "next_update": "soon"}, text={"ar": "نص", "en": "text"}),
            submit(2, "T", "HOLDING", parts={"known": "x"}, text={"ar": "نص", "en": " "}),
        ],
        2,
    ),
    "a voice that is unfit for the next level": (
        [report(0, "I", "TEL-OUTAGE", emirates=["AE-AZ"])],
        [override(1, 2)],
        1,
    ),
    "a drill": (
        [EXERCISE],
        [
            submit(1, incident="E", by="FAACD.a", marker=True, channels=["WEB"]),
            *out(2, keys={"FACT": "FAACD.b", "RELEASE": "FAACD.c"}, incident="E", by="FAACD.a", marker=True),
        ],
        5,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_another_version_changes_nothing_of_what_began_before_it(story: str) -> None:
    before, after, until = STORIES[story]

    usual = told(before, after, until, adopted=False)

    assert usual == told(before, after, until, adopted=True)
    assert len(usual) > len(before)
