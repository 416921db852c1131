"""`crisis-bus play`: a scenario file through the live system, in a rehearsal space of its own."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, TypeVar

import typer

from crisis_bus import packs, rehearsal
from crisis_bus.cli import output, rehearsing, settings_shown
from crisis_bus.cli.client import Gateway, Json
from crisis_bus.cli.output import Format
from crisis_bus.domain.commands import CLOCK_TICK, REHEARSAL_OPEN
from crisis_bus.errors import NotReachable
from crisis_bus.rehearsal import Line, Scenario

DIFFERENT = 1
_ANSWER_SECONDS = 60.0
_AGAIN_SECONDS = 45.0
"""How long a gateway that does not answer is asked again: a process that died is back within seconds."""
_PAUSE_SECONDS = 0.25
_OPENED = "rehearsal.opened"
T = TypeVar("T")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("play")(play)


def play(
    file: Annotated[str, typer.Argument(help="a scenario file, or the id of one of the pack's own")],
    *,
    speed: Annotated[float, typer.Option(min=0, help="so many times faster than life; 0 is as fast as it goes")] = 0,
    space: Annotated[str | None, typer.Option(help="name of the new space, rehearsal-…")] = None,
    output_format: Annotated[Format, typer.Option("--format", help="table, json or jsonl (one fact a line)")] = (
        Format.TABLE
    ),
    verify: Annotated[
        bool, typer.Option("--verify", help="compare with the facts of the file; 1 if they differ")
    ] = False,
) -> None:
    """Play a scenario file through the live system.

    It runs in a rehearsal space of its own; prints the facts that the journal holds of it.
    """
    settings = settings_shown.read()
    scenario = rehearsing.load(packs.scenario(file, settings.pack))
    name = space or fresh_space(scenario)
    told = list(through(Gateway(settings), scenario, name, speed))
    output.rows(told, ("at", "type", "data"), output_format)
    if verify:
        difference = rehearsal.first_difference((fact.model_dump() for fact in scenario.facts), told)
        if difference is not None:
            output.complain(difference)
            raise typer.Exit(DIFFERENT)


def fresh_space(scenario: Scenario) -> str:
    """A name that no earlier play has used."""
    return f"rehearsal-{scenario.id.lower()}-{time.time_ns() // 1_000_000:x}"


def through(gateway: Gateway, scenario: Scenario, space: str, speed: float) -> Iterator[Line]:
    """Send every command in its time and yield the facts as the journal tells them; raises NotReachable."""
    _open(gateway, scenario, space)
    listener = Listener(gateway, space)
    started = time.monotonic()
    for number, step in enumerate(scenario.commands):
        yield from _until(listener, started, step.at, speed)
        patiently(partial(gateway.ask, _command(space, number, step)))
        yield from listener.heard()
    yield from _until(listener, started, scenario.clock.until_minutes, speed)
    end = f"{space}-end"
    at = scenario.clock.until_minutes
    tick = {"space": space, "type": CLOCK_TICK, "by": "clock", "data": {}, "at": at, "id": end}
    patiently(partial(gateway.ask, tick))
    yield from listener.until_answered(end)


def patiently(ask: Callable[[], T]) -> T:
    """Ask again while nobody answers, within a bound; what is asked must be the same when it comes twice."""
    ends = time.monotonic() + _AGAIN_SECONDS
    while True:
        try:
            return ask()
        except NotReachable:
            if time.monotonic() > ends:
                raise
        time.sleep(_PAUSE_SECONDS)


def _open(gateway: Gateway, scenario: Scenario, space: str) -> None:
    roster = {name: change.model_dump(mode="json", exclude_none=True) for name, change in scenario.roster.items()}
    data = {"start": scenario.clock.start, "roster": roster}
    opening = {"space": space, "type": REHEARSAL_OPEN, "data": data, "id": f"{space}-open"}
    gateway.get("/healthz")  # a gateway that is not there at all is told at once, not after the patience below
    answer = patiently(partial(gateway.command, opening))
    if not any(told["type"] == _OPENED for told in answer["facts"]):
        msg = f"the desk has not opened {space}: {answer}"
        raise NotReachable(msg)


def _command(space: str, number: int, step: rehearsal.Step) -> Json:
    said = {name: getattr(step, name) for name in ("by", "data", "id") if name in step.model_fields_set}
    return {"id": f"{space}-{number}"} | said | {"space": space, "type": step.type, "at": step.at}


def _until(listener: "Listener", started: float, minute: int, speed: float) -> Iterator[Line]:
    if speed <= 0:
        return
    due = started + minute * 60 / speed
    while (left := due - time.monotonic()) > 0:
        time.sleep(min(left, 0.2))
        yield from listener.heard()


class Listener:
    """Follows the journal of one space."""

    def __init__(self, gateway: Gateway, space: str) -> None:
        """Begin at the beginning."""
        self._gateway = gateway
        self._space = space
        self._after: str | None = None
        self._answered: set[str] = set()

    def heard(self) -> Iterator[Line]:
        """The facts told since last asked."""
        while True:
            where = {"space": self._space, "after": self._after, "limit": 500}
            page = patiently(partial(self._gateway.get, "/v1/journal", where))
            for entry in page["items"]:
                self._answered.add(entry["id"])
                yield from (_line(told) for told in entry["facts"] if told["type"] != _OPENED)
            self._after = page["after"] or self._after
            if not page["more"]:
                return

    def until_answered(self, command: str) -> Iterator[Line]:
        """The facts told until this command is answered; raises NotReachable."""
        ends = time.monotonic() + _ANSWER_SECONDS
        while command not in self._answered:
            yield from self.heard()
            if time.monotonic() > ends:
                count = len(self._answered)
                msg = f"the desk has answered {count} commands of {self._space}, and not yet {command}; is it running?"
                raise NotReachable(msg)
            time.sleep(0.02)


def _line(told: dict[str, Any]) -> Line:
    return {"at": told["at"], "type": told["type"], "data": told["data"]}
