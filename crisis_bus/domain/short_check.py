"""Which short wordings a pack may have: each form, kind and language has one, its own or that of ANY."""

from collections.abc import Iterator, Mapping
from typing import get_args

from crisis_bus.domain import delivery, template_check
from crisis_bus.domain.forms import ANY, Forms, Shorts
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind

FORMS: tuple[delivery.Form, ...] = get_args(delivery.Form)
Found = Iterator[tuple[tuple[str, ...], str]]
"""Where something is wrong inside the table, and why."""


def faults(made: Forms, languages: tuple[Language, ...]) -> Found:
    """What is wrong with the short wordings; a pack may have none at all."""
    if made.short is None:
        return
    for name, known in (("moment", template_check.MOMENT), ("where", template_check.WHERE)):
        said: dict[Language, str] = getattr(made.short, name)
        yield from _languages((name,), said, languages)
        yield from _sources((name,), said, known)
    yield from _languages(("places",), made.short.places, languages)
    for language, counted in made.short.places.items():
        if "other" not in counted:
            yield ("places", language, "other"), "is missing: every number that has no form of its own is said with it"
    yield from _missing(made.short, languages)
    yield from _wordings(made, languages)


def _missing(short: Shorts, languages: tuple[Language, ...]) -> Found:
    for form in FORMS:
        for kind in Kind:
            for language in languages:
                if short.source(form, kind, language) is None:
                    yield ("forms", form, kind.value, language), "is missing, and ANY has none in this language"


def _wordings(made: Forms, languages: tuple[Language, ...]) -> Found:
    for form, rows in made.short.forms.items() if made.short else ():
        for kind, said in rows.items():
            found = None if kind == ANY else made.kinds.get(Kind(kind))
            known = template_check.of_short(() if found is None else found.parts)
            place = ("forms", form, str(kind))
            yield from ((at, why) for at, why in _languages(place, said, languages) if at[-1] in said)
            yield from _sources(place, said, known)


def _languages(place: tuple[str, ...], said: Mapping[Language, object], languages: tuple[Language, ...]) -> Found:
    for language in languages:
        if language not in said:
            yield (*place, language), "is missing: every language of the pack has it"
    for language in said:
        if language not in languages:
            yield (*place, language), f"is none of the languages {', '.join(languages)}"


def _sources(place: tuple[str, ...], said: Mapping[Language, str], known: template_check.Known) -> Found:
    for language, source in said.items():
        why = template_check.fault(source, known)
        if why is not None:
            yield (*place, language), why
