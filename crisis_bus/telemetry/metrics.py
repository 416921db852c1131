"""Every metric of the system, as one table: base units, closed labels, never a name or a text of anybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from crisis_bus import __version__
from crisis_bus.domain.delivery import Outcome
from crisis_bus.telemetry.instruments import Family, Kind, Spec, built, rows
from crisis_bus.telemetry.labels import (
    AUDITED,
    COMMAND_NAMES,
    DENIALS,
    ESCALATIONS,
    GRADES,
    LEVELS,
    PASSED_OVER,
    REFUSALS,
    TOPICS,
    TRANSPORTS,
    Deadline,
    Intake,
    Mode,
    Skipped,
    Stage,
)

Readiness = Callable[[], Sequence[str]]
"""What a process still waits for, one sentence each; empty when it is ready."""
_AGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
_DURATIONS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0)
_DECISIONS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an open incident counts as."""

    grade: int
    level: int
    mode: Mode


@dataclass(frozen=True, init=False)
class Metrics:
    """The instruments of one process, in one registry; an annotated field of this class is a row of the table."""

    registry: CollectorRegistry
    standing: dict[tuple[str, str], Standing]
    """(space, incident) → what it counts as: how the gauge of open incidents is kept, never a label."""

    build: Annotated[
        Family[Gauge],
        Spec("crisis_bus_build_info", "Always 1; the label is the version that runs.", version=(__version__,)),
    ]
    ready: Annotated[
        Gauge,
        Spec("crisis_bus_ready", "1 when the process does its work, 0 when it waits for something."),
    ]
    event_age: Annotated[
        Family[Histogram],
        Spec(
            "crisis_bus_event_age_seconds", "Age of an event when it reaches a stage of the flow.", _AGES, stage=Stage
        ),
    ]
    reports: Annotated[
        Family[Counter],
        Spec("crisis_bus_reports_total", "Raw signals that intake handled, by what became of them.", outcome=Intake),
    ]
    accepted: Annotated[
        Family[Counter],
        Spec("crisis_bus_commands_accepted_total", "Commands that are on the log for good.", command=COMMAND_NAMES),
    ]
    denials: Annotated[
        Family[Counter],
        Spec("crisis_bus_access_denials_total", "Requests that were kept out, by rule.", rule=DENIALS),
    ]
    decided: Annotated[
        Family[Counter],
        Spec(
            "crisis_bus_commands_decided_total", "Commands that the desk answered, refusals too.", command=COMMAND_NAMES
        ),
    ]
    refused: Annotated[
        Family[Counter],
        Spec("crisis_bus_commands_refused_total", "Commands that changed nothing, by reason.", reason=REFUSALS),
    ]
    decision: Annotated[
        Histogram,
        Spec("crisis_bus_decision_seconds", "Time that the rules took to decide one command.", _DECISIONS),
    ]
    lag_records: Annotated[
        Gauge,
        Spec(
            "crisis_bus_desk_lag_records", "Commands on the log that this desk has not answered, over its partitions."
        ),
    ]
    lag_seconds: Annotated[
        Gauge,
        Spec("crisis_bus_desk_lag_seconds", "Age of the oldest command that this desk has not answered; 0 if none."),
    ]
    follower_lag: Annotated[
        Gauge,
        Spec(
            "crisis_bus_follower_lag_records",
            "Journal entries of which this follower has not published what follows, over its partitions.",
        ),
    ]
    entries: Annotated[
        Counter,
        Spec("crisis_bus_journal_entries_total", "Journal entries that this reader counted."),
    ]
    skipped: Annotated[
        Family[Counter],
        Spec("crisis_bus_journal_skipped_total", "Journal records that this reader did not count.", reason=Skipped),
    ]
    incidents: Annotated[
        Family[Gauge],
        Spec("crisis_bus_open_incidents", "Open incidents.", grade=GRADES, level=LEVELS, mode=Mode),
    ]
    deadlines: Annotated[
        Family[Counter],
        Spec("crisis_bus_first_statement_deadlines_total", "How deadlines ended.", outcome=Deadline, mode=Mode),
    ]
    escalations: Annotated[
        Family[Counter],
        Spec("crisis_bus_escalations_total", "Escalations, by rule.", rule=ESCALATIONS, mode=Mode),
    ]
    deliveries: Annotated[
        Family[Counter],
        Spec("crisis_bus_deliveries_total", "Attempts and how they ended.", transport=TRANSPORTS, outcome=Outcome),
    ]
    delivery: Annotated[
        Family[Histogram],
        Spec("crisis_bus_delivery_seconds", "Time that one attempt took.", _DURATIONS, transport=TRANSPORTS),
    ]
    waiting: Annotated[
        Gauge,
        Spec("crisis_bus_waiting_messages", "Messages of this worker that wait for long in crisis.later.v1."),
    ]
    breakers: Annotated[
        Family[Gauge],
        Spec("crisis_bus_open_breakers", "Providers and hosts left alone for failures.", transport=TRANSPORTS),
    ]
    paused: Annotated[
        Family[Gauge],
        Spec("crisis_bus_paused_providers", "Providers that an operator has paused.", transport=TRANSPORTS),
    ]
    audit_findings: Annotated[
        Family[Gauge],
        Spec("crisis_bus_audit_findings", "What the auditor found and nobody has settled, by rule.", rule=AUDITED),
    ]
    audit_entries: Annotated[
        Counter,
        Spec("crisis_bus_audit_entries_total", "Journal entries that the auditor checked."),
    ]
    audit_skipped: Annotated[
        Family[Counter],
        Spec(
            "crisis_bus_audit_skipped_total",
            "Journal records that do not count, as the auditor judged them.",
            reason=PASSED_OVER,
        ),
    ]
    audit_age: Annotated[
        Gauge,
        Spec("crisis_bus_audit_entry_age_seconds", "Age of the entry that was checked last, when it was checked."),
    ]
    audit_behind: Annotated[
        Gauge,
        Spec("crisis_bus_audit_behind_seconds", "How long ago the auditor had read all that stood on the journal."),
    ]
    audit_alive: Annotated[
        Gauge,
        Spec("crisis_bus_audit_alive", "1 while all is well and the dead man's switch is fed, else 0."),
    ]
    dead_letters: Annotated[
        Family[Counter],
        Spec("crisis_bus_dead_letters_total", "Records that could not be read or handled, by topic.", topic=TOPICS),
    ]

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register every row of the table, every series at zero."""
        object.__setattr__(self, "registry", registry)
        object.__setattr__(self, "standing", {})
        for field, (kind, spec) in TABLE.items():
            object.__setattr__(self, field, built(kind, spec, registry))
        self.build.labels(version=__version__).set(1)

    def exposed(self, readiness: Readiness, accept: str = "") -> tuple[bytes, str]:
        """Write the page for Prometheus and its content type, with `crisis_bus_ready` as it is now."""
        self.ready.set(0 if readiness() else 1)
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type


TABLE: dict[str, tuple[Kind, Spec]] = rows(Metrics)
"""Field → kind and row, in the order of the flow."""


def reference() -> str:
    """Write the table as Markdown, for people who write queries."""
    head = "| metric | kind | labels | meaning |\n|---|---|---|---|\n"
    return head + "".join(_line(kind, spec) for kind, spec in TABLE.values())


def _line(kind: Kind, spec: Spec) -> str:
    labels = "; ".join(f"`{name}`: {', '.join(values)}" for name, values in spec.labels.items()) or "–"
    return f"| `{spec.name}` | {kind.__name__.lower()} | {labels} | {spec.help} |\n"
