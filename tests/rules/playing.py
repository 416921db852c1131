"""Small scenarios in memory: commands as lines, facts as lines, every expectation from the rule book.

The people, grades and tables are those of the pack `uae`. Minute 0 is a Thursday in April 2026.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from crisis_bus import packs, rehearsal
from crisis_bus.desk import Decision
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office

START = "2026-04-16T16:40:00+04:00"
Data = dict[str, Any]
Order = tuple[int, str, Any, Any]
"""A command: minute, type, by, data."""
Fact = tuple[int, str, Data]
"""A fact: minute, type, data."""


@cache
def policy() -> Policy:
    return packs.load("uae")


def facts(
    commands: Iterable[Order],
    until: int | None = None,
    roster: Mapping[str, Mapping[str, Any]] | None = None,
    start: str = START,
) -> list[Fact]:
    """Every fact that the commands lead to; timers run until the last command's minute, or `until`."""
    decisions = decided(commands, until, roster, start)
    lines = (line for one in decisions for line in rehearsal.lines(one.facts, one.office.clock))
    return [(line["at"], line["type"], line["data"]) for line in lines]


def kept(commands: Iterable[Order], until: int | None = None) -> Office:
    """What the office keeps after the commands and the timers up to the last minute."""
    return decided(commands, until)[-1].office


def decided(
    commands: Iterable[Order],
    until: int | None = None,
    roster: Mapping[str, Mapping[str, Any]] | None = None,
    start: str = START,
) -> list[Decision]:
    """Decide each command; what the journal would keep of it must rebuild the office each time."""
    steps = [{"at": at, "type": kind, "by": by, "data": data} for at, kind, by, data in commands]
    last = steps[-1]["at"] if until is None else until
    scenario = rehearsal.Scenario.model_validate(
        {
            "id": "T",
            "title": {},
            "clock": {"start": start, "until_minutes": last},
            "roster": roster or {},
            "commands": steps,
        }
    )
    folded, decisions = rehearsal.opened(scenario, policy()), []
    for decision in rehearsal.decisions(scenario, policy()):
        folded = folded.fold(decision.office.now, None, decision.changes)
        assert folded == decision.office
        decisions.append(decision)
    return decisions


def only(told: Iterable[Fact], *types: str) -> list[Fact]:
    """The facts of these types."""
    return [fact for fact in told if fact[1] in types]


def answer(commands: Iterable[Order]) -> list[tuple[str, Data]]:
    """The facts that the last command adds to those of the commands before it."""
    *before, last = commands
    at = last[0]
    untouched = facts([*before, (at, "verification.ask", "anybody", {"ref": "-"})], until=at)
    told = facts([*before, last], until=at)
    for fact in untouched:
        if fact in told:
            told.remove(fact)
    return [(kind, data) for _, kind, data in told]


def refusal(commands: Iterable[Order]) -> tuple[str, str | None]:
    """Reason and field of the refusal that the last command is answered with."""
    ((kind, data),) = answer(commands)
    assert kind == "command.refused"
    return data["reason"], data.get("field")


def report(at: int = 0, name: str = "I", kind: str = "ROAD-MCI", **data: Any) -> Order:
    """An incident; without more, a moderate, expected, possible one (G1) of level 1, led by MOI."""
    usual = {"severity": "Moderate", "urgency": "Expected", "certainty": "Possible", "emirates": []}
    return at, "incident.report", "ops", {"id": name, "type": kind, **usual, **data}


def update(at: int, name: str = "I", *, by: str = "ops", **data: Any) -> Order:
    return at, "incident.update", by, {"incident": name, **data}


def override(at: int, level: int, name: str = "I") -> Order:
    return at, "level.override", "GCO.director", {"incident": name, "level": level}


def sheet(at: int, name: str = "I", *, by: str = "GCO.desk", **values: Any) -> Order:
    return at, "factsheet.set", by, {"incident": name, "facts": values}


def submit(at: int, name: str = "S", kind: str = "HOLDING", *, by: str = "MOI.drafter", **data: Any) -> Order:
    return at, "statement.submit", by, {"id": name, "incident": "I", "kind": kind, **data}


def draft(at: int, name: str = "S", kind: str = "HOLDING", *, by: str = "MOI.drafter", **data: Any) -> Order:
    return at, "statement.draft", by, {"id": name, "incident": "I", "kind": kind, **data}


def approve(at: int, key: str, by: str, name: str = "S") -> Order:
    return at, "statement.approve", by, {"statement": name, "key": key}


def out(at: int, name: str = "S", kind: str = "HOLDING", *, keys: Mapping[str, str], **data: Any) -> list[Order]:
    """A text that is submitted and gets all its keys in one minute: key → actor."""
    return [submit(at, name, kind, **data), *(approve(at, key, by, name) for key, by in keys.items())]


LEVEL_1 = {"FACT": "MOI.facts", "RELEASE": "MOI.release"}
LEVEL_2 = {"FACT": "MOI.facts", "RELEASE": "GCO.release"}
LEVEL_3 = {"FACT": "MOI.facts", "COORD": "NCEMA.coord", "RELEASE": "GCO.release"}
KEYS = {1: LEVEL_1, 2: LEVEL_2, 3: LEVEL_3}
"""The keys of a text of MOI at each level: key → actor."""


def log(at: int, name: str = "R", *, by: str = "monitor", reach: int = 0, harm: int = 1, **data: Any) -> Order:
    topic = data.pop("topic", "GEN")
    return (
        at,
        "rumour.log",
        by,
        {"id": name, "claim": "a claim", "reach": reach, "harm": harm, "topic": topic, **data},
    )


def close(at: int, outcome: str = "DUPLICATE", name: str = "I", *, by: str = "GCO.desk") -> Order:
    return at, "incident.close", by, {"incident": name, "outcome": outcome}


def fail(at: int, channel: str, name: str = "S", *, by: str = "delivery") -> Order:
    return at, "delivery.fail", by, {"statement": name, "channel": channel}


def escalations(told: Iterable[Fact], rule: str) -> list[tuple[int, Data]]:
    """Minute and data of the escalations of one rule."""
    return [(at, data) for at, kind, data in told if kind == "escalation" and data["rule"] == rule]


L1 = ["WEB", "SOCIAL", "CALL_CENTRE", "MEDIA_WIRE", "GOV_INTERNAL"]
L2 = ["WAM", "TV_RADIO", "WEB", "SOCIAL", "CALL_CENTRE", "MEDIA_WIRE", "GOV_INTERNAL"]
L3 = ["WAM", "TV_RADIO", "WEB", "SOCIAL", "APP_PUSH", "CALL_CENTRE", "MEDIA_WIRE", "CAP_FEED", "GOV_INTERNAL"]
LIFE = [
    *("CELL_BROADCAST", "CAP_FEED", "SMS_GEO", "TV_RADIO", "SOCIAL", "WEB"),
    *("APP_PUSH", "SIGNAGE", "CALL_CENTRE", "WAM", "MEDIA_WIRE", "GOV_INTERNAL"),
]
"""The channel sets of `rules.md` §2.6."""
LIFE_SAFETY: Data = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}
"""A triple for which one key is enough for a warning (`rules.md` §4.4): G3, so level 2."""


def warning(at: int, name: str = "W", *, originator: str = "NCEMA", **data: Any) -> list[Order]:
    """A warning that leaves on one key, by `drafter` and `<originator>.duty`."""
    text = {"by": "drafter", "originator": originator, **data}
    return out(at, name, "PUBLIC_WARNING", keys={"ORIGINATOR": f"{originator}.duty"}, **text)


EXERCISE = report(0, "E", "FIRE-BLDG", exercise=True)
"""A drill of level 1, led by FAACD."""
DRILL = out(0, "P", keys={"FACT": "FAACD.a", "RELEASE": "FAACD.b"}, incident="E", by="FAACD.c", marker=True)


def block(commands: list[Order]) -> Data | None:
    """Reason, rule and details of the block that answers the last command; None if it is in review."""
    ((kind, data),) = answer(commands)
    if kind == "approval.requested":
        return None
    assert (kind, data.pop("statement"), data.pop("stage")) == ("statement.blocked", "S", "submit")
    return data


def hit(reason: str, rule: str, **details: Any) -> Data:
    return {"reason": reason, "rule": rule, **details}


def in_exercise(at: int, **data: Any) -> Order:
    return submit(at, incident="E", **{"by": "FAACD.c", "marker": True, **data})


def levels(level: int) -> list[Order]:
    return [override(0, level)] if level > 1 else []


def published(commands: list[Order], name: str = "S") -> Data:
    """The publication of a statement."""
    (data,) = (data for _, _, data in only(facts(commands), "statement.published") if data["statement"] == name)
    return data


def suspended(channel: str, entity: str) -> Order:
    return 0, "channel.suspend", "GCO.desk", {"channel": channel, "entity": entity}


def states(commands: list[Order], until: int | None = None) -> list[tuple[int, str, str, str]]:
    """Minute, statement, state and cause of every change of state."""
    told = only(facts(commands, until=until), "statement.state")
    return [(at, data["statement"], data["state"], data["by"]) for at, _, data in told]
