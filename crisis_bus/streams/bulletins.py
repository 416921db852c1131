"""What follows from a journal entry: where incidents stand, and an order for each published statement.

Pure: the records of the journal in, messages out, with ids derived from the entry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.forms import Forms, Names
from crisis_bus.domain.hazard import Earlier, Hazard, Place
from crisis_bus.domain.instants import Instant, text
from crisis_bus.domain.journal import Entry, FactRecord
from crisis_bus.domain.pages import page_name
from crisis_bus.domain.policy import Named, Policy
from crisis_bus.domain.standing import IncidentStanding
from crisis_bus.domain.values import REFERRING_KINDS, Kind, StatementState
from crisis_bus.streams.past import SpacePast
from crisis_bus.text.compose import Said, Scene, compose
from crisis_bus.text.forms import Templates
from crisis_bus.text.short import Story, Whole

Record = Mapping[str, Any]
_INTERNAL = frozenset({Kind.LINES_TO_TAKE, Kind.INTERNAL_BRIEFING})
_PUBLISHED = "statement.published"
_ESCALATED = "escalation"


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Writes the bulletins that entries lead to; `pages` is the address below which the public ones stand."""

    policy: Policy
    templates: Templates
    pages: str | None = None
    _desks: dict[str, "_Desk"] = field(default_factory=dict, compare=False)

    def bulletins(self, entry: Entry, space: SpacePast) -> list[Bulletin]:
        """INV-15, INV-1: only what an entry published becomes a bulletin, in its space as it stands after it.

        ESC-11: what a channel did not take goes to its alternates, under the same number.
        """
        wanted = [(fact, _channels(space, fact)) for fact in entry.facts]
        return [self._bulletin(entry, space, fact, channels) for fact, channels in wanted if channels is not None]

    def begun(self, space: SpacePast) -> str:
        """The version that a space began with."""
        policies = space.tables.get("policies", {})
        return next((name for name, one in policies.items() if one["proposed_by"] is None), self.policy.version)

    def _bulletin(self, entry: Entry, space: SpacePast, fact: FactRecord, channels: tuple[str, ...]) -> Bulletin:
        statement = space.tables["statements"][fact.data["statement"]]
        incident = space.tables["incidents"][statement["incident"]]
        desk = self._desk(space, incident)
        row = desk.policy.type_of[incident["type"]]
        chain, sequence = _place(entry.space, space, statement)
        at: Instant = statement["published_at"]
        expires = statement["expires"]
        said, scene = _said(statement), desk.scene(incident, at, rehearsal=entry.zero is not None)
        wording, number = compose(said, scene, desk.templates), f"{entry.space}/{statement['id']}"
        whole = self._whole(number, said, scene)
        return Bulletin(
            number=number,
            space=entry.space,
            statement=statement["id"],
            incident=incident["id"],
            incident_type=incident["type"],
            kind=Kind(statement["kind"]),
            exercise=incident["exercise"],
            rehearsal=entry.zero is not None,
            policy=desk.policy.version,
            emirates=desk.policy.affected(tuple(incident["emirates"])),
            grade=incident["grade"],
            level=incident["level"],
            lead=incident["lead"],
            audiences=row.audiences,
            channels=channels,
            facts=dict(statement["facts"]),
            headline=wording.headline,
            text=wording.text,
            forms=Story(said, scene, desk.templates, whole).worded(),
            refs=tuple(statement["refs"]),
            replaces=tuple(f"{entry.space}/{name}" for name in _replaced(entry, statement, space.tables["statements"])),
            chain=chain,
            sequence=sequence,
            published_at=text(at),
            expires=None if expires is None else text(expires),
            voice=fact.data.get("voice"),
            hazard=desk.hazard(incident, _earlier(entry.space, space, statement, chain)),
        )

    def _whole(self, number: str, said: Said, scene: Scene) -> Whole:
        """What is internal and what is only rehearsed has no page that anybody could be sent to."""
        if self.pages is None or scene.rehearsal or said.kind in _INTERNAL:
            return Whole(number, {})
        page = f"{self.pages}{page_name(number)}"
        return Whole(number, {language: f"{page}.{language}.html" for language in self.templates.languages})

    def _desk(self, space: SpacePast, incident: Record) -> "_Desk":
        """AC10.1: the tables and words of the version that the incident began with, as the journal holds them."""
        record = space.tables.get("policies", {}).get(incident.get("policy", ""))
        if record is None or record["digest"] == self.policy.digest:
            return _Desk(self.policy, self.templates)
        if record["digest"] not in self._desks:
            policy, words = Policy.model_validate(record["policy"]), record["words"]
            templates = self.templates if words is None else _compiled(words, policy)
            self._desks[record["digest"]] = _Desk(policy, templates)
        return self._desks[record["digest"]]


@dataclass(frozen=True, slots=True)
class _Desk:
    """The tables and words of one version."""

    policy: Policy
    templates: Templates

    def scene(self, incident: Record, at: Instant, *, rehearsal: bool) -> Scene:
        """What a text is about, in the names of this version; a code that only a later one knows stands for itself."""
        places = self.policy.affected(tuple(incident["emirates"]))
        emirates = {row.code: row for row in self.policy.emirates}
        return Scene(
            incident_type=self._names(self.policy.type_of, incident["type"]),
            lead=self._names(self.policy.entity_of, incident["lead"]),
            places=tuple(self._names(emirates, code) for code in places),
            at=at,
            offset_minutes=self.policy.utc_offset_minutes,
            exercise=incident["exercise"],
            rehearsal=rehearsal,
        )

    def hazard(self, incident: Record, earlier: tuple[Earlier, ...]) -> Hazard:
        """What a warning says of an incident in code values."""
        row, emirates = self.policy.type_of[incident["type"]], {row.code: row for row in self.policy.emirates}
        places = self.policy.affected(tuple(incident["emirates"]))
        return Hazard(
            category=row.cap_category,
            severity=incident["severity"],
            urgency=incident["urgency"],
            certainty=incident["certainty"],
            event=self._names(self.policy.type_of, incident["type"]),
            places=tuple(Place(code=code, names=self._names(emirates, code)) for code in places),
            sender=self._names(self.policy.entity_of, incident["lead"]),
            earlier=earlier,
        )

    def _names(self, rows: Mapping[str, Named], code: str) -> Names:
        row = rows.get(code)
        return {language: code if row is None else row.called(language) for language in self.templates.languages}


def _compiled(words: Record, policy: Policy) -> Templates:
    return Templates.compiled(Forms.model_validate(words), policy.languages.all)


def _kept(records: Mapping[str, Record | None]) -> dict[str, Record]:
    return {name: record for name, record in records.items() if record is not None}


def _said(statement: Record) -> Said:
    return Said(
        kind=Kind(statement["kind"]),
        text=statement["text"] or {},
        parts=statement["parts"] or {},
        facts=statement["facts"],
        refs=tuple(statement["refs"]),
        expires=statement["expires"],
    )


def _place(space_name: str, space: SpacePast, statement: Record) -> tuple[str, int]:
    """A text about an earlier one stands in the chain of that one, whatever incident it belongs to now.

    One that goes to further channels later keeps its place.
    """
    if (chain := space.chains.get(statement["id"])) is not None:
        together = [name for name, of in space.chains.items() if of == chain]
        return chain, 1 + together.index(statement["id"])
    refs = statement["refs"]
    chain = space.chains.get(refs[0]) if refs else None
    chain = chain or f"{space_name}/{statement['incident']}"
    space.chains[statement["id"]] = chain
    space.sequences[chain] = space.sequences.get(chain, 0) + 1
    return chain, space.sequences[chain]


def _earlier(name: str, space: SpacePast, statement: Record, chain: str) -> tuple[Earlier, ...]:
    """What went before in a chain and is not over; what a text is about always (CAP 1.2 §3.2.1, references)."""
    at, found, statements = statement["published_at"], [], space.tables["statements"]
    for other, of in space.chains.items():
        record = statements[other]
        if other == statement["id"] or of != chain or record["published_at"] is None:
            continue
        if other in statement["refs"] or record["expires"] is None or record["expires"] > at:
            found.append(Earlier(number=f"{name}/{other}", at=text(record["published_at"])))
    return tuple(found)


def _replaced(entry: Entry, statement: Record, statements: Mapping[str, Record]) -> tuple[str, ...]:
    """What this text corrects, retracts, ends or supersedes, and what that was about in its turn.

    A destination that waits may be spared a retraction that is itself corrected: it then learns from the correction
    that what it has is void.
    """
    superseded = [fact.data["statement"] for fact in entry.facts if _superseded_by(fact, statement["id"])]
    names = dict.fromkeys([*_about(statement), *superseded])
    waiting = list(names)
    while waiting:
        further = [name for name in _about(statements[waiting.pop()]) if name not in names]
        names |= dict.fromkeys(further)
        waiting += further
    return tuple(names)


def _channels(space: SpacePast, fact: FactRecord) -> tuple[str, ...] | None:
    """On which channels a fact lets a text leave: those of its publication, or the alternates of one that failed."""
    if fact.type == _PUBLISHED:
        return tuple(fact.data["channels"])
    if fact.type != _ESCALATED or fact.data["rule"] != "ESC-11":
        return None
    statement = space.tables["statements"][fact.data["statement"]]
    stands = statement["state"] in {StatementState.PUBLISHED, StatementState.FAILED}
    others = tuple(name for name in fact.data["reroute_to"] if name not in statement["went_to"])
    return others if stands and others else None


def _about(statement: Record) -> tuple[str, ...]:
    return tuple(statement["refs"]) if statement["kind"] in REFERRING_KINDS else ()


def _superseded_by(fact: FactRecord, statement: str) -> bool:
    return fact.type == "statement.state" and fact.data["by"] == statement


def incidents_of(entry: Entry, base: str = "") -> Iterator[IncidentStanding]:
    """Each incident that an entry changed, as it stands now; `base` is the policy version of one that names none."""
    for record in _kept(entry.changes.get("incidents", {})).values():
        times = {
            "reported_at": text(record["reported_at"]),
            "first_statement_due": text(record["reported_at"] + record["deadline"]),
            "as_of": entry.command.at,
        }
        here = {"space": entry.space, "rehearsal": entry.zero is not None, "policy": record.get("policy") or base}
        yield IncidentStanding.model_validate({**record, **times, **here})
