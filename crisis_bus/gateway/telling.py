"""Facts as sentences whose values stand apart, so that a page can isolate their direction."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from crisis_bus.domain.journal import FactRecord
from crisis_bus.domain.subscriptions import Language
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.names import Names, name
from crisis_bus.gateway.sentences import SENTENCES, TONES, UNKNOWN, Tone
from crisis_bus.gateway.words import KEYS, KINDS, STATES
from crisis_bus.text import refusals
from crisis_bus.text.refusals import Refusal

_WHEN = frozenset({"due", "first_statement_due", "since", "response_due", "language_pack_due", "start"})
_LONGEST = 160
_MOST = 6


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
        tone = TONES.get(fact.type, "act")
        refused = refusals.of(fact.type, fact.data)
        if refused:
            return Sentence(tuple(self._refusals(refused)), tone, refused[0].rule)
        template = SENTENCES.get(fact.type, UNKNOWN).of(self.language)
        rule = fact.data.get("rule") if fact.type != "escalation" else None
        pieces = self._pieces(template, {"type": fact.type} | fact.data)
        return Sentence(tuple(pieces), tone, rule if isinstance(rule, str) else None)

    def _refusals(self, refused: tuple[Refusal, ...]) -> Iterator[Piece]:
        for number, refusal in enumerate(refused):
            if number:
                yield Piece(" · ", value=False)
            yield from self._pieces(refusal.sentence.of(self.language), refusal.values)

    def _pieces(self, template: str, values: Mapping[str, Any]) -> list[Piece]:
        pieces: list[Piece] = []
        for words, field, _, _ in Formatter().parse(template):
            if words:
                pieces.append(Piece(words, value=False))
            if field:
                pieces += self._listed(self._values(field, values.get(field)))
        return pieces

    def _listed(self, texts: list[str]) -> list[Piece]:
        """Each value apart: a list of codes in one run of text would turn around."""
        pieces: list[Piece] = []
        for text in texts[:_MOST]:
            if pieces:
                pieces.append(Piece(self._comma(), value=False))
            pieces.append(Piece(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", value=True))
        if len(texts) > _MOST:
            pieces += [Piece(" ", value=False), Piece(f"+{len(texts) - _MOST}", value=True)]
        return pieces

    def _values(self, field: str, value: Any) -> list[str]:  # noqa: ANN401 any JSON value comes by
        if field in _WHEN and isinstance(value, int | str):
            return [self._moment(value)]
        if isinstance(value, Mapping):
            return [f"{self._word(field, key)}: {' '.join(self._values('', item))}" for key, item in value.items()]
        if isinstance(value, list | tuple):
            return [self._word(field, str(item)) for item in value]
        return ["–" if value is None else self._word(field, str(value))]

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
            "channels": self.names.channels,
            "channel": self.names.channels,
        }
        return name(tables.get(field, {}), code).of(self.language)

    def _comma(self) -> str:
        return "، " if self.language == "ar" else ", "
