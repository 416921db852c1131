"""Approval keys: which a text needs, how they grow, what happens when one is late (`rules.md` §4.3, ESC-09)."""

from crisis_bus.domain import actors
from crisis_bus.domain.facts import ApprovalRequested, Escalated
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.records import Timer, TimerKind
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import ANY, REFERRING_KINDS, Key, Kind, Level, StatementState
from crisis_bus.rules import grading
from crisis_bus.rules.case import Case, addresses

LEVEL_ROSE = "LEVEL_ROSE"
LIFE_SAFETY_ENDED = "LIFE_SAFETY_ENDED"


def needed(case: Case, text: Statement) -> dict[Key, str]:
    """The keys of a text at submit: key → entity, or ANY (`scenario-format.md` §7, Keys needed)."""
    incident = case.incident(text.incident)
    if text.kind is Kind.INTERNAL_BRIEFING:
        return {Key.INTERNAL: ANY}
    if text.kind is Kind.PUBLIC_WARNING and grading.life_safety(incident):
        return {Key.ORIGINATOR: str(text.originator)}
    if text.kind is Kind.RETRACTION and all(case.statement(ref).kind is Kind.PUBLIC_WARNING for ref in text.refs):
        return {Key.ORIGINATOR: case.policy_of(incident).offices.coordination}
    return _usual(case, incident, text)


def _usual(case: Case, incident: Incident, text: Statement) -> dict[Key, str]:
    """The keys of all else: FACT, RELEASE and, where it is asked for, COORD (`rules.md` §4.3)."""
    offices = case.policy_of(incident).offices
    release = incident.lead if incident.level == Level.ENTITY else offices.communication
    keys = {Key.FACT: _fact_owner(case, incident, text), Key.RELEASE: release}
    if _needs_coordination(case, incident, text):
        keys[Key.COORD] = offices.coordination
    return keys


def _fact_owner(case: Case, incident: Incident, text: Statement) -> str:
    """Who knows: the owner of the topic for rumours, else the lead (`rules.md` §4.3)."""
    if text.kind is Kind.RUMOUR_RESPONSE:
        return answered_owners(case, text)[0]
    by_topic = incident.type in case.policy_of(incident).rumour_types and incident.topic is not None
    return (case.owner(incident.topic, incident) if by_topic else None) or incident.lead


def answered_topics(case: Case, text: Statement) -> list[str]:
    """The topics of the rumours that a response answers."""
    if text.kind is not Kind.RUMOUR_RESPONSE:
        return []
    return [case.rumour(name).topic for name in text.answers]


def answered_owners(case: Case, text: Statement) -> list[str]:
    """Part of OV-2: the owners of those topics, each once, sorted."""
    incident = case.incident(text.incident)
    return sorted({str(case.owner(topic, incident)) for topic in answered_topics(case, text)})


def _needs_coordination(case: Case, incident: Incident, text: Statement) -> bool:
    """The coordinator gives a key by level, type, topic or what went out by cell broadcast (`rules.md` §4.3)."""
    if text.kind is Kind.LINES_TO_TAKE:
        return False
    topics = {incident.topic, *answered_topics(case, text)}
    return (
        incident.level == Level.NATIONAL
        or case.type_of(incident).coord_always
        or bool(topics & set(case.policy_of(incident).topics_with_coordination))
        or answers_cell_broadcast(case, text)
    )


def answers_cell_broadcast(case: Case, text: Statement) -> bool:
    """Part of CH-1: a correction, retraction or all-clear of what went out by cell broadcast."""
    channel = case.policy_of(text).named_channels.cell_broadcast
    return text.kind in REFERRING_KINDS and any(channel in case.statement(ref).went_to for ref in text.refs)


def ask(case: Case, text: Statement) -> None:
    """A submitted text asks for its keys, all at once."""
    keys = needed(case, text)
    case.revise(text.id, needed=keys)
    case.tell(ApprovalRequested(statement=text.id, keys=keys))
    start_timers(case, text, keys)


def start_timers(case: Case, text: Statement, keys: dict[Key, str]) -> None:
    """Part of ESC-09a: one key timer for each key, in alphabetical order."""
    due = case.after(case.grade_of(case.incident(text.incident)).approval_key)
    for key in sorted(keys):
        case.set_timer(TimerKind.KEY_1, due, text.id, series=text.submission, key=key)


def grow(case: Case, name: str) -> str | None:
    """Nothing is ever taken away (`scenario-format.md` §7, Grow the keys); says why they grew."""
    text = case.statement(name)
    why = _why_grow(case, text)
    if why is None:
        return None
    usual = _usual(case, case.incident(text.incident), text)
    grown = {key: entity for key, entity in usual.items() if key not in text.needed}
    if _release_moves(case, text, usual):
        grown[Key.RELEASE] = usual[Key.RELEASE]
    if not grown:
        return None
    given = {key: by for key, by in text.given.items() if key not in grown or actors.entity(by) == grown[key]}
    text = case.revise(name, needed={**text.needed, **grown}, given=given)
    start_timers(case, text, grown)
    return why


def _why_grow(case: Case, text: Statement) -> str | None:
    """Part of INV-1: a rise asks for more, and so does a warning that has lost its life-safety ground."""
    by_originator = Key.ORIGINATOR in text.needed
    if text.kind is Kind.INTERNAL_BRIEFING or (text.kind is Kind.RETRACTION and by_originator):
        return None
    if by_originator and text.one_key_warning:
        return None if grading.life_safety(case.incident(text.incident)) else LIFE_SAFETY_ENDED
    return LEVEL_ROSE


def _release_moves(case: Case, text: Statement, usual: dict[Key, str]) -> bool:
    before = text.needed.get(Key.RELEASE)
    office = case.policy_of(text).offices.communication
    return before is not None and before != office and usual[Key.RELEASE] == office


def ask_missing(case: Case, text: Statement, why: str | None) -> None:
    """Ask for what is missing, and say why more is asked."""
    missing = {key: text.needed[key] for key in text.missing}
    case.tell(ApprovalRequested(statement=text.id, keys=missing, why=why))


def is_fallback(case: Case, text: Statement, key: Key, by: str) -> bool:
    """Part of ESC-09b: the Office may give a key that came too late (AC02.3)."""
    return key in text.fallback and actors.entity(by) == case.policy_of(text).offices.communication


def deputy_is_called(case: Case, timer: Timer) -> None:
    """ESC-09a: a key was not given in its time, so the approver's deputy is called."""
    text, key = case.statement(timer.of), Key(timer.key)
    if not _waits(text, timer):
        return
    incident = case.incident(text.incident)
    entity = incident.lead if text.needed[key] == ANY else text.needed[key]
    due = case.after(case.grade_of(incident).approval_key)
    case.set_timer(TimerKind.KEY_2, due, text.id, series=timer.series, key=key)
    to = addresses(incident, [f"{entity}.approver.deputy"])
    case.tell(Escalated(rule=timer.kind, statement=text.id, key=key, to=to))


def office_may_give(case: Case, timer: Timer) -> None:
    """ESC-09b: the same time has passed again, so the Office may give that key."""
    text, key = case.statement(timer.of), Key(timer.key)
    if not _waits(text, timer):
        return
    incident = case.incident(text.incident)
    case.revise(text.id, fallback=tuple(dict.fromkeys((*text.fallback, key))))
    to = addresses(incident, [f"{case.policy_of(incident).offices.communication}.director"])
    case.tell(Escalated(rule=timer.kind, statement=text.id, key=key, to=to))


def _waits(text: Statement, timer: Timer) -> bool:
    """Part of ESC-09a and ESC-09b: the same submission still wants the key."""
    return text.state is StatementState.IN_REVIEW and text.submission == timer.series and Key(timer.key) in text.missing
