"""Incidents: grade, level, lead, deadline, states, and the end of them (`rules.md` §3.1-3.3, §4.8, INV-10 to 12)."""

from tests.desk.model import grading, levels, voices
from tests.desk.model.world import (
    FIRST,
    MINUTE,
    OPEN,
    PENDING,
    SCALES,
    Record,
    World,
    entity,
    unanswered_high,
)

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
_FRESH: Record = {
    **dict.fromkeys(("topic", "priority", "depicted", "mark", "spokesperson")),
    **dict.fromkeys(("exercise", "acknowledged", "out", "breached", "confirmed", "next_of_kin_informed"), False),
    **dict.fromkeys(("fatalities", "injured"), 0),
    "state": "REPORTED",
    "floor": 1,
}


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
    incident: Record = {**_FRESH, **said, "id": name, "reported": w.now, "lead": by_topic or row.lead}
    incident |= {"supporting": list(row.supporting), "emirates": list(dict.fromkeys(said["emirates"]))}
    incident |= {"used": set(), "declined": set(), "silent": {}, "sheet": {}, "signatures": {}}
    w.incidents[name] = incident
    if any(map(unanswered_high, w.rumours_of(incident))):
        incident["floor"] = 2
    incident["grade"] = incident["peak"] = grading.grade(incident)
    incident["level"] = grading.formula(w, incident)
    incident["worst"], incident["deadline"] = grading.extent(w, incident), grading.allowed(w, incident)
    expected = {name: incident[name] for name in ("grade", "level", "lead")}
    assert expected | {"incident": name, "first_statement_due": w.written(w.now + incident["deadline"])} == d
    grading.notified(w, incident)
    voices.owe_selection(w, incident)
    _start(w, incident)


def _start(w: World, incident: Record) -> None:
    acknowledge = MINUTE * w.policy.grade_of[incident["grade"]].acknowledge
    w.set_clock(w.now + acknowledge, "ESC-01a", incident["id"])
    w.set_clock(w.now + 2 * acknowledge, "ESC-01b", incident["id"])
    for rule, percent in (("ESC-02a", 50), ("ESC-02b", 80), ("ESC-02c", 100)):
        w.set_clock(w.now + grading.share(incident["deadline"], percent), rule, incident["id"])


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
            levels.high_rumour(w, other)


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
