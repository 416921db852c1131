"""Many signals of one event are one incident: what a report asks of the desk."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from crisis_bus.domain import ids
from crisis_bus.domain.commands import Command, IncidentReport, IncidentUpdate
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.reports import Report
from crisis_bus.domain.values import Certainty, Severity, Urgency

OPENS = IncidentReport.TYPE
"""The command that opens an incident."""
REMEMBERED = 100
"""How many report ids of one incident are kept: a repeat that comes after so many others is a new report."""


_SILENCE = frozenset({Severity.UNKNOWN, Urgency.UNKNOWN, Certainty.UNKNOWN, (), 0})
"""Values that say nothing; 0 is what a report says that leaves a count out, and every CAP alert does."""


class Said(BaseModel):
    """What the desk was told last of an incident; the names are those of `incident.update`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    emirates: tuple[str, ...]
    fatalities: int
    injured: int

    @property
    def ended(self) -> bool:
        """The hazard is over, so that the next hazard of this subject is another incident."""
        return self.urgency is Urgency.PAST


class Correlation(BaseModel):
    """The incident that the reports of one subject belong to; `opened` and `last` are times of reports."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    incident: str
    reports: tuple[str, ...]
    said: Said
    opened: Instant
    last: Instant


class Subject(NamedTuple):
    """What makes reports belong together: a drill never shares an incident with the real thing."""

    space: str
    exercise: bool
    name: str


@dataclass(frozen=True, slots=True)
class Codes:
    """The incident types and emirates that the desk knows."""

    types: frozenset[str]
    emirates: frozenset[str]

    def know(self, report: Report) -> bool:
        """Whether the desk will take a report's codes; it refuses the command otherwise."""
        return report.type in self.types and self.emirates.issuperset(report.emirates)


@dataclass(frozen=True, slots=True)
class Correlated:
    """What to ask of the desk, if anything, and what to remember, if anything."""

    command: Command | None
    known: Correlation | None


def subject_of(report: Report) -> Subject:
    """What the report is about."""
    return Subject(report.space, report.exercise, report.subject)


def correlate(known: Correlation | None, report: Report, now: Instant, window: int, codes: Codes) -> Correlated:
    """Join a report to the incident of its subject; `now` is the report's own time, `window` is in milliseconds.

    The window slides: it is counted from the last report, so that a flood of three days stays one incident.
    What the desk will refuse is asked all the same, so that the refusal is on record, but not remembered:
    otherwise the corrected report would update an incident that was never opened.
    """
    if known is not None and report.id in known.reports:
        return Correlated(None, known)
    if known is None and _ends_nothing(report):
        return Correlated(None, None)
    if known is None or _begins_another(known, report, now, window):
        found = _opened(report, now)
    else:
        found = _joined(known, report, now)
    return found if codes.know(report) else Correlated(found.command, known)


def _ends_nothing(report: Report) -> bool:
    """Whether it only says that something is over of which nobody has heard (a CAP Cancel without info)."""
    return report.urgency is Urgency.PAST and report.severity is Severity.UNKNOWN and not report.emirates


def _begins_another(known: Correlation, report: Report, now: Instant, window: int) -> bool:
    # A second word that it is over (a repeated Cancel) belongs to what has ended and opens nothing.
    over = report.urgency is Urgency.PAST
    return not over and (known.said.ended or now - known.last > window)


def _opened(report: Report, now: Instant) -> Correlated:
    incident = _incident_id(report)
    said = _said(report)
    data = {"id": incident, "type": report.type, **_told(said), "exercise": report.exercise}
    known = Correlation(incident=incident, reports=(report.id,), said=said, opened=now, last=now)
    return Correlated(_command(report, OPENS, data), known)


def _joined(known: Correlation, report: Report, now: Instant) -> Correlated:
    said = _heard(known.said, report)
    before = _told(known.said)
    changed = {name: value for name, value in _told(said).items() if value != before[name]}
    remembered = known.model_copy(
        update={
            "reports": (*known.reports, report.id)[-REMEMBERED:],
            "said": said,
            "last": max(known.last, now),
        }
    )
    if not changed:
        return Correlated(None, remembered)
    return Correlated(_command(report, IncidentUpdate.TYPE, {"incident": known.incident, **changed}), remembered)


def _said(report: Report) -> Said:
    return Said(
        severity=report.severity,
        urgency=report.urgency,
        certainty=report.certainty,
        # The order in which a source lists places means nothing; sorted, it cannot look like news.
        emirates=tuple(sorted(set(report.emirates))),
        fatalities=report.fatalities,
        injured=report.injured,
    )


def _heard(before: Said, report: Report) -> Said:
    """What is known after one more report: a source that does not know a thing unsays nothing."""
    said = _said(report)
    return said.model_copy(update={name: value for name, value in before if getattr(said, name) in _SILENCE})


def _told(said: Said) -> dict[str, Any]:
    return said.model_dump(mode="json")


def _command(report: Report, name: str, data: dict[str, Any]) -> Command:
    # Derived, not chosen: a report that is handled again after a crash asks with the same id.
    return Command(type=name, by=report.by, data=data, id=ids.derived("intake", *_identity(report)))


def _incident_id(report: Report) -> str:
    """Short enough to be read out, and the same whenever the report is handled again."""
    return "R-" + ids.derived("incident", *_identity(report)).replace("-", "")[:10].upper()


def _identity(report: Report) -> tuple[str, ...]:
    space, exercise, name = subject_of(report)
    return space, "exercise" if exercise else "real", name, report.id
