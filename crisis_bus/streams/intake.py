"""Intake: many raw reports in, one incident and its updates out."""

from dataclasses import dataclass
from typing import Any

import faust
from faust.types import Message, StreamT
from pydantic_core import to_json

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.reports import Report
from crisis_bus.rules import correlation
from crisis_bus.rules.correlation import Codes, Correlated, Correlation
from crisis_bus.streams import changelog, worker
from crisis_bus.streams.faust_app import StreamConfig, Table, new_app, new_table, new_topic
from crisis_bus.streams.outlet import (
    Handled,
    Observer,
    Outlet,
    Parcel,
    a_bug_is_kept,
    check_key,
    handle_each,
    read_envelope,
    read_model,
    time_of,
    unobserved,
)
from crisis_bus.streams.turns import Turns
from crisis_bus.streams.worker import Lifeline
from crisis_bus.wire import messages, topics, types
from crisis_bus.wire.envelope import Envelope

TABLE = "correlations"
SOURCE = "/crisis-bus/intake"
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class IntakeConfig:
    """What intake must know; `window` is in milliseconds, `codes` are those of the policy pack."""

    stream: StreamConfig
    window: int
    codes: Codes


async def run_intake(config: IntakeConfig, lifeline: Lifeline, observe: Observer = unobserved) -> None:
    """Run until asked to stop; raises if the worker breaks."""
    await changelog.ensure(config.stream, TABLE)
    await worker.run(intake_app(config, observe), lifeline)


def intake_app(config: IntakeConfig, observe: Observer) -> faust.App:
    """The Faust app of intake."""
    app = new_app(config.stream)
    outlet = Outlet(app, config.stream.ack_timeout_seconds, observe)
    intake = _Intake(config, new_table(app, TABLE), outlet)

    async def reports(stream: StreamT[Any]) -> None:
        await handle_each(stream, outlet, intake.handle, _AT_ONCE)

    app.agent(new_topic(app, topics.REPORTS), name="reports")(reports)
    return app


class _Intake:
    """Many reports at once, those of one subject one after the other."""

    def __init__(self, config: IntakeConfig, table: Table, outlet: Outlet) -> None:
        self._config = config
        self._table = table
        self._outlet = outlet
        self._turns = Turns()

    async def handle(self, message: Message) -> bool:
        """Read a report, and join it to the incident of its subject when its turn has come."""
        with a_bug_is_kept("reading the report"):
            envelope = read_envelope(message)
            report = read_model(envelope, Report, types.REPORT)
            check_key(message, report.subject, "the subject of the report")
        key = to_json(correlation.subject_of(report))
        async with self._turns.of(key):
            await self._correlate(message, envelope, report, key)
        return True

    async def _correlate(self, message: Message, envelope: Envelope, report: Report, key: bytes) -> None:
        """Command first, table second, acknowledgement last: a crash between repeats the same command.

        The table is written even when nothing is new: the crash may have come between the local store and
        its changelog, and then the repeat brings them together again.
        """
        stored: bytes | None = self._table.get(key)
        with a_bug_is_kept("correlating the report"):
            known = None if stored is None else Correlation.model_validate_json(stored)
            found = correlation.correlate(known, report, time_of(message), self._config.window, self._config.codes)
        sent = await self._outlet.send(_commands(report, found, envelope))
        if found.known is not None:
            await self._table.keep(key, found.known.model_dump_json().encode())
        self._outlet.observe(_outcome(found), sent, time_of(message))


def _commands(report: Report, found: Correlated, cause: Envelope) -> list[Parcel]:
    command = found.command
    if command is None:
        return []
    # In a real space the broker's clock counts; in a rehearsal the time that the report says is the time.
    at: Instant = cause.time
    envelope = messages.command(
        report.space,
        str(command.type),
        command.by,
        command.data,
        id=str(command.id),
        at=at,
        source=SOURCE,
        cause=cause,
    )
    return [Parcel(topics.COMMANDS, report.space.encode(), envelope)]


def _outcome(found: Correlated) -> Handled:
    if found.command is None:
        return Handled.NOTHING_NEW
    opened = found.command.type == correlation.OPENS
    return Handled.INCIDENT_REPORTED if opened else Handled.INCIDENT_UPDATED
