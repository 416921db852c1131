"""Incidents: grade, level, lead, deadline, states, and the end of them (`rules.md` §3.1-3.3, §4.8, INV-10 to 12)."""

from typing import Any

from tests.desk.model import voices
from tests.desk.model.world import (
    FIRST,
    MINUTE,
    OPEN,
    PENDING,
    SCALES,
    Record,
    World,
    entity,
    prefixed,
    unanswered_high,
)

GRADED = {"severity", "urgency", "certainty", "emirates", "fatalities"}
_STATES = {
    "incident.acknowledge": {("REPORTED", "ACKNOWLEDGED"), ("ACKNOWLEDGED",) * 2, ("STABILISING",) * 2},
    "incident.stabilise": {("REPORTED", "STABILISING"), ("ACKNOWLEDGED", "STABILISING")},
    "incident.update": {("STABILISING", "ACKNOWLEDGED")},
    "level.override": {("STABILISING", "ACKNOWLEDGED")},
    "incident.report": {(state, "MERGED") for state in OPEN},
    "incident.merge": {(state, "MERGED") for state in OPEN},
    "incident.stand_down": {(state, "STOOD_DOWN") for state in OPEN | {"SUSPENDED"}},
    "incident.close": {("STOOD_DOWN", "CLOSED"), *((s, end) for s in OPEN for end in ("FALSE_ALARM", "DUPLICATE"))},
}
"""Command → the changes of state that it may make (§4.8)."""


def grade(incident: Record) -> int:
    """§3.1."""
    if incident["type"].startswith("INF-") and incident["priority"]:
        return {"HIGH": 3, "MEDIUM": 2, "LOW": 1}[incident["priority"]]
    if incident["urgency"] == "Past" or incident["certainty"] == "Unlikely":
        return 1
    hot = incident["urgency"] in {"Immediate", "Expected", "Unknown"} and incident["certainty"] in {
        "Observed",
        "Likely",
    }
    usual = {"Extreme": (3, 4), "Severe": (2, 3), "Moderate": (1, 2), "Unknown": (1, 2), "Minor": (1, 1)}
    return usual[incident["severity"]][hot]


def formula(w: World, incident: Record) -> int:
    """§3.3."""
    emirates, deaths = len(w.affected(incident["emirates"])), incident["fatalities"]
    return max(
        w.policy.type_of[incident["type"]].base_level,
        {4: 3, 3: 2}.get(incident["grade"], 1),
        3 if emirates >= 4 else 2 if emirates >= 2 else 1,
        3 if deaths >= 20 else 2 if deaths >= 5 else 1,
        incident["floor"],
    )


def allowed(w: World, incident: Record) -> int:
    """The first statement's time, in milliseconds: the smaller of the grade's and the type's."""
    type_ = w.policy.type_of[incident["type"]]
    return MINUTE * min(w.policy.grade_of[incident["grade"]].first_statement, type_.first_statement)


def share(duration: int, percent: int) -> int:
    """⌈ ⌉ rounds up to a whole minute."""
    return -(-duration * percent // (100 * MINUTE)) * MINUTE


def extent(w: World, incident: Record) -> dict[str, int]:
    """How bad each scale is; more is worse."""
    ranks = {name: -scale.index(incident[name]) for name, scale in SCALES.items()}
    return ranks | {"emirates": len(w.affected(incident["emirates"])), "fatalities": incident["fatalities"]}


def opened(w: World, d: Record) -> None:
    rumour = w.rumours[d["rumour"]]
    assert ("INC-" + d["rumour"], "INF-RUMOUR") == (d["incident"], d["type"])
    assert rumour["incident"] is None
    assert rumour["priority"] == "HIGH"
    rumour["incident"] = d["incident"]


def _said(w: World, name: str) -> Record:
    if w.kind == "incident.report":
        assert name == w.data["id"]
        return dict(w.data)
    rumour = w.rumours[name.removeprefix("INC-")]
    unknown = dict.fromkeys(SCALES, "Unknown")
    return {"type": "INF-RUMOUR", "topic": rumour["topic"], "priority": "HIGH", "emirates": [], **unknown}


def graded(w: World, d: Record) -> None:
    """A report, or a rumour that became an incident: everything about it begins here."""
    name = d["incident"]
    assert name not in w.incidents
    said = _said(w, name)
    row = w.policy.type_of[said["type"]]
    topic = said.get("topic")
    by_topic = w.policy.topic_owner[topic] if topic and said["type"] == "INF-RUMOUR" else None
    incident: dict[str, Any] = {
        **{"fatalities": 0, "injured": 0, "exercise": False, "topic": None, "priority": None, "depicted": None},
        **{"state": "REPORTED", "acknowledged": False, "out": False, "breached": False, "used": set(), "mark": None},
        **{"spokesperson": None, "confirmed": False, "declined": set(), "silent": {}, "sheet": {}, "signatures": {}},
        **{"next_of_kin_informed": False, "floor": 1, **said},
        **{"id": name, "reported": w.now, "lead": by_topic or row.lead, "supporting": list(row.supporting)},
        "emirates": list(dict.fromkeys(said["emirates"])),
    }
    w.incidents[name] = incident
    if any(map(unanswered_high, w.rumours_of(incident))):
        incident["floor"] = 2
    incident["grade"] = incident["peak"] = grade(incident)
    incident["level"] = formula(w, incident)
    incident["worst"], incident["deadline"] = extent(w, incident), allowed(w, incident)
    expected = {name: incident[name] for name in ("grade", "level", "lead")}
    assert expected | {"incident": name, "first_statement_due": w.written(w.now + incident["deadline"])} == d
    notified(w, incident)
    voices.owe_selection(w, incident)
    _start(w, incident)


def _start(w: World, incident: Record) -> None:
    acknowledge = MINUTE * w.policy.grade_of[incident["grade"]].acknowledge
    w.set_clock(w.now + acknowledge, "ESC-01a", incident["id"])
    w.set_clock(w.now + 2 * acknowledge, "ESC-01b", incident["id"])
    for rule, percent in (("ESC-02a", 50), ("ESC-02b", 80), ("ESC-02c", 100)):
        w.set_clock(w.now + share(incident["deadline"], percent), rule, incident["id"])


def notified(w: World, incident: Record) -> None:
    """N-1 (`scenario-format.md` §7, Notify)."""
    lead, supporting, level = incident["lead"], incident["supporting"], incident["level"]
    to = [f"{lead}.duty", "GCO.desk"]
    if level >= 2 or incident["grade"] >= 3 or w.policy.type_of[incident["type"]].coord_always:
        to.append("NCEMA.ops")
    if level >= 2:
        to += [f"{one}.liaison" for one in supporting if one not in {lead, "NCEMA", "GCO"}]
        offices = [f"LMO-{code[-2:]}" for code in w.affected(incident["emirates"])]
        to += [office for office in offices if office not in {lead, *supporting}]
    if level == 3:
        to += ["all-ministries.liaison", "leadership.brief"]
    w.owe("notify", incident=incident["id"], to=prefixed(incident, dict.fromkeys(to)))


def updated(w: World, d: Record) -> None:
    """ESC-04: what the grade, the level and the deadline must now be."""
    incident = w.incidents[d["incident"]]
    assert incident["state"] in OPEN
    assert "next_of_kin_informed" not in w.data or entity(w.by) == "MOI"
    said = {name: list(dict.fromkeys(v)) if name == "emirates" else v for name, v in w.data.items()}
    changed = {name: value for name, value in said.items() if name != "incident" and incident[name] != value}
    assert changed == d["changed"]
    incident.update(changed)
    if GRADED & changed.keys():
        _regrade(w, incident)


def _regrade(w: World, incident: Record) -> None:
    before = {name: incident[name] for name in ("grade", "level", "state")}
    present = extent(w, incident)
    incident["worst"] = {name: max(value, incident["worst"][name]) for name, value in present.items()}
    new = grade(incident)
    if new != before["grade"]:
        incident.update(grade=new, peak=max(new, incident["peak"]), signatures={})
        w.owe("incident.regraded", incident=incident["id"], grade=new, was=before["grade"])
    mark = incident["mark"]
    if mark is None or any(value > mark[name] for name, value in present.items()):
        owe_rise(w, incident, formula(w, incident), "ESC-04")
    if new > before["grade"]:
        _tighten(w, incident)
    if (new > before["grade"] or w.owes("level.raised", incident["id"])) and before["state"] == "STABILISING":
        w.owe("incident.state", incident=incident["id"], state="ACKNOWLEDGED")


def owe_rise(w: World, incident: Record, level: int, rule: str) -> None:
    """To a higher level only; it never falls by itself (INV-11)."""
    if level > incident["level"]:
        w.owe("level.raised", incident=incident["id"], level=level, was=incident["level"], rule=rule)


def _tighten(w: World, incident: Record) -> None:
    """§3.2: sooner, if the grade rose before anything was out; no step twice."""
    elapsed, new = w.now - incident["reported"], allowed(w, incident)
    if incident["out"] or incident["breached"] or new >= incident["deadline"]:
        return
    new = max(new, elapsed + share(new, 50))
    if new >= incident["deadline"]:
        return
    incident["deadline"] = new
    w.owe("deadline.tightened", incident=incident["id"], due=w.written(incident["reported"] + new))
    due = {"ESC-02a": share(new - elapsed, 50), "ESC-02b": share(new - elapsed, 80), "ESC-02c": new - elapsed}
    for rule, later in due.items():
        w.stop(rule, incident["id"])
        if rule not in incident["used"]:
            w.set_clock(w.now + later, rule, incident["id"])


def raised(w: World, d: Record) -> None:
    """Owed by what caused it; a notice and, where the rule says so, a selection follow."""
    if w.kind == "level.override":
        assert entity(w.by) in {"GCO", "NCEMA"}
        assert w.data["level"] == d["level"] > d["was"]
        incident = w.incidents[d["incident"]]
        incident["floor"] = d["level"]
        owe_rise(w, incident, d["level"], "ESC-12")
        if incident["state"] == "STABILISING":
            w.owe("incident.state", incident=incident["id"], state="ACKNOWLEDGED")
    w.pay("level.raised", d)
    incident = w.incidents[d["incident"]]
    assert incident["state"] in OPEN
    incident.update(level=d["level"], signatures={})
    notified(w, incident)
    if d["level"] == 3:
        voices.owe_selection(w, incident, handover=True)
    elif not voices.fit(w, incident):
        voices.owe_selection(w, incident)


def lowered(w: World, d: Record) -> None:
    """ESC-12, the only way down, and only for GCO and NCEMA (INV-11)."""
    incident = w.incidents[d["incident"]]
    assert entity(w.by) in {"GCO", "NCEMA"}
    assert incident["state"] in OPEN
    assert (w.data["level"], incident["level"], "ESC-12") == (d["level"], d["was"], d["rule"])
    assert d["level"] < d["was"]
    incident.update(level=d["level"], floor=d["level"], signatures={}, mark=dict(incident["worst"]))


def high_rumour(w: World, incident: Record) -> None:
    """ESC-07a: an incident with an unanswered HIGH rumour is one of level 2 at least."""
    incident["floor"] = max(incident["floor"], 2)
    owe_rise(w, incident, 2, "ESC-07a")


def state(w: World, d: Record) -> None:
    incident = w.incidents[d["incident"]]
    assert (incident["state"], d["state"]) in _STATES[w.kind], (incident["state"], d, w.kind)
    if w.kind in {"incident.acknowledge", "incident.stabilise", "incident.close"}:
        assert entity(w.by) in {incident["lead"], "GCO", "NCEMA"}
    _AFTER.get(w.kind, _merged)(w, incident, d)
    incident["state"] = d["state"]


def _acknowledged(w: World, incident: Record, d: Record) -> None:
    assert not incident["acknowledged"]
    assert (w.now - incident["reported"]) // MINUTE == d["ack_minutes"]
    incident["acknowledged"] = True


def _stabilised(_w: World, _incident: Record, d: Record) -> None:
    assert {"incident", "state"} == d.keys()


def _owed(w: World, _incident: Record, d: Record) -> None:
    w.pay("incident.state", d)


def _merged(w: World, incident: Record, d: Record) -> None:
    """What belongs to it passes to the other; texts under way are withdrawn; the fact sheet stays behind."""
    into = d["into"]
    assert into == w.data.get("into", w.data.get("id")) != incident["id"]
    _withdraw(w, incident, into)
    for thing in (*w.rumours.values(), *w.publications.values()):
        if thing["incident"] == incident["id"]:
            thing["incident"] = into
    for text in w.statements.values():
        if text["warning_of"] == incident["id"]:
            text["warning_of"] = into
    other = w.incidents.get(into)
    if other is not None:
        assert other["state"] in OPEN
        assert other["exercise"] == incident["exercise"]
        if any(map(unanswered_high, w.rumours_of(other))):
            high_rumour(w, other)


def _closed(w: World, incident: Record, d: Record) -> None:
    assert {"AAR_FILED": "CLOSED"}.get(w.data["outcome"], w.data["outcome"]) == d["state"]
    if d["state"] != "CLOSED":
        assert not any(text["was_public"] for text in w.texts(incident)), "something public is out"
        _withdraw(w, incident, incident["id"])


def _withdraw(w: World, incident: Record, by: str) -> None:
    for text in w.texts(incident):
        if text["state"] in PENDING:
            w.owe("statement.state", statement=text["id"], state="WITHDRAWN", by=by)


def suspended(w: World, d: Record) -> None:
    """DR-5: the first open real incident at level 2 or 3 that overlaps, in the order of opening."""
    incident = w.incidents[d["incident"]]
    assert incident["exercise"]
    assert incident["state"] in OPEN
    assert d["because"] == because(w, incident)
    _withdraw(w, incident, d["because"])
    incident["state"] = "SUSPENDED"


def because(w: World, exercise: Record) -> str | None:
    affected = set(w.affected(exercise["emirates"]))
    for real in w.open_incidents():
        overlaps = affected & set(w.affected(real["emirates"])) or real["lead"] == exercise["lead"]
        if not real["exercise"] and real["level"] >= 2 and overlaps:
            return str(real["id"])
    return None


def transferred(w: World, d: Record) -> None:
    """OV-1: one lead at a time; what was under way goes back to draft, its keys void."""
    incident = w.incidents[d["incident"]]
    assert entity(w.by) in {"GCO", "NCEMA"}
    assert incident["state"] in OPEN
    assert (w.data["to"], incident["lead"], "OV-1") == (d["lead"], d["was"], d["rule"])
    assert d["lead"] != d["was"]
    voided = [text for text in w.texts(incident) if text["state"] in {"IN_REVIEW", "BLOCKED", "SCHEDULED"}]
    assert sorted(text["id"] for text in voided) == d["voided"]
    for text in voided:
        text.update(state="DRAFT", needed={}, given={}, fallback=set())
    incident["supporting"] = [d["was"], *(one for one in incident["supporting"] if one != d["lead"])]
    incident["lead"] = d["lead"]
    voices.owe_selection(w, incident, handover=True)


def first_statement(w: World, incident: Record, kind: str) -> None:
    """The first of a first kind meets the deadline or is late; only the first."""
    if kind in FIRST and not incident["out"]:
        incident["out"] = True
        passed = w.now - incident["reported"]
        fact = "deadline.met" if passed <= incident["deadline"] else "deadline.late"
        minutes = {"minutes": passed // MINUTE, "target": incident["deadline"] // MINUTE}
        w.owe(fact, incident=incident["id"], **minutes)


_AFTER = {
    "incident.acknowledge": _acknowledged,
    "incident.stabilise": _stabilised,
    "incident.update": _owed,
    "level.override": _owed,
    "incident.stand_down": _owed,
    "incident.close": _closed,
}
"""Command → what its change of state says; any other is a merge."""
