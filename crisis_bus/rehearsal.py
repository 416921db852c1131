"""The desk played in memory: drills, scenario tests, try-outs without a broker (`scenario-format.md`)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from crisis_bus.desk import Decision, decide, tick
from crisis_bus.domain.commands import ABSENT, Command
from crisis_bus.domain.digests import canonical
from crisis_bus.domain.facts import Told
from crisis_bus.domain.instants import Clock, minutes, parse
from crisis_bus.domain.policy import PersonChange, Policy
from crisis_bus.errors import ScenarioError
from crisis_bus.office import Office


def _with_offset(start: str) -> str:
    written = datetime.fromisoformat(start).isoformat()
    parse(written)
    return written


Minute = Annotated[StrictInt, Field(ge=0)]
Start = Annotated[str, AfterValidator(_with_offset)]
"""ISO 8601 with an offset, kept as RFC 3339."""
Line = dict[str, Any]
"""One fact as told: `{"at": minutes, "type": text, "data": object}`."""


class Timing(BaseModel):
    """`start` is minute 0; timers run up to and including `until_minutes`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    start: Start
    until_minutes: Minute


class Step(BaseModel):
    """A command at a minute; only its time is checked here, the desk answers for the rest."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    at: Minute
    type: Any = None
    by: Any = None
    data: Any = None
    id: Any = None

    @property
    def command(self) -> Command:
        """The command as the desk takes it."""
        return Command(self.type, self.by, self.data, self.id if "id" in self.model_fields_set else ABSENT)


class Expected(BaseModel):
    """A fact that a scenario demands."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    at: Minute
    type: str
    data: dict[str, Any]


class Scenario(BaseModel):
    """A scenario file: commands in, facts out; what else its author notes in it is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    title: dict[str, str] = {}
    clock: Timing
    roster: dict[str, PersonChange] = {}
    commands: tuple[Step, ...]
    facts: tuple[Expected, ...] = ()


_FILE = TypeAdapter(Scenario)


def read(content: bytes) -> Scenario:
    """Read a scenario file; raises ScenarioError, which names the place and the reason."""
    try:
        scenario = _FILE.validate_python(from_json(content, allow_inf_nan=False))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        msg = f"{place or 'the file'}: {first['msg'].removeprefix('Value error, ')}"
        raise ScenarioError(msg) from error
    except ValueError as error:
        msg = f"no scenario: {error}"
        raise ScenarioError(msg) from error
    for before, after in zip(scenario.commands, scenario.commands[1:], strict=False):
        if after.at < before.at:
            msg = f"commands: minute {after.at} comes after minute {before.at}; `at` never decreases"
            raise ScenarioError(msg)
    return scenario


def opened(scenario: Scenario, policy: Policy) -> Office:
    """The office at minute 0; raises ScenarioError when the roster names nobody of the pack."""
    try:
        return Office.opened(policy).rehearsing(scenario.clock.start, scenario.roster)
    except ValueError as error:
        msg = f"roster: {error}"
        raise ScenarioError(msg) from error


def play(scenario: Scenario, policy: Policy) -> Iterator[Line]:
    """Play a scenario; every fact, as it is told."""
    for decision in decisions(scenario, policy):
        yield from lines(decision.facts, decision.office.clock)


def decisions(scenario: Scenario, policy: Policy) -> Iterator[Decision]:
    """Decide each command, and then what is due up to the end."""
    office = opened(scenario, policy)
    zero = parse(scenario.clock.start)
    for step in scenario.commands:
        decision = decide(office, step.command, zero + minutes(step.at))
        yield decision
        office = decision.office
    end = zero + minutes(scenario.clock.until_minutes)
    if end >= office.now:
        yield tick(office, end)


def lines(facts: Iterable[Told], clock: Clock) -> Iterator[Line]:
    """Facts as a space writes them."""
    return ({"at": clock.write(told.at), "type": told.fact.TYPE, "data": told.data(clock)} for told in facts)


def as_json(line: Line) -> str:
    """One fact on one line, the same bytes wherever it was decided."""
    return to_json(line).decode()


def first_difference(expected: Iterable[Line], told: Iterable[Line]) -> str | None:
    """The first fact that is missing or too much (`scenario-format.md` §8); None if there is none."""
    wanted, had = Counter(map(_comparable, expected)), Counter(map(_comparable, told))
    missing = [(place, "missing") for place in wanted - had]
    extra = [(place, "not expected") for place in had - wanted]
    differences = sorted(missing + extra)
    if not differences:
        return None
    (minute, kind, data), what = differences[0]
    return f"minute {minute}: {what}: {kind} {data}"


def _comparable(line: Line) -> tuple[int, str, str]:
    return line["at"], line["type"], canonical(line["data"]).decode()
