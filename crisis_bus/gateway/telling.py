"""Facts as sentences whose values stand apart, so that a page can isolate their direction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from crisis_bus.domain.journal import FactRecord
from crisis_bus.domain.subscriptions import Language
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.names import Names, name
from crisis_bus.gateway.sentences import SENTENCES, TONES, UNKNOWN, Tone
from crisis_bus.gateway.words import KEYS, KINDS, REASONS, STATES

_WHEN = frozenset({"due", "first_statement_due", "since", "response_due", "language_pack_due", "start"})
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; a value is isolated from the words around it."""

    text: str
    value: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A fact as told on the board."""

    pieces: tuple[Piece, ...]
    tone: Tone
    rule: str | None

    @property
    def plain(self) -> str:
        """The sentence as one text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells facts in one language; `when` writes what a space calls an instant."""

    language: Language
    names: Names
    when: Callable[[int | str], str]

    def tell(self, fact: FactRecord) -> Sentence:
        """One fact."""
        template = SENTENCES.get(fact.type, UNKNOWN).of(self.language)
        values = {"type": fact.type} | fact.data
        rule = fact.data.get("rule") if fact.type != "escalation" else None
        return Sentence(
            tuple(self._pieces(template, values)), TONES.get(fact.type, "act"), rule if isinstance(rule, str) else None
        )

    def _pieces(self, template: str, values: Mapping[str, Any]) -> list[Piece]:
        pieces: list[Piece] = []
        for words, field, _, _ in Formatter().parse(template):
            if words:
                pieces.append(Piece(words, value=False))
            if field:
                pieces.append(Piece(self._value(field, values.get(field))[:_LONGEST], value=True))
        return pieces

    def _value(self, field: str, value: Any) -> str:  # noqa: ANN401 any JSON value comes by
        if field in _WHEN and isinstance(value, int | str):
            return self._moment(value)
        if isinstance(value, Mapping):
            return self._comma().join(
                f"{self._word(field, key)} {self._value('', item)}" for key, item in value.items()
            )
        if isinstance(value, list | tuple):
            return self._comma().join(self._word(field, str(item)) for item in value)
        return "–" if value is None else self._word(field, str(value))

    def _moment(self, value: int | str) -> str:
        try:
            return self.when(value)
        except ValueError:
            return str(value)

    def _word(self, field: str, code: str) -> str:
        tables: Mapping[str, Mapping[str, Both]] = {
            "kind": KINDS,
            "state": STATES,
            "key": KEYS,
            "keys": KEYS,
            "reason": REASONS,
            "channels": self.names.channels,
            "channel": self.names.channels,
        }
        return name(tables.get(field, {}), code).of(self.language)

    def _comma(self) -> str:
        return "، " if self.language == "ar" else ", "
