"""Every refusal as a sentence: its rule, its code, what is wrong, and what to do next.

A value stands where a field of the fact is named; a field that the fact has not is a dash.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from crisis_bus.domain import commands as c
from crisis_bus.domain import facts
from crisis_bus.domain.reasons import KeyReason, Reason
from crisis_bus.domain.subscriptions import Language
from crisis_bus.text.bidi import isolated
from crisis_bus.text.catalogue import NUMBER, Message, said
from crisis_bus.text.languages import Both
from crisis_bus.text.refusal_sentences import BLOCKED, KEYS, STAND_DOWN
from crisis_bus.text.refused_commands import COMMANDS, PARTICULAR

TABLES: Mapping[type[facts.Fact], Mapping[str, Message]] = {
    facts.CommandRefused: COMMANDS,
    facts.KeyRefused: KEYS,
    facts.StatementBlocked: BLOCKED,
    facts.StandDownRefused: STAND_DOWN,
}
"""Each fact that says no, and the sentence of each of its reasons."""
_BY_TYPE = {fact.TYPE: table for fact, table in TABLES.items()}

_CHECKING, _EFFECTS, _LIFE, _RUMOURS, _TRANSITIONS, _KEYS_NEEDED, _TWO_PEOPLE, _AUTHORITY = (
    "format §4", "format §5", "§4.8", "§3.8", "§4.2", "§4.3", "INV-2", "INV-12",
)  # fmt: skip
RULES: Mapping[str, str] = {
    **{code: _CHECKING for code in Reason if code.startswith("UNKNOWN_")},
    Reason.BAD_VALUE: _CHECKING,
    Reason.DUPLICATE_ID: _EFFECTS,
    Reason.INCIDENT_CLOSED: _LIFE,
    Reason.EXERCISE_SUSPENDED: "DR-5",
    Reason.EXERCISE_MISMATCH: "DR-3",
    Reason.NOT_ALLOWED: "§2.4",
    Reason.ONLY_GCO_OR_NCEMA: "AC02.2",
    Reason.NOT_ASSIGNED: "SPK",
    Reason.WRONG_STATE: _EFFECTS,
    Reason.ALREADY_DONE: _EFFECTS,
    Reason.ALREADY_PUBLIC: _LIFE,
    Reason.RUMOUR_UNANSWERED: _RUMOURS,
    Reason.TOO_EARLY: _RUMOURS,
    KeyReason.NOT_IN_REVIEW: _TRANSITIONS,
    KeyReason.KEY_NOT_NEEDED: _KEYS_NEEDED,
    KeyReason.AUTHOR_CANNOT_APPROVE: _TWO_PEOPLE,
    KeyReason.SAME_PERSON_TWO_KEYS: _TWO_PEOPLE,
    KeyReason.KEY_ALREADY_GIVEN: _TRANSITIONS,
    KeyReason.WRONG_ENTITY: _KEYS_NEEDED,
}
"""The rule behind a code: its id, or its section of the rule book; `format` is `scenario-format.md`.

A block carries its rule itself, and every reason of a stand-down is INV-12.
"""
RULES_OF_COMMANDS: Mapping[tuple[str, str], str] = {
    (c.LevelOverride.TYPE, Reason.ONLY_GCO_OR_NCEMA): "ESC-12",
    (c.LeadTransfer.TYPE, Reason.ONLY_GCO_OR_NCEMA): "OV-1",
    (c.ContradictionResolve.TYPE, Reason.ONLY_GCO_OR_NCEMA): "ESC-06a",
    (c.IncidentUpdate.TYPE, Reason.NOT_ALLOWED): "INV-9",
    (c.IncidentStandDown.TYPE, Reason.ALREADY_DONE): _AUTHORITY,
    (c.StatementReview.TYPE, Reason.NOT_ALLOWED): _TWO_PEOPLE,
    (c.EmbargoBreak.TYPE, Reason.NOT_ALLOWED): "EMB-3",
    (c.ChannelSuspend.TYPE, Reason.NOT_ALLOWED): "CH-2",
    (c.ChannelRestore.TYPE, Reason.NOT_ALLOWED): "CH-2",
    (c.DeliveryFail.TYPE, Reason.NOT_ALLOWED): "ESC-11",
    (c.InitiativeRelease.TYPE, Reason.NOT_ALLOWED): "OV-7",
}
"""The rule behind a code where one command has its own."""
_NAMES = re.compile(r"[^,|+]+")
_NOTHING = "–"
_COMMA = Both("، ", ", ")
DISAGREE = said("{key} ({stated} in the text, {sheet} on the sheet)")
"""How a value that differs is shown."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something was refused; `rule` is its place in the rule book, None for a code it does not have."""

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
    message = _particular(code, data) or _BY_TYPE[kind].get(code)
    rule = RULES_OF_COMMANDS.get((str(data.get("command", "")), code), RULES.get(code))
    return (_refusal(code, data.get("rule", rule), message, data),)


def _particular(code: str, data: Mapping[str, Any]) -> Message | None:
    command = str(data.get("command", ""))
    return PARTICULAR.get((command, code, str(data.get("field", "")))) or PARTICULAR.get((command, code))


def _unfinished(data: Mapping[str, Any]) -> Iterator[Refusal]:
    """Each reason is a code, some with names after a colon: these the sentence calls `reasons`."""
    for reason in data["reasons"]:
        code, _, names = reason.partition(":")
        yield _refusal(code, _AUTHORITY, STAND_DOWN.get(code), {**data, "reasons": _NAMES.findall(names)})


def _refusal(code: str, rule: str | None, message: Message | None, data: Mapping[str, Any]) -> Refusal:
    if message is None:
        return Refusal(code, rule, Both(code, code), data)
    return Refusal(code, rule, message.both(data), {**data, NUMBER: message.count(data)})


class _Written(dict[str, str]):
    """The fields of a fact as words of one language."""

    def __init__(self, values: Mapping[str, Any], language: Language) -> None:
        super().__init__({field: _written(value, language) for field, value in values.items()})

    def __missing__(self, field: str) -> str:
        return _NOTHING


def _written(value: Any, language: Language) -> str:  # noqa: ANN401 any JSON value
    if isinstance(value, Mapping):
        parts = [_disagreement(key, sides, language) for key, sides in value.items()]
    else:
        parts = [isolated(str(item), language) for item in (value if isinstance(value, list | tuple) else [value])]
    return _COMMA.of(language).join(parts) or _NOTHING


def _disagreement(key: str, sides: Mapping[str, Any], language: Language) -> str:
    shown = {side: isolated(to_json(value).decode(), language) for side, value in sides.items()}
    return DISAGREE.of(language).format(key=isolated(key, language), **shown)
