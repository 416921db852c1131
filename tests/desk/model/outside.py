"""The fact sheet, the world outside, plans, and the end of a crisis (`rules.md` §3.7-3.10, INV-7, INV-12)."""

from tests.desk.model import levels
from tests.desk.model.world import (
    INTERNAL,
    MINUTE,
    OPEN,
    PENDING,
    PUBLIC_STATES,
    Record,
    World,
    differing,
    entity,
    prefixed,
    same,
    unanswered_high,
)


def sheet_set(w: World, d: Record) -> None:
    """Old values of the keys that changed, and the published texts that now say another value."""
    incident = w.incidents[d["incident"]]
    facts, sheet = w.data["facts"], incident["sheet"]
    changed = {key: old for key, old in sheet.items() if key in facts and not same(old, facts[key])}
    texts = [text for text in w.texts(incident) if text["state"] == "PUBLISHED" and text["was_public"]]
    stale = sorted(text["id"] for text in texts if differing(text["facts"], facts))
    assert {"incident": incident["id"], "facts": facts, "changed": changed, "stale": stale} == d
    if changed or facts.keys() - sheet.keys():
        incident["signatures"] = {}
    incident["sheet"] = {**sheet, **facts}
    for name in stale:
        w.statements[name]["stale"] = True


def may_set(w: World, incident: Record) -> set[str]:
    """Who may set the facts of an incident."""
    topics = {incident["topic"], *(rumour["topic"] for rumour in w.rumours_of(incident))} - {None}
    owners = {w.policy.topic_owner[topic] for topic in topics}
    return {incident["lead"], *incident["supporting"], "GCO", "NCEMA"} | owners


def observed(w: World, d: Record) -> None:
    """OV-4: a government that disagrees is a contradiction, anybody else is asked to correct."""
    said, incident = w.data, w.incidents[d["incident"]]
    assert incident["state"] in OPEN
    assert said["id"] not in w.publications
    disagree = differing(said["facts"], incident["sheet"])
    expected = {"publication": said["id"], "incident": incident["id"], "source": said["source"]}
    assert expected | {"consistent": not disagree} == d
    against = bool(disagree) and said["government"]
    w.publications[said["id"]] = {**said, "contradiction": against, "open": against}
    if against:
        told = {"contradiction": said["id"], "incident": incident["id"]}
        w.owe("contradiction.detected", **told, source=said["source"], facts=disagree)
        to, due = prefixed(incident, ["GCO.desk"]), w.now + 10 * MINUTE
        w.owe("escalation", rule="ESC-06a", to=to, **told, due=w.written(due))
        w.set_clock(due, "ESC-06b", said["id"], 0)
    elif disagree:
        w.owe("correction.requested", incident=incident["id"], outlet=said["source"], facts=disagree)


def contradiction_closed(w: World, d: Record) -> None:
    publication = w.publications[d["contradiction"]]
    assert publication["open"]
    assert entity(w.by) in {"GCO", "NCEMA"}
    assert w.data["outcome"] == d["outcome"]
    publication["open"] = False


def triaged(w: World, d: Record) -> None:
    """§3.8; the clock restarts, and a newly HIGH one opens an incident or raises its own."""
    rumour = w.rumours.get(d["rumour"])
    if rumour is None:
        rumour = {"incident": None, "priority": None, "state": "OPEN", **w.data}
        w.rumours[rumour["id"]] = rumour
    else:
        assert w.data["reach"] > rumour["reach"]
        rumour["state"] = {"ANSWERED": "OPEN", "CLOSED": "OPEN"}.get(rumour["state"], rumour["state"])
    reach, before = w.data["reach"], rumour["priority"]
    score = rumour["harm"] * (1 if reach < 1000 else 2 if reach < 50_000 else 3)
    priority = "HIGH" if score >= 6 else "MEDIUM" if score >= 3 else "LOW"
    rumour.update(reach=reach, grown=w.now, triaged=w.now, priority=priority)
    due = w.now + MINUTE * {"HIGH": 30, "MEDIUM": 120, "LOW": 1440}[priority]
    expected = {"rumour": rumour["id"], "score": score, "priority": priority, "response_due": w.written(due)}
    assert expected | {"owner": w.policy.topic_owner[rumour["topic"]]} == d
    w.stop("ESC-07b", rumour["id"])
    if priority != "LOW":
        w.set_clock(due, "ESC-07b", rumour["id"], 0)
    if priority == "HIGH" != before:
        _newly_high(w, rumour)


def _newly_high(w: World, rumour: Record) -> None:
    incident = w.incident_of(rumour)
    if incident is None:
        name = f"INC-{rumour['id']}"
        assert name not in w.incidents
        w.owe("incident.opened", incident=name, type="INF-RUMOUR", rumour=rumour["id"])
        return
    to = prefixed(incident, [f"{incident['lead']}.duty", "GCO.desk"])
    w.owe("escalation", rule="ESC-07a", to=to, rumour=rumour["id"])
    if incident["state"] in OPEN:
        levels.high_rumour(w, incident)


def verdict(w: World, d: Record) -> None:
    rumour = w.rumours[d["rumour"]]
    incident = w.incident_of(rumour)
    may = {w.policy.topic_owner[rumour["topic"]], "GCO", "NCEMA"} | ({incident["lead"]} if incident else set())
    assert entity(w.by) in may
    assert rumour["state"] != "CLOSED"
    rumour["state"] = "VERIFIED" if rumour["state"] == "OPEN" else rumour["state"]


def answered(w: World, d: Record) -> None:
    w.pay("rumour.answered", d)
    w.rumours[d["rumour"]]["state"] = "ANSWERED"


def rumour_closed(w: World, d: Record) -> None:
    """By hand, an hour after it grew; a HIGH one only when answered."""
    rumour = w.rumours[d["rumour"]]
    assert d["state"] == "CLOSED" != rumour["state"]
    assert not unanswered_high(rumour)
    assert w.now - rumour["grown"] >= 60 * MINUTE
    rumour["state"] = "CLOSED"


def channel_suspended(w: World, d: Record) -> None:
    """CH-2."""
    assert entity(w.by) in {d["entity"], "GCO", "NCEMA", "CSC"}
    assert (d["channel"], d["entity"]) not in w.suspended
    w.suspended.add((d["channel"], d["entity"]))
    account = {"channel": d["channel"], "entity": d["entity"]}
    w.owe("verification.flagged", **account, verdict="NOT_OFFICIAL_SINCE", since=w.written(w.now))


def channel_restored(w: World, d: Record) -> None:
    assert entity(w.by) in {"GCO", "NCEMA", "CSC"}
    w.suspended.remove((d["channel"], d["entity"]))


def delivery_failed(w: World, d: Record) -> None:
    """ESC-11; a text that failed everywhere is FAILED."""
    text, channel = w.statements[d["statement"]], d["channel"]
    assert entity(w.by) in {"delivery", "GCO"}
    assert text["state"] in PUBLIC_STATES
    assert channel in set(text["went_to"]) - text["failed"]
    assert list(w.policy.alternates.get(channel, ())) == d["reroute_to"]
    assert prefixed(w.incidents[text["incident"]], ["GCO.desk"]) == d["to"]
    text["failed"].add(channel)
    if text["failed"] == set(text["went_to"]) and text["state"] == "PUBLISHED":
        w.owe("statement.state", statement=text["id"], state="FAILED", by="delivery")


def verified(w: World, d: Record) -> None:
    """R11: only what left and is public is official."""
    text = w.statements.get(d["ref"])
    expected = "NOT_FOUND"
    if text is not None and text["state"] in PUBLIC_STATES and text["kind"] not in INTERNAL:
        states = {"PUBLISHED": "OFFICIAL_CURRENT", "FAILED": "NOT_FOUND"}
        expected = "EXERCISE" if text["exercise"] else states.get(text["state"], f"OFFICIAL_{text['state']}")
    assert (w.data["ref"], expected) == (d["ref"], d["verdict"])


def reviewed(w: World, d: Record) -> None:
    """By somebody who had no part in it (§4.4)."""
    text = w.statements[d["statement"]]
    assert (text["kind"], text["was_public"], text["reviewed"]) == ("PUBLIC_WARNING", True, False)
    assert "FACT" not in text["needed"]
    involved = {one.removeprefix("EX:") for one in (text["author"], *text["given"].values())}
    assert w.by.removeprefix("EX:") not in involved
    text["reviewed"] = True


def planned(w: World, d: Record) -> None:
    """§3.10."""
    said, start = w.data, w.instant(w.data["start"])
    assert entity(w.by) in {said["owner"], "GCO"}
    assert start >= w.now
    clashes = [plan["id"] for plan in w.plans.values() if _clash(plan, start, said.get("audience"))]
    notice = said.get("notice_at")
    late = notice is None or start - w.instant(notice) < 1440 * MINUTE
    flags = ["NO_NOTICE_24H"] if said["kind"] == "EXERCISE" and late else []
    expected = {"initiative": said["id"], "owner": said["owner"], "start": w.written(start)}
    assert expected | {"clashes": sorted(clashes), "flags": flags} == d
    assert said["id"] not in w.plans
    w.plans[said["id"]] = {**said, "start": start, "state": "PLANNED"}


def _clash(plan: Record, start: int, audience: str | None) -> bool:
    apart = abs(plan["start"] - start)
    return apart < 60 * MINUTE or (apart < 1440 * MINUTE and audience is not None and plan.get("audience") == audience)


def held(w: World, d: Record) -> None:
    """OV-7."""
    plan, incident = w.plans[d["initiative"]], w.incidents[d["incident"]]
    assert ("PLANNED", plan["owner"], "OV-7") == (plan["state"], d["owner"], d["rule"])
    assert holds(w, plan, incident)
    plan["state"] = "HELD"


def holds(w: World, plan: Record, incident: Record) -> bool:
    involved = plan["owner"] in {incident["lead"], *incident["supporting"]}
    crisis = incident["state"] in OPEN and incident["level"] >= 2 and not incident["exercise"]
    return crisis and involved and plan["start"] >= w.now


def released(w: World, d: Record) -> None:
    plan = w.plans[d["initiative"]]
    assert entity(w.by) == "GCO"
    assert plan["state"] == "HELD"
    plan["state"] = "RELEASED"


def not_yet(w: World, d: Record) -> None:
    reasons = unmet(w, w.incidents[d["incident"]])
    assert reasons
    assert {"incident": w.data["incident"], "by": w.by, "reasons": reasons} == d


def unmet(w: World, incident: Record) -> list[str]:
    """INV-12: what keeps a crisis from ending, the actor's authority first."""
    needed = {1: {incident["lead"], "GCO"}, 2: {"GCO"}, 3: {"GCO", "NCEMA"}}[incident["level"]]
    wanted = {1: "|".join(dict.fromkeys([incident["lead"], "GCO"])), 2: "GCO", 3: "GCO+NCEMA"}[incident["level"]]
    high = sorted(rumour["id"] for rumour in w.rumours_of(incident) if unanswered_high(rumour))
    conditions = {
        f"AUTHORITY:{wanted}": entity(w.by) not in needed,
        "OPEN_HIGH_RUMOUR:" + ",".join(high): bool(high),
        "OPEN_CONTRADICTION": any(p["open"] for p in w.publications.values() if p["incident"] == incident["id"]),
        "STATEMENT_IN_REVIEW": any(text["state"] in PENDING for text in w.texts(incident)),
        "NO_ALL_CLEAR_AFTER_WARNING": any(t["warning_of"] == incident["id"] for t in w.statements.values()),
    }
    return [reason for reason, holds in conditions.items() if holds]


def signed(w: World, d: Record) -> None:
    """Each signature stands for an hour, and until something changes."""
    incident = w.incidents[d["incident"]]
    assert incident["state"] in OPEN | {"SUSPENDED"}
    assert [] == unmet(w, incident)
    assert not stands(w, incident, entity(w.by))
    incident["signatures"][entity(w.by)] = w.now
    needed = ["GCO", "NCEMA"] if incident["level"] == 3 else []
    missing = [one for one in needed if not stands(w, incident, one)]
    assert {"incident": incident["id"], "by": w.by, "missing": missing} == d
    if not missing:
        days = w.policy.grade_of[incident["peak"]].aar_days
        w.owe("incident.state", incident=incident["id"], state="STOOD_DOWN", aar_days=days)


def stands(w: World, incident: Record, one: str) -> bool:
    since = incident["signatures"].get(one)
    return since is not None and w.now - since < 60 * MINUTE
