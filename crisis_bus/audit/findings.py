"""What the auditor found: which rule, where, in Arabic and English, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crisis_bus.audit.sentences import REMEDIES, SENTENCES


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that must not be: a code of the table of sentences, about an object; no name of a person."""

    code: str
    about: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach and its place in the journal (or, for a receipt, in its topic)."""

    rule: str
    code: str
    space: str
    about: str
    partition: int
    offset: int
    en: str
    ar: str
    todo_en: str
    todo_ar: str

    @property
    def id(self) -> str:
        """What a person names to say that it was looked into."""
        return f"{self.rule}:{self.code}:{self.partition}/{self.offset}:{self.about}"


def found(breach: Breach, space: str, partition: int, offset: int) -> Finding:
    """A breach with its place and its sentences."""
    row = SENTENCES[breach.code]
    todo_en, todo_ar = REMEDIES[row.rule]
    named = {"about": breach.about, **breach.details}
    en, ar = row.en.format(**named), row.ar.format(**named)
    return Finding(row.rule, breach.code, space, breach.about, partition, offset, en, ar, todo_en, todo_ar)
