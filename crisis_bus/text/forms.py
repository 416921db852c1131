"""The forms of a policy pack, ready to be filled."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crisis_bus.domain.forms import Form, Forms, Labels
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind
from crisis_bus.text.calendars import Calendar


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form, ready to be filled."""

    headline: Template
    body: Template


@dataclass(frozen=True, slots=True)
class Templates:
    """All forms and labels of one version of a pack; the languages in the order of the pack."""

    languages: tuple[Language, ...]
    parts: Mapping[Kind, tuple[str, ...]]
    forms: Mapping[tuple[Kind, Language], Compiled]
    calendars: Mapping[Language, Calendar]
    labels: Labels

    @classmethod
    def compiled(cls, words: Forms, languages: tuple[Language, ...]) -> "Templates":
        """Compile words that were checked (`policy_check.forms`)."""
        return cls(
            languages,
            {kind: found.parts for kind, found in words.kinds.items()},
            {(kind, lang): _compiled(words.kinds[kind].forms[lang]) for kind in words.kinds for lang in languages},
            {lang: Calendar(words.labels.months[lang], _template(words.labels.moment[lang])) for lang in languages},
            words.labels,
        )


_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _template(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def _compiled(form: Form) -> Compiled:
    return Compiled(_template(form.headline), _template(form.body))
