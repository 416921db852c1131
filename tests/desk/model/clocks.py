"""What fires by itself, when, and up to how often (`scenario-format.md` §2, §6)."""

from collections.abc import Callable

from tests.desk.model import outside, publishing, statements, voices
from tests.desk.model.world import FIRST, MINUTE, OPEN, Clock, Record, World, prefixed

_REPEATS = 5


def _suspended(w: World, thing: Record) -> bool:
    incident = w.incident_of(thing)
    return incident is not None and incident["state"] == "SUSPENDED"


def _not_acknowledged(w: World, clock: Clock) -> bool:
    incident = w.incidents[clock.of]
    return incident["state"] in OPEN and not incident["acknowledged"]


def _nothing_out(w: World, clock: Clock) -> bool:
    incident = w.incidents[clock.of]
    waits = clock.rule == "ESC-02a" and _waiting(w, incident)
    return incident["state"] in OPEN and not incident["out"] and clock.rule not in incident["used"] and not waits


def _waiting(w: World, incident: Record) -> bool:
    states = {"DRAFT", "IN_REVIEW", "SCHEDULED"}
    return any(text["kind"] in FIRST and text["state"] in states for text in w.texts(incident))


def _unconfirmed(w: World, clock: Clock) -> bool:
    return w.incidents[clock.of]["state"] in OPEN and not w.incidents[clock.of]["confirmed"]


def _open_contradiction(w: World, clock: Clock) -> bool:
    publication = w.publications[clock.of]
    return bool(publication["open"]) and not _suspended(w, publication)


def _unanswered(w: World, clock: Clock) -> bool:
    rumour = w.rumours[clock.of]
    return rumour["state"] in {"OPEN", "VERIFIED"} and rumour["priority"] != "LOW" and not _suspended(w, rumour)


def _key_missing(w: World, clock: Clock) -> bool:
    text, series = w.statements[clock.of], clock.series
    assert isinstance(series, tuple)
    same = text["state"] == "IN_REVIEW" and text["submission"] == series[0]
    return same and series[1] in statements.missing(text)


def _not_reviewed(w: World, clock: Clock) -> bool:
    text = w.statements[clock.of]
    return text["state"] == "PUBLISHED" and not text["reviewed"] and not _suspended(w, text)


def _scheduled(w: World, clock: Clock) -> bool:
    text = w.statements[clock.of]
    return (text["state"], text["submission"]) == ("SCHEDULED", clock.series)


_HOLDS: dict[str, Callable[[World, Clock], bool]] = {
    "ESC-01a": _not_acknowledged,
    "ESC-01b": _not_acknowledged,
    "ESC-02a": _nothing_out,
    "ESC-02b": _nothing_out,
    "ESC-02c": _nothing_out,
    "ESC-03": _unconfirmed,
    "ESC-06b": _open_contradiction,
    "ESC-07b": _unanswered,
    "ESC-09a": _key_missing,
    "ESC-09b": _key_missing,
    "ESC-10": lambda w, clock: w.incidents[clock.of]["state"] in OPEN,
    "ESC-13": _not_reviewed,
    "embargo": _scheduled,
    "expiry": lambda w, clock: w.statements[clock.of]["state"] == "PUBLISHED",
}
"""Rule of a timer → whether it must fire now."""


def holds(w: World, clock: Clock) -> bool:
    return _HOLDS[clock.rule](w, clock)


def passed(w: World, clock: Clock) -> None:
    """A timer that came due in silence; ESC-02a is used up all the same."""
    if clock.rule == "ESC-02a":
        w.incidents[clock.of]["used"].add(clock.rule)


def escalated(w: World, d: Record) -> None:
    """Each rule by its own; those of a command are owed by it."""
    rule = d["rule"]
    if rule in _BY_TIMER:
        assert w.kind == "" or rule == "ESC-03", "only a clock leads to this"
        assert rule == "ESC-03" or holds(w, _clock(w, d))
        _BY_TIMER[rule](w, d)
    elif rule == "ESC-11":
        outside.delivery_failed(w, d)
    else:
        w.pay("escalation", d)


def _clock(w: World, d: Record) -> Clock:
    rule = d["rule"]
    of = d.get("contradiction") or d.get("rumour") or d.get("statement") or d.get("incident")
    series: object = d.get("repeat", 0)
    if "key" in d:
        series = (w.statements[d["statement"]]["submission"], d["key"])
    return Clock(w.now, rule, str(of), series)


def _of_incident(w: World, d: Record) -> None:
    rule, incident = d["rule"], w.incidents[d["incident"]]
    lead = incident["lead"]
    to = {
        "ESC-01a": [f"{lead}.duty.deputy"],
        "ESC-01b": ["GCO.desk"],
        "ESC-02a": [f"{lead}.duty"],
        "ESC-02b": ["approver.deputies", "GCO.desk"],
        "ESC-02c": ["GCO.director"],
    }[rule]
    assert prefixed(incident, to) == d["to"]
    w.fired(rule, incident["id"])
    if rule == "ESC-01b" and incident["state"] == "REPORTED":
        incident["state"] = "ACKNOWLEDGED"  # custody, without a fact of its own
    if rule.startswith("ESC-02"):
        incident["used"].add(rule)
    automatic = f"AUTO-{incident['id']}"
    if rule == "ESC-02a" and automatic not in w.statements:
        told = {"statement": automatic, "incident": incident["id"], "kind": "HOLDING", "by": "system"}
        w.owe("statement.drafted", **told, facts=incident["sheet"])
    if rule == "ESC-02c":
        w.pay("escalation", d)


def breached(w: World, d: Record) -> None:
    """ESC-02c: once, at the deadline, with nothing out."""
    incident = w.incidents[d["incident"]]
    due = incident["reported"] + incident["deadline"]
    assert (w.now, w.written(due)) == (due, d["due"])
    assert not incident["out"]
    assert not incident["breached"]
    incident["breached"] = True
    to = prefixed(incident, ["GCO.director"])
    w.owe("escalation", rule="ESC-02c", incident=incident["id"], to=to)


def _series(w: World, d: Record, of: str, every: int) -> None:
    """0 for the first, then 1 to 5; each one sets the timer of the next."""
    repeat = d["repeat"]
    assert 0 <= repeat <= _REPEATS
    w.fired(d["rule"], of, repeat)
    if repeat < _REPEATS:
        w.set_clock(w.now + every, d["rule"], of, repeat + 1)


def _still_open(w: World, d: Record) -> None:
    publication = w.publications[d["contradiction"]]
    assert publication["incident"] == d["incident"]
    assert prefixed(w.incidents[d["incident"]], ["GSC.secretary_general"]) == d["to"]
    _series(w, d, publication["id"], 10 * MINUTE)


def _answer_due(w: World, d: Record) -> None:
    rumour = w.rumours[d["rumour"]]
    assert prefixed(w.incident_of(rumour), ["GCO.director"]) == d["to"]
    _series(w, d, rumour["id"], 30 * MINUTE)


def _update_due(w: World, d: Record) -> None:
    incident = w.incidents[d["incident"]]
    assert not incident["exercise"]
    to = [f"{incident['lead']}.duty", "GCO.desk", *(["GCO.director"] if d["repeat"] else [])]
    assert prefixed(incident, to) == d["to"]
    _series(w, d, incident["id"], publishing.cadence(w, incident))


def _not_reviewed_in_time(w: World, d: Record) -> None:
    text = w.statements[d["statement"]]
    assert prefixed(w.incidents[text["incident"]], ["GCO.director"]) == d["to"]
    w.fired("ESC-13", text["id"])


def _silent(w: World, d: Record) -> None:
    incident = w.incidents[d["incident"]]
    assert prefixed(incident, [f"{incident['lead']}.duty"]) == d["to"]
    voices.gone(w, d)


_BY_TIMER: dict[str, Callable[[World, Record], None]] = {
    **dict.fromkeys(("ESC-01a", "ESC-01b", "ESC-02a", "ESC-02b", "ESC-02c"), _of_incident),
    "ESC-03": _silent,
    "ESC-06b": _still_open,
    "ESC-07b": _answer_due,
    "ESC-09a": statements.overdue,
    "ESC-09b": statements.overdue,
    "ESC-10": _update_due,
    "ESC-13": _not_reviewed_in_time,
}
