"""A change of policy takes two people of the communication office (`rules.md` R10, AC10.1, AC10.2)."""

from datetime import UTC, date, datetime, time, timedelta

from crisis_bus.domain import actors, policy_check
from crisis_bus.domain.commands import PolicyAdopt, PolicyPropose
from crisis_bus.domain.editions import Edition
from crisis_bus.domain.facts import PolicyAdopted, PolicyProposed
from crisis_bus.domain.forms import Forms
from crisis_bus.domain.frozen import changed
from crisis_bus.domain.instants import Instant, minutes
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.policy_check import Fault, Faulty, Place
from crisis_bus.domain.reasons import Reason
from crisis_bus.rules import checking
from crisis_bus.rules.case import Case, Refused

_OWN_FIELDS = ("version", "effective")
_SAME_COUNTRY = ("id", "utc_offset_minutes", "nationwide")


def propose(case: Case, asked: PolicyPropose, by: str) -> None:
    """AC10.2, the first person: whole tables and words, kept as they will hold if they are adopted."""
    checking.only(by, case.policy.offices.communication)
    if asked.version in {case.office.base.version, *case.office.policies}:
        raise Refused(Reason.DUPLICATE_ID)
    try:
        policy = _policy(case, asked)
    except Faulty as error:
        raise Refused(Reason.BAD_VALUE, _field(error, "tables")) from error
    try:
        words = _words(asked, policy)
    except Faulty as error:
        raise Refused(Reason.BAD_VALUE, _field(error, "templates")) from error
    edition = case.put(changed(Edition.proposed(policy, words, by), number=case.number()))
    case.tell(
        PolicyProposed(version=policy.version, effective=policy.effective.isoformat(), by=by, digest=edition.digest)
    )


def _policy(case: Case, asked: PolicyPropose) -> Policy:
    twice = [Fault((name,), "stands beside the tables") for name in _OWN_FIELDS if name in asked.tables]
    if twice:
        raise Faulty(twice)
    policy = policy_check.policy({**asked.tables, "version": asked.version, "effective": asked.effective})
    base = case.office.base
    other = [name for name in _SAME_COUNTRY if getattr(policy, name) != getattr(base, name)]
    if other:
        raise Faulty(Fault((name,), "is that of another government") for name in other)
    return policy


def _words(asked: PolicyPropose, policy: Policy) -> Forms:
    return policy_check.forms(asked.templates, policy.languages.all)


def _field(error: Faulty, whole: str) -> str:
    """The dotted place of the first fault, as it stands in the command."""
    place: Place = error.faults[0].place
    return ".".join(map(str, place if place[:1] in {(name,) for name in _OWN_FIELDS} else (whole, *place)))


def adopt(case: Case, asked: PolicyAdopt, by: str) -> None:
    """AC10.2, the second person: the version holds for what begins after its day has come."""
    checking.only(by, case.policy.offices.communication)
    edition = case.office.policies.get(asked.version)
    if edition is None:
        raise Refused(Reason.UNKNOWN_POLICY)
    if edition.in_force_from is not None:
        raise Refused(Reason.ALREADY_DONE)
    proposed_by = str(edition.proposed_by)
    if actors.person(by) == actors.person(proposed_by):
        raise Refused(Reason.NOT_ALLOWED, "by")
    since = max(case.now, midnight(edition.policy.effective, case.office.clock.offset_minutes))
    case.put(changed(edition, adopted_by=by, in_force_from=since, number=case.number()))
    case.tell(
        PolicyAdopted(version=asked.version, in_force_from=since, proposed_by=proposed_by, by=by, digest=edition.digest)
    )


def midnight(day: date, offset_minutes: int) -> Instant:
    """When a day begins in an offset."""
    passed = datetime.combine(day, time(), UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return passed // timedelta(milliseconds=1) - minutes(offset_minutes)
