"""Who let a text out: INV-1, INV-2, INV-3, INV-15 (`rules.md` §4.3, §4.6), written anew from the rule book."""

from collections.abc import Iterator

from crisis_bus.audit.findings import Breach
from crisis_bus.audit.moments import Moment, Step, shown
from crisis_bus.audit.seen import SeenIncident, SeenText
from crisis_bus.domain import actors
from crisis_bus.domain.facts import KeyGiven, StatementPublished, StatementScheduled
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.statement import Statement
from crisis_bus.domain.values import (
    ANY,
    PUBLIC_STATES,
    REFERRING_KINDS,
    ChannelClass,
    Key,
    Kind,
    Level,
    StatementState,
)

_NO_EMBARGO = frozenset({Kind.PUBLIC_WARNING, Kind.RETRACTION, Kind.ALL_CLEAR})
_TEXT = (
    "kind", "author", "facts", "refs", "answers", "channels", "marker", "names_victims",
    "originator", "embargo_until", "expires", "text", "parts",
)  # fmt: skip
"""What the keys of a statement bind to."""


def demanded(moment: Moment, text: SeenText) -> dict[str, tuple[str, ...]]:
    """The keys that `rules.md` §4.3 asks for at this instant: key → the entities that may be asked for it."""
    incident, written = moment.incident(text.written.incident), text.written
    policy = moment.step.policy(incident.born)
    if written.kind is Kind.INTERNAL_BRIEFING:
        return {Key.INTERNAL: (ANY,)}
    if written.kind is Kind.PUBLIC_WARNING and Key.FACT not in _needed(moment, text):
        return {Key.ORIGINATOR: (str(written.originator),)}
    kinds = {moment.space.texts[ref].written.kind for ref in written.refs}
    if written.kind is Kind.RETRACTION and kinds == {Kind.PUBLIC_WARNING}:
        return {Key.ORIGINATOR: (policy.offices.coordination,)}
    office = policy.offices.communication
    release = (incident.lead, office) if incident.level == Level.ENTITY else (office,)
    keys: dict[str, tuple[str, ...]] = {Key.FACT: _fact_owners(moment, incident, text), Key.RELEASE: release}
    if _coordinated(moment, incident, text):
        keys[Key.COORD] = (policy.offices.coordination,)
    return keys


def _needed(moment: Moment, text: SeenText) -> dict[str, str]:
    """What was asked for, as the record has it; a text that is blocked on its way out has lost it."""
    record = moment.step.records.statements.get(text.written.id)
    return text.needed if record is None else text.needed | {str(key): entity for key, entity in record.needed.items()}


def _topics(moment: Moment, text: SeenText) -> list[str]:
    if text.written.kind is not Kind.RUMOUR_RESPONSE:
        return []
    return [moment.space.rumours[name].topic for name in text.written.answers]


def _fact_owners(moment: Moment, incident: SeenIncident, text: SeenText) -> tuple[str, ...]:
    policy = moment.step.policy(incident.born)
    if topics := _topics(moment, text):
        return tuple(sorted({policy.topic_owner[topic] for topic in topics}))
    if incident.born.type in policy.rumour_types and incident.born.topic is not None:
        return (policy.topic_owner[incident.born.topic],)
    return (incident.lead,)


def _coordinated(moment: Moment, incident: SeenIncident, text: SeenText) -> bool:
    policy, written = moment.step.policy(incident.born), text.written
    broadcast = policy.named_channels.cell_broadcast
    answers = written.kind in REFERRING_KINDS and any(
        broadcast in moment.space.texts[ref].channels for ref in written.refs
    )
    topics = {incident.born.topic, *_topics(moment, text)} & set(policy.topics_with_coordination)
    always = policy.type_of[incident.born.type].coord_always
    national = incident.level == Level.NATIONAL
    return written.kind is not Kind.LINES_TO_TAKE and (national or always or bool(topics) or answers)


def all_keys_at_publication(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-1: nothing leaves without all needed keys, unless §4.4 holds at that instant."""
    text = moment.space.texts[fact.statement]
    needed = _needed(moment, text)
    missing = sorted(key for key in needed if key not in text.given and key not in text.waived)
    if missing or not needed:
        yield Breach("key_missing", fact.statement, {"keys": ", ".join(missing) or "(none asked for)"})
    for key, entities in demanded(moment, text).items():
        if needed.get(key) not in entities:
            yield Breach("key_not_asked", fact.statement, {"key": key, "entity": "|".join(entities)})
    alone = text.written.kind is Kind.PUBLIC_WARNING and Key.FACT not in needed
    if alone and not moment.incident(fact.incident).life_safety:
        yield Breach("one_key_without_ground", fact.statement)


def key_by_the_right_entity(moment: Moment, fact: KeyGiven) -> Iterator[Breach]:
    """INV-1: a key counts from the entity that the rules name, from any for ANY, from GCO after ESC-09b."""
    text, giver = moment.space.texts[fact.statement], actors.entity(fact.by)
    policy = moment.step.policy(moment.incident(text.written.incident).born)
    record = moment.step.records.statements.get(fact.statement)
    allowed = {text.needed.get(fact.key), *demanded(moment, text).get(fact.key, ())}
    allowed |= {record.needed.get(Key(fact.key))} if record is not None else set()
    fallback = fact.key in text.fallback and giver == policy.offices.communication
    if giver not in allowed and ANY not in allowed and not fallback:
        yield Breach("key_wrong_entity", fact.statement, {"key": fact.key, "entity": shown(giver, policy)})


def out_only_when_told(step: Step) -> Iterator[Breach]:
    """INV-1: a record in a public state needs a fact of publication."""
    for name, record in step.records.statements.items():
        text = step.space.texts.get(name)
        if record.state in PUBLIC_STATES and (text is None or text.published_at is None):
            yield Breach("out_untold", name)


def different_people(step: Step) -> Iterator[Breach]:
    """INV-2: author and key holders are pairwise different people."""
    for name, record in step.records.statements.items():
        people = [actors.person(by) for by in (record.author, *record.given.values())]
        if len(people) != len(set(people)):
            yield Breach("same_person", name)


def keys_bind_to_the_text(step: Step) -> Iterator[Breach]:
    """INV-3: an edit voids all keys, and a text holds no key that was not given to it."""
    for name, record in step.records.statements.items():
        before, text = step.before.get(name), step.space.texts.get(name)
        edited = before is not None and any(getattr(before, part) != getattr(record, part) for part in _TEXT)
        if edited and record.given:
            yield Breach("key_survives", name, {"keys": ", ".join(sorted(record.given))})
        told = {} if text is None else text.given
        untold = sorted(key for key, by in record.given.items() if told.get(key) != by)
        if untold and not edited:
            yield Breach("key_untold", name, {"keys": ", ".join(untold)})


def kept_as_submitted(step: Step) -> Iterator[Breach]:
    """INV-3: the text that is kept is the text that was asked for."""
    if step.entry.command.type not in {"statement.draft", "statement.submit"} or step.repeats or step.refused:
        return
    record = step.records.statements.get(str(step.asked("id")))
    if record is None:
        return
    for name, default in (("facts", {}), ("text", None), ("parts", None)):
        asked = step.asked(name)
        if (default if asked is None else asked) != _plain(record, name):
            yield Breach("text_swapped", record.id, {"field": name})


def _plain(record: Statement, name: str) -> dict[str, object] | None:
    value = getattr(record, name)
    return None if value is None else dict(value)


def embargo_holds(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-15: nothing under embargo leaves before time, except after `embargo.break`."""
    until = moment.space.texts[fact.statement].written.embargo_until
    asked = moment.step.entry.command.type == "embargo.break" and moment.step.asked("statement") == fact.statement
    if until is not None and moment.told.at < until and not (asked and moment.by_command):
        yield Breach("embargo_early", fact.statement)


def embargoed_copy(moment: Moment, fact: StatementScheduled) -> Iterator[Breach]:
    """INV-15, EMB-1, EMB-2: the copy goes to accredited media alone; warnings know no embargo."""
    text = moment.space.texts[fact.statement]
    policy = moment.step.policy(moment.incident(text.written.incident).born)
    allowed = ChannelClass.EXERCISE if text.written.exercise else ChannelClass.MEDIA
    beyond = [name for name in fact.embargoed_copy_to if _class(policy, name) is not allowed]
    if beyond:
        yield Breach("embargo_copy", fact.statement, {"channels": ", ".join(beyond)})
    if text.written.kind in _NO_EMBARGO:
        yield Breach("embargo_forbidden", fact.statement, {"kind": text.written.kind})


def _class(policy: Policy, channel: str) -> ChannelClass | None:
    row = policy.channel_of.get(channel)
    return None if row is None else row.reaches


def states_agree(step: Step) -> Iterator[Breach]:
    """INV-14: a text stands where the facts say, and a waiver is told."""
    for name, record in step.records.statements.items():
        text = step.space.texts.get(name)
        told = StatementState.DRAFT if text is None else text.state
        leaves = record.state in PUBLIC_STATES and (text is None or text.published_at is None)
        if record.state != told and not leaves:
            yield Breach("text_state_untold", name, {"state": record.state, "told": told})
        waived = sorted(set(record.waived) - (set() if text is None else text.waived))
        if waived:
            yield Breach("waiver_untold", name, {"keys": ", ".join(waived)})
