"""The form of every fact (`scenario-format.md` §6): its fields, what they hold, and what may lead to it."""

from typing import Any

from tests.desk.model.world import Record

_TEXT_UPDATES = "statement.draft statement.submit"
_PUBLISHING = "statement.approve embargo.break timer"
_OPENING = "incident.report rumour.log rumour.grow"
_RAISING = f"{_OPENING} incident.update incident.merge level.override"
_DETAILS = (
    "channels?:list owners?:list refs?:list originator?:str emirates?:list entity?:str lead?:str facts?:dict "
    "missing?:list"
)
_ACCOUNTS = "social_accounts?:list suspended_accounts?:list suspended_channels?:list language_pack_due?:when"
_OF_RULE = (
    "incident?:str spokesperson?:str cause?:str contradiction?:str rumour?:str statement?:str key?:str channel?:str "
    "reroute_to?:list due?:when repeat?:int"
)
_ENDING = f"{_RAISING} lead.transfer incident.close"

SHAPES: dict[str, tuple[str, str]] = {
    "command.refused": ("command:str by:str ref:str reason:str field?:str", "any"),
    "incident.opened": ("incident:str type:str rumour:str", "rumour.log rumour.grow"),
    "incident.graded": ("incident:str grade:int level:int lead:str first_statement_due:when", _OPENING),
    "incident.updated": ("incident:str changed:dict", "incident.update"),
    "incident.regraded": ("incident:str grade:int was:int", "incident.update"),
    "incident.state": (
        "incident:str state:str ack_minutes?:int into?:str aar_days?:int",
        f"incident.acknowledge incident.stabilise incident.stand_down incident.close {_RAISING}",
    ),
    "level.raised": ("incident:str level:int was:int rule:str", _RAISING),
    "level.lowered": ("incident:str level:int was:int rule:str", "level.override"),
    "lead.changed": ("incident:str lead:str was:str voided:list rule:str", "lead.transfer"),
    "notify": ("incident:str to:list", _RAISING),
    "deadline.tightened": ("incident:str due:when", "incident.update"),
    "deadline.met": ("incident:str minutes:int target:int", _PUBLISHING),
    "deadline.late": ("incident:str minutes:int target:int", _PUBLISHING),
    "deadline.breached": ("incident:str due:when", "timer"),
    "spokesperson.assigned": (
        "incident:str spokesperson:str skipped:list co_speaker?:str",
        f"{_RAISING} lead.transfer spokesperson.decline timer",
    ),
    "spokesperson.unavailable": (
        "incident:str skipped:list",
        f"{_RAISING} lead.transfer spokesperson.decline timer",
    ),
    "spokesperson.ready": ("incident:str spokesperson:str", "spokesperson.confirm"),
    "factsheet.updated": ("incident:str facts:dict changed:dict stale:list", "factsheet.set"),
    "statement.drafted": ("statement:str incident:str kind:str by:str facts:dict", "statement.draft timer"),
    "approval.requested": ("statement:str keys:dict why?:str", "statement.submit statement.approve timer"),
    "key.given": ("statement:str key:str by:str", "statement.approve"),
    "key.refused": ("statement:str key:str by:str reason:str needs?:str", "statement.approve"),
    "keys.waived": ("statement:str keys:list rule:str", "embargo.break"),
    "statement.blocked": (
        f"statement:str stage:str reason:str rule:str {_DETAILS}",
        f"statement.submit {_PUBLISHING}",
    ),
    "statement.scheduled": ("statement:str due:when embargoed_copy_to:list", "statement.approve"),
    "statement.published": (
        f"statement:str incident:str kind:str exercise:bool channels:list {_ACCOUNTS} voice?:str",
        _PUBLISHING,
    ),
    "statement.returned": ("statement:str by:str reason:str", "statement.return"),
    "statement.rejected": ("statement:str by:str reason:str", "statement.reject"),
    "statement.withdrawn": ("statement:str by:str", "statement.withdraw"),
    "statement.state": ("statement:str state:str by:str", f"{_ENDING} {_PUBLISHING} delivery.fail"),
    "amplify.requested": ("statement:str to:list", _PUBLISHING),
    "post_review.due": ("statement:str due:when", _PUBLISHING),
    "post_review.done": ("statement:str by:str", "statement.review"),
    "media.strike": ("outlet:str statement:str rule:str", "embargo.break"),
    "publication.observed": ("publication:str incident:str source:str consistent:bool", "publication.observe"),
    "contradiction.detected": ("contradiction:str incident:str source:str facts:dict", "publication.observe"),
    "contradiction.closed": ("contradiction:str outcome:str", "contradiction.resolve"),
    "correction.requested": ("incident:str outlet:str facts:dict", "publication.observe"),
    "rumour.triaged": (
        "rumour:str score:int priority:str owner:str response_due:when",
        "rumour.log rumour.grow",
    ),
    "rumour.verdict": ("rumour:str verdict:str", "rumour.verify"),
    "rumour.answered": ("rumour:str minutes:int target:int", _PUBLISHING),
    "rumour.state": ("rumour:str state:str", "rumour.close"),
    "channel.suspended": ("channel:str entity:str rule:str", "channel.suspend"),
    "channel.restored": ("channel:str entity:str", "channel.restore"),
    "verification.flagged": ("channel:str entity:str verdict:str since:when", "channel.suspend"),
    "verification.answered": ("ref:str verdict:str", "verification.ask"),
    "exercise.suspended": ("incident:str because:str rule:str", f"{_RAISING} lead.transfer"),
    "stand_down.refused": ("incident:str by:str reasons:list", "incident.stand_down"),
    "stand_down.signed": ("incident:str by:str missing:list", "incident.stand_down"),
    "initiative.planned": ("initiative:str owner:str start:when clashes:list flags:list", "initiative.plan"),
    "initiative.held": (
        "initiative:str incident:str owner:str rule:str",
        f"{_RAISING} lead.transfer initiative.plan",
    ),
    "initiative.released": ("initiative:str", "initiative.release"),
    "escalation": (
        f"rule:str to:list {_OF_RULE}",
        "timer spokesperson.decline publication.observe rumour.log rumour.grow delivery.fail",
    ),
    "rehearsal.opened": ("start:str", "rehearsal.open"),
}
"""Fact → its fields with their types (`?`: left out when it does not apply), and the commands that may tell it."""

ANSWERS = {
    "incident.report": "incident.graded",
    "incident.acknowledge": "incident.state",
    "incident.update": "incident.updated",
    "incident.merge": "incident.state",
    "incident.stabilise": "incident.state",
    "incident.stand_down": "stand_down.refused stand_down.signed",
    "incident.close": "incident.state",
    "level.override": "level.raised level.lowered",
    "lead.transfer": "lead.changed",
    "spokesperson.confirm": "spokesperson.ready",
    "spokesperson.decline": "escalation",
    "factsheet.set": "factsheet.updated",
    "statement.draft": "statement.drafted",
    "statement.submit": "statement.blocked approval.requested",
    "statement.approve": "key.given key.refused",
    "statement.return": "statement.returned",
    "statement.reject": "statement.rejected",
    "statement.withdraw": "statement.withdrawn",
    "statement.review": "post_review.done",
    "embargo.break": "media.strike",
    "publication.observe": "publication.observed",
    "contradiction.resolve": "contradiction.closed",
    "rumour.log": "rumour.triaged",
    "rumour.grow": "rumour.triaged",
    "rumour.verify": "rumour.verdict",
    "rumour.close": "rumour.state",
    "channel.suspend": "channel.suspended",
    "channel.restore": "channel.restored",
    "delivery.fail": "escalation",
    "verification.ask": "verification.answered",
    "initiative.plan": "initiative.planned",
    "initiative.release": "initiative.released",
}
"""What an accepted command always tells, once: one of these."""

ESCALATION_FIELDS = {
    "ESC-01a": "incident",
    "ESC-01b": "incident",
    "ESC-02a": "incident",
    "ESC-02b": "incident",
    "ESC-02c": "incident",
    "ESC-03": "incident spokesperson cause",
    "ESC-06a": "contradiction incident due",
    "ESC-06b": "contradiction incident repeat",
    "ESC-07a": "rumour",
    "ESC-07b": "rumour repeat",
    "ESC-09a": "statement key",
    "ESC-09b": "statement key",
    "ESC-10": "incident repeat",
    "ESC-11": "statement channel reroute_to",
    "ESC-13": "statement",
}
_BLOCK_DETAILS = {
    "DRILL_LEAK": ("DR-1", "channels"),
    "EXERCISE_SUSPENDED": ("DR-5", ""),
    "DRILL_MARKER_MISSING": ("DR-2", ""),
    "REAL_ON_EXERCISE_CHANNEL": ("DR-1", "channels"),
    "INTERNAL_ONLY": ("CH-3", "channels"),
    "MISSING_REFERENCE": ("INV-4", ""),
    "MIXED_OWNERS": ("OV-2", "owners"),
    "EXERCISE_MISMATCH": ("DR-3", "refs"),
    "REFERENCE_NOT_PUBLISHED": ("INV-4", "refs"),
    "EMBARGO_ON_LIFE_SAFETY": ("EMB-1", ""),
    "NOT_AN_ALERT_ORIGINATOR": ("CH-1", "originator"),
    "ORIGINATOR_OUT_OF_AREA": ("CH-1", "originator emirates"),
    "NOT_LEAD": ("OV-2", "entity lead"),
    "FACT_MISMATCH": ("OV-3", "facts"),
    "FACT_NOT_ON_SHEET": ("OV-3", "missing"),
    "NEXT_OF_KIN_NOT_CONFIRMED": ("INV-9", ""),
    "CONTENT_INCOMPLETE": ("INV-6", "missing"),
}
"""Reason of a block → its rule and its details (§7)."""
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
    "when": (int, str),
}


def check(kind: str, data: Record, cause: str) -> None:
    """A fact has the fields of §6, of their types, and comes of what may lead to it."""
    fields, causes = SHAPES[kind]
    wanted = dict(one.split(":") for one in fields.split())
    names = {name.removesuffix("?"): type_ for name, type_ in wanted.items()}
    required = {name for name in wanted if not name.endswith("?")}
    assert required <= data.keys() <= names.keys(), (kind, data)
    for name, value in data.items():
        assert type(value) in _TYPES[names[name]], (kind, name, value)
        assert type(value) is not list or (len(set(value)) == len(value) and all(type(one) is str for one in value))
    assert causes == "any" or (cause or "timer") in causes.split(), (kind, cause)
    _details(kind, data)


def _details(kind: str, data: Record) -> None:
    exact: dict[str, Any] = {}
    if kind == "escalation":
        exact = {"fields": {"rule", "to", *ESCALATION_FIELDS[data["rule"]].split()}}
    elif kind == "statement.blocked":
        rule, details = _BLOCK_DETAILS[data["reason"]]
        assert rule == data["rule"]
        exact = {"fields": {"statement", "stage", "reason", "rule", *details.split()}}
    elif kind == "command.refused":
        assert (data["reason"] == "BAD_VALUE") == ("field" in data)
    elif kind == "key.refused":
        assert (data["reason"] == "WRONG_ENTITY") == ("needs" in data)
    assert exact.get("fields", data.keys()) == data.keys(), (kind, data)
