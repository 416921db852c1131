"""The short wordings of a statement, each within the limit of its form.

What an author wrote is cut to fit, with `…` and where the whole text is; if that is not enough, places become a number.
An address stays whole, and so do a fact and the mark of a drill.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Template, TemplateError

from crisis_bus.domain.delivery import Form
from crisis_bus.domain.subscriptions import Language
from crisis_bus.errors import PolicyError
from crisis_bus.text import bidi
from crisis_bus.text.calendars import in_digits
from crisis_bus.text.compose import Said, Scene, context_of, markers
from crisis_bus.text.forms import ShortTemplates, Templates
from crisis_bus.text.graphemes import MORE, cut
from crisis_bus.text.limits import LIMITS, Limit

LEAST = 20
"""Fewer signs of an author's text say nothing."""
_BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Whole:
    """Where the whole text is: its number, and in each language its page, if it has one."""

    number: str
    pages: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """One form in one language: its template, what it may name, its limit, and the marks that stand around it."""

    template: Template
    context: Mapping[str, Any]
    limit: Limit
    language: Language
    marks: tuple[str, ...]
    counted: str

    def filled(self, most: int = 10_000, *, count: bool = False) -> str:
        """The template with so many signs of each text of an author, and where the whole is if one was cut."""
        context = self.context
        texts: dict[str, Any] = {"own": cut(context["own"], most), "confirmed": _facts(context["confirmed"], most)}
        texts["parts"] = {name: cut(part, most) for name, part in context["parts"].items()}
        texts["places"] = self.counted if count else context["places"]
        said, where = " ".join(self.template.render({**context, **texts}).split()), context["where"]
        return f"{said} {where}" if MORE in said and where not in said else said

    def finished(self, said: str) -> str:
        """As it leaves: marked, and set apart what runs the other way where the channel can show it."""
        # An author's isolate may have lost its end to a cut: all go, and those that are needed come anew.
        worded = bidi.plain(said)
        worded = bidi.apart(worded, self.language) if self.limit.isolates else worded
        return " ".join((*self.marks, worded, *reversed(self.marks)))

    def fits(self, said: str) -> bool:
        """Whether it leaves within the limit."""
        return self.limit.measure(self.finished(said)) <= self.limit.most

    def text(self) -> str:
        """The longest wording that fits."""
        for count in (False, True):
            if self.fits(self.filled(count=count)):
                return self.finished(self.filled(count=count))
            most = self._most(partial(self.filled, count=count))
            if most is not None:
                return self.finished(self.filled(most, count=count))
        return self.finished(self._ended())

    def _ended(self) -> str:
        """If even the shortest wording is too long, as a drill's may be, its end goes, but not where the whole is."""
        where = self.context["where"]
        said = self.filled(LEAST, count=True).replace(where, "").strip(" –.")
        most = self._most(lambda signs: f"{cut(said, signs)} {where}", 1)
        return where if most is None else f"{cut(said, most)} {where}"

    def _most(self, worded: Callable[[int], str], least: int = LEAST) -> int | None:
        """The most signs with which a wording fits; None if none does."""
        signs = range(least, self.limit.most + 1)
        found = bisect_left(signs, x=True, key=lambda each: not self.fits(worded(each)))
        return signs[found - 1] if found else None


def _facts(confirmed: str, most: int) -> str:
    """Whole facts only: half of one may say something else."""
    some = cut(confirmed, most)
    return some if some == confirmed else f"{some.rpartition(_BETWEEN)[0]}{MORE}"


def _category(number: int, language: Language) -> str:
    """The plural category of a number; `other` in a language that Babel does not know."""
    try:
        return Locale.parse(language, sep="-").plural_form(number)
    except UnknownLocaleError:
        return "other"


@dataclass(frozen=True, slots=True)
class Story:
    """A statement, as its short wordings are made of it."""

    said: Said
    scene: Scene
    templates: Templates
    whole: Whole

    def worded(self) -> dict[Form, dict[Language, str]]:
        """Every form in every language, as it leaves; nothing for a pack without short wordings; raises PolicyError."""
        found: dict[Form, dict[Language, str]] = {}
        for form, draft in self.drafts():
            try:
                found.setdefault(form, {})[draft.language] = draft.text()
            except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
                msg = f"templates/short.yaml, {form}, {self.said.kind}, {draft.language}: cannot be filled: {error}"
                raise PolicyError(msg) from error
        return found

    def drafts(self) -> Iterator[tuple[Form, Draft]]:
        """Every form in every language, before anything is cut."""
        short = self.templates.short
        if short is None:
            return
        marks = tuple(markers(self.scene, self.templates))
        for language in self.templates.languages:
            context, counted = self._context(short, language), self._counted(short, language)
            for form, limit in LIMITS.items():
                template = short.wordings.get((form, self.said.kind, language))
                if template is not None:
                    yield form, Draft(template, context, limit, language, marks, counted)

    def _context(self, short: ShortTemplates, language: Language) -> dict[str, Any]:
        said, scene, calendar = self.said, self.scene, short.calendars[language]
        known = context_of(said, scene, self.templates, language)
        facts = known.pop("facts")
        offset = scene.offset_minutes
        return known | {
            "at": calendar.say(scene.at, offset),
            "expires": "" if said.expires is None else calendar.say(said.expires, offset),
            "own": self._own(language),
            "confirmed": _BETWEEN.join(f"{fact['label']}: {fact['value']}" for fact in facts),
            "where": short.where[language].render(url=self.whole.pages.get(language, ""), number=self.whole.number),
        }

    def _own(self, language: Language) -> str:
        """The author's whole text without the marks of a drill: they are put around what leaves."""
        own = self.said.text.get(language, "")
        for mark in markers(self.scene, self.templates):
            own = own.replace(mark, " ")
        return " ".join(own.split())

    def _counted(self, short: ShortTemplates, language: Language) -> str:
        """How many places, in the plural form of the language; none stay none."""
        number = len(self.scene.places)
        if not number:
            return ""
        forms = short.places[language]
        category = _category(number, language)
        digits = self.templates.labels.digits.get(language, "latn")
        return forms.get(category, forms["other"]).replace("{n}", in_digits(str(number), digits))
