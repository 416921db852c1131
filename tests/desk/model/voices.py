"""One voice: who may speak for an incident, and who was passed over (`rules.md` §3.4, INV-10)."""

from datetime import date, timedelta

from crisis_bus.domain.policy import Person
from tests.desk.model.world import MINUTE, OPEN, Record, World, person


def _fails(w: World, incident: Record, one: Person) -> dict[str, bool]:
    """Each reason to pass somebody over, in the order of the rule, and whether it holds."""
    today, level = w.today(), incident["level"]
    silent = incident["silent"].get(one.id)
    return {
        "DECLINED": one.id in incident["declined"],
        "SILENT": silent is not None and w.now - silent < 60 * MINUTE,
        "OFF_ROTA": not one.on_rota,
        "ACCREDITATION_EXPIRED": date.fromisoformat(str(one.accredited_until)) < today,
        "TRAINING_LAPSED": today - one.trained > timedelta(days=365),
        "LANGUAGE": not {"ar"} | ({"en"} if level > 1 else set()) <= set(one.languages),
        "MEDIUM": ("live_tv" if level > 1 else "press") not in one.media,
        "CONFLICT": one.id == incident["depicted"],
        "ENGAGED": engaged(w, incident, one.id),
    }


def engaged(w: World, incident: Record, name: str) -> bool:
    """Assigned to another open real incident at level 2 or 3."""
    return any(
        other["spokesperson"] == name and other["level"] >= 2 and not other["exercise"] and other is not incident
        for other in w.open_incidents()
    )


def _choice(w: World, incident: Record) -> tuple[str | None, list[str]]:
    skipped = []
    lead = incident["lead"]
    national = [w.policy.type_of[incident["type"]].national_voice] if incident["level"] == 3 else []
    for entity in dict.fromkeys([*national, lead, "GCO", "NCEMA"]):
        people = [one for one in w.roster if one.entity == entity]
        if not people:
            skipped.append(f"{entity}:NONE_REGISTERED")
        for one in sorted(people, key=lambda one: one.role != "primary"):
            reason = next((why for why, holds in _fails(w, incident, one).items() if holds), None)
            if reason is None:
                return one.id, skipped
            skipped.append(f"{one.id}:{reason}")
    return None, skipped


def owe_selection(w: World, incident: Record, *, handover: bool = False) -> None:
    """Somebody is chosen now, or stays, or nobody can."""
    name, skipped = _choice(w, incident)
    if name is None:
        w.owe("spokesperson.unavailable", incident=incident["id"], skipped=skipped)
    elif name != incident["spokesperson"]:
        former = {"co_speaker": incident["spokesperson"]} if handover and incident["spokesperson"] else {}
        w.owe("spokesperson.assigned", incident=incident["id"], spokesperson=name, skipped=skipped, **former)


def fit(w: World, incident: Record) -> bool:
    """Whether the assigned person may stay when the level rises to 2."""
    one = next((one for one in w.roster if one.id == incident["spokesperson"]), None)
    if one is None:
        return False
    able = {"ar", "en"} <= set(one.languages) and "live_tv" in one.media
    return able and (incident["exercise"] or not engaged(w, incident, one.id))


def assigned(w: World, d: Record) -> None:
    w.pay("spokesperson.assigned", d)
    incident = w.incidents[d["incident"]]
    incident.update(spokesperson=d["spokesperson"], confirmed=False)
    w.stop("ESC-03", incident["id"])
    w.set_clock(w.now + MINUTE * w.policy.grade_of[incident["grade"]].spokesperson, "ESC-03", incident["id"])


def unavailable(w: World, d: Record) -> None:
    w.pay("spokesperson.unavailable", d)
    w.incidents[d["incident"]].update(spokesperson=None, confirmed=False)
    w.stop("ESC-03", d["incident"])


def ready(w: World, d: Record) -> None:
    incident = w.incidents[d["incident"]]
    assert incident["state"] in OPEN
    assert person(w.by) == incident["spokesperson"] == d["spokesperson"]
    assert not incident["confirmed"]
    incident["confirmed"] = True


def gone(w: World, d: Record) -> None:
    """ESC-03: silent or declined; nobody is assigned, and the next is chosen without handover."""
    incident = w.incidents[d["incident"]]
    assert incident["state"] in OPEN
    assert incident["spokesperson"] == d["spokesperson"]
    if d["cause"] == "SILENT":
        assert not incident["confirmed"]
        w.fired("ESC-03", incident["id"])
        incident["silent"][d["spokesperson"]] = w.now
    else:
        assert (w.kind, person(w.by)) == ("spokesperson.decline", d["spokesperson"])
        assert d["cause"] == "DECLINED"
        incident["declined"].add(d["spokesperson"])
        w.stop("ESC-03", incident["id"])
    incident.update(spokesperson=None, confirmed=False)
    owe_selection(w, incident)
