"""What a text says and where it goes: INV-4 to INV-9 (`rules.md` §4.6)."""

from collections.abc import Iterator

from crisis_bus.audit.findings import Breach
from crisis_bus.audit.moments import Moment, Step
from crisis_bus.audit.seen import SeenText, differing, same
from crisis_bus.domain.facts import FactsheetUpdated, IncidentUpdated, StatementPublished
from crisis_bus.domain.values import INTERNAL_KINDS, REFERRING_KINDS, ChannelClass


def corrections_refer(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-4: a correction, retraction or all-clear names statements that are published."""
    if fact.kind not in REFERRING_KINDS:
        return
    refs = moment.space.texts[fact.statement].written.refs
    out = [name for name in refs if name in moment.space.texts and moment.space.texts[name].published_at is not None]
    if not refs or len(out) != len(refs):
        yield Breach("no_reference", fact.statement, {"kind": fact.kind, "refs": ", ".join(refs) or "–"})


def corrections_reach(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-4: they go to every channel that the statement reached, a suspended account excepted.

    An exercise stays in its own set of channels (`scenario-format.md` §7, Publish, 2).
    """
    if fact.kind not in REFERRING_KINDS or fact.exercise:
        return
    left_out = set(fact.suspended_channels or ())
    for ref in moment.space.texts[fact.statement].written.refs:
        text = moment.space.texts.get(ref)
        missed = [] if text is None else [name for name in text.channels if name not in {*fact.channels, *left_out}]
        if missed:
            details = {"kind": fact.kind, "channels": ", ".join(missed), "refs": ref}
            yield Breach("channel_missed", fact.statement, details)


def left_out_is_suspended(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-4, CH-2: only a channel whose account of the lead is suspended is left out."""
    lead = moment.incident(fact.incident).lead
    used = [name for name in fact.suspended_channels or () if (name, lead) not in moment.space.suspended]
    if used:
        yield Breach("left_out_in_use", fact.statement, {"kind": fact.kind, "channels": ", ".join(used)})


def drills_stay_apart(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-5: an exercise only on EXERCISE channels, a real text never on one."""
    policy, exercise = (
        moment.step.policy(moment.incident(fact.incident).born),
        moment.incident(fact.incident).born.exercise,
    )
    drill = {row.code for row in policy.channels if row.reaches is ChannelClass.EXERCISE}
    wrong = [name for name in fact.channels if (name in drill) != exercise]
    if wrong:
        code = "drill_leaked" if exercise else "real_on_drill"
        yield Breach(code, fact.statement, {"channels": ", ".join(wrong)})
    if fact.exercise != exercise:
        yield Breach("flag_changed", fact.statement)


def references_do_not_cross(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-5, DR-3: what a text refers to or answers has the same exercise flag."""
    space, written = moment.space, moment.space.texts[fact.statement].written
    crossing = [
        ref for ref in written.refs if ref in space.texts and space.texts[ref].written.exercise != fact.exercise
    ]
    for name in written.answers:
        incident = space.rumours[name].incident if name in space.rumours else None
        drill = incident is not None and incident in space.incidents and space.incidents[incident].born.exercise
        crossing += [name] if drill != fact.exercise else []
    if crossing:
        yield Breach("crosses", fact.statement, {"refs": ", ".join(crossing)})


def flags_stay(step: Step) -> Iterator[Breach]:
    """INV-5: the exercise flag is set at creation, inherited and immutable."""
    for name, incident in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        if seen is not None and seen.born.exercise != incident.exercise:
            yield Breach("flag_changed", name)
    for name, text in step.records.statements.items():
        owner = step.space.incidents.get(text.incident)
        if owner is not None and owner.born.exercise != text.exercise:
            yield Breach("flag_changed", name)


def flag_as_reported(step: Step) -> Iterator[Breach]:
    """INV-5: an incident is an exercise if, and only if, it was reported as one."""
    if step.entry.command.type != "incident.report" or step.repeats or step.refused:
        return
    record = step.records.incidents.get(str(step.asked("id")))
    if record is not None and record.exercise != (step.asked("exercise") is True):
        yield Breach("flag_changed", record.id)


def every_language(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-6: a text written by hand has every language that its kind needs; the rest comes from one template."""
    text = moment.space.texts[fact.statement].written
    languages = moment.step.policy(moment.incident(fact.incident).born).languages
    needed = languages.internal if fact.kind in INTERNAL_KINDS else languages.public
    missing = [] if text.text is None else [name for name in needed if not text.text.get(name, "").strip()]
    if missing:
        yield Breach("language_missing", fact.statement, {"languages": ", ".join(missing)})


def one_set_of_facts(step: Step) -> Iterator[Breach]:
    """INV-6: a published text keeps the values with which it was submitted."""
    for name, record in step.records.statements.items():
        text = step.space.texts.get(name)
        if text is None or text.published_at is None:
            continue
        keys = differing(record.facts, text.written.facts) + sorted(record.facts.keys() ^ text.written.facts.keys())
        if keys:
            yield Breach("facts_differ", name, {"keys": ", ".join(keys)})


def stale_is_marked(moment: Moment, fact: FactsheetUpdated) -> Iterator[Breach]:
    """INV-7: when a value changes, each published statement that says another one is marked as stale."""
    for text in moment.space.texts_of(fact.incident):
        keys = differing(text.written.facts, fact.facts)
        if keys and _current(text) and text.written.id not in fact.stale:
            yield Breach("stale_unmarked", text.written.id, {"keys": ", ".join(keys)})


def _current(text: SeenText) -> bool:
    return text.state == "PUBLISHED" and text.written.kind not in INTERNAL_KINDS


def one_voice(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-7: two current statements of an incident never differ without a stale mark or an open contradiction."""
    text, space = moment.space.texts[fact.statement], moment.space
    disputed = any(each.open and each.incident == fact.incident for each in space.contradictions.values())
    if fact.kind in INTERNAL_KINDS or disputed:
        return
    for other in space.texts_of(fact.incident):
        keys = differing(text.written.facts, other.written.facts)
        if keys and other is not text and _current(other) and not other.stale:
            yield Breach("voices_differ", fact.statement, {"other": other.written.id, "keys": ", ".join(keys)})


def values_from_the_sheet(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-8: no value in a public statement is absent from the fact sheet, or differs from it."""
    if fact.kind in INTERNAL_KINDS:
        return
    sheet = moment.incident(fact.incident).sheet
    facts = moment.space.texts[fact.statement].written.facts
    absent = sorted(key for key, value in facts.items() if key not in sheet or not same(sheet[key], value))
    if absent:
        yield Breach("not_on_sheet", fact.statement, {"keys": ", ".join(absent)})


def sheets_are_told(step: Step) -> Iterator[Breach]:
    """INV-8: the fact sheet holds what was set, and nothing else."""
    for name, record in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        if seen is not None and (record.sheet.keys() != seen.sheet.keys() or differing(record.sheet, seen.sheet)):
            yield Breach("sheet_untold", name)


def names_after_kin(moment: Moment, fact: StatementPublished) -> Iterator[Breach]:
    """INV-9: victims are named only after their next of kin were informed."""
    if moment.space.texts[fact.statement].written.names_victims and not moment.incident(fact.incident).next_of_kin:
        yield Breach("names_before_kin", fact.statement)


def kin_by_their_office(moment: Moment, fact: IncidentUpdated) -> Iterator[Breach]:
    """INV-9: only the Ministry of Interior confirms that the next of kin know."""
    office = moment.step.policy(moment.incident(fact.incident).born).offices.next_of_kin
    if "next_of_kin_informed" in fact.changed and moment.step.by != office:
        yield Breach("kin_by", fact.incident, {"entity": moment.step.office})


def kin_is_told(step: Step) -> Iterator[Breach]:
    """INV-9: the record knows no more than the facts."""
    for name, record in step.records.incidents.items():
        seen = step.space.incidents.get(name)
        if seen is not None and record.next_of_kin_informed != seen.next_of_kin:
            yield Breach("kin_untold", name)
