"""Every refusal as a sentence: what is wrong, and what to do next.

A value stands where a field of the fact is named; a field that the fact has not is a dash.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from crisis_bus.domain import facts
from crisis_bus.domain.reasons import KeyReason
from crisis_bus.domain.subscriptions import Language
from crisis_bus.text.languages import Both
from crisis_bus.text.refusal_sentences import BLOCKED, COMMANDS, KEYS, PARTICULAR, STAND_DOWN

TABLES: Mapping[type[facts.Fact], Mapping[str, Both]] = {
    facts.CommandRefused: COMMANDS,
    facts.KeyRefused: KEYS,
    facts.StatementBlocked: BLOCKED,
    facts.StandDownRefused: STAND_DOWN,
}
"""Each fact that says no, and the sentence of each of its reasons."""
_BY_TYPE = {fact.TYPE: table for fact, table in TABLES.items()}
_TWO_PEOPLE, _AUTHORITY = "INV-2", "INV-12"
_RULES = {KeyReason.AUTHOR_CANNOT_APPROVE: _TWO_PEOPLE, KeyReason.SAME_PERSON_TWO_KEYS: _TWO_PEOPLE}
_NAMES = re.compile(r"[^,|+]+")
_NOTHING = "–"
_COMMA = Both("، ", ", ")
_DISAGREE = Both("{key} (في النص {stated} وفي الورقة {sheet})", "{key} ({stated} in the text, {sheet} on the sheet)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something was refused; `rule` is its id in the rule book, where it has one."""

    code: str
    rule: str | None
    sentence: Both
    values: Mapping[str, Any]

    def plain(self, language: Language) -> str:
        """The whole sentence in one language, its values filled in."""
        return self.sentence.of(language).format_map(_Written(self.values, language))

    @property
    def line(self) -> str:
        """One line for a terminal: the code and its rule, the English, the Arabic."""
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.code}{rule}: {self.plain('en')} · {self.plain('ar')}"


def of(kind: str, data: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """The refusals that a fact tells: none if it refuses nothing, one for each reason why a crisis cannot end."""
    if kind == facts.StandDownRefused.TYPE:
        return tuple(_unfinished(data))
    if kind not in _BY_TYPE:
        return ()
    code = data["reason"]
    general = _BY_TYPE[kind].get(code, Both(code, code))
    particular = PARTICULAR.get((data.get("command", ""), code))
    return (Refusal(code, data.get("rule", _RULES.get(code)), particular or general, data),)


def _unfinished(data: Mapping[str, Any]) -> Iterator[Refusal]:
    """Each reason is a code, some with names after a colon: these the sentence calls `reasons`."""
    for reason in data["reasons"]:
        code, _, names = reason.partition(":")
        yield Refusal(
            code, _AUTHORITY, STAND_DOWN.get(code, Both(code, code)), {**data, "reasons": _NAMES.findall(names)}
        )


class _Written(dict[str, str]):
    """The fields of a fact as words of one language."""

    def __init__(self, values: Mapping[str, Any], language: Language) -> None:
        super().__init__({field: _written(value, language) for field, value in values.items()})

    def __missing__(self, field: str) -> str:
        return _NOTHING


def _written(value: Any, language: Language) -> str:  # noqa: ANN401 any JSON value
    if isinstance(value, Mapping):
        disagree = _DISAGREE.of(language)
        parts = [
            disagree.format(key=key, **{side: to_json(said).decode() for side, said in sides.items()})
            for key, sides in value.items()
        ]
    else:
        parts = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
    return _COMMA.of(language).join(parts) or _NOTHING
