"""The moment of publication and what it changes (`scenario-format.md` §7, Publish; INV-4, INV-5, INV-7)."""

from tests.desk.model import blocks, incidents
from tests.desk.model.world import INTERNAL, MINUTE, REFERRING, Record, World, differing, entity

_CHANGES = {"CORRECTION": "CORRECTED", "RETRACTION": "RETRACTED", "ALL_CLEAR": "SUPERSEDED"}
_BY_SITREP = {"HOLDING", "SITREP", "PRESS_RELEASE", "RUMOUR_RESPONSE", "CORRECTION"}


def owe(w: World, text: Record) -> None:
    """All keys are there: it is out, or blocked by what changed meanwhile."""
    incident = w.incidents[text["incident"]]
    found = next(blocks.at_publication(w, text, incident), None)
    if found is not None:
        rule = "INV-9" if found["reason"] == "NEXT_OF_KIN_NOT_CONFIRMED" else "OV-3"
        w.owe("statement.blocked", statement=text["id"], stage="publish", rule=rule, **found)
        return
    told = {"statement": text["id"], "incident": incident["id"], "kind": text["kind"], "exercise": text["exercise"]}
    channels = _channels(w, text, incident)
    if text["kind"] not in INTERNAL and not text["exercise"]:
        accounts = _accounts(w, text, incident)
        left = [one for one in accounts if ("SOCIAL", one) not in w.suspended]
        gone = [one for one in channels if (not left if one == "SOCIAL" else (one, incident["lead"]) in w.suspended)]
        channels = [one for one in channels if one not in gone]
        told |= {"social_accounts": left, "suspended_accounts": [one for one in accounts if one not in left]}
        told |= {"suspended_channels": gone}
        if incident["grade"] >= 3:
            told["language_pack_due"] = w.written(w.now + 30 * MINUTE)
    if text["kind"] not in {*INTERNAL, "PUBLIC_WARNING"}:
        told["voice"] = incident["spokesperson"] if incident["confirmed"] else f"{incident['lead']}:WRITTEN"
    w.owe("statement.published", **told, channels=channels)


def _channels(w: World, text: Record, incident: Record) -> list[str]:
    """Step 2; each once."""
    sets, kind = w.policy.channel_sets, text["kind"]
    if text["exercise"]:
        return list(dict.fromkeys([*sets.exercise, *text["channels"]]))
    if kind in INTERNAL:
        rule = sets.internal if kind == "INTERNAL_BRIEFING" else ("GOV_INTERNAL",)
        return list(dict.fromkeys([*rule, *text["channels"]]))
    by_level = {1: sets.level_1, 2: sets.level_2, 3: sets.level_3}[incident["level"]]
    wanted = list(sets.life if kind == "PUBLIC_WARNING" else by_level)
    reached = [one for ref in text["refs"] for one in w.statements[ref]["went_to"]] if kind in REFERRING else []
    wanted += reached
    wanted += ["PRESS_BRIEFING"] if kind == "SITREP" and incident["level"] == 3 else []
    wanted += [*w.policy.type_of[incident["type"]].extra_channels, *text["channels"]]
    broadcasts = "CELL_BROADCAST" in reached
    if kind == "PUBLIC_WARNING":
        broadcasts = "ORIGINATOR" in text["needed"] or entity(text["author"]) in w.policy.originator_area
    return [one for one in dict.fromkeys(wanted) if one != "CELL_BROADCAST" or broadcasts]


def _accounts(w: World, text: Record, incident: Record) -> list[str]:
    """Step 3: whose social accounts carry it."""
    accounts = [incident["lead"], *(["GCO"] if incident["level"] >= 2 else [])]
    accounts += ["NCEMA"] if incident["level"] == 3 else []
    if text["kind"] == "RUMOUR_RESPONSE":
        accounts += [w.policy.topic_owner[w.rumours[name]["topic"]] for name in text["answers"]]
    return list(dict.fromkeys(accounts))


def published(w: World, d: Record) -> None:
    """Out: the record changes, and all that follows is owed."""
    text = w.statements[d["statement"]]
    incident = w.incidents[text["incident"]]
    w.pay("statement.published", d)
    _invariants(w, text, incident, d)
    text.update(state="PUBLISHED", went_to=d["channels"], was_public=text["kind"] not in INTERNAL)
    incident["signatures"] = {}
    if text["was_public"]:
        _public(w, text, incident)
    for ref in text["refs"] if text["kind"] in _CHANGES else ():
        _changed(w, text, w.statements[ref])
    if text["expires"] is not None:
        w.set_clock(text["expires"], "expiry", text["id"])
    for name in text["answers"]:
        _answer(w, w.rumours[name])


def _invariants(w: World, text: Record, incident: Record, d: Record) -> None:
    keys = text["needed"].keys() - text["waived"]
    holders = [text["author"], *text["given"].values()]
    assert keys
    assert keys <= text["given"].keys(), "INV-1"
    assert len({one.removeprefix("EX:") for one in holders}) == len(holders), "INV-2"
    if text["kind"] in REFERRING:
        reached = {one for ref in text["refs"] for one in w.statements[ref]["went_to"]}
        assert reached <= {*d["channels"], *d.get("suspended_channels", [])}, "INV-4"
    classes = {w.policy.channel_of[one].reaches == "EXERCISE" for one in d["channels"]}
    assert classes <= {incident["exercise"]}, "INV-5"
    assert d["exercise"] is incident["exercise"], "INV-5"
    assert not text["names_victims"] or incident["next_of_kin_informed"], "INV-9"
    early = text["embargo_until"] is not None and text["embargo_until"] > w.now
    assert not early or w.kind == "embargo.break", "INV-15"
    if text["kind"] in INTERNAL:
        assert not {w.policy.channel_of[one].reaches for one in d["channels"]} & {"PUBLIC", "MEDIA"}, "CH-3"
        return
    assert all(
        type(incident["sheet"][key]) is type(v) and incident["sheet"][key] == v for key, v in text["facts"].items()
    )
    for other in w.texts(incident):
        if other["state"] == "PUBLISHED" and other["was_public"] and differing(other["facts"], text["facts"]):
            assert other["stale"], "INV-7"


def _public(w: World, text: Record, incident: Record) -> None:
    """Step 6."""
    kind = text["kind"]
    if kind == "SITREP":
        _supersede(w, text, incident)
    if kind == "PUBLIC_WARNING":
        _warn(w, text)
    elif incident["level"] >= 2 and not text["exercise"]:
        silent = {incident["lead"], "GCO", "NCEMA", "PP"}
        if to := [one for one in dict.fromkeys(incident["supporting"]) if one not in silent]:
            w.owe("amplify.requested", statement=text["id"], to=to)
    incidents.first_statement(w, incident, kind)
    w.stop("ESC-10", incident["id"])
    if kind != "ALL_CLEAR" and not text["exercise"]:
        w.set_clock(w.now + cadence(w, incident), "ESC-10", incident["id"])


def _supersede(w: World, text: Record, incident: Record) -> None:
    for older in w.texts(incident):
        restated = older["facts"] and older["facts"].keys() <= text["facts"].keys()
        if older["state"] == "PUBLISHED" and older["kind"] in _BY_SITREP and restated and older is not text:
            w.owe("statement.state", statement=older["id"], state="SUPERSEDED", by=text["id"])


def _warn(w: World, text: Record) -> None:
    text["warning_of"] = text["incident"]
    if "FACT" not in text["needed"]:
        w.owe("post_review.due", statement=text["id"], due=w.written(w.now + 30 * MINUTE))
        w.set_clock(w.now + 30 * MINUTE, "ESC-13", text["id"])


def cadence(w: World, incident: Record) -> int:
    """That of the grade, ×4 if STABILISING, at this moment."""
    factor = 4 if incident["state"] == "STABILISING" else 1
    return factor * MINUTE * w.policy.grade_of[incident["grade"]].cadence


def _changed(w: World, text: Record, ref: Record) -> None:
    """Step 7: RETRACTED is final, and an all-clear leaves CORRECTED as it is."""
    new = _CHANGES[text["kind"]]
    if text["kind"] != "CORRECTION":
        ref["warning_of"] = None
    kept = {"RETRACTED", new} | ({"CORRECTED"} if text["kind"] == "ALL_CLEAR" else set())
    if ref["state"] not in kept:
        w.owe("statement.state", statement=ref["id"], state=new, by=text["id"])


def _answer(w: World, rumour: Record) -> None:
    if rumour["state"] in {"OPEN", "VERIFIED"}:
        passed = (w.now - rumour["triaged"]) // MINUTE
        w.owe("rumour.answered", rumour=rumour["id"], minutes=passed, target=w.policy.rumour_due[rumour["priority"]])


def state(w: World, d: Record) -> None:
    """Something else changed it; what left once stays out (§4.2)."""
    text = w.statements[d["statement"]]
    if d["state"] == "EXPIRED":
        w.fired("expiry", text["id"])
        assert (text["state"], d["by"]) == ("PUBLISHED", "clock")
    else:
        w.pay("statement.state", d)
    text["state"] = d["state"]
