"""The words of a policy pack: for each kind of statement a headline and a body in each language, and labels."""

from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain.digests import digest
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind

Words = Annotated[str, Field(min_length=1)]
Names = dict[Language, Words]
"""One thing as it is called in each language."""
Months = Annotated[tuple[Words, ...], Field(min_length=12, max_length=12)]


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

    `moment` is a template over `time`, `day`, `month` and `year`; `months` are twelve names.
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


class Forms(_Strict):
    """All templates and labels of one version of a pack, as they are written."""

    kinds: dict[Kind, KindForms]
    labels: Labels

    @cached_property
    def digest(self) -> str:
        """What tells these words from any others."""
        return digest(self)
