"""What an alert reports to the desk."""

from pydantic import ValidationError

from crisis_bus.cap.alert import CapAlert, Info, MsgType, Status
from crisis_bus.cap.defects import CapRefused, Code, Defect, refused
from crisis_bus.cap.mapping import CapMapping
from crisis_bus.domain.reports import Report
from crisis_bus.domain.values import Certainty, Severity, Urgency

_ALL_CLEAR = "AllClear"


def to_report(alert: CapAlert, mapping: CapMapping, *, space: str, by: str) -> Report | CapRefused:
    """The report for intake, or why there is none: a test is no incident, and an acknowledgement reports nothing."""
    if alert.status not in {Status.ACTUAL, Status.EXERCISE}:
        return refused(Code.NOT_ACTUAL, "status", alert.status)
    if alert.msg_type in {MsgType.ACK, MsgType.ERROR}:
        return refused(Code.NOT_A_REPORT, "msgType", alert.msg_type)
    if not alert.infos and alert.msg_type is not MsgType.CANCEL:
        return refused(Code.NO_INFO, "info")
    try:
        return _report(alert, mapping, space, by)
    except ValidationError as error:
        return CapRefused(tuple(Defect(Code.TOO_LONG, str(found["loc"][0])) for found in error.errors()))


def chain_root(alert: CapAlert) -> str:
    """The identifier of the alert that this one goes back to: the oldest that it refers to, else itself."""
    if not alert.references:
        return alert.identifier
    return min(alert.references, key=lambda reference: reference.sent).identifier


def _report(alert: CapAlert, mapping: CapMapping, space: str, by: str) -> Report:
    severity, urgency, certainty = _worst(alert.infos)
    return Report(
        id=f"{alert.sender},{alert.identifier},{alert.sent_text}",
        space=space,
        subject=chain_root(alert),
        by=by,
        type=mapping.incident_type(alert.infos),
        severity=severity,
        urgency=Urgency.PAST if _is_over(alert) else urgency,
        certainty=certainty,
        emirates=mapping.emirates(alert),
        exercise=alert.status is Status.EXERCISE,
        source="cap",
    )


def _worst(infos: tuple[Info, ...]) -> tuple[Severity, Urgency, Certainty]:
    """The values of the gravest info: the others are the same in other languages, or lesser hazards."""
    return min(
        ((info.severity, info.urgency, info.certainty) for info in infos),
        key=_gravity,
        default=(Severity.UNKNOWN, Urgency.UNKNOWN, Certainty.UNKNOWN),
    )


def _gravity(triple: tuple[Severity, Urgency, Certainty]) -> tuple[int, int, int]:
    severity, urgency, certainty = triple
    return list(Severity).index(severity), list(Urgency).index(urgency), list(Certainty).index(certainty)


def _is_over(alert: CapAlert) -> bool:
    """A Cancel ends the hazard; so does an Update whose every info says AllClear."""
    if alert.msg_type is MsgType.CANCEL:
        return True
    all_clear = all(_ALL_CLEAR in info.response_types for info in alert.infos)
    return alert.msg_type is MsgType.UPDATE and all_clear
