"""What stops a text, in the order in which it is looked at (`rules.md` §4.5, `scenario-format.md` §7)."""

from collections.abc import Callable, Iterator

from crisis_bus.domain import actors
from crisis_bus.domain.facts import StatementBlocked
from crisis_bus.domain.incident import Incident
from crisis_bus.domain.policy import Channel
from crisis_bus.domain.reasons import BlockReason
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import (
    REFERRING_KINDS,
    ChannelClass,
    IncidentState,
    Kind,
    Level,
    StatementState,
)
from crisis_bus.rules import grading, keys
from crisis_bus.rules.case import Case, same_value

Block = dict[str, object]
"""`reason`, `rule` and the details that go with the reason."""
Check = Callable[[Case, Incident, Statement], Block | None]

_REFERABLE = frozenset(
    {
        StatementState.PUBLISHED,
        StatementState.CORRECTED,
        StatementState.SUPERSEDED,
        StatementState.EXPIRED,
    }
)
_OUTSIDE = frozenset({ChannelClass.PUBLIC, ChannelClass.MEDIA})
_NO_EMBARGO = frozenset({Kind.PUBLIC_WARNING, Kind.RETRACTION, Kind.ALL_CLEAR})


def _hit(reason: BlockReason, rule: str, **details: object) -> Block:
    return {"reason": reason, "rule": rule, **details}


def exercise_suspended(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """DR-5: nothing more from a suspended exercise."""
    suspended = incident.state is IncidentState.SUSPENDED
    return _hit(BlockReason.EXERCISE_SUSPENDED, "DR-5") if suspended else None


def _asked(case: Case, text: Statement, *classes: ChannelClass) -> tuple[str, ...]:
    return tuple(name for name in text.channels if _channel(case, text, name).reaches in classes)


def _channel(case: Case, text: Statement, name: str) -> Channel:
    return case.everywhere(text, lambda policy: policy.channel_of.get(name))


def drill_leak(case: Case, incident: Incident, text: Statement) -> Block | None:
    """DR-1, INV-5: a drill asks only for channels of drills."""
    real = _asked(case, text, *(set(ChannelClass) - {ChannelClass.EXERCISE}))
    return _hit(BlockReason.DRILL_LEAK, "DR-1", channels=real) if incident.exercise and real else None


def drill_marker(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """DR-2: a drill says that it is one."""
    return _hit(BlockReason.DRILL_MARKER_MISSING, "DR-2") if incident.exercise and not text.marker else None


def real_on_exercise_channel(case: Case, incident: Incident, text: Statement) -> Block | None:
    """DR-1, INV-5: a real text never asks for a channel of drills."""
    drills = _asked(case, text, ChannelClass.EXERCISE)
    leaks = drills and not incident.exercise
    return _hit(BlockReason.REAL_ON_EXERCISE_CHANNEL, "DR-1", channels=drills) if leaks else None


def internal_only(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """CH-3: internal kinds stay inside, and under no embargo."""
    outside = _asked(case, text, *_OUTSIDE)
    leaves = not text.public_kind and (outside or text.embargo_until is not None)
    return _hit(BlockReason.INTERNAL_ONLY, "CH-3", channels=outside) if leaves else None


def missing_reference(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """INV-4: what refers names what it refers to."""
    no_refs = text.kind in REFERRING_KINDS and not text.refs
    no_answers = text.kind is Kind.RUMOUR_RESPONSE and not text.answers
    return _hit(BlockReason.MISSING_REFERENCE, "INV-4") if no_refs or no_answers else None


def mixed_owners(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """OV-2: one response answers rumours of one owner."""
    owners = tuple(keys.answered_owners(case, text))
    return _hit(BlockReason.MIXED_OWNERS, "OV-2", owners=owners) if len(owners) > 1 else None


def exercise_mismatch(case: Case, incident: Incident, text: Statement) -> Block | None:
    """DR-3: no references across drill and real."""
    flags = [(ref, case.statement(ref).exercise) for ref in text.refs]
    flags += [(name, _rumour_is_exercise(case, name)) for name in text.answers]
    others = tuple(name for name, exercise in flags if exercise != incident.exercise)
    return _hit(BlockReason.EXERCISE_MISMATCH, "DR-3", refs=others) if others else None


def _rumour_is_exercise(case: Case, name: str) -> bool:
    incident = case.rumour(name).incident
    return incident is not None and case.incident(incident).exercise


def reference_not_published(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """INV-4: what is referred to is out, and not retracted."""
    refs = tuple(ref for ref in text.refs if case.statement(ref).state not in _REFERABLE)
    return _hit(BlockReason.REFERENCE_NOT_PUBLISHED, "INV-4", refs=refs) if refs else None


def embargo_on_life_safety(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """EMB-1: what saves lives does not wait."""
    waits = text.embargo_until is not None and text.kind in _NO_EMBARGO
    return _hit(BlockReason.EMBARGO_ON_LIFE_SAFETY, "EMB-1") if waits else None


def wrong_voice(case: Case, incident: Incident, text: Statement) -> Block | None:
    """CH-1, a life-safety warning comes from an originator of that area; OV-2, all else from the lead."""
    if not text.public_kind:
        return None
    if text.kind is Kind.PUBLIC_WARNING and grading.life_safety(incident):
        return _wrong_originator(case, incident, text)
    entity = actors.entity(text.author)
    if entity in _voices(case, incident, text):
        return None
    return _hit(BlockReason.NOT_LEAD, "OV-2", entity=entity, lead=incident.lead)


def _wrong_originator(case: Case, incident: Incident, text: Statement) -> Block | None:
    """CH-1: an originator of the pack, and only inside its own area."""
    originator = text.originator or ""
    area = case.policy_of(incident).originator_area.get(originator)
    if area is None:
        return _hit(BlockReason.NOT_AN_ALERT_ORIGINATOR, "CH-1", originator=originator)
    outside = tuple(code for code in case.affected(incident) if code not in area)
    if not outside:
        return None
    return _hit(BlockReason.ORIGINATOR_OUT_OF_AREA, "CH-1", originator=originator, emirates=outside)


def _voices(case: Case, incident: Incident, text: Statement) -> set[str | None]:
    """Part of OV-2: the lead, the two offices, the owner of the topic, and at level 3 the national voice."""
    offices = case.policy_of(incident).offices
    voices = {incident.lead, offices.communication, offices.coordination, case.owner(incident.topic, incident)}
    voices |= set(keys.answered_owners(case, text))
    return voices | ({case.type_of(incident).national_voice} if incident.level == Level.NATIONAL else set())


def fact_mismatch(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """OV-3: every value is the sheet's."""
    sheet = incident.sheet
    differing = {
        key: {"stated": value, "sheet": sheet[key]}
        for key, value in text.facts.items()
        if key in sheet and not same_value(value, sheet[key])
    }
    return _hit(BlockReason.FACT_MISMATCH, "OV-3", facts=differing) if differing and text.public_kind else None


def fact_not_on_sheet(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """OV-3, INV-8: no value that the sheet does not have."""
    missing = tuple(sorted(text.facts.keys() - incident.sheet.keys()))
    return _hit(BlockReason.FACT_NOT_ON_SHEET, "OV-3", missing=missing) if missing and text.public_kind else None


def next_of_kin(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """INV-9: no names before the next of kin know."""
    named = text.names_victims and not incident.next_of_kin_informed
    return _hit(BlockReason.NEXT_OF_KIN_NOT_CONFIRMED, "INV-9") if named else None


def content_incomplete(case: Case, incident: Incident, text: Statement) -> Block | None:  # noqa: ARG001 one shape
    """INV-6: what is given is given in all languages and parts; the template fills what is left out."""
    missing = tuple(_missing_content(case, text))
    return _hit(BlockReason.CONTENT_INCOMPLETE, "INV-6", missing=missing) if missing else None


def _missing_content(case: Case, text: Statement) -> Iterator[str]:
    """Part of INV-6: languages first, then parts in the order of the pack (`scenario-format.md` §7, Content)."""
    policy = case.policy_of(text)
    languages = policy.languages.public if text.public_kind else policy.languages.internal
    if text.text is not None:
        yield from (language for language in languages if not text.text.get(language, "").strip())
    if text.parts is not None:
        parts = policy.statement_parts.get(text.kind, ())
        yield from (part for part in parts if not text.parts.get(part, "").strip())


AT_SUBMIT: tuple[Check, ...] = (
    exercise_suspended,
    drill_leak,
    drill_marker,
    real_on_exercise_channel,
    internal_only,
    missing_reference,
    mixed_owners,
    exercise_mismatch,
    reference_not_published,
    embargo_on_life_safety,
    wrong_voice,
    fact_mismatch,
    fact_not_on_sheet,
    next_of_kin,
    content_incomplete,
)
"""The first that holds blocks a submitted text."""
AT_PUBLICATION: tuple[Check, ...] = (fact_mismatch, fact_not_on_sheet, next_of_kin)
"""Looked at again at the moment of publication."""


def at_submit(case: Case, text: Statement) -> Block | None:
    """The first block of a submitted text (`scenario-format.md` §7, Blocks at submit)."""
    return _first(AT_SUBMIT, case, text)


def at_publication(case: Case, text: Statement) -> Block | None:
    """Part of OV-3 and INV-9: the sheet may have changed since (`scenario-format.md` §7, Publish, 1)."""
    return _first(AT_PUBLICATION, case, text)


def _first(checks: tuple[Check, ...], case: Case, text: Statement) -> Block | None:
    incident = case.incident(text.incident)
    found = (check(case, incident, text) for check in checks)
    return next((block for block in found if block is not None), None)


def block(case: Case, text: Statement, hit: Block, *, stage: str) -> None:
    """Part of INV-3: a blocked text loses its keys."""
    case.revise(text.id, state=StatementState.BLOCKED, needed={}, given={}, fallback=())
    case.tell(StatementBlocked.model_validate({"statement": text.id, "stage": stage, **hit}))
