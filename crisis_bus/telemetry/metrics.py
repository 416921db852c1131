"""Every metric of the system, as one table: base units, closed labels, never a name or a text of anybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from crisis_bus import __version__
from crisis_bus.domain.delivery import Outcome
from crisis_bus.telemetry.instruments import Family, Spec, built, counter, gauge, histogram, spec_of
from crisis_bus.telemetry.labels import (
    COMMAND_NAMES,
    DENIALS,
    ESCALATIONS,
    GRADES,
    LEVELS,
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
    """The instruments of one process, in one registry; a field of this class is a row of the table."""

    build: Family[Gauge] = gauge(
        "crisis_bus_build_info", "Always 1; the label is the version that runs.", version=(__version__,)
    )
    ready: Gauge = gauge("crisis_bus_ready", "1 when the process does its work, 0 when it waits for something.")
    event_age: Family[Histogram] = histogram(
        "crisis_bus_event_age_seconds", "Age of an event when it reaches a stage of the flow.", _AGES, stage=Stage
    )
    reports: Family[Counter] = counter(
        "crisis_bus_reports_total", "Raw signals that intake handled, by what became of them.", outcome=Intake
    )
    accepted: Family[Counter] = counter(
        "crisis_bus_commands_accepted_total", "Commands that are on the log for good.", command=COMMAND_NAMES
    )
    denials: Family[Counter] = counter(
        "crisis_bus_access_denials_total", "Requests that were kept out, by rule.", rule=DENIALS
    )
    decided: Family[Counter] = counter(
        "crisis_bus_commands_decided_total",
        "Commands that the desk answered, refusals included.",
        command=COMMAND_NAMES,
    )
    refused: Family[Counter] = counter(
        "crisis_bus_commands_refused_total", "Commands that changed nothing, by reason.", reason=REFUSALS
    )
    decision: Histogram = histogram(
        "crisis_bus_decision_seconds", "Time that the rules took to decide one command.", _DECISIONS
    )
    lag_records: Gauge = gauge(
        "crisis_bus_desk_lag_records", "Commands on the log that this desk has not answered, over its partitions."
    )
    lag_seconds: Gauge = gauge(
        "crisis_bus_desk_lag_seconds",
        "Age of the oldest command that this desk has not answered; 0 when there is none.",
    )
    entries: Counter = counter("crisis_bus_journal_entries_total", "Journal entries that this reader counted.")
    skipped: Family[Counter] = counter(
        "crisis_bus_journal_skipped_total", "Journal records that this reader did not count, by why.", reason=Skipped
    )
    incidents: Family[Gauge] = gauge(
        "crisis_bus_open_incidents", "Open incidents.", grade=GRADES, level=LEVELS, mode=Mode
    )
    deadlines: Family[Counter] = counter(
        "crisis_bus_first_statement_deadlines_total",
        "Deadlines of first statements: met, met late, or passed with nothing out.",
        outcome=Deadline,
        mode=Mode,
    )
    escalations: Family[Counter] = counter(
        "crisis_bus_escalations_total", "Escalations, by rule.", rule=ESCALATIONS, mode=Mode
    )
    deliveries: Family[Counter] = counter(
        "crisis_bus_deliveries_total",
        "Receipts of delivery attempts; all outcomes but retrying are final.",
        transport=TRANSPORTS,
        outcome=Outcome,
    )
    delivery: Family[Histogram] = histogram(
        "crisis_bus_delivery_seconds", "Time that one delivery attempt took.", _DURATIONS, transport=TRANSPORTS
    )
    dead_letters: Family[Counter] = counter(
        "crisis_bus_dead_letters_total", "Records that could not be read or handled, by topic.", topic=TOPICS
    )
    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    """(space, incident) → what it counts as; how the gauge of open incidents is kept, never a label."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register every row of the table, every series at zero."""
        object.__setattr__(self, "registry", registry)
        object.__setattr__(self, "standing", {})
        for row in fields(self):
            if "spec" in row.metadata:
                object.__setattr__(self, row.name, built(spec_of(row.metadata), registry))
        self.build.labels(version=__version__).set(1)

    registry: CollectorRegistry = field(init=False)

    def exposed(self, readiness: Readiness, accept: str = "") -> tuple[bytes, str]:
        """The page for Prometheus and its content type, with `crisis_bus_ready` as it is now."""
        self.ready.set(0 if readiness() else 1)
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type


TABLE: tuple[Spec, ...] = tuple(spec_of(row.metadata) for row in fields(Metrics) if "spec" in row.metadata)
"""Every row, in the order of the flow."""


def reference() -> str:
    """The table as Markdown, for people who write queries."""
    head = "| metric | kind | labels | meaning |\n|---|---|---|---|\n"
    return head + "".join(_line(spec) for spec in TABLE)


def _line(spec: Spec) -> str:
    labels = "; ".join(f"`{name}`: {', '.join(values)}" for name, values in spec.labels.items()) or "–"
    return f"| `{spec.name}` | {spec.kind.__name__.lower()} | {labels} | {spec.help} |\n"
