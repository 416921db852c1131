"""Why a text must not go out as it is: the checks at submit in their order (`rules.md` §4.5)."""

from collections.abc import Callable, Iterator

from tests.desk.model.world import INTERNAL, REFERRING, Record, World, differing, entity

CURRENT = {"PUBLISHED", "CORRECTED", "SUPERSEDED", "EXPIRED"}
_LANGUAGES = ("ar", "en")


def life_safety(incident: Record) -> bool:
    """§4.4."""
    grave = incident["severity"] in {"Severe", "Extreme"} and incident["urgency"] == "Immediate"
    return grave and incident["certainty"] in {"Observed", "Likely"}


def first(w: World, text: Record) -> Record | None:
    """The reason of the first check that fails, and its details."""
    return next((found for check in CHECKS for found in check(w, text, w.incidents[text["incident"]])), None)


Found = Iterator[Record]


def _exercise(_w: World, _text: Record, incident: Record) -> Found:
    if incident["state"] == "SUSPENDED":
        yield {"reason": "EXERCISE_SUSPENDED"}


def _classes(w: World, text: Record, *classes: str) -> list[str]:
    return [name for name in text["channels"] if w.policy.channel_of[name].reaches in classes]


def _channels(w: World, text: Record, incident: Record) -> Found:
    if incident["exercise"]:
        if leak := _classes(w, text, "PUBLIC", "MEDIA", "INTERNAL"):
            yield {"reason": "DRILL_LEAK", "channels": leak}
        if not text["marker"]:
            yield {"reason": "DRILL_MARKER_MISSING"}
    elif drill := _classes(w, text, "EXERCISE"):
        yield {"reason": "REAL_ON_EXERCISE_CHANNEL", "channels": drill}
    outside = _classes(w, text, "PUBLIC", "MEDIA")
    if text["kind"] in INTERNAL and (outside or text["embargo_until"] is not None):
        yield {"reason": "INTERNAL_ONLY", "channels": outside}


def _references(w: World, text: Record, incident: Record) -> Found:
    kind = text["kind"]
    if (kind in REFERRING and not text["refs"]) or (kind == "RUMOUR_RESPONSE" and not text["answers"]):
        yield {"reason": "MISSING_REFERENCE"}
    owners = sorted({w.policy.topic_owner[w.rumours[name]["topic"]] for name in text["answers"]})
    if kind == "RUMOUR_RESPONSE" and len(owners) > 1:
        yield {"reason": "MIXED_OWNERS", "owners": owners}
    named = [(ref, w.statements[ref]["exercise"]) for ref in text["refs"]]
    for name in text["answers"]:
        of = w.incident_of(w.rumours[name])
        named.append((name, of is not None and of["exercise"]))
    if across := list(dict.fromkeys(name for name, exercise in named if exercise != incident["exercise"])):
        yield {"reason": "EXERCISE_MISMATCH", "refs": across}
    if unpublished := [ref for ref in text["refs"] if w.statements[ref]["state"] not in CURRENT]:
        yield {"reason": "REFERENCE_NOT_PUBLISHED", "refs": unpublished}
    if kind in {"PUBLIC_WARNING", "RETRACTION", "ALL_CLEAR"} and text["embargo_until"] is not None:
        yield {"reason": "EMBARGO_ON_LIFE_SAFETY"}


def _author(w: World, text: Record, incident: Record) -> Found:
    kind, by, lead = text["kind"], entity(text["author"]), incident["lead"]
    if kind in INTERNAL:
        return
    if kind == "PUBLIC_WARNING" and life_safety(incident):
        area = w.policy.originator_area.get(text["originator"] or "")
        if area is None:
            yield {"reason": "NOT_AN_ALERT_ORIGINATOR", "originator": text["originator"] or ""}
        elif outside := [code for code in w.affected(incident["emirates"]) if code not in area]:
            yield {"reason": "ORIGINATOR_OUT_OF_AREA", "originator": text["originator"], "emirates": outside}
        return
    may = {lead, "GCO", "NCEMA", w.policy.topic_owner.get(incident["topic"])}
    if incident["level"] == 3:
        may.add(w.policy.type_of[incident["type"]].national_voice)
    if kind == "RUMOUR_RESPONSE":
        may |= {w.policy.topic_owner[w.rumours[name]["topic"]] for name in text["answers"]}
    if by not in may:
        yield {"reason": "NOT_LEAD", "entity": by, "lead": lead}


def at_publication(_w: World, text: Record, incident: Record) -> Found:
    """OV-3, INV-8 and INV-9: what is checked twice."""
    sheet = incident["sheet"]
    if text["kind"] not in INTERNAL:
        if different := differing(text["facts"], sheet):
            yield {"reason": "FACT_MISMATCH", "facts": different}
        if absent := sorted(text["facts"].keys() - sheet.keys()):
            yield {"reason": "FACT_NOT_ON_SHEET", "missing": absent}
    if text["names_victims"] and not incident["next_of_kin_informed"]:
        yield {"reason": "NEXT_OF_KIN_NOT_CONFIRMED"}


def _content(w: World, text: Record, _incident: Record) -> Found:
    languages = _LANGUAGES[:1] if text["kind"] in INTERNAL else _LANGUAGES
    parts = w.policy.statement_parts.get(text["kind"], ())
    lacks = [name for name in languages if text["text"] is not None and not text["text"].get(name, "").strip()]
    lacks += [name for name in parts if text["parts"] is not None and not text["parts"].get(name, "").strip()]
    if lacks:
        yield {"reason": "CONTENT_INCOMPLETE", "missing": lacks}


CHECKS: tuple[Callable[[World, Record, Record], Found], ...] = (
    _exercise,
    _channels,
    _references,
    _author,
    at_publication,
    _content,
)
