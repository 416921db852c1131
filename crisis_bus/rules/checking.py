"""§4 of the scenario format: what a command must be before any rule looks at it."""

from collections.abc import Container, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import ValidationError
from pydantic_core import to_json

from crisis_bus.domain import actors
from crisis_bus.domain.commands import Asked, Command, Ref
from crisis_bus.domain.facts import CommandRefused
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.reasons import Reason
from crisis_bus.domain.values import IncidentState
from crisis_bus.rules.case import Case, Refused

MONITOR = "monitor"
Known = Mapping[str, type[Asked]]
"""The commands that there are, by their names."""


def is_text(value: object) -> bool:
    """A string with a character that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def parsed(case: Case, command: Command, known: Known) -> Asked:
    """The checked data of a command (`scenario-format.md` §4, 2 to 4); raises Refused."""
    model = known.get(command.type) if isinstance(command.type, str) else None
    if model is None:
        raise Refused(Reason.UNKNOWN_COMMAND)
    if not is_text(command.by):
        raise Refused(Reason.BAD_VALUE, "by")
    if not isinstance(command.data, dict):
        raise Refused(Reason.BAD_VALUE, "data")
    try:
        asked = model.model_validate(command.data, context=case.office.clock)
    except ValidationError as error:
        raise Refused(Reason.BAD_VALUE, _first_field(error, command.data, model)) from error
    _names_exist(case, asked)
    return asked


def _first_field(error: ValidationError, data: dict[str, Any], model: type[Asked]) -> str:
    """The first wrong field in table order, else the first unwanted one (`scenario-format.md` §4, 3)."""
    wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
    for name in model.model_fields:
        if name in wrong:
            return name
    return min(name for name in data if name not in model.model_fields)


@cache
def _references(model: type[Asked]) -> tuple[tuple[str, str], ...]:
    hints = get_type_hints(model, include_extras=True)
    found = ((name, _ref(hints[name])) for name in model.model_fields)
    return tuple((name, ref.of) for name, ref in found if ref is not None)


def _ref(annotation: object) -> Ref | None:
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Ref):
            return mark
    found = (_ref(argument) for argument in get_args(annotation))
    return next((ref for ref in found if ref is not None), None)


def _names_exist(case: Case, asked: Asked) -> None:
    """Every name stands for something, in table order (`scenario-format.md` §4, 4)."""
    named = _named(case, asked)
    for field, of in _references(type(asked)):
        value = getattr(asked, field)
        names = value if isinstance(value, tuple) else () if value is None else (value,)
        for name in names:
            if not _exists(case, of, name, named):
                raise Refused(Reason(f"UNKNOWN_{of}"))


def _named(case: Case, asked: Asked) -> Incident | None:
    """The incident that a command is about, through its statement if need be."""
    statement = case.office.statements.get(getattr(asked, "statement", None) or "")
    name = getattr(asked, "incident", None) if statement is None else statement.incident
    return case.office.incidents.get(name or "")


def _exists(case: Case, of: str, name: str, about: Incident | None) -> bool:
    """Whether there is such a thing: in the tables in force, or in those of the incident that the command names."""
    if of == "CONTRADICTION":
        return name in case.office.publications and case.publication(name).contradiction
    kept: dict[str, Any] = {
        "INCIDENT": case.office.incidents,
        "STATEMENT": case.office.statements,
        "RUMOUR": case.office.rumours,
        "INITIATIVE": case.office.initiatives,
    }
    if of in kept:
        return name in kept[of]
    return any(name in _codes(policy, of) for policy in (case.policy, case.policy_of(about)))


def _codes(policy: Policy, of: str) -> Container[str]:
    tables: dict[str, Container[str]] = {
        "TYPE": policy.type_of,
        "ENTITY": policy.entity_of,
        "EMIRATE": (*policy.emirate_codes, policy.nationwide),
        "CHANNEL": policy.channel_of,
        "TOPIC": policy.topic_owner,
    }
    return tables[of]


def refusal(command: Command, refused: Refused, known: Known) -> CommandRefused:
    """The fact of a refused command; `ref` is the value of its first field (`scenario-format.md` §6)."""
    model = known.get(command.type) if isinstance(command.type, str) else None
    ref: object = ""
    if model is not None and isinstance(command.data, dict):
        ref = command.data.get(next(iter(model.model_fields)), "")
    return CommandRefused(
        command=command.type if isinstance(command.type, str) else to_json(command.type).decode(),
        by=str(command.by) if is_text(command.by) else "",
        ref=str(ref) if is_text(ref) else "",
        reason=refused.reason,
        field=refused.field,
    )


def must_be_open(incident: Incident | None) -> None:
    """The *open?* of `scenario-format.md` §4."""
    if incident is None or incident.open:
        return
    suspended = incident.state is IncidentState.SUSPENDED
    raise Refused(Reason.EXERCISE_SUSPENDED if suspended else Reason.INCIDENT_CLOSED)


def must_not_be_suspended(incident: Incident | None) -> None:
    """A suspended exercise also stops what is done with its rumours."""
    if incident is not None and incident.state is IncidentState.SUSPENDED:
        raise Refused(Reason.EXERCISE_SUSPENDED)


def only(by: str, *entities: str | None, reason: Reason = Reason.NOT_ALLOWED) -> None:
    """The *who* of `scenario-format.md` §5: the actor's entity must be one of these."""
    if actors.entity(by) not in entities:
        raise Refused(reason)


def only_centre(case: Case, by: str, incident: Incident) -> None:
    """Part of OV-1 and ESC-12: the communication office or the coordinator."""
    offices = case.policy_of(incident).offices
    only(by, offices.communication, offices.coordination, reason=Reason.ONLY_GCO_OR_NCEMA)


def only_handling(case: Case, by: str, incident: Incident) -> None:
    """The lead, the communication office or the coordinator."""
    offices = case.policy_of(incident).offices
    only(by, incident.lead, offices.communication, offices.coordination)


def only_registry(case: Case, by: str, incident: Incident | None) -> None:
    """Any entity of the registry, or the monitor (`scenario-format.md` §3, Actors)."""
    only(by, *case.policy.entity_of, *case.policy_of(incident).entity_of, MONITOR)
