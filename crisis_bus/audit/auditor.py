"""The auditor: journal records in, findings out; it keeps its own picture of each space and runs no rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from crisis_bus.audit import approvals, authority, contents
from crisis_bus.audit.clocks import Clocks
from crisis_bus.audit.findings import Breach, Finding, found
from crisis_bus.audit.moments import AtEnd, AtFact, Moment, Records, Step
from crisis_bus.audit.seen import Space
from crisis_bus.audit.tables import Tables
from crisis_bus.audit.telling import tell
from crisis_bus.domain import facts as f
from crisis_bus.domain.instants import Clock, Instant, parse
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.statement import Statement
from crisis_bus.views.chain import Verdict

_OVERRIDES = (authority.the_trail_says_who_and_why,)

AT_FACT: Mapping[type[f.Fact], tuple[AtFact, ...]] = {
    f.StatementPublished: (
        approvals.all_keys_at_publication,
        contents.corrections_refer,
        contents.corrections_reach,
        contents.left_out_is_suspended,
        contents.drills_stay_apart,
        contents.references_do_not_cross,
        contents.every_language,
        contents.one_voice,
        contents.values_from_the_sheet,
        contents.names_after_kin,
        approvals.embargo_holds,
    ),
    f.KeyGiven: (approvals.key_by_the_right_entity,),
    f.StatementScheduled: (approvals.embargoed_copy,),
    f.FactsheetUpdated: (contents.stale_is_marked,),
    f.IncidentUpdated: (contents.kin_by_their_office,),
    f.LeadChanged: (authority.lead_changed_by_the_centre, *_OVERRIDES),
    f.LevelLowered: (authority.lowered_by_the_centre, *_OVERRIDES),
    f.LevelRaised: (authority.lowered_by_the_centre, *_OVERRIDES),
    f.IncidentStateChanged: (authority.signed_by_the_right_authority, authority.nothing_left_open),
    f.CommandRefused: _OVERRIDES,
    f.KeyRefused: _OVERRIDES,
    f.StatementBlocked: _OVERRIDES,
    f.KeysWaived: _OVERRIDES,
}
"""What is checked when a fact is told, in the order of the invariants."""

AT_END: tuple[AtEnd, ...] = (
    approvals.out_only_when_told,
    approvals.different_people,
    approvals.keys_bind_to_the_text,
    approvals.kept_as_submitted,
    contents.flags_stay,
    contents.flag_as_reported,
    contents.one_set_of_facts,
    contents.sheets_are_told,
    contents.kin_is_told,
    authority.one_lead_one_voice,
    authority.one_crisis_a_voice,
    authority.levels_are_told,
    authority.states_of_incidents_agree,
    authority.extents_are_told,
    authority.once_is_enough,
    authority.every_command_leaves_a_trace,
    approvals.states_agree,
)
"""What is checked when an entry is read to its end: the records against what was told."""


@dataclass(slots=True)
class _Watched:
    """One space: the picture, the texts as their records are, the clocks, and where it stands on the log."""

    space: Space
    partition: int
    texts: dict[str, Statement] = field(default_factory=dict)
    clocks: Clocks = field(default_factory=Clocks)
    offset: int = 0


@dataclass(slots=True)
class Auditor:
    """Reads every partition of the journal from its beginning; `entries` counts those that it has checked."""

    policy: Policy
    entries: int = 0
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    _watched: dict[str, _Watched] = field(default_factory=dict)

    def take(self, partition: int, offset: int, value: bytes | None) -> list[Finding]:
        """Check the next record of a partition; one that does not count is counted, and nothing more."""
        verdict = self.verdicts.setdefault(partition, Verdict(partition))
        entry = verdict.see(offset, value)
        if entry is None:
            return []
        self.entries += 1
        return [found(breach, entry.space, partition, offset) for breach in self._check(entry, partition, offset)]

    def late(self, now: Instant, patience: int) -> list[Finding]:
        """CLOCK: timers of real spaces that the clock on the wall has passed by more than the patience."""
        return [
            found(breach, each.space.name, each.partition, each.offset)
            for each in self._watched.values()
            if each.space.zero is None
            for breach in each.clocks.overdue(now, patience)
        ]

    def breaks(self) -> list[Finding]:
        """CHAIN: partitions whose chain does not go on."""
        broken = [each.broken for each in self.verdicts.values() if each.broken is not None]
        return [
            found(Breach("chain_broken", str(one.partition), {"why": str(one.standing)}), "", one.partition, one.offset)
            for one in broken
        ]

    @property
    def spaces(self) -> dict[str, Space]:
        """The picture of each space."""
        return {name: watched.space for name, watched in self._watched.items()}

    def _check(self, entry: Entry, partition: int, offset: int) -> Iterator[Breach]:
        watched = self._watched.setdefault(entry.space, _Watched(Space(entry.space, Tables(self.policy)), partition))
        watched.offset, space = offset, watched.space
        if entry.zero is not None:
            space.zero = parse(entry.zero)
        try:
            step = self._step(watched, entry)
        except (ValidationError, ValueError) as error:
            yield Breach("unreadable", "", {"what": type(error).__name__})
            return
        yield from authority.time_goes_on(step)
        for told in step.facts:
            yield from watched.clocks.until(space, told.at)
            yield from _at_fact(Moment(step, told), watched.clocks)
        yield from watched.clocks.until(space, step.at)
        for check in AT_END:
            yield from check(step)
        yield from watched.clocks.settle(space, step.records, step.at)
        _remember(watched, step)

    def _step(self, watched: _Watched, entry: Entry) -> Step:
        space = watched.space
        space.tables.take(entry.changes.get("policies", {}))
        clock = Clock(0, space.zero)
        facts = [
            f.Told(clock.read(each.at), f.FACTS[each.type].model_validate(each.data, context=clock))
            for each in entry.facts
            if each.type in f.FACTS
        ]
        answered = space.answered.get(entry.command.id, entry.command.offset)
        return Step(
            space,
            entry,
            tuple(facts),
            Records.of(entry.changes),
            watched.texts,
            parse(entry.command.at),
            repeats=answered != entry.command.offset,
        )


def _at_fact(moment: Moment, clocks: Clocks) -> Iterator[Breach]:
    """Check a fact, put it into the picture, and take what it promises."""
    try:
        for check in AT_FACT.get(type(moment.told.fact), ()):
            yield from check(moment, moment.told.fact)
        tell(moment)
        clocks.promise(moment)
    except KeyError:  # a fact about what nothing has told of: that is the finding
        yield Breach("unknown_object", moment.told.fact.TYPE)


def _remember(watched: _Watched, step: Step) -> None:
    watched.texts.update(step.records.statements)
    watched.space.at = max(watched.space.at, step.at)
    if not step.more:
        watched.space.answered.setdefault(step.entry.command.id, step.entry.command.offset)
