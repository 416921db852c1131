"""The forms of a policy pack: for each kind of statement, a headline and a body in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field

from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PolicyError

LANGUAGES: tuple[Language, ...] = get_args(Language)


class Names(BaseModel):
    """One thing as it is called in each language."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ar: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: Language) -> str:
        """Return the name in a language."""
        return self.ar if language == "ar" else self.en


class Form(BaseModel):
    """The template of a headline and of a body, in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    headline: str = Field(min_length=1)
    body: str = Field(min_length=1)


class KindForms(BaseModel):
    """One file `<KIND>.yaml`: the parts that an author may give, and the forms that place them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    parts: tuple[str, ...]
    ar: Form
    en: Form


class Labels(BaseModel):
    """`labels.yaml`: how fact keys, frequent fact values and yes and no are called."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    marker: str = Field(min_length=1)
    rehearsal: str = Field(min_length=1)
    affirmed: Names
    denied: Names
    facts: dict[str, Names]
    values: dict[str, Names]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form, ready to be filled."""

    headline: Template
    body: Template


@dataclass(frozen=True, slots=True)
class Templates:
    """All forms and labels of a pack, known to be complete and to render."""

    parts: Mapping[Kind, tuple[str, ...]]
    forms: Mapping[tuple[Kind, Language], Compiled]
    labels: Labels

    @classmethod
    def compiled(cls, files: Mapping[Kind, KindForms], labels: Labels) -> "Templates":
        """Compile every form; raises PolicyError for a kind without one or a template that cannot be read."""
        missing = [kind for kind in Kind if kind not in files]
        if missing:
            msg = f"templates/{missing[0]}.yaml is missing; every kind of statement needs its template"
            raise PolicyError(msg)
        parts = {kind: files[kind].parts for kind in Kind}
        forms = {
            (kind, language): _compiled(kind, language, files[kind].ar if language == "ar" else files[kind].en)
            for kind in Kind
            for language in LANGUAGES
        }
        return cls(parts, forms, labels)


_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _compiled(kind: Kind, language: Language, form: Form) -> Compiled:
    try:
        return Compiled(_ENVIRONMENT.from_string(form.headline), _ENVIRONMENT.from_string(form.body))
    except TemplateError as error:
        msg = f"templates/{kind}.yaml, {language}: the template cannot be read: {error}"
        raise PolicyError(msg) from error
