"""Whether the short wordings of a pack fit, whatever its longest names are; asked when the pack is loaded."""

from collections.abc import Iterator, Sequence
from itertools import product

from crisis_bus.domain.delivery import Form
from crisis_bus.domain.forms import Forms, Names, Shorts
from crisis_bus.domain.instants import parse
from crisis_bus.domain.policy import Policy, Spoken
from crisis_bus.domain.policy_check import Fault
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import REFERRING_KINDS, Kind
from crisis_bus.text.compose import Said, Scene
from crisis_bus.text.forms import Templates
from crisis_bus.text.limits import LIMITS
from crisis_bus.text.short import Story, Whole

_AT = parse("2026-09-28T20:00:00Z")
_STATEMENT = "S-2026-09-28-1"
_PAGE = "https://statements.gov.example/" + "x" * 20
"""As long as numbers and addresses are; a longer one is kept whole, and an author's words are cut instead."""


def faults(words: Forms, policy: Policy) -> Iterator[Fault]:
    """Each short wording that is too long before anything of an author stands in it, with its length and the limit."""
    if words.short is None:
        return
    templates, found = Templates.compiled(words, policy.languages.all), dict[tuple[Form, Kind, Language], int]()
    stories = [Story(said, scene, templates, whole) for said, scene, whole in _worst(policy)]
    for story in stories:
        for form, draft in story.drafts():
            key = (form, story.said.kind, draft.language)
            least = min(draft.limit.measure(draft.finished(draft.filled(count=each))) for each in (False, True))
            found[key] = max(found.get(key, 0), least)
    yield from _too_long(found, words.short)


def _too_long(found: dict[tuple[Form, Kind, Language], int], short: Shorts) -> Iterator[Fault]:
    told = set()
    for (form, kind, language), length in found.items():
        limit, place = LIMITS[form], ("short", "forms", form, str(short.row(form, kind, language)), language)
        if length > limit.most and place not in told:
            told.add(place)
            yield Fault(
                place,
                f"takes {length} {limit.units} with the longest names of the pack and {kind.value}, "
                f"and at most {limit.most} fit"
                f" · الصيغة أطول من المسموح به: {length} مع أطول الأسماء في الحزمة، والحد الأقصى {limit.most}",
            )


def _worst(policy: Policy) -> Iterator[tuple[Said, Scene, Whole]]:
    """The longest names of each language, with an end and without, with a page and without."""
    languages = policy.languages.all
    type_, lead, place = (
        _longest(rows, languages) for rows in (policy.incident_types, policy.entities, policy.emirates)
    )
    scene = Scene(type_, lead, (place,), _AT, policy.utc_offset_minutes)
    number = f"{policy.id}/{_STATEMENT}"
    for kind, expires, pages in product(Kind, (None, _AT), ({}, dict.fromkeys(languages, _PAGE))):
        refs = (number,) if kind in REFERRING_KINDS else ()
        yield Said(kind, refs=refs, expires=expires), scene, Whole(number, pages)


def _longest(rows: Sequence[Spoken], languages: tuple[Language, ...]) -> Names:
    return {language: max((row.called(language) for row in rows), key=len) for language in languages}
