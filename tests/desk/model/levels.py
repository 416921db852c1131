"""What rises and falls: grade, level and deadline after a change (`rules.md` §3.2, §3.3, INV-11)."""

from tests.desk.model import grading, voices
from tests.desk.model.world import OPEN, Record, World, entity

GRADED = {"severity", "urgency", "certainty", "emirates", "fatalities"}


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
    present = grading.extent(w, incident)
    incident["worst"] = {name: max(value, incident["worst"][name]) for name, value in present.items()}
    new = grading.grade(incident)
    if new != before["grade"]:
        incident.update(grade=new, peak=max(new, incident["peak"]), signatures={})
        w.owe("incident.regraded", incident=incident["id"], grade=new, was=before["grade"])
    mark = incident["mark"]
    if mark is None or any(value > mark[name] for name, value in present.items()):
        owe_rise(w, incident, grading.formula(w, incident), "ESC-04")
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
    elapsed, new = w.now - incident["reported"], grading.allowed(w, incident)
    if incident["out"] or incident["breached"] or new >= incident["deadline"]:
        return
    new = max(new, elapsed + grading.share(new, 50))
    if new >= incident["deadline"]:
        return
    incident["deadline"] = new
    w.owe("deadline.tightened", incident=incident["id"], due=w.written(incident["reported"] + new))
    due = {
        "ESC-02a": grading.share(new - elapsed, 50),
        "ESC-02b": grading.share(new - elapsed, 80),
        "ESC-02c": new - elapsed,
    }
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
    grading.notified(w, incident)
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
