"""The words of a policy pack: for each kind of statement a headline and a body in each language, and labels."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain import delivery
from crisis_bus.domain.digests import digest
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind

Words = Annotated[str, Field(min_length=1)]
Names = dict[Language, Words]
"""One thing as it is called in each language."""
Digits = Literal["latn", "arab"]
"""0123456789 or ٠١٢٣٤٥٦٧٨٩, for what people read; codes, addresses and an author's words keep theirs."""
Months = Annotated[tuple[Words, ...], Field(min_length=12, max_length=12)]
ANY: Literal["ANY"] = "ANY"
"""Stands for every kind that has no short wording of its own."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Form(_Strict):
    """The template of a headline and of a body, in one language."""

    headline: Words
    body: Words


class KindForms(BaseModel):
    """One file `<KIND>.yaml`: the parts that an author may give, and under each language the form that places them."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[Language, Form]
    parts: tuple[Words, ...]

    @property
    def forms(self) -> dict[Language, Form]:
        """The form of each language."""
        return self.model_extra or {}


class Joined(_Strict):
    """How a language lists things: between two, before the last one, and between codes."""

    between: str
    last: str
    codes: str


class Labels(_Strict):
    """`labels.yaml`: how fact keys, frequent fact values, yes and no, moments and lists are said.

    `moment` is a template over `time`, `day`, `month`, `year` and `hijri`, the day in the calendar of Umm al-Qura;
    `months` are twelve names; `digits` are Latin where they are not named.
    """

    marker: Words
    rehearsal: Words
    official: Names
    affirmed: Names
    denied: Names
    moment: Names
    months: dict[Language, Months]
    lists: dict[Language, Joined]
    facts: dict[str, Names]
    values: dict[str, Names]
    digits: dict[Language, Digits] = Field({}, exclude_if=lambda digits: not digits)


class Shorts(_Strict):
    """`short.yaml`: the short wordings of each form, for each kind or for `ANY`, and how they say time and place.

    `where` is a template over `url` and `number`; `places` says how many they are, `{n}`, by the plural categories of
    the language.
    """

    moment: Names
    where: Names
    places: dict[Language, dict[str, Words]]
    forms: dict[delivery.Form, dict[Kind | Literal["ANY"], Names]]

    def row(self, form: delivery.Form, kind: Kind, language: Language) -> Kind | Literal["ANY"]:
        """Under which name the wording of a kind stands: its own, or that of all."""
        return kind if language in self.forms.get(form, {}).get(kind, {}) else ANY

    def source(self, form: delivery.Form, kind: Kind, language: Language) -> str | None:
        """The template of a wording, if there is one."""
        return self.forms.get(form, {}).get(self.row(form, kind, language), {}).get(language)


class Forms(_Strict):
    """All templates and labels of one version of a pack, as they are written."""

    kinds: dict[Kind, KindForms]
    labels: Labels
    short: Shorts | None = Field(None, exclude_if=lambda short: short is None)

    @cached_property
    def digest(self) -> str:
        """What tells these words from any others."""
        return digest(self)
