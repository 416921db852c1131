"""Work for the desk: the shipped scenarios over and over, each time with ids of their own."""

from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from crisis_bus import packs, rehearsal
from crisis_bus.domain.commands import REHEARSAL_OPEN, Command
from crisis_bus.domain.instants import Instant, parse
from crisis_bus.domain.policy import Policy
from crisis_bus.office import Office
from crisis_bus.rehearsal import Step
from crisis_bus.wire import messages
from crisis_bus.wire.envelope import Envelope

PACK = "uae"
SPACE = "rehearsal-bench"
_SCENARIOS = ("S01", "S02", "S03", "S05", "S06", "S08")
_STEP_MS = 1000


def played(number: int, step: int = _STEP_MS) -> list[tuple[Command, Instant]]:
    """So many commands of a long rehearsal, so many milliseconds apart."""
    zero = parse(_scenarios()[0].clock.start)
    return [
        (Command(one.type, one.by, one.data, f"c{place}"), zero + place * step)
        for place, one in enumerate(islice(_steps(), number), 1)
    ]


def opening(number: int) -> Iterator[Command]:
    """So many reports of incidents of every type that nobody will close."""
    types = [row.code for row in packs.load(PACK).incident_types]
    for place in range(number):
        data = {
            "id": f"OPEN{place}",
            "type": types[place % len(types)],
            "severity": ("Minor", "Moderate", "Severe")[place % 3],
            "urgency": "Expected",
            "certainty": "Likely",
            "emirates": [("AE-AZ", "AE-DU")[place % 2]],
        }
        yield Command("incident.report", "MOI.ops", data, f"o{place}")


def office(policy: Policy) -> Office:
    """The office that the commands are for."""
    return rehearsal.opened(_scenarios()[0], policy)


def envelopes(number: int) -> list[Envelope]:
    """The same rehearsal as it goes on the log, its opening first."""
    first = _scenarios()[0]
    roster = {name: change.model_dump(exclude_none=True) for name, change in first.roster.items()}
    opening = Command(REHEARSAL_OPEN, "bench", {"start": first.clock.start, "roster": roster}, "c0")
    return [
        messages.command(SPACE, str(one.type), one.by, one.data, id=str(one.id), at=at, source="/bench")
        for one, at in [(opening, parse(first.clock.start)), *played(number - 1)]
    ]


def _scenarios() -> list[rehearsal.Scenario]:
    return [rehearsal.read(packs.scenario(name, PACK).read_bytes()) for name in _SCENARIOS]


def _steps() -> Iterator[Step]:
    scenarios = _scenarios()
    names = {step.data["id"] for scenario in scenarios for step in scenario.commands if "id" in step.data}
    known = frozenset(names | {f"INC-{name}" for name in names})
    for round_ in count(1):
        for scenario in scenarios:
            for step in scenario.commands:
                yield step.model_copy(update={"data": _renamed(step.data, known, f"{round_}{scenario.id}")})


def _renamed(value: Any, known: frozenset[str], ending: str) -> Any:
    if isinstance(value, str):
        return f"{value}-{ending}" if value in known else value
    if isinstance(value, list):
        return [_renamed(item, known, ending) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, known, ending) for key, item in value.items()}
    return value
