"""A policy pack: the tables of one government, as values (`architecture.md`, idea 5)."""

from datetime import date
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crisis_bus.domain.values import ChannelClass, Kind, Priority


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(_Row):
    """Something with a code and a name in both languages."""

    code: str
    ar: str
    en: str


class Entity(Named):
    """A body of the government; `to_confirm`: a person checks the name before a real user sees it."""

    kind: str
    sources: tuple[int, ...] = ()
    to_confirm: bool = False
    note: str | None = None


class Emirate(Named):
    """A part of the country (ISO 3166-2) and the media office that speaks for it."""

    media_office: str | None = None


class Channel(Named):
    """A way out, named by what it reaches and not by how."""

    reaches: ChannelClass


class Grade(_Row):
    """What a grade asks for, in minutes; the after-action report in days (`rules.md` §3.2)."""

    grade: int = Field(ge=1, le=4)
    ar: str
    en: str
    acknowledge: int
    spokesperson: int
    first_statement: int
    approval_key: int
    cadence: int
    aar_days: int


class LevelRow(_Row):
    """A level, and what its spokesperson needs (`rules.md` §2.2, §3.4)."""

    level: int = Field(ge=1, le=3)
    id: str
    ar: str
    en: str
    languages: tuple[str, ...]
    medium: str


class IncidentType(Named):
    """One row of the responsibility matrix (`rules.md` §3.6); `first_statement` in minutes."""

    cap_category: str
    lead: str
    supporting: tuple[str, ...]
    national_voice: str
    base_level: int = Field(ge=1, le=3)
    first_statement: int = Field(gt=0)
    coord_always: bool
    extra_channels: tuple[str, ...]
    audiences: tuple[str, ...]
    goes_up_when: str
    sources: tuple[int, ...] = ()


class Person(_Row):
    """Somebody who may speak for an entity (`rules.md` §3.9)."""

    id: str
    entity: str
    role: Literal["primary", "deputy"]
    languages: tuple[str, ...]
    media: tuple[str, ...]
    accredited_until: date
    trained: date
    on_rota: bool


class PersonChange(_Row):
    """What a rehearsal changes about a person (`scenario-format.md` §1)."""

    accredited_until: date | None = None
    trained: date | None = None
    on_rota: bool | None = None
    languages: tuple[str, ...] | None = None
    media: tuple[str, ...] | None = None


class Offices(_Row):
    """Which entity holds which office of the rule book."""

    secretariat: str
    """Where escalation ends: its Secretary-General (GSC)."""
    communication: str
    """Releases at level 2 and 3, decides on leads, levels and contradictions (GCO)."""
    coordination: str
    """Gives the COORD key, co-signs the end of a national crisis (NCEMA)."""
    next_of_kin: str
    """Confirms that the next of kin know (MOI)."""
    cyber: str
    """May suspend and restore any account (CSC)."""
    prosecution: str
    """Is not asked to amplify (PP)."""


class ChannelSets(_Row):
    """The channels that a text takes by rule (`rules.md` §2.6)."""

    life: tuple[str, ...]
    level_1: tuple[str, ...]
    level_2: tuple[str, ...]
    level_3: tuple[str, ...]
    internal: tuple[str, ...]
    exercise: tuple[str, ...]
    lines_to_take: tuple[str, ...]
    national_sitrep: tuple[str, ...]


class Languages(_Row):
    """Part of OV-6: the languages that a text must have; the first is the authority text."""

    internal: tuple[str, ...]
    public: tuple[str, ...]


class NamedChannels(_Row):
    """Channels that a rule calls by what they are."""

    cell_broadcast: str
    social: str
    embargoed_copy: str
    embargoed_copy_exercise: str


class Numbers(_Row):
    """The rule book's other numbers; minutes unless the name says otherwise."""

    silent: int
    signature: int
    contradiction: int
    rumour_repeat: int
    rumour_close: int
    post_review: int
    language_pack: int
    repeats: int
    stabilising_cadence_factor: int
    training_days: int
    clash: int
    clash_same_audience: int
    exercise_notice: int
    hot_marks: tuple[int, int, int]
    rumour_tiers: tuple[int, int]
    rumour_high: int
    rumour_medium: int
    level_by_grade: dict[int, int]
    level_by_emirates: dict[int, int]
    level_by_deaths: dict[int, int]


class Policy(_Row):
    """Everything that an office may want to change without a release."""

    id: str
    version: str
    effective: date
    name: dict[str, str]
    utc_offset_minutes: int
    nationwide: str
    emirates: tuple[Emirate, ...]
    entities: tuple[Entity, ...]
    offices: Offices
    channels: tuple[Channel, ...]
    channel_sets: ChannelSets
    named_channels: NamedChannels
    alternates: dict[str, tuple[str, ...]]
    originator_area: dict[str, tuple[str, ...]]
    topic_owner: dict[str, str]
    topics_with_coordination: tuple[str, ...]
    rumour_types: tuple[str, ...]
    rumour_type: str
    levels: tuple[LevelRow, ...]
    languages: Languages
    grades: tuple[Grade, ...]
    rumour_due: dict[Priority, int]
    numbers: Numbers
    incident_types: tuple[IncidentType, ...]
    statement_parts: dict[Kind, tuple[str, ...]]
    roster: tuple[Person, ...]

    @cached_property
    def type_of(self) -> dict[str, IncidentType]:
        """Incident types by code."""
        return {row.code: row for row in self.incident_types}

    @cached_property
    def entity_of(self) -> dict[str, Entity]:
        """Entities by code."""
        return {row.code: row for row in self.entities}

    @cached_property
    def channel_of(self) -> dict[str, Channel]:
        """Channels by id."""
        return {row.code: row for row in self.channels}

    @cached_property
    def grade_of(self) -> dict[int, Grade]:
        """Grade parameters by grade."""
        return {row.grade: row for row in self.grades}

    @cached_property
    def level_of(self) -> dict[int, LevelRow]:
        """Levels by number."""
        return {row.level: row for row in self.levels}

    @cached_property
    def emirate_codes(self) -> tuple[str, ...]:
        """All emirates, in the order of the pack."""
        return tuple(row.code for row in self.emirates)

    def affected(self, emirates: tuple[str, ...]) -> tuple[str, ...]:
        """The emirates that a list means, in the order of the pack; nationwide is all of them."""
        if self.nationwide in emirates:
            return self.emirate_codes
        return tuple(code for code in self.emirate_codes if code in emirates)

    def media_office(self, emirate: str) -> str | None:
        """The media office of an emirate."""
        return next(row.media_office for row in self.emirates if row.code == emirate)

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for place, names, known in self._references():
            for name in names:
                if name not in known:
                    msg = f"{place} names {name!r}, which the pack does not have"
                    raise ValueError(msg)
        return self

    def _references(self) -> list[tuple[str, tuple[str, ...], frozenset[str]]]:
        entities = frozenset(row.code for row in self.entities)
        channels = frozenset(row.code for row in self.channels)
        emirates = frozenset(row.code for row in self.emirates)
        topics = frozenset(self.topic_owner)
        types = frozenset(row.code for row in self.incident_types)
        rows = [
            ("offices", tuple(self.offices.model_dump().values()), entities),
            ("topic_owner", tuple(self.topic_owner.values()), entities),
            ("topics_with_coordination", self.topics_with_coordination, topics),
            ("rumour_types", (*self.rumour_types, self.rumour_type), types),
            ("originator_area", tuple(self.originator_area), entities),
            ("alternates", tuple(self.alternates), channels),
            ("named_channels", tuple(self.named_channels.model_dump().values()), channels),
            ("roster", tuple(person.entity for person in self.roster), entities),
        ]
        rows += [(f"channel_sets.{name}", names, channels) for name, names in self.channel_sets.model_dump().items()]
        rows += [(f"alternates.{name}", names, channels) for name, names in self.alternates.items()]
        rows += [(f"originator_area.{name}", area, emirates) for name, area in self.originator_area.items()]
        for row in self.incident_types:
            place = f"incident type {row.code}"
            rows += [(place, (row.lead, row.national_voice, *row.supporting), entities)]
            rows += [(place, row.extra_channels, channels)]
        return rows
