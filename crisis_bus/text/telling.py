"""Lines of a story as sentences of one language: codes become words, instants the time of day, names the pack's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from pydantic_core import to_json

from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Language
from crisis_bus.text import bidi, moments, refusals, words
from crisis_bus.text.catalogue import NUMBER, said
from crisis_bus.text.languages import Both
from crisis_bus.text.story_sentences import STORY

WHEN = frozenset({"due", "before", "start"})
"""Fields whose value is an instant."""
WORDS: Mapping[str, words.Words] = {
    "severity": words.SEVERITIES,
    "was_severity": words.SEVERITIES,
    "urgency": words.URGENCIES,
    "was_urgency": words.URGENCIES,
    "certainty": words.CERTAINTIES,
    "was_certainty": words.CERTAINTIES,
    "priority": words.PRIORITIES,
    "kind": words.KINDS,
    "state": words.INCIDENT_STATES,
    "role": words.ROLES,
    "needs": words.SKILLS,
    "has": words.SKILLS,
    "verdict": words.VERDICTS,
    "outcome": words.OUTCOMES,
}
"""The words for the codes in a field; what is not here stands as it is written."""
_BY_ACTOR = frozenset({"keys", "given"})
"""Fields that say which key comes from whom; the values of other mappings are facts, shown as JSON."""
_NAMED = frozenset({"ar", "en"})
_NOTHING = "–"
_ON = said("{time} on {date}")
_COMMA, _THEN = Both("، ", ", "), Both("؛ ", "; ")


@dataclass(frozen=True, slots=True)
class Told:
    """One line in words; `rule` is the place in the rule book where it is decided."""

    rule: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Storyteller:
    """Tells the lines of a story; `offset_minutes` is that of the government's clock."""

    language: Language
    offset_minutes: int

    def tell(self, line: str, values: Mapping[str, Any], at: Instant, rule: str | None = None) -> Told:
        """One line; a refusal brings its own sentence, and its rule."""
        refused = values.get("refused")
        if refused is not None:
            (refusal, *_) = refusals.of(refused["type"], refused["data"])
            worded = self._filled(refusal.sentence.of(self.language), refusal.values, at)
            others = {name: value for name, value in values.items() if name != "refused"}
            values = {**others, "code": refusal.code, "sentence": _Plain(worded)}
            rule = refusal.rule
        message = STORY[line]
        sentence = self._filled(message.of(self.language, values), {**values, NUMBER: message.count(values)}, at)
        return Told(rule, sentence)

    def _filled(self, sentence: str, values: Mapping[str, Any], at: Instant) -> str:
        return sentence.format_map(_Dashed({field: self._written(field, value, at) for field, value in values.items()}))

    def _written(self, field: str, value: Any, at: Instant) -> str:  # noqa: ANN401 any JSON value
        if isinstance(value, _Plain):
            return str(value)
        if field in WHEN and isinstance(value, int):
            return self._isolated(self.moment(value, at))
        if isinstance(value, Mapping):
            return self._mapping(field, value, at)
        if isinstance(value, list | tuple):
            joined = _THEN if value and _is_line(value[0]) else _COMMA
            return joined.of(self.language).join(self._written(field, item, at) for item in value) or _NOTHING
        return self._isolated(self._word(field, value))

    def _mapping(self, field: str, value: Mapping[str, Any], at: Instant) -> str:
        if _is_line(value):
            return self.tell(value["line"], value["values"], at).text
        if value.keys() >= _NAMED:
            name = str(value[self.language])
            return f"{self._isolated(value['code'])} ({name})" if "code" in value else name
        pairs = (self._pair(field, key, item) for key, item in value.items())
        return _COMMA.of(self.language).join(pairs) or _NOTHING

    def _pair(self, field: str, key: str, value: Any) -> str:  # noqa: ANN401 any JSON value
        if isinstance(value, Mapping):
            sides = {side: self._isolated(to_json(shown).decode()) for side, shown in value.items()}
            return refusals.DISAGREE.of(self.language).format(key=self._isolated(key), **sides)
        shown = value if field in _BY_ACTOR else to_json(value).decode()
        return f"{self._isolated(key)}: {self._isolated(shown)}"

    def _word(self, field: str, value: Any) -> str:  # noqa: ANN401 any JSON value
        known = WORDS.get(field, {}).get(str(value))
        return str(value) if known is None else known.of(self.language)

    def moment(self, instant: Instant, seen: Instant) -> str:
        """The time of day; with its date, unless that is the day of the line."""
        return self.hour(instant) if self.date(instant) == self.date(seen) else self.spoken(instant)

    def hour(self, instant: Instant) -> str:
        """The time of day, by the government's clock."""
        return f"{self._clock(instant):%H:%M}"

    def date(self, instant: Instant) -> str:
        """The day in words."""
        return format_date(self._clock(instant).date(), "d MMMM y", locale=self.language)

    def spoken(self, instant: Instant) -> str:
        """Time and date in words."""
        return _ON.of(self.language).format(time=self.hour(instant), date=self.date(instant))

    def _clock(self, instant: Instant) -> datetime:
        return moments.local(instant, self.offset_minutes)

    def _isolated(self, text: str) -> str:
        return bidi.isolated(text, self.language)


class _Dashed(dict[str, str]):
    """A field that is not there is a dash."""

    def __missing__(self, field: str) -> str:
        return _NOTHING


class _Plain(str):
    """A value that is a sentence already."""

    __slots__ = ()


def _is_line(value: object) -> bool:
    return isinstance(value, Mapping) and "line" in value
