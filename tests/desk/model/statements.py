"""Texts before they are out: blocks, keys, embargo (`scenario-format.md` §5, §7; INV-1 to 3, INV-6, 8, 9, 15)."""

from tests.desk.model import blocks, publishing
from tests.desk.model.world import MINUTE, OPEN, PENDING, REFERRING, Record, World, entity, person, prefixed

_REWRITABLE = {"DRAFT", "BLOCKED", "IN_REVIEW"}
_COORDINATED = {"HLT", "RAD"}
_BLANK: Record = {
    **dict.fromkeys(("originator", "embargo_until", "expires", "text", "parts")),
    **dict.fromkeys(("refs", "answers", "channels"), ()),
    **dict.fromkeys(("marker", "names_victims"), False),
    "facts": {},
}


def topics_answered(w: World, text: Record) -> list[str]:
    return [w.rumours[name]["topic"] for name in text["answers"]] if text["kind"] == "RUMOUR_RESPONSE" else []


def usual_keys(w: World, text: Record) -> dict[str, str]:
    """The keys of "all else" (§7, Keys needed)."""
    incident = w.incidents[text["incident"]]
    row, topics = w.policy.type_of[incident["type"]], topics_answered(w, text)
    owner = incident["lead"]
    if topics:
        owner = w.policy.topic_owner[topics[0]]
    elif incident["type"] in {"INF-RUMOUR", "INF-DEEPFAKE"} and incident["topic"]:
        owner = w.policy.topic_owner[incident["topic"]]
    keys = {"FACT": owner, "RELEASE": incident["lead"] if incident["level"] == 1 else "GCO"}
    broadcast = text["kind"] in REFERRING and any("CELL_BROADCAST" in w.statements[r]["went_to"] for r in text["refs"])
    wanted = incident["level"] == 3 or row.coord_always or {incident["topic"], *topics} & _COORDINATED or broadcast
    return keys | ({"COORD": "NCEMA"} if wanted and text["kind"] != "LINES_TO_TAKE" else {})


def needed(w: World, text: Record) -> dict[str, str]:
    """§4.3, at submit."""
    kind = text["kind"]
    if kind == "INTERNAL_BRIEFING":
        return {"INTERNAL": "ANY"}
    if kind == "PUBLIC_WARNING" and blocks.life_safety(w.incidents[text["incident"]]):
        return {"ORIGINATOR": text["originator"]}
    if kind == "RETRACTION" and {w.statements[ref]["kind"] for ref in text["refs"]} == {"PUBLIC_WARNING"}:
        return {"ORIGINATOR": "NCEMA"}
    return usual_keys(w, text)


def grow(w: World, text: Record) -> str | None:
    """Keys only grow; RELEASE moves to GCO with the level; each added or moved one gets a timer."""
    kind, by_originator = text["kind"], "ORIGINATOR" in text["needed"]
    if kind == "INTERNAL_BRIEFING" or (kind == "RETRACTION" and by_originator):
        return None
    one_key = by_originator and "FACT" not in text["needed"]
    if one_key and blocks.life_safety(w.incidents[text["incident"]]):
        return None
    usual = usual_keys(w, text)
    more = {key: by for key, by in usual.items() if key not in text["needed"]}
    if usual["RELEASE"] == "GCO" != text["needed"].get("RELEASE", "GCO"):
        more["RELEASE"] = "GCO"
        if entity(text["given"].get("RELEASE", "GCO")) != "GCO":
            del text["given"]["RELEASE"]
    if not more:
        return None
    text["needed"] |= more
    _start_key_clocks(w, text, more)
    return "LIFE_SAFETY_ENDED" if one_key else "LEVEL_ROSE"


def _start_key_clocks(w: World, text: Record, keys: dict[str, str]) -> None:
    later = MINUTE * w.policy.grade_of[w.incidents[text["incident"]]["grade"]].approval_key
    for key in keys:
        w.set_clock(w.now + later, "ESC-09a", text["id"], (text["submission"], key))


def missing(text: Record) -> dict[str, str]:
    return {key: by for key, by in text["needed"].items() if key not in text["given"]}


def _written(w: World, state: str) -> Record:
    """The command replaces the whole text and voids all keys (INV-3)."""
    said, before = w.data, w.statements.get(w.data["id"])
    incident = w.incidents[said["incident"]]
    assert before is not None or not said["id"].startswith("AUTO-")
    assert before is None or (before["incident"] == said["incident"] and before["state"] in _REWRITABLE)
    assert "expires" not in said or said["kind"] in {"PUBLIC_WARNING", "HOLDING"}
    text = _BLANK | said | _fresh(state, w.by, 1 if before is None else before["submission"] + 1)
    text["exercise"] = incident["exercise"]
    for name in ("embargo_until", "expires"):
        text[name] = None if text[name] is None else w.instant(text[name])
    for name in ("refs", "answers", "channels"):
        text[name] = list(dict.fromkeys(text[name]))
    w.statements[text["id"]] = text
    return text


def _fresh(state: str, author: str, submission: int) -> Record:
    """What a text has that nobody said of it."""
    fresh: Record = {"state": state, "author": author, "submission": submission, "needed": {}, "given": {}}
    fresh |= dict.fromkeys(("was_public", "reviewed", "stale"), False)
    return fresh | {"fallback": set(), "failed": set(), "waived": set(), "went_to": [], "warning_of": None}


def drafted(w: World, d: Record) -> None:
    """By somebody, or by ESC-02a as `AUTO-<incident>` with the sheet as it is."""
    if w.kind == "":
        incident = w.incidents[d["incident"]]
        w.pay("statement.drafted", d)
        text = _BLANK | d | _fresh("DRAFT", "system", 1) | {"id": d["statement"], "exercise": incident["exercise"]}
        w.statements[d["statement"]] = text | {"kind": "HOLDING", "marker": incident["exercise"]}
        return
    text = _written(w, "DRAFT")
    assert w.incidents[text["incident"]]["state"] in OPEN
    expected = {"statement": text["id"], "incident": text["incident"], "kind": text["kind"], "by": w.by}
    assert expected | {"facts": text["facts"]} == d


def requested(w: World, d: Record) -> None:
    """All keys of a submission at once, later those that grew."""
    if w.kind != "statement.submit":
        w.pay("approval.requested", d)
        return
    text = _written(w, "IN_REVIEW")
    assert w.incidents[text["incident"]]["state"] in OPEN
    assert blocks.first(w, text) is None
    text["needed"] = needed(w, text)
    assert {"statement": text["id"], "keys": text["needed"]} == d
    _start_key_clocks(w, text, text["needed"])


def blocked(w: World, d: Record) -> None:
    """The first check that fails (§4.5), or at publication what has changed since."""
    if w.kind != "statement.submit":
        w.pay("statement.blocked", d)
        w.statements[d["statement"]].update(state="BLOCKED", needed={}, given={}, fallback=set())
        return
    text = _written(w, "BLOCKED")
    assert w.incidents[text["incident"]]["state"] in OPEN | {"SUSPENDED"}
    told = {name: value for name, value in d.items() if name not in {"statement", "stage", "rule"}}
    assert (text["id"], "submit", blocks.first(w, text)) == (d["statement"], d["stage"], told)


def _answered(w: World, text: Record, why: str | None) -> None:
    """After a key, given or refused: publish, schedule, or ask for what grew."""
    if not missing(text):
        if text["embargo_until"] is not None and text["embargo_until"] > w.now:
            copy = ["EX_SANDBOX" if text["exercise"] else "MEDIA_WIRE"]
            due = w.written(text["embargo_until"])
            w.owe("statement.scheduled", statement=text["id"], due=due, embargoed_copy_to=copy)
        else:
            publishing.owe(w, text)
    elif why is not None:
        w.owe("approval.requested", statement=text["id"], keys=missing(text), why=why)


def key_given(w: World, d: Record) -> None:
    """INV-2: the author holds no key, and nobody holds two."""
    text, key = w.statements[d["statement"]], d["key"]
    assert (w.data["statement"], w.data["key"], w.by) == (d["statement"], key, d["by"])
    assert text["state"] == "IN_REVIEW"
    why = grow(w, text)
    assert key in missing(text)
    assert person(w.by) not in {person(text["author"]), *map(person, text["given"].values())}
    wanted = {text["needed"][key]} | ({"GCO"} if key in text["fallback"] else set())
    assert entity(w.by) in wanted or "ANY" in wanted
    text["given"][key] = w.by
    _answered(w, text, why)


def key_refused(w: World, d: Record) -> None:
    """The first reason that holds."""
    text, key, me = w.statements[d["statement"]], d["key"], person(w.by)
    if text["state"] != "IN_REVIEW":
        assert d["reason"] == "NOT_IN_REVIEW"
        return
    why = grow(w, text)
    needs = text["needed"].get(key)
    reasons = {
        "KEY_NOT_NEEDED": needs is None,
        "AUTHOR_CANNOT_APPROVE": me == person(text["author"]),
        "SAME_PERSON_TWO_KEYS": me in map(person, text["given"].values()),
        "KEY_ALREADY_GIVEN": key in text["given"],
        "WRONG_ENTITY": needs not in {"ANY", entity(me)} and not (key in text["fallback"] and entity(me) == "GCO"),
    }
    assert next(reason for reason, holds in reasons.items() if holds) == d["reason"]
    assert d.get("needs") in {None, needs}
    _answered(w, text, why)


def scheduled(w: World, d: Record) -> None:
    w.pay("statement.scheduled", d)
    text = w.statements[d["statement"]]
    text["state"] = "SCHEDULED"
    w.set_clock(text["embargo_until"], "embargo", text["id"], text["submission"])


def embargo_ended(w: World, text: Record) -> None:
    """The embargo ends: keys that became necessary are asked for first (EMB-3)."""
    w.fired("embargo", text["id"], text["submission"])
    assert text["state"] == "SCHEDULED"
    why = grow(w, text)
    if missing(text):
        text["state"] = "IN_REVIEW"
        w.owe("approval.requested", statement=text["id"], keys=missing(text), why=why)
    else:
        publishing.owe(w, text)


def struck(w: World, d: Record) -> None:
    """A broken embargo: out to all now, keys that became necessary waived (EMB-3, INV-15)."""
    text = w.statements[d["statement"]]
    lead = w.incidents[text["incident"]]["lead"]
    assert text["state"] == "SCHEDULED"
    assert entity(w.by) in {"GCO", entity(text["author"]), lead, "monitor"}
    assert (w.data["outlet"], "EMB-3") == (d["outlet"], d["rule"])
    grow(w, text)
    if missing(text):
        text["waived"] = set(missing(text))
        w.owe("keys.waived", statement=text["id"], keys=sorted(missing(text)), rule="EMB-3")
    publishing.owe(w, text)


def may_return(w: World, text: Record) -> bool:
    """An entity whose key is needed, or the Office once ESC-09b gave it one."""
    wanted = set(text["needed"].values()) | ({"GCO"} if text["fallback"] else set())
    return entity(w.by) in wanted or "ANY" in wanted


def sent_back(w: World, d: Record) -> None:
    assert (w.by, w.data["reason"]) == (d["by"], d["reason"])
    state = {"statement.return": "DRAFT", "statement.reject": "REJECTED"}[w.kind]
    w.statements[d["statement"]].update(state=state, needed={}, given={}, fallback=set())


def withdrawn(w: World, d: Record) -> None:
    text = w.statements[d["statement"]]
    assert text["state"] in _REWRITABLE | PENDING
    author = person(w.by) == person(text["author"])
    assert author or entity(w.by) in {w.incidents[text["incident"]]["lead"], "GCO"}
    text["state"] = "WITHDRAWN"


def overdue(w: World, d: Record) -> None:
    """ESC-09: the deputy of whom the key is wanted from; then the director, and the Office may give it."""
    text, key = w.statements[d["statement"]], d["key"]
    incident = w.incidents[text["incident"]]
    w.fired(d["rule"], text["id"], (text["submission"], key))
    assert text["state"] == "IN_REVIEW"
    wanted = missing(text)[key]
    to = "GCO.director"
    if d["rule"] == "ESC-09a":
        to = f"{incident['lead'] if wanted == 'ANY' else wanted}.approver.deputy"
        later = MINUTE * w.policy.grade_of[incident["grade"]].approval_key
        w.set_clock(w.now + later, "ESC-09b", text["id"], (text["submission"], key))
    else:
        text["fallback"].add(key)
    assert prefixed(incident, [to]) == d["to"]
