"""What follows from a journal entry: where incidents stand, and an order for each published statement.

Pure: the records of the journal in, messages out, with ids derived from the entry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.instants import Instant, text
from crisis_bus.domain.journal import Entry, FactRecord
from crisis_bus.domain.policy import Named, Policy
from crisis_bus.domain.standing import IncidentStanding
from crisis_bus.domain.values import REFERRING_KINDS, Kind
from crisis_bus.streams.past import SpacePast
from crisis_bus.text.compose import Said, Scene, compose
from crisis_bus.text.forms import Names, Templates

Record = Mapping[str, Any]
_PUBLISHED = "statement.published"


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Writes the bulletins that entries lead to."""

    policy: Policy
    templates: Templates

    def bulletins(self, entry: Entry, space: SpacePast) -> list[Bulletin]:
        """INV-15, INV-1: only what an entry published becomes a bulletin, in its space as it stands after it."""
        return [self._bulletin(entry, space, fact) for fact in entry.facts if fact.type == _PUBLISHED]

    def _bulletin(self, entry: Entry, space: SpacePast, fact: FactRecord) -> Bulletin:
        statement = space.tables["statements"][fact.data["statement"]]
        incident = space.tables["incidents"][fact.data["incident"]]
        row = self.policy.type_of[incident["type"]]
        chain, sequence = _place(entry.space, space, statement)
        at: Instant = statement["published_at"]
        expires = statement["expires"]
        wording = compose(_said(statement), self._scene(incident, at, rehearsal=entry.zero is not None), self.templates)
        return Bulletin(
            number=f"{entry.space}/{statement['id']}",
            space=entry.space,
            statement=statement["id"],
            incident=incident["id"],
            incident_type=incident["type"],
            kind=Kind(statement["kind"]),
            exercise=incident["exercise"],
            rehearsal=entry.zero is not None,
            emirates=self.policy.affected(tuple(incident["emirates"])),
            grade=incident["grade"],
            level=incident["level"],
            lead=incident["lead"],
            audiences=row.audiences,
            channels=tuple(fact.data["channels"]),
            facts=dict(statement["facts"]),
            headline=wording.headline,
            text=wording.text,
            refs=tuple(statement["refs"]),
            replaces=tuple(f"{entry.space}/{name}" for name in _replaced(entry, statement)),
            chain=chain,
            sequence=sequence,
            published_at=text(at),
            expires=None if expires is None else text(expires),
            voice=fact.data.get("voice"),
        )

    def _scene(self, incident: Record, at: Instant, *, rehearsal: bool) -> Scene:
        places = self.policy.affected(tuple(incident["emirates"]))
        emirates = {row.code: row for row in self.policy.emirates}
        return Scene(
            incident_type=_names(self.policy.type_of[incident["type"]]),
            lead=_names(self.policy.entity_of[incident["lead"]]),
            places=tuple(_names(emirates[code]) for code in places),
            at=at,
            offset_minutes=self.policy.utc_offset_minutes,
            exercise=incident["exercise"],
            rehearsal=rehearsal,
        )


def _kept(records: Mapping[str, Record | None]) -> dict[str, Record]:
    return {name: record for name, record in records.items() if record is not None}


def _names(row: Named) -> Names:
    return Names(ar=row.ar, en=row.en)


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
    """A text about an earlier one stands in the chain of that one, whatever incident it belongs to now."""
    refs = statement["refs"]
    chain = space.chains.get(refs[0]) if refs else None
    chain = chain or f"{space_name}/{statement['incident']}"
    space.chains[statement["id"]] = chain
    space.sequences[chain] = space.sequences.get(chain, 0) + 1
    return chain, space.sequences[chain]


def _replaced(entry: Entry, statement: Record) -> Iterator[str]:
    """What this text corrects, retracts or ends, and what it supersedes."""
    if statement["kind"] in REFERRING_KINDS:
        yield from statement["refs"]
    for fact in entry.facts:
        if fact.type == "statement.state" and fact.data["by"] == statement["id"]:
            name = fact.data["statement"]
            if name not in statement["refs"]:
                yield name


def incidents_of(entry: Entry) -> Iterator[IncidentStanding]:
    """Each incident that an entry changed, as it stands now."""
    for record in _kept(entry.changes.get("incidents", {})).values():
        times = {
            "reported_at": text(record["reported_at"]),
            "first_statement_due": text(record["reported_at"] + record["deadline"]),
            "as_of": entry.command.at,
        }
        here = {"space": entry.space, "rehearsal": entry.zero is not None}
        yield IncidentStanding.model_validate({**record, **times, **here})
