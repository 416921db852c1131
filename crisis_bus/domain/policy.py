"""A policy pack: the tables of one government, as values (`architecture.md`, idea 5)."""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain.digests import digest
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import ChannelClass, Kind, Priority

Code = Annotated[str, Field(min_length=1, max_length=60)]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Minutes = Annotated[int, Field(ge=1, le=525_600)]
"""Up to a year: a longer deadline is none."""
Days = Annotated[int, Field(ge=1, le=3_650)]
LevelNumber = Annotated[int, Field(ge=1, le=3)]
Percent = Annotated[int, Field(ge=1, le=100)]
Bound = Annotated[int, Field(ge=1, le=1_000_000_000)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spoken(BaseModel):
    """Something with a name in each language of the pack; every field that is not its own is a language."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[Language, str]

    @property
    def names(self) -> dict[Language, str]:
        """Its name by language."""
        return self.model_extra or {}

    def called(self, language: Language) -> str:
        """Its name in a language; where it has none there, in the pack's first."""
        return self.names.get(language) or next(iter(self.names.values()), "")


class Named(Spoken):
    """Something with a code and names."""

    code: Code


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


class Grade(Spoken):
    """What a grade asks for; the after-action report in days (`rules.md` §3.2)."""

    grade: int = Field(ge=1, le=4)
    acknowledge: Minutes
    spokesperson: Minutes
    first_statement: Minutes
    approval_key: Minutes
    cadence: Minutes
    aar_days: Days


class LevelRow(Spoken):
    """A level, and what its spokesperson needs (`rules.md` §2.2, §3.4)."""

    level: LevelNumber
    id: Code
    languages: tuple[str, ...]
    medium: str


class IncidentType(Named):
    """One row of the responsibility matrix (`rules.md` §3.6); `first_statement` in minutes."""

    cap_category: str
    lead: str
    supporting: tuple[str, ...]
    national_voice: str
    base_level: LevelNumber
    first_statement: Minutes
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

    internal: tuple[Language, ...] = Field(min_length=1)
    public: tuple[Language, ...] = Field(min_length=1)

    @property
    def all(self) -> tuple[Language, ...]:
        """Each language once, those of the public first."""
        return tuple(dict.fromkeys((*self.public, *self.internal)))


class NamedChannels(_Row):
    """Channels that a rule calls by what they are."""

    cell_broadcast: str
    social: str
    embargoed_copy: str
    embargoed_copy_exercise: str


class Numbers(_Row):
    """The rule book's other numbers; minutes unless the name says otherwise."""

    silent: Minutes
    signature: Minutes
    contradiction: Minutes
    rumour_repeat: Minutes
    rumour_close: Minutes
    post_review: Minutes
    language_pack: Minutes
    repeats: int = Field(ge=0, le=100)
    stabilising_cadence_factor: int = Field(ge=1, le=100)
    training_days: Days
    clash: Minutes
    clash_same_audience: Minutes
    exercise_notice: Minutes
    hot_marks: tuple[Percent, Percent, Percent]
    rumour_tiers: tuple[Bound, Bound]
    rumour_high: Bound
    rumour_medium: Bound
    level_by_grade: dict[int, LevelNumber]
    level_by_emirates: dict[int, LevelNumber]
    level_by_deaths: dict[int, LevelNumber]


class Policy(_Row):
    """Everything that an office may want to change without a release."""

    id: Code
    version: Version
    effective: date
    name: dict[Language, str]
    utc_offset_minutes: int = Field(ge=-720, le=840)
    nationwide: Code
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
    rumour_due: dict[Priority, Minutes]
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

    @cached_property
    def digest(self) -> str:
        """What tells these tables from any others."""
        return digest(self)

    def affected(self, emirates: tuple[str, ...]) -> tuple[str, ...]:
        """The emirates that a list means, in the order of the pack; nationwide is all of them.

        One that only a later version knows stands last.
        """
        if self.nationwide in emirates:
            return self.emirate_codes
        known = tuple(code for code in self.emirate_codes if code in emirates)
        return known if len(known) == len(emirates) else (*known, *(code for code in emirates if code not in known))

    def media_office(self, emirate: str) -> str | None:
        """The media office of an emirate."""
        return next((row.media_office for row in self.emirates if row.code == emirate), None)
