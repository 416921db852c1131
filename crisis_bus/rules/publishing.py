"""The moment of publication: one approved text, its channels, its voice, and what it changes.

`scenario-format.md` §7, Publish; `rules.md` §3.7 and §4.2.
"""

from crisis_bus.domain import actors
from crisis_bus.domain.facts import (
    AmplifyRequested,
    PostReviewDue,
    StatementPublished,
    StatementScheduled,
    StatementStateChanged,
)
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.records import Timer, TimerKind
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import (
    FIRST_KINDS,
    REFERRING_KINDS,
    Key,
    Kind,
    Level,
    StatementState,
)
from crisis_bus.rules import blocks, channels, deadlines, keys, rumours
from crisis_bus.rules.case import Case

_MAJOR = 3
_SUPERSEDED_BY_SITREP = frozenset(
    {
        Kind.HOLDING,
        Kind.SITREP,
        Kind.PRESS_RELEASE,
        Kind.RUMOUR_RESPONSE,
        Kind.CORRECTION,
    }
)


def release(case: Case, name: str) -> None:
    """EMB-2: the last key is there; under embargo only accredited media get a copy, else it is published."""
    text = case.statement(name)
    if text.embargo_until is None or text.embargo_until <= case.now:
        publish(case, name)
        return
    named = case.policy_of(text).named_channels
    copy = named.embargoed_copy_exercise if text.exercise else named.embargoed_copy
    case.revise(name, state=StatementState.SCHEDULED)
    case.tell(StatementScheduled(statement=name, due=text.embargo_until, embargoed_copy_to=(copy,)))
    case.set_timer(TimerKind.EMBARGO, text.embargo_until, name, series=text.submission)


def embargo_ends(case: Case, timer: Timer) -> None:
    """Part of EMB-3: publish, unless a key is missing since the level rose (`scenario-format.md` §7, Embargo ends)."""
    text = case.statement(timer.of)
    if text.state is not StatementState.SCHEDULED or text.submission != timer.series:
        return
    why = keys.grow(case, text.id)
    text = case.statement(text.id)
    if not text.missing:
        publish(case, text.id)
        return
    keys.ask_missing(case, case.revise(text.id, state=StatementState.IN_REVIEW), why)


def publish(case: Case, name: str) -> None:
    """Steps 1 to 9 (`scenario-format.md` §7, Publish)."""
    text = case.statement(name)
    block = blocks.at_publication(case, text)
    if block is not None:
        blocks.block(case, text, block, stage="publish")
        return
    incident = case.incident(text.incident)
    accounts, suspended = _accounts(case, incident, text)
    wanted = _channels(case, incident, text)
    left_out = _left_out(case, incident, text, wanted, accounts)
    went_to = tuple(channel for channel in wanted if channel not in left_out)
    text = case.revise(name, state=StatementState.PUBLISHED, published_at=case.now, went_to=went_to)
    case.change(incident.id, signatures={})
    case.tell(_published(case, incident, text, accounts, suspended, left_out))
    if text.public_kind:
        _public_effects(case, incident, text)
    _change_references(case, text)
    if text.expires is not None:
        case.set_timer(TimerKind.EXPIRY, text.expires, name)
    for rumour in text.answers:
        rumours.answer(case, rumour)


def _published(
    case: Case,
    incident: Incident,
    text: Statement,
    accounts: tuple[str, ...],
    suspended: tuple[str, ...],
    left_out: tuple[str, ...],
) -> StatementPublished:
    real = text.public_kind and not text.exercise
    pack = case.after(case.policy_of(incident).numbers.language_pack) if real and incident.grade >= _MAJOR else None
    speaks = text.public_kind and text.kind is not Kind.PUBLIC_WARNING
    return StatementPublished(
        statement=text.id,
        incident=incident.id,
        kind=text.kind,
        exercise=text.exercise,
        channels=text.went_to,
        social_accounts=accounts if real else None,
        suspended_accounts=suspended if real else None,
        suspended_channels=left_out if real else None,
        language_pack_due=pack,
        voice=_voice(incident) if speaks else None,
    )


def _voice(incident: Incident) -> str:
    """Part of SPK: the spokesperson who has confirmed, else the lead in writing (step 4)."""
    if incident.spokesperson is not None and incident.confirmed:
        return incident.spokesperson
    return f"{incident.lead}:WRITTEN"


def _channels(case: Case, incident: Incident, text: Statement) -> tuple[str, ...]:
    """Step 2: the channels of the rule, then the asked ones, each once."""
    by_rule = _by_rule(case, incident, text)
    wanted = dict.fromkeys([*by_rule, *text.channels])
    if text.public_kind and not text.exercise and not _may_broadcast(case, text):
        wanted.pop(case.policy_of(text).named_channels.cell_broadcast, None)
    return tuple(wanted)


def _by_rule(case: Case, incident: Incident, text: Statement) -> list[str]:
    """INV-4, what refers goes wherever that text went; INV-5, a drill stays on the channels of drills."""
    sets = case.policy_of(incident).channel_sets
    if text.exercise:
        return list(sets.exercise)
    if not text.public_kind:
        return list(sets.internal if text.kind is Kind.INTERNAL_BRIEFING else sets.lines_to_take)
    level_set = {1: sets.level_1, 2: sets.level_2, 3: sets.level_3}[incident.level]
    by_rule = list(sets.life if text.kind is Kind.PUBLIC_WARNING else level_set)
    if text.kind in REFERRING_KINDS:
        for ref in text.refs:
            by_rule += case.statement(ref).went_to
    if text.kind is Kind.SITREP and incident.level == Level.NATIONAL:
        by_rule += sets.national_sitrep
    return by_rule + list(case.type_of(incident).extra_channels)


def _may_broadcast(case: Case, text: Statement) -> bool:
    """OV-8, CH-1: cell broadcast is for originators, and for what answers a text that went out on it."""
    if text.kind is Kind.PUBLIC_WARNING:
        return Key.ORIGINATOR in text.needed or actors.entity(text.author) in case.policy_of(text).originator_area
    return keys.answers_cell_broadcast(case, text)


def _accounts(case: Case, incident: Incident, text: Statement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part of CH-2: the social accounts in use, and those suspended (step 3)."""
    offices = case.policy_of(incident).offices
    accounts = [incident.lead]
    accounts += [offices.communication] if incident.level >= Level.CROSS_ENTITY else []
    accounts += [offices.coordination] if incident.level == Level.NATIONAL else []
    accounts += keys.answered_owners(case, text)
    social = case.policy_of(incident).named_channels.social
    once = dict.fromkeys(accounts)
    suspended = tuple(entity for entity in once if channels.is_suspended(case, social, entity))
    return tuple(entity for entity in once if entity not in suspended), suspended


def _left_out(
    case: Case, incident: Incident, text: Statement, wanted: tuple[str, ...], accounts: tuple[str, ...]
) -> tuple[str, ...]:
    """Part of CH-2: channels whose account of the lead is suspended; the social channel with no account left."""
    if text.exercise or not text.public_kind:
        return ()
    social = case.policy_of(incident).named_channels.social
    return tuple(
        channel
        for channel in wanted
        if (not accounts if channel == social else channels.is_suspended(case, channel, incident.lead))
    )


def _public_effects(case: Case, incident: Incident, text: Statement) -> None:
    """Step 6: what a public text changes around it."""
    if text.kind is Kind.SITREP:
        _supersede(case, incident, text)
    if text.kind is Kind.PUBLIC_WARNING:
        _warn(case, incident, text)
    elif incident.level >= Level.CROSS_ENTITY and not text.exercise:
        _amplify(case, incident, text)
    if text.kind in FIRST_KINDS:
        deadlines.first_statement_out(case, incident.id)
    deadlines.restart_cadence(case, incident.id, ends=text.kind is Kind.ALL_CLEAR)


def _supersede(case: Case, incident: Incident, sitrep: Statement) -> None:
    """A situation report that restates every value of an older text takes its place (`rules.md` §4.2)."""
    for older in map(case.statement, incident.statements):
        current = older.state is StatementState.PUBLISHED and older.kind in _SUPERSEDED_BY_SITREP
        restated = bool(older.facts) and older.facts.keys() <= sitrep.facts.keys()
        if current and restated and older.id != sitrep.id:
            _set_state(case, older.id, StatementState.SUPERSEDED, sitrep.id)


def _warn(case: Case, incident: Incident, text: Statement) -> None:
    """Part of INV-12 and ESC-13: a warning is open until it is answered, and one on one key is reviewed."""
    case.change(incident.id, warnings=(*incident.warnings, text.id))
    if text.one_key_warning:
        due = case.after(case.policy_of(incident).numbers.post_review)
        case.tell(PostReviewDue(statement=text.id, due=due))
        case.set_timer(TimerKind.POST_REVIEW, due, text.id)


def _amplify(case: Case, incident: Incident, text: Statement) -> None:
    """Part of OV-2: the supporting entities pass on the lead's text (AC09.1)."""
    offices = case.policy_of(incident).offices
    silent = {incident.lead, offices.communication, offices.coordination, offices.prosecution}
    to = tuple(entity for entity in dict.fromkeys(incident.supporting) if entity not in silent)
    if to:
        case.tell(AmplifyRequested(statement=text.id, to=to))


def _change_references(case: Case, text: Statement) -> None:
    """Part of INV-4: what a text says about earlier ones (step 7)."""
    state = {
        Kind.CORRECTION: StatementState.CORRECTED,
        Kind.RETRACTION: StatementState.RETRACTED,
        Kind.ALL_CLEAR: StatementState.SUPERSEDED,
    }.get(text.kind)
    if state is None:
        return
    for ref in text.refs:
        if text.kind is not Kind.CORRECTION:
            _end_warning(case, ref)
        before = case.statement(ref).state
        kept = {StatementState.RETRACTED, state}
        kept |= {StatementState.CORRECTED} if text.kind is Kind.ALL_CLEAR else set()
        if before not in kept:
            _set_state(case, ref, state, text.id)


def _end_warning(case: Case, ref: str) -> None:
    """Part of INV-12: a warning is answered, in whatever incident it stands open."""
    name = case.office.registers.warnings.get(ref)
    if name is not None:
        left = tuple(other for other in case.incident(name).warnings if other != ref)
        case.change(name, warnings=left)


def _set_state(case: Case, name: str, state: StatementState, by: str) -> None:
    case.revise(name, state=state)
    case.tell(StatementStateChanged(statement=name, state=state, by=by))


def expire(case: Case, timer: Timer) -> None:
    """Step 8: a text that is out of date says so."""
    if case.statement(timer.of).state is StatementState.PUBLISHED:
        _set_state(case, timer.of, StatementState.EXPIRED, "clock")
