"""Why a well-formed command is refused: names first, then the command's own checks in the order of §5."""

from collections.abc import Callable, Container, Iterator

from tests.desk.model import outside, statements
from tests.desk.model.world import MINUTE, OPEN, PENDING, PUBLIC_STATES, Record, World, entity, person

_NAMES = {
    "incident.report": "type:TYPE emirates:EMIRATE topic:TOPIC supersedes:INCIDENT",
    "incident.update": "incident:INCIDENT emirates:EMIRATE",
    "incident.merge": "incident:INCIDENT into:INCIDENT",
    "lead.transfer": "incident:INCIDENT to:ENTITY",
    **dict.fromkeys(
        ("statement.draft", "statement.submit"),
        "incident:INCIDENT refs:STATEMENT answers:RUMOUR channels:CHANNEL originator:ENTITY",
    ),
    "contradiction.resolve": "contradiction:CONTRADICTION",
    "rumour.log": "topic:TOPIC incident:INCIDENT",
    **dict.fromkeys(("rumour.grow", "rumour.verify", "rumour.close"), "rumour:RUMOUR"),
    **dict.fromkeys(("channel.suspend", "channel.restore"), "channel:CHANNEL entity:ENTITY"),
    "delivery.fail": "statement:STATEMENT channel:CHANNEL",
    "initiative.plan": "owner:ENTITY",
    "initiative.release": "initiative:INITIATIVE",
}
"""Fields that name something that must exist, in the order of the table; of the others it is the first field."""
Checks = Iterator[tuple[object, str]]
"""What stands against a command, and the reason; the first that holds counts."""


def expected(w: World) -> str | None:
    """The reason for which the command in hand must be refused; None if it must be taken."""
    for field, of in (pair.split(":") for pair in _names(w).split()):
        value = w.data.get(field)
        for name in value if isinstance(value, list) else [] if value is None else [value]:
            if name not in _known(w, of):
                return f"UNKNOWN_{of}"
    checks = _CHECKS.get(w.kind)
    return None if checks is None else next((reason for holds, reason in checks(w, w.data) if holds), None)


def _names(w: World) -> str:
    usual = next((f"{one}:{one.upper()}" for one in ("incident", "statement") if one in w.data), "")
    return _NAMES.get(w.kind, usual)


def _known(w: World, of: str) -> Container[object]:
    policy = w.policy
    tables: dict[str, Container[object]] = {
        "INCIDENT": w.incidents,
        "STATEMENT": w.statements,
        "RUMOUR": w.rumours,
        "CONTRADICTION": {name for name, one in w.publications.items() if one["contradiction"]},
        "INITIATIVE": w.plans,
        "TYPE": policy.type_of,
        "ENTITY": policy.entity_of,
        "EMIRATE": {*policy.emirate_codes, "AE"},
        "CHANNEL": policy.channel_of,
        "TOPIC": policy.topic_owner,
    }
    return tables[of]


def _open(incident: Record | None) -> Checks:
    """The *open?* of §5."""
    yield incident is not None and incident["state"] == "SUSPENDED", "EXERCISE_SUSPENDED"
    yield incident is not None and incident["state"] not in OPEN, "INCIDENT_CLOSED"


def _registry(w: World) -> Checks:
    yield entity(w.by) not in {*w.policy.entity_of, "monitor"}, "NOT_ALLOWED"


def _handling(w: World, incident: Record) -> Checks:
    yield entity(w.by) not in {incident["lead"], "GCO", "NCEMA"}, "NOT_ALLOWED"


def _centre(w: World) -> Checks:
    yield entity(w.by) not in {"GCO", "NCEMA"}, "ONLY_GCO_OR_NCEMA"


def _report(w: World, d: Record) -> Checks:
    yield d["id"] in w.incidents, "DUPLICATE_ID"
    if "supersedes" in d:
        before = w.incidents[d["supersedes"]]
        yield from _open(before)
        yield before["exercise"] != d.get("exercise", False), "EXERCISE_MISMATCH"
    yield "priority" in d and not d["type"].startswith("INF-"), "BAD_VALUE"


def _acknowledge(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield from _open(incident)
    yield from _handling(w, incident)
    yield incident["acknowledged"], "ALREADY_DONE"


def _update(w: World, d: Record) -> Checks:
    yield from _open(w.incidents[d["incident"]])
    yield "next_of_kin_informed" in d and entity(w.by) != "MOI", "NOT_ALLOWED"


def _merge(w: World, d: Record) -> Checks:
    incident, into = w.incidents[d["incident"]], w.incidents[d["into"]]
    yield from _open(incident)
    yield from _open(into)
    yield incident is into, "BAD_VALUE"
    yield incident["exercise"] != into["exercise"], "EXERCISE_MISMATCH"


def _stabilise(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield from _open(incident)
    yield from _handling(w, incident)
    yield incident["state"] == "STABILISING", "ALREADY_DONE"


def _stand_down(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield incident["state"] not in OPEN | {"SUSPENDED"}, "INCIDENT_CLOSED"
    signed = outside.stands(w, incident, entity(w.by))
    yield signed and not outside.unmet(w, incident), "ALREADY_DONE"


def _close(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    filed = d["outcome"] == "AAR_FILED"
    if not filed:
        yield from _open(incident)
    yield from _handling(w, incident)
    yield filed and incident["state"] != "STOOD_DOWN", "WRONG_STATE"
    yield not filed and any(text["was_public"] for text in w.texts(incident)), "ALREADY_PUBLIC"


def _override(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield from _open(incident)
    yield from _centre(w)
    yield incident["level"] == d["level"], "ALREADY_DONE"


def _transfer(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield from _open(incident)
    yield from _centre(w)
    yield incident["lead"] == d["to"], "ALREADY_DONE"


def _spokesperson(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield from _open(incident)
    yield person(w.by) != incident["spokesperson"], "NOT_ASSIGNED"
    yield w.kind == "spokesperson.confirm" and incident["confirmed"], "ALREADY_DONE"


def _sheet(w: World, d: Record) -> Checks:
    incident = w.incidents[d["incident"]]
    yield from _open(incident)
    yield entity(w.by) not in outside.may_set(w, incident), "NOT_ALLOWED"


def _text(w: World, d: Record) -> Checks:
    before = w.statements.get(d["id"])
    incident = w.incidents[d["incident"]]
    yield before is None and d["id"].startswith("AUTO-"), "BAD_VALUE"
    yield before is not None and before["incident"] != d["incident"], "DUPLICATE_ID"
    if not (w.kind == "statement.submit" and incident["state"] == "SUSPENDED"):
        yield from _open(incident)
    yield before is not None and before["state"] not in {"DRAFT", "BLOCKED", "IN_REVIEW"}, "WRONG_STATE"
    yield "expires" in d and d["kind"] not in {"PUBLIC_WARNING", "HOLDING"}, "BAD_VALUE"


def _return(w: World, d: Record) -> Checks:
    text = w.statements[d["statement"]]
    yield text["state"] != "IN_REVIEW", "WRONG_STATE"
    yield not statements.may_return(w, text), "NOT_ALLOWED"


def _withdraw(w: World, d: Record) -> Checks:
    text = w.statements[d["statement"]]
    yield text["state"] not in {"DRAFT", "BLOCKED", *PENDING}, "WRONG_STATE"
    mine = person(w.by) == person(text["author"])
    yield not mine and entity(w.by) not in {w.incidents[text["incident"]]["lead"], "GCO"}, "NOT_ALLOWED"


def _review(w: World, d: Record) -> Checks:
    text = w.statements[d["statement"]]
    one_key = text["kind"] == "PUBLIC_WARNING" and "FACT" not in text["needed"]
    yield not (one_key and text["state"] in PUBLIC_STATES), "WRONG_STATE"
    yield person(w.by) in {person(one) for one in (text["author"], *text["given"].values())}, "NOT_ALLOWED"
    yield text["reviewed"], "ALREADY_DONE"


def _break(w: World, d: Record) -> Checks:
    text = w.statements[d["statement"]]
    yield text["state"] != "SCHEDULED", "WRONG_STATE"
    lead = w.incidents[text["incident"]]["lead"]
    yield entity(w.by) not in {"GCO", entity(text["author"]), lead, "monitor"}, "NOT_ALLOWED"


def _observe(w: World, d: Record) -> Checks:
    yield d["id"] in w.publications, "DUPLICATE_ID"
    yield from _open(w.incidents[d["incident"]])
    yield from _registry(w)


def _resolve(w: World, d: Record) -> Checks:
    yield from _centre(w)
    yield not w.publications[d["contradiction"]]["open"], "ALREADY_DONE"


def _log(w: World, d: Record) -> Checks:
    yield d["id"] in w.rumours or ("incident" not in d and f"INC-{d['id']}" in w.incidents), "DUPLICATE_ID"
    yield from _open(w.incidents.get(d.get("incident", "")))
    yield from _registry(w)


def _rumour(w: World, d: Record) -> Checks:
    rumour = w.rumours[d["rumour"]]
    incident = w.incident_of(rumour)
    yield incident is not None and incident["state"] == "SUSPENDED", "EXERCISE_SUSPENDED"
    if w.kind == "rumour.grow":
        yield from _registry(w)
        yield d["reach"] <= rumour["reach"], "BAD_VALUE"
    elif w.kind == "rumour.verify":
        owner, lead = w.policy.topic_owner[rumour["topic"]], incident["lead"] if incident else ""
        yield entity(w.by) not in {owner, "GCO", "NCEMA", lead}, "NOT_ALLOWED"
        yield rumour["state"] == "CLOSED", "WRONG_STATE"
    else:
        yield rumour["state"] == "CLOSED", "ALREADY_DONE"
        yield rumour["priority"] == "HIGH" and rumour["state"] != "ANSWERED", "RUMOUR_UNANSWERED"
        yield w.now - rumour["grown"] < 60 * MINUTE, "TOO_EARLY"


def _account(w: World, d: Record) -> Checks:
    suspending, account = w.kind == "channel.suspend", (d["channel"], d["entity"])
    yield entity(w.by) not in {"GCO", "NCEMA", "CSC", d["entity"] if suspending else ""}, "NOT_ALLOWED"
    yield (account in w.suspended) == suspending, "ALREADY_DONE"


def _delivery(w: World, d: Record) -> Checks:
    text = w.statements[d["statement"]]
    yield text["state"] not in PUBLIC_STATES or d["channel"] not in text["went_to"], "WRONG_STATE"
    yield entity(w.by) not in {"delivery", "GCO"}, "NOT_ALLOWED"
    yield d["channel"] in text["failed"], "ALREADY_DONE"


def _plan(w: World, d: Record) -> Checks:
    yield d["id"] in w.plans, "DUPLICATE_ID"
    yield entity(w.by) not in {d["owner"], "GCO"}, "NOT_ALLOWED"
    yield w.instant(d["start"]) < w.now, "BAD_VALUE"


def _release(w: World, d: Record) -> Checks:
    yield entity(w.by) != "GCO", "NOT_ALLOWED"
    yield w.plans[d["initiative"]]["state"] != "HELD", "WRONG_STATE"


_CHECKS: dict[str, Callable[[World, Record], Checks]] = {
    "incident.report": _report,
    "incident.acknowledge": _acknowledge,
    "incident.update": _update,
    "incident.merge": _merge,
    "incident.stabilise": _stabilise,
    "incident.stand_down": _stand_down,
    "incident.close": _close,
    "level.override": _override,
    "lead.transfer": _transfer,
    "spokesperson.confirm": _spokesperson,
    "spokesperson.decline": _spokesperson,
    "factsheet.set": _sheet,
    "statement.draft": _text,
    "statement.submit": _text,
    "statement.return": _return,
    "statement.reject": _return,
    "statement.withdraw": _withdraw,
    "statement.review": _review,
    "embargo.break": _break,
    "publication.observe": _observe,
    "contradiction.resolve": _resolve,
    "rumour.log": _log,
    "rumour.grow": _rumour,
    "rumour.verify": _rumour,
    "rumour.close": _rumour,
    "channel.suspend": _account,
    "channel.restore": _account,
    "delivery.fail": _delivery,
    "initiative.plan": _plan,
    "initiative.release": _release,
}
