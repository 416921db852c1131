"""The forms of a policy pack, ready to be filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crisis_bus.domain import delivery
from crisis_bus.domain.forms import Form, Forms, Labels, Names, Shorts
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind
from crisis_bus.text.calendars import Calendar

Wordings = Mapping[tuple[delivery.Form, Kind, Language], Template]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form, ready to be filled."""

    headline: Template
    body: Template


@dataclass(frozen=True, slots=True)
class ShortTemplates:
    """The short wordings, and how they say a moment, how many places, and where the whole text is."""

    wordings: Wordings
    calendars: Mapping[Language, Calendar]
    where: Mapping[Language, Template]
    places: Mapping[Language, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Templates:
    """All forms and labels of one version of a pack; the languages in the order of the pack."""

    languages: tuple[Language, ...]
    parts: Mapping[Kind, tuple[str, ...]]
    forms: Mapping[tuple[Kind, Language], Compiled]
    calendars: Mapping[Language, Calendar]
    labels: Labels
    short: ShortTemplates | None = field(default=None)

    @classmethod
    def compiled(cls, words: Forms, languages: tuple[Language, ...]) -> "Templates":
        """Compile words that were checked (`policy_check.forms`)."""
        labels = words.labels
        return cls(
            languages,
            {kind: found.parts for kind, found in words.kinds.items()},
            {(kind, lang): _compiled(words.kinds[kind].forms[lang]) for kind in words.kinds for lang in languages},
            _calendars(labels, labels.moment, languages),
            labels,
            None if words.short is None else _short(words.short, labels, languages),
        )


_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _template(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def _compiled(form: Form) -> Compiled:
    return Compiled(_template(form.headline), _template(form.body))


def _calendars(labels: Labels, moment: Names, languages: tuple[Language, ...]) -> dict[Language, Calendar]:
    digits = labels.digits
    return {
        each: Calendar(labels.months[each], _template(moment[each]), each, digits.get(each, "latn"))
        for each in languages
    }


def _short(short: Shorts, labels: Labels, languages: tuple[Language, ...]) -> ShortTemplates:
    sources = {
        (form, kind, language): short.source(form, kind, language)
        for form in short.forms
        for kind in Kind
        for language in languages
    }
    return ShortTemplates(
        {key: _template(source) for key, source in sources.items() if source is not None},
        _calendars(labels, short.moment, languages),
        {language: _template(short.where[language]) for language in languages},
        short.places,
    )
