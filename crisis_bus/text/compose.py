"""From a published statement to the words that leave: the author's own, or the template of its kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateError

from crisis_bus.domain.forms import Joined, Names
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PolicyError
from crisis_bus.text.calendars import in_digits
from crisis_bus.text.forms import Templates


@dataclass(frozen=True, slots=True)
class Said:
    """What the author gave: whole texts by language, parts by name, values of the fact sheet.

    A part may be given for one language as `<name>.ar` or `<name>.en`; one given as `<name>` alone stands
    in all, because what is known must not get lost in one of them.
    """

    kind: Kind
    text: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    expires: Instant | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What the text is about and when it leaves; an empty `places` names no place."""

    incident_type: Names
    lead: Names
    places: tuple[Names, ...]
    at: Instant
    offset_minutes: int
    exercise: bool = False
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """Headline and text in every language."""

    headline: dict[Language, str]
    text: dict[Language, str]


def compose(said: Said, scene: Scene, templates: Templates) -> Wording:
    """OV-6, INV-6: every language says the same values; raises PolicyError if the pack's template cannot be filled."""
    headline: dict[Language, str] = {}
    text: dict[Language, str] = {}
    for language in templates.languages:
        context = context_of(said, scene, templates, language)
        form = templates.forms[said.kind, language]
        title, body = _filled(form.headline, form.body, context, f"templates/{said.kind}.yaml, {language}")
        own = said.text.get(language, "")
        headline[language] = _marked_title(" ".join(title.split()), scene, templates)
        text[language] = _marked(own if own.strip() else _tidy(body), scene, templates)
    return Wording(headline, text)


def _filled(headline: Any, body: Any, context: dict[str, Any], where: str) -> tuple[str, str]:  # noqa: ANN401 Jinja templates are untyped to render
    try:
        return headline.render(context), body.render(context)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        msg = f"{where}: the template cannot be filled: {error}"
        raise PolicyError(msg) from error


def context_of(said: Said, scene: Scene, templates: Templates, language: Language) -> dict[str, Any]:
    """What the templates of a statement may name, in one language."""
    expires, calendar, lists = said.expires, templates.calendars[language], templates.labels.lists[language]
    return {
        "type": scene.incident_type[language],
        "lead": scene.lead[language],
        "places": _joined([place[language] for place in scene.places], lists),
        "at": calendar.say(scene.at, scene.offset_minutes),
        "expires": "" if expires is None else calendar.say(expires, scene.offset_minutes),
        "parts": {name: _part(said.parts, name, language) for name in templates.parts[said.kind]},
        "facts": tuple(
            {"label": _label(templates, key, language), "value": _value(templates, value, language)}
            for key, value in said.facts.items()
        ),
        "refs": lists.codes.join(said.refs),
    }


def _part(parts: Mapping[str, str], name: str, language: Language) -> str:
    return (parts.get(f"{name}.{language}") or parts.get(name, "")).strip()


def _label(templates: Templates, key: str, language: Language) -> str:
    names = templates.labels.facts.get(key)
    return key.replace("_", " ") if names is None else names[language]


def _value(templates: Templates, value: bool | int | str, language: Language) -> str:  # noqa: FBT001 a fact may be yes or no
    labels = templates.labels
    if isinstance(value, bool):
        return (labels.affirmed if value else labels.denied)[language]
    names = labels.values.get(str(value))
    if names is not None:
        return names[language]
    return in_digits(str(value), labels.digits.get(language, "latn")) if isinstance(value, int) else value


def _joined(names: list[str], lists: Joined) -> str:
    if len(names) <= 1:
        return "".join(names)
    return lists.between.join(names[:-1]) + lists.last + names[-1]


def _tidy(body: str) -> str:
    lines = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def markers(scene: Scene, templates: Templates) -> list[str]:
    """DR-2: what says, in every language, that a text is not for real: a drill, or a rehearsal of the whole system."""
    labels = templates.labels
    found = {labels.rehearsal: scene.rehearsal, labels.marker: scene.exercise}
    return [marker for marker, holds in found.items() if holds]


def _marked(text: str, scene: Scene, templates: Templates) -> str:
    """Put each marker at start and end, where it does not stand yet."""
    for marker in reversed(markers(scene, templates)):
        start = "" if text.lstrip().startswith(marker) else f"{marker}\n\n"
        end = "" if text.rstrip().endswith(marker) and text.strip() != marker else f"\n\n{marker}"
        text = f"{start}{text}{end}"
    return text


def _marked_title(title: str, scene: Scene, templates: Templates) -> str:
    return " ".join([*markers(scene, templates), title])
