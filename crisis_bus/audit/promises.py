"""What the facts promise: at such an instant somebody is called, unless what it waits for has come.

One function a fact that sets a clock (`scenario-format.md` §6, `rules.md` §3.5); the rules' code is not asked.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crisis_bus.audit.moments import Moment
from crisis_bus.audit.seen import SeenIncident, Space
from crisis_bus.audit.texts import submits
from crisis_bus.domain import facts as f
from crisis_bus.domain.instants import MINUTE, Instant
from crisis_bus.domain.policy import Grade, Numbers, Policy
from crisis_bus.domain.records import TimerKind as K
from crisis_bus.domain.values import INTERNAL_KINDS, Key, Kind


@dataclass(frozen=True, slots=True, order=True)
class Promise:
    """At `due` the clock `kind` speaks about `of`; `series` tells what it belongs to."""

    due: Instant
    kind: str
    of: str
    key: str = ""
    series: int = 0


def _tables(moment: Moment, incident: SeenIncident) -> tuple[Policy, Grade]:
    policy = moment.step.policy(incident.born)
    return policy, policy.grade_of[incident.grade]


def _share(duration: int, percent: int) -> int:
    return -(-duration * percent // (100 * MINUTE)) * MINUTE


def _statement_due(moment: Moment, name: str, due: Instant) -> Iterator[Promise]:
    """ESC-02b and ESC-02c; ESC-02a also depends on drafts, and stays silent while one waits."""
    now = moment.told.at
    percent = _tables(moment, moment.incident(name))[0].numbers.hot_marks[1]
    yield Promise(now + _share(due - now, percent), K.FIRST_STATEMENT_B, name, series=due)
    yield Promise(due, K.FIRST_STATEMENT_C, name, series=due)


def _graded(moment: Moment, fact: f.IncidentGraded) -> Iterator[Promise]:
    """ESC-01a, ESC-01b, ESC-02b, ESC-02c."""
    if fact.incident not in moment.space.incidents:
        return
    acknowledge = _tables(moment, moment.incident(fact.incident))[1].acknowledge * MINUTE
    yield Promise(moment.told.at + acknowledge, K.ACKNOWLEDGE_1, fact.incident)
    yield Promise(moment.told.at + 2 * acknowledge, K.ACKNOWLEDGE_2, fact.incident)
    yield from _statement_due(moment, fact.incident, fact.first_statement_due)


def _tightened(moment: Moment, fact: f.DeadlineTightened) -> Iterator[Promise]:
    yield from _statement_due(moment, fact.incident, fact.due)


def _assigned(moment: Moment, fact: f.SpokespersonAssigned) -> Iterator[Promise]:
    """ESC-03."""
    incident = moment.incident(fact.incident)
    due = moment.told.at + _tables(moment, incident)[1].spokesperson * MINUTE
    yield Promise(due, K.CONFIRM, fact.incident, series=incident.assignment)


def _key_timers(moment: Moment, statement: str, kind: K, keys: list[str]) -> Iterator[Promise]:
    text = moment.space.texts[statement]
    due = moment.told.at + _tables(moment, moment.incident(text.written.incident))[1].approval_key * MINUTE
    for key in keys:
        yield Promise(due, kind, statement, key, text.submission)


def _requested(moment: Moment, fact: f.ApprovalRequested) -> Iterator[Promise]:
    """ESC-09a, for the keys of a submission; the timers of keys that grow later are not counted on."""
    if submits(moment, fact.statement):
        yield from _key_timers(moment, fact.statement, K.KEY_1, sorted(fact.keys))


def _escalated(moment: Moment, fact: f.Escalated) -> Iterator[Promise]:
    """What is repeated, and ESC-09b after ESC-09a."""
    if fact.rule == K.KEY_1 and fact.statement is not None:
        yield from _key_timers(moment, fact.statement, K.KEY_2, [str(fact.key)])
    again = _REPEATS.get(fact.rule)
    if again is not None and fact.repeat is not None:
        numbers, promise = again(moment, fact)
        if fact.repeat < numbers.repeats:
            yield promise


def _still_contradicts(moment: Moment, fact: f.Escalated) -> tuple[Numbers, Promise]:
    name = str(fact.contradiction)
    numbers = _numbers(moment, moment.space.contradictions[name].incident)
    return numbers, Promise(moment.told.at + numbers.contradiction * MINUTE, K.CONTRADICTION, name)


def _still_unanswered(moment: Moment, fact: f.Escalated) -> tuple[Numbers, Promise]:
    name, rumour = str(fact.rumour), moment.space.rumours[str(fact.rumour)]
    numbers = _numbers(moment, rumour.incident)
    due = moment.told.at + numbers.rumour_repeat * MINUTE
    return numbers, Promise(due, K.RUMOUR, name, series=rumour.series)


def _still_silent(moment: Moment, fact: f.Escalated) -> tuple[Numbers, Promise]:
    return _numbers(moment, fact.incident), _cadence(moment, str(fact.incident))


_REPEATS: Mapping[str, Callable[[Moment, f.Escalated], tuple[Numbers, Promise]]] = {
    K.CONTRADICTION: _still_contradicts,
    K.RUMOUR: _still_unanswered,
    K.CADENCE: _still_silent,
}
"""What comes again and again."""


def _numbers(moment: Moment, incident: str | None) -> Numbers:
    return moment.space.policy(incident, moment.told.at).numbers


def _contradicted(moment: Moment, fact: f.ContradictionDetected) -> Iterator[Promise]:
    """ESC-06b."""
    due = moment.told.at + _numbers(moment, fact.incident).contradiction * MINUTE
    yield Promise(due, K.CONTRADICTION, fact.contradiction)


def _triaged(moment: Moment, fact: f.RumourTriaged) -> Iterator[Promise]:
    """ESC-07b."""
    if fact.priority != "LOW" and fact.rumour in moment.space.rumours:
        yield Promise(fact.response_due, K.RUMOUR, fact.rumour, series=moment.space.rumours[fact.rumour].series)


def _cadence(moment: Moment, name: str) -> Promise:
    """ESC-10: the cadence of the grade of the moment, longer while the incident is stabilising."""
    incident = moment.incident(name)
    policy, grade = _tables(moment, incident)
    factor = policy.numbers.stabilising_cadence_factor if incident.state == "STABILISING" else 1
    return Promise(moment.told.at + factor * grade.cadence * MINUTE, K.CADENCE, name, series=incident.cadence)


def _published(moment: Moment, fact: f.StatementPublished) -> Iterator[Promise]:
    """ESC-10, ESC-13 for a warning that left on one key, and the expiry of a text."""
    text, now = moment.space.texts[fact.statement], moment.told.at
    if fact.kind == Kind.PUBLIC_WARNING and Key.FACT not in text.needed:
        yield Promise(now + _numbers(moment, fact.incident).post_review * MINUTE, K.POST_REVIEW, fact.statement)
    if fact.kind not in INTERNAL_KINDS | {Kind.ALL_CLEAR} and not fact.exercise:
        yield _cadence(moment, fact.incident)
    if text.written.expires is not None:
        yield Promise(max(text.written.expires, now), K.EXPIRY, fact.statement)


def _scheduled(moment: Moment, fact: f.StatementScheduled) -> Iterator[Promise]:
    """The end of an embargo."""
    text = moment.space.texts[fact.statement]
    yield Promise(fact.due, K.EMBARGO, fact.statement, series=text.submission)


_PROMISING: Mapping[type[f.Fact], Callable[[Moment, Any], Iterator[Promise]]] = {
    f.IncidentGraded: _graded,
    f.DeadlineTightened: _tightened,
    f.SpokespersonAssigned: _assigned,
    f.ApprovalRequested: _requested,
    f.Escalated: _escalated,
    f.ContradictionDetected: _contradicted,
    f.RumourTriaged: _triaged,
    f.StatementPublished: _published,
    f.StatementScheduled: _scheduled,
}
"""Each fact that sets a clock."""


def promised(moment: Moment) -> Iterator[Promise]:
    """The clocks that a fact sets; the fact is in the picture already."""
    found = _PROMISING.get(type(moment.told.fact))
    if found is not None:
        yield from found(moment, moment.told.fact)


def _not_acknowledged(space: Space, promise: Promise) -> bool:
    incident = space.incidents[promise.of]
    return incident.open and not incident.acknowledged


def _nothing_out(space: Space, promise: Promise) -> bool:
    incident = space.incidents[promise.of]
    waits = incident.open and not incident.first_out and not incident.breached and incident.due == promise.series
    return waits and (promise.kind, promise.of, "") not in space.clocks


def _not_confirmed(space: Space, promise: Promise) -> bool:
    incident = space.incidents[promise.of]
    same_assignment = incident.assignment == promise.series and incident.spokesperson is not None
    return incident.open and same_assignment and not incident.confirmed


def _key_missing(space: Space, promise: Promise) -> bool:
    text = space.texts[promise.of]
    asked = text.submission == promise.series and promise.key in text.needed
    return text.state == "IN_REVIEW" and asked and promise.key not in text.given


def _contradiction_open(space: Space, promise: Promise) -> bool:
    contradiction = space.contradictions[promise.of]
    return contradiction.open and not space.suspended_incident(contradiction.incident)


def _rumour_unanswered(space: Space, promise: Promise) -> bool:
    rumour = space.rumours[promise.of]
    return rumour.unanswered and rumour.series == promise.series and not space.suspended_incident(rumour.incident)


def _no_update(space: Space, promise: Promise) -> bool:
    incident = space.incidents[promise.of]
    return incident.open and incident.cadence == promise.series


def _not_reviewed(space: Space, promise: Promise) -> bool:
    text = space.texts[promise.of]
    return text.state == "PUBLISHED" and not text.reviewed and not space.suspended_incident(text.written.incident)


def _not_expired(space: Space, promise: Promise) -> bool:
    return space.texts[promise.of].state == "PUBLISHED"


def _still_scheduled(space: Space, promise: Promise) -> bool:
    text = space.texts[promise.of]
    return text.state == "SCHEDULED" and text.submission == promise.series


_WAITS: Mapping[str, Callable[[Space, Promise], bool]] = {
    K.ACKNOWLEDGE_1: _not_acknowledged,
    K.ACKNOWLEDGE_2: _not_acknowledged,
    K.FIRST_STATEMENT_B: _nothing_out,
    K.FIRST_STATEMENT_C: _nothing_out,
    K.CONFIRM: _not_confirmed,
    K.KEY_1: _key_missing,
    K.KEY_2: _key_missing,
    K.CONTRADICTION: _contradiction_open,
    K.RUMOUR: _rumour_unanswered,
    K.CADENCE: _no_update,
    K.POST_REVIEW: _not_reviewed,
    K.EXPIRY: _not_expired,
    K.EMBARGO: _still_scheduled,
}
"""What each clock waits for."""


def stands(space: Space, promise: Promise) -> bool:
    """Whether what the clock waits for has not come, and it has not spoken since it was due."""
    spoke = space.clocks.get((promise.kind, promise.of, promise.key))
    return (spoke is None or spoke < promise.due) and _WAITS[promise.kind](space, promise)
