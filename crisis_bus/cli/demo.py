"""The play of `crisis-bus up --play`: a scenario through the live system, and whether all that was due arrived."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisis_bus import packs, rehearsal
from crisis_bus.cli import playing
from crisis_bus.cli.client import Gateway, Json
from crisis_bus.cli.output import say
from crisis_bus.cli.receivers import Received
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.rehearsal import Line, Scenario

_RECEIPTS_SECONDS = 60.0
_REACHED = frozenset({"accepted", "delivered"})
_LEVELS = frozenset({"incident.graded", "level.raised", "level.lowered"})
_SPOKEN = {
    "incident.graded": "graded {grade}, level {level}, lead {lead}",
    "spokesperson.assigned": "spokesperson {spokesperson}, skipped {skipped}",
    "level.raised": "level {was} → {level} ({rule})",
    "statement.published": "{statement} ({kind}) published on {channels}",
    "statement.blocked": "{statement} blocked: {reason} ({rule})",
    "key.given": "{statement}: key {key} by {by}",
    "key.refused": "{statement}: key {key} by {by} refused: {reason}",
    "escalation": "{rule} → {to}",
    "incident.state": "{incident} is {state}",
    "deadline.met": "{incident}: first statement after {minutes} of {target} minutes",
}


@dataclass(frozen=True)
class Due:
    """A destination and a statement that it must have."""

    subscription: str
    statement: str


def run(gateway: Gateway, scenario: Scenario, pack: str, receiver: str, received: Received, speed: float) -> list[str]:
    """Subscribe, play, and wait for the receipts; the reasons why not all is well, none if all is."""
    space = playing.fresh_space(scenario)
    samples = packs.subscriptions(pack, space, receiver)
    title = " · ".join(scenario.title.values()) or scenario.id
    say(f"\n{title} — space {space}")
    told: list[Line] = []
    for line in _subscribed(gateway, samples, playing.through(gateway, scenario, space, speed)):
        told.append(line)
        _speak(line)
    difference = rehearsal.first_difference((fact.model_dump() for fact in scenario.facts), told)
    due = due_of(samples, gateway.pages("/v1/journal", {"space": space}))
    receipts = _receipts(gateway, space, len(due))
    _summary(samples, receipts, received)
    wrong = [f"the facts differ: {difference}"] if difference else []
    return wrong + list(_missing(due, receipts))


def _subscribed(gateway: Gateway, samples: Iterable[Subscription], lines: Iterator[Line]) -> Iterator[Line]:
    for sample in samples:
        body = sample.model_dump(mode="json", exclude={"id"}, exclude_none=True)
        gateway.put(f"/v1/subscriptions/{sample.id}", body)
    yield from lines


def _speak(line: Line) -> None:
    form = _SPOKEN.get(line["type"], "")
    shown = {
        key: ", ".join(value) or "nobody" if isinstance(value, list) else value for key, value in line["data"].items()
    }
    say(f"  T+{line['at']:<4} {line['type']:<24} {form.format(**shown)}")


@dataclass
class _Situation:
    """What a filter may ask of an incident, as it is when a statement is published."""

    level: int = 0
    emirates: list[str] = field(default_factory=list)


def due_of(samples: list[Subscription], entries: Iterable[Json]) -> list[Due]:
    """Who must have what, as the journal of a space tells it in its order."""
    found: list[Due] = []
    incidents: defaultdict[str, _Situation] = defaultdict(_Situation)
    for entry in entries:
        data, kinds = entry["data"], {told["type"] for told in entry["facts"]}
        if entry["type"] == "incident.report" and "incident.graded" in kinds:
            incidents[data["id"]].emirates = data.get("emirates", [])
        for told in entry["facts"]:
            fact = told["data"]
            if told["type"] in _LEVELS:
                incidents[fact["incident"]].level = fact["level"]
            elif told["type"] == "statement.published":
                here = incidents[fact["incident"]]
                found += [Due(one.id, fact["statement"]) for one in samples if _wants(one, fact, here)]
        # What is published in the entry of an update was due before it.
        if entry["type"] == "incident.update" and "command.refused" not in kinds and not entry["repeats"]:
            incidents[data["incident"]].emirates = data.get("emirates", incidents[data["incident"]].emirates)
    return found


def _wants(sample: Subscription, fact: Json, situation: _Situation) -> bool:
    asked = sample.filter
    here = not asked.emirates or bool({*asked.emirates, "AE"} & set(situation.emirates))
    kind = not asked.kinds or fact["kind"] in asked.kinds
    return sample.channel in fact["channels"] and here and kind and situation.level >= asked.min_level


def _receipts(gateway: Gateway, space: str, expected: int) -> list[Json]:
    ends = time.monotonic() + _RECEIPTS_SECONDS
    while True:
        found = list(gateway.pages("/v1/receipts", {"space": space}))
        finished = [receipt for receipt in found if receipt["outcome"] != "retrying"]
        if len(finished) >= expected or time.monotonic() > ends:
            return found
        time.sleep(0.2)


def _summary(samples: Iterable[Subscription], receipts: Iterable[Json], received: Received) -> None:
    say("\nwhat each channel received")
    delivered: dict[str, list[str]] = {}
    for receipt in receipts:
        if receipt["outcome"] in _REACHED:
            delivered.setdefault(receipt["subscription"], []).append(receipt["statement"])
    for sample in samples:
        statements = delivered.get(sample.id, [])
        say(f"  {sample.channel:<16} {sample.transport:<8} {sample.subscriber:<14} {', '.join(statements) or '–'}")
    arrived = sum(len(messages) for messages in received.messages.values())
    say(f"  {arrived} messages arrived at the receivers of this machine")


def _missing(due: Iterable[Due], receipts: Iterable[Json]) -> Iterator[str]:
    outcomes = {(receipt["subscription"], receipt["statement"]): receipt for receipt in receipts}
    for wanted in due:
        receipt = outcomes.get((wanted.subscription, wanted.statement))
        if receipt is None:
            yield f"{wanted.statement} has no receipt from {wanted.subscription}"
        elif receipt["outcome"] not in _REACHED:
            yield f"{wanted.statement} to {wanted.subscription}: {receipt['outcome']}: {receipt['detail']}"
