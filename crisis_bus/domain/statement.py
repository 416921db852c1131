"""A statement as the office keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crisis_bus.domain.commands import Value
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.values import INTERNAL_KINDS, PENDING_STATES, PUBLIC_STATES, Key, Kind, StatementState


@dataclass(frozen=True, slots=True)
class Statement:
    """`needed` maps each key to the entity that gives it, `given` to the actor who gave it.

    `submission` counts the texts under this id: keys and timers belong to one of them. `fallback` are
    keys that the Office may give (part of ESC-09b). `went_to` are the channels of its publication.
    """

    id: str
    number: int
    incident: str
    exercise: bool
    kind: Kind
    author: str
    state: StatementState
    submission: int = 1
    facts: Mapping[str, Value] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    marker: bool = False
    names_victims: bool = False
    originator: str | None = None
    embargo_until: Instant | None = None
    expires: Instant | None = None
    text: Mapping[str, str] | None = None
    parts: Mapping[str, str] | None = None
    needed: Mapping[Key, str] = field(default_factory=dict)
    given: Mapping[Key, str] = field(default_factory=dict)
    fallback: tuple[Key, ...] = ()
    waived: tuple[Key, ...] = ()
    published_at: Instant | None = None
    went_to: tuple[str, ...] = ()
    failed_on: tuple[str, ...] = ()
    reviewed_by: str | None = None

    @property
    def public_kind(self) -> bool:
        """Meant for the public."""
        return self.kind not in INTERNAL_KINDS

    @property
    def is_out(self) -> bool:
        """In a public state: it left, whatever became of it."""
        return self.state in PUBLIC_STATES

    @property
    def pending(self) -> bool:
        """In review or scheduled."""
        return self.state in PENDING_STATES

    @property
    def missing(self) -> tuple[Key, ...]:
        """Keys needed and not given, alphabetically."""
        return tuple(sorted(key for key in self.needed if key not in self.given))

    @property
    def one_key_warning(self) -> bool:
        """A warning that needs no FACT key: it leaves on the originator's alone (`rules.md` §4.4)."""
        return self.kind is Kind.PUBLIC_WARNING and Key.FACT not in self.needed
