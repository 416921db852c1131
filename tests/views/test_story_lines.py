"""Each line of a story that the shipped scenarios do not have, told once: what led to it, and its sentence."""
# size: a table of cases, one for each line

from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain.journal import FactRecord
from crisis_bus.text.telling import Storyteller
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.story import Story, tell
from tests.rules.playing import LEVEL_1, Order, approve, draft, out, override, report, sheet, submit, update
from tests.views import exported
from tests.views.test_story import CASES as SHIPPED
from tests.views.test_story import lines_of, story

SEVERE: dict[str, Any] = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}
"""Grade 3, and danger to life."""
LIVE = report(**SEVERE)
RUMOUR = (
    1,
    "rumour.log",
    "monitor",
    {"id": "R", "claim": "c", "reach": 60_000, "harm": 2, "topic": "GEN", "incident": "I"},
)
WARNING = submit(1, "W", "PUBLIC_WARNING", originator="MOI")
WARNED = [LIVE, WARNING, approve(2, "ORIGINATOR", "MOI.commander", "W")]
PLAN = {"id": "P", "owner": "MOI", "kind": "CAMPAIGN", "start": 500}
NO_SPOKESPERSON = {f"SPK-{entity}-0{n}": {"on_rota": False} for entity in ("MOI", "GCO", "NCEMA") for n in (1, 2)}


def order(at: int, kind: str, by: str, **data: Any) -> Order:
    return at, kind, by, {"incident": "I", **data}


def of(at: int, kind: str, by: str, statement: str = "S", **data: Any) -> Order:
    return at, kind, by, {"statement": statement, **data}


CASES: list[Any] = [
    pytest.param([report()], 20, Line.REPORTED_NOWHERE, "naming no emirate: severity moderate", id="no emirate"),
    pytest.param(
        [report(severity="Unknown", urgency="Unknown", certainty="Unknown")],
        0,
        Line.UNKNOWN,
        "counted as follows: severity moderate, urgency expected within the hour, certainty possible",
        id="unknown",
    ),
    pytest.param([report()], 0, Line.GRADE_NOT_HOT, "does not both press and stand sure", id="not hot"),
    pytest.param(
        [report(certainty="Unlikely")], 0, Line.GRADE_UNLIKELY, "Grade 1 (Minor): what is unlikely is", id="unlikely"
    ),
    pytest.param(
        [report(), override(5, 2)], 5, Line.LEVEL_RAISED_BY_HAND, "GCO.director raised the level", id="by hand"
    ),
    pytest.param(
        [report(), RUMOUR], 1, Line.LEVEL_RAISED_BY_RUMOUR, "high priority belongs to the incident: R", id="by rumour"
    ),
    pytest.param(
        [report(emirates=["AE"]), override(5, 1), update(6, certainty="Unlikely")],
        6,
        Line.LEVEL_HELD,
        "The formula would give level 3, but nothing is worse",
        id="the mark holds",
    ),
    pytest.param(
        [report(severity="Severe"), order(2, "incident.stabilise", "MOI.ops"), update(3, **SEVERE)],
        3,
        Line.BACK_FROM_STABILISING,
        "not stabilising any more",
        id="worse again",
    ),
    pytest.param(
        [report(), update(2, certainty="Likely")], 2, Line.CHANGE_CERTAINTY, "from possible to likely", id="certainty"
    ),
    pytest.param(
        [
            report(),
            update(2, by="MOI.ops", next_of_kin_informed=True),
            update(3, by="MOI.ops", next_of_kin_informed=False),
        ],
        3,
        Line.CHANGE_KIN_NOT_INFORMED,
        "not been informed after all",
        id="families after all",
    ),
    pytest.param([report(), update(2)], 2, Line.UPDATED_NOTHING, "changed nothing", id="nothing new"),
    pytest.param(
        [report(kind="FIRE-BLDG", severity="Extreme", urgency="Future")],
        0,
        Line.LEVEL,
        "grade 3 gives 2",
        id="level terms",
    ),
    pytest.param(
        [report(kind="HLT-OUTBREAK")], 0, Line.COORDINATOR_BY_TYPE, "this type always concerns it", id="type of NCEMA"
    ),
    pytest.param(
        [report(), update(20, severity="Extreme", urgency="Immediate", certainty="Observed")],
        20,
        Line.DEADLINE_TIGHTENED,
        "due at 17:08 instead of 17:40",
        id="tightened",
    ),
    pytest.param([report()], 60, Line.DEADLINE_BREACHED, "the deadline is missed", id="breached"),
    pytest.param([report()], 60, Line.ESC_02C, "The director is told, and may", id="director"),
    pytest.param(
        [report(), *out(61, keys=LEVEL_1)],
        61,
        Line.DEADLINE_LATE,
        "61 minutes after the report: late, the limit was 60",
        id="late",
    ),
    pytest.param([report()], 30, Line.ESC_01B, "takes custody: GCO.desk", id="custody"),
    pytest.param(
        [report(), order(1, "spokesperson.decline", "SPK-MOI-01", reason="ill")],
        1,
        Line.ESC_03_DECLINED,
        "SPK-MOI-01 declined: “ill”",
        id="declined",
    ),
    pytest.param(
        [report(), order(1, "spokesperson.decline", "SPK-MOI-01", reason="ill")],
        1,
        Line.SKIPPED_DECLINED,
        "SPK-MOI-01 was passed over: declined this incident before",
        id="passed over, declined",
    ),
    pytest.param(
        [report(depicted="SPK-MOI-01")], 0, Line.SKIPPED_CONFLICT, "the person shown or under inquiry", id="conflict"
    ),
    pytest.param(
        [report(name="J", **SEVERE), report(1)],
        1,
        Line.SKIPPED_ENGAGED,
        "speaks on another open crisis, J",
        id="engaged",
    ),
    pytest.param(
        [report(kind="MET-WARN", depicted="SPK-NCM-01"), override(1, 2)],
        1,
        Line.SKIPPED_LANGUAGE,
        "asks for Arabic, English, and the person speaks Arabic",
        id="language",
    ),
    pytest.param([report()], 0, Line.UNAVAILABLE, "Nobody can speak: 6 candidates were passed over", id="nobody"),
    pytest.param(
        [report(), order(1, "incident.close", "MOI.ops", outcome="FALSE_ALARM")],
        1,
        Line.FALSE_ALARM,
        "as a false alarm",
        id="false alarm",
    ),
    pytest.param(
        [report(), order(1, "incident.close", "MOI.ops", outcome="DUPLICATE")],
        1,
        Line.DUPLICATE,
        "as a duplicate",
        id="duplicate",
    ),
    pytest.param(
        [
            report(),
            override(1, 3),
            order(2, "incident.stand_down", "GCO.director"),
            order(62, "incident.stand_down", "NCEMA.director"),
        ],
        62,
        Line.SIGNATURE_LAPSED,
        "The signature of GCO no longer stands",
        id="a signature lapsed",
    ),
    pytest.param(
        [
            report(),
            order(1, "incident.stand_down", "MOI.ops"),
            order(2, "incident.close", "MOI.ops", outcome="AAR_FILED"),
        ],
        2,
        Line.CLOSED,
        "the after-action report is in",
        id="closed",
    ),
    pytest.param(
        [report(), submit(1), order(2, "incident.close", "MOI.ops", outcome="DUPLICATE")],
        2,
        Line.WITHDRAWN_BY_END,
        "S was under way and is withdrawn",
        id="withdrawn by the end",
    ),
    pytest.param([report(), draft(1)], 1, Line.DRAFTED, "MOI.drafter drafted S (Holding statement)", id="drafted"),
    pytest.param(
        [report(), submit(1), of(2, "statement.return", "MOI.facts", reason="too long")],
        2,
        Line.RETURNED,
        "MOI.facts returned S to its author: “too long”",
        id="returned",
    ),
    pytest.param(
        [report(), submit(1), of(2, "statement.reject", "MOI.facts", reason="no")],
        2,
        Line.REJECTED,
        "a new id",
        id="rejected",
    ),
    pytest.param(
        [report(), submit(1), of(2, "statement.withdraw", "MOI.ops")],
        2,
        Line.WITHDRAWN,
        "before it was out",
        id="withdrawn",
    ),
    pytest.param(
        [
            report(),
            sheet(1, roads=1),
            submit(2, facts={"roads": 1}),
            approve(3, "FACT", "MOI.facts"),
            sheet(4, roads=2),
            approve(5, "RELEASE", "MOI.release"),
        ],
        5,
        Line.BLOCKED_PUBLISH,
        "At the moment of publication: S is blocked: it differs from the fact sheet in roads (1 in the text, 2",
        id="blocked at the last moment",
    ),
    pytest.param(
        [report(), submit(1), approve(2, "FACT", "MOI.facts"), override(3, 3), approve(4, "RELEASE", "GCO.release")],
        4,
        Line.KEYS_GREW_LEVEL,
        "S now needs 1 key more, because level, lead or topic ask for more",
        id="the level rose",
    ),
    pytest.param(
        [LIVE, WARNING, update(2, urgency="Past"), approve(3, "ORIGINATOR", "MOI.commander", "W")],
        3,
        Line.KEYS_GREW_LIFE,
        "W still needs 2 keys, because the danger to life",
        id="the danger is over",
    ),
    pytest.param(
        [report(), submit(1), approve(62, "FACT", "GCO.director")],
        62,
        Line.KEY_GIVEN_INSTEAD,
        "It was for MOI to give",
        id="the office instead",
    ),
    pytest.param(
        [report(), submit(1)],
        61,
        Line.ESC_09B,
        "from now on the communication office may give it: GCO.director",
        id="key still missing",
    ),
    pytest.param(
        [*WARNED, submit(3, "T", "RETRACTION", refs=["W"])],
        3,
        Line.KEY_ORIGINATOR_RETRACTION,
        "Key ORIGINATOR from NCEMA and no other, because it takes back nothing but public warnings",
        id="retraction",
    ),
    pytest.param(
        [*WARNED, submit(3, "T", "RETRACTION", refs=["W"]), approve(4, "ORIGINATOR", "NCEMA.ops", "T")],
        4,
        Line.RETRACTED,
        "W is retracted by T",
        id="retracted",
    ),
    pytest.param(
        [*WARNED, submit(3, "T", "ALL_CLEAR", refs=["W"])],
        3,
        Line.KEY_COORD_BROADCAST,
        "it follows a text that went out by cell broadcast",
        id="after cell broadcast",
    ),
    pytest.param(
        [*WARNED, of(40, "statement.review", "GCO.director", "W")],
        40,
        Line.REVIEWED_LATE,
        "too late",
        id="reviewed late",
    ),
    pytest.param(WARNED, 40, Line.ESC_13, "Nobody reviewed W, which left on one key", id="not reviewed"),
    pytest.param([report(), *out(1, keys=LEVEL_1, expires=9)], 9, Line.EXPIRED, "S has expired", id="expired"),
    pytest.param(
        [
            report(),
            *out(1, "B", "INTERNAL_BRIEFING", keys={"INTERNAL": "GCO.duty"}),
            *(of(2, "delivery.fail", "delivery", "B", channel=name) for name in ("GOV_INTERNAL", "LEADERSHIP_BRIEF")),
        ],
        2,
        Line.FAILED,
        "every channel it went to",
        id="failed",
    ),
    pytest.param(
        [report(), (1, "channel.suspend", "MOI.it", {"channel": "WEB", "entity": "MOI"}), *out(2, keys=LEVEL_1)],
        2,
        Line.ACCOUNTS_OUT,
        "Left out because they are suspended: accounts –, channels Official website / newsroom",
        id="left out",
    ),
    pytest.param(
        [report(), (1, "channel.suspend", "CSC.soc", {"channel": "SOCIAL", "entity": "MOI"})],
        1,
        Line.ACCOUNT_SUSPENDED,
        "CSC.soc suspended the account of MOI on Verified official social accounts",
        id="suspended",
    ),
    pytest.param(
        [report(), (1, "channel.suspend", "CSC.soc", {"channel": "SOCIAL", "entity": "MOI"})],
        1,
        Line.ACCOUNT_FLAGGED,
        "since 16:41 is official",
        id="flagged",
    ),
    pytest.param(
        [
            report(),
            (1, "channel.suspend", "CSC.soc", {"channel": "SOCIAL", "entity": "MOI"}),
            (2, "channel.restore", "CSC.soc", {"channel": "SOCIAL", "entity": "MOI"}),
        ],
        2,
        Line.ACCOUNT_RESTORED,
        "CSC.soc restored the account of MOI",
        id="restored",
    ),
    pytest.param(
        [report(exercise=True), *out(1, keys=LEVEL_1, embargo_until=60, marker=True)],
        1,
        Line.SCHEDULED_EXERCISE,
        "only the exercise's own channel has it: Exercise sandbox",
        id="embargo of an exercise",
    ),
    pytest.param(
        [
            report(),
            order(1, "publication.observe", "monitor", id="P", source="a paper", government=False, facts={"x": 1}),
        ],
        1,
        Line.OBSERVED_CONSISTENT,
        "it agrees with the fact sheet",
        id="consistent",
    ),
    pytest.param(
        [
            report(),
            sheet(1, roads=1),
            order(2, "publication.observe", "monitor", id="P", source="s", government=True, facts={"roads": 2}),
            (13, "contradiction.resolve", "GCO.desk", {"contradiction": "P", "outcome": "UPDATE_FACTSHEET"}),
        ],
        13,
        Line.CONTRADICTION_CLOSED_LATE,
        "after 11 minutes, late: the fact sheet is to be updated",
        id="settled late",
    ),
    pytest.param(
        [
            report(),
            sheet(1, roads=1),
            order(2, "publication.observe", "monitor", id="P", source="s", government=True, facts={"roads": 2}),
        ],
        22,
        Line.ESC_06B,
        "still open; the Secretary-General is told: GSC.secretary_general",
        id="secretary-general",
    ),
    pytest.param(
        [
            report(),
            sheet(1, roads=1),
            order(2, "publication.observe", "monitor", id="P", source="s", government=True, facts={"roads": 2}),
        ],
        22,
        Line.REPEAT,
        "reminder number 1",
        id="again",
    ),
    pytest.param(
        [report(), RUMOUR], 31, Line.ESC_07B, "The rumour R has no answer and its time is over", id="no answer"
    ),
    pytest.param(
        [report(), RUMOUR, (2, "rumour.grow", "monitor", {"rumour": "R", "reach": 70_000})],
        2,
        Line.RUMOUR_GREW,
        "monitor saw the rumour R grow to 70000 people",
        id="grows",
    ),
    pytest.param(
        [
            report(),
            RUMOUR,
            *out(
                32,
                kind="RUMOUR_RESPONSE",
                by="GCO.drafter",
                answers=["R"],
                keys={"FACT": "GCO.facts", "RELEASE": "GCO.release"},
            ),
        ],
        32,
        Line.RUMOUR_ANSWERED_LATE,
        "31 minutes after its last triage: late",
        id="answered late",
    ),
    pytest.param(
        [(0, "initiative.plan", "MOI.events", PLAN), LIVE], 0, Line.INITIATIVE_HELD, "of MOI is held", id="held"
    ),
    pytest.param(
        [LIVE, (1, "initiative.plan", "MOI.events", PLAN)],
        1,
        Line.INITIATIVE_PLANNED,
        "MOI.events planned the initiative P of MOI for 01:00 on 17 April 2026",
        id="planned in a crisis",
    ),
    pytest.param(
        [LIVE, (1, "initiative.plan", "MOI.events", PLAN), (2, "initiative.release", "GCO.desk", {"initiative": "P"})],
        2,
        Line.INITIATIVE_RELEASED,
        "GCO.desk released the initiative P",
        id="released",
    ),
    pytest.param(
        [report(kind="INF-DEEPFAKE", name="I", priority="MEDIUM"), override(1, 1), update(2, injured=1)],
        2,
        Line.UPDATED,
        "injured from 0 to 1",
        id="injured",
    ),
]


BOOK = Path(__file__).parents[3] / "shared" / "domain" / "rules.md"
NEVER = {
    Line.TITLE,
    Line.POLICY_PROPOSED,
    Line.ESC_OTHER,
    Line.KEY_OTHER,
    Line.REHEARSAL_OPENED,
    Line.COORDINATOR_BY_GRADE,
}
"""What stands above the story, is for rules and packs to come, or concerns no incident."""


def _told(orders: list[Order], until: int, line: Line) -> Story:
    roster = NO_SPOKESPERSON if line is Line.UNAVAILABLE else None
    told = tell(exported.played(orders, until, roster), exported.policy(), "I")
    assert isinstance(told, Story)
    return told


@pytest.mark.parametrize(("orders", "until", "line", "said"), CASES)
def test_a_line_is_told(orders: list[Order], until: int, line: Line, said: str) -> None:
    told = _told(orders, until, line)
    teller = Storyteller("en", told.offset_minutes)
    texts = [teller.tell(event.line, event.values, event.at).text for event in told.events if line in lines_of(event)]

    assert [] != [text for text in texts if said in text], texts


def _adopted() -> Story:
    """A version of the policy that is adopted while an incident is open."""
    *entries, last = exported.played([report()], 1)
    data = {"version": "2", "in_force_from": 90, "proposed_by": "GCO.a", "by": "GCO.b", "digest": "d"}
    fact = FactRecord(at=1, type="policy.adopted", data=data)
    told = tell([*entries, last.model_copy(update={"facts": (fact,)})], exported.policy(), "I")
    assert isinstance(told, Story)
    return told


def _stories() -> list[Story]:
    return [_adopted(), *(_told(*case.values[:3]) for case in CASES), *(story(*case.values) for case in SHIPPED)]


def test_an_incident_keeps_the_policy_that_it_began_with() -> None:
    told = _adopted()
    (adopted,) = [event for event in told.events if event.line is Line.POLICY_ADOPTED]

    assert (
        "GCO.b adopted version 2 of the policy, which holds from 18:10; "
        "this incident keeps the one that it began with, 1"
    ) == Storyteller("en", told.offset_minutes).tell(adopted.line, adopted.values, adopted.at).text


@pytest.mark.skipif(not BOOK.is_file(), reason="the rule book is not beside this checkout")
def test_every_rule_behind_a_line_stands_in_the_rule_book() -> None:
    book = BOOK.read_text(encoding="utf-8")
    rules = {event.rule for told in _stories() for event in told.events if event.rule is not None}
    spread = {rule: (rule.replace("§", "### "), f"{rule[:-1]}a / b", f"{rule[:-2]}02a") for rule in rules}

    assert [] == [rule for rule, forms in spread.items() if not any(form in book for form in (rule, *forms))]


def test_every_line_is_told_somewhere() -> None:
    seen = {line for told in _stories() for event in told.events for line in lines_of(event)}

    assert set(Line) == seen | NEVER
    assert set() == seen & NEVER
