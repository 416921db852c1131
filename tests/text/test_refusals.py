"""No code of a refusal lacks a sentence, and no sentence names a field that its fact has not."""

from string import Formatter

import pytest

from crisis_bus.domain.facts import CommandRefused, Fact, KeyRefused, StandDownRefused, StatementBlocked
from crisis_bus.domain.reasons import BlockReason, KeyReason, Reason
from crisis_bus.text import refusals
from crisis_bus.text.languages import Both
from crisis_bus.text.refusal_sentences import PARTICULAR

STAND_DOWN = {
    "AUTHORITY",
    "OPEN_HIGH_RUMOUR",
    "OPEN_CONTRADICTION",
    "STATEMENT_IN_REVIEW",
    "NO_ALL_CLEAR_AFTER_WARNING",
}
CODES = {
    CommandRefused: set(Reason),
    KeyRefused: set(KeyReason),
    StatementBlocked: set(BlockReason),
    StandDownRefused: STAND_DOWN,
}
SENTENCES = [
    *(
        pytest.param(fact, both, id=f"{fact.TYPE}:{code}")
        for fact, table in refusals.TABLES.items()
        for code, both in table.items()
    ),
    *(pytest.param(CommandRefused, both, id=":".join(key)) for key, both in PARTICULAR.items()),
]


def _fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


@pytest.mark.parametrize("fact", CODES, ids=lambda fact: fact.TYPE)
def test_every_code_has_a_sentence_and_every_sentence_a_code(fact: type[Fact]) -> None:
    assert CODES[fact] == set(refusals.TABLES[fact])


@pytest.mark.parametrize(("fact", "both"), SENTENCES)
def test_a_sentence_names_only_fields_of_its_fact(fact: type[Fact], both: Both) -> None:
    assert set() == (_fields(both.ar) | _fields(both.en)) - set(fact.model_fields)


@pytest.mark.parametrize(("fact", "both"), SENTENCES)
def test_a_sentence_says_in_both_languages_what_is_wrong_and_what_to_do_next(fact: type[Fact], both: Both) -> None:
    wrong_ar, _, next_ar = both.ar.partition("؛ ")
    wrong_en, _, next_en = both.en.partition("; ")

    assert all(len(part.split()) >= 2 for part in (wrong_ar, next_ar, wrong_en, next_en)), fact.TYPE


@pytest.mark.parametrize(("fact", "both"), SENTENCES)
def test_both_languages_name_the_same_fields(fact: type[Fact], both: Both) -> None:
    assert _fields(both.en) == _fields(both.ar), fact.TYPE


def test_a_block_carries_its_rule_and_the_values_that_disagree() -> None:
    data = {
        "statement": "R2",
        "stage": "submit",
        "reason": "FACT_MISMATCH",
        "rule": "OV-3",
        "facts": {"fatalities": {"stated": 3, "sheet": "3"}},
    }

    (refusal,) = refusals.of("statement.blocked", data)

    assert "OV-3" == refusal.rule
    assert 'fatalities (3 in the text, "3" on the sheet)' in refusal.plain("en")
    assert 'fatalities (في النص 3 وفي الورقة "3")' in refusal.plain("ar")


def test_a_crisis_that_cannot_end_has_a_sentence_for_each_reason() -> None:
    data = {"incident": "I2", "by": "MOI.duty", "reasons": ["AUTHORITY:GCO+NCEMA", "OPEN_HIGH_RUMOUR:RU1,RU2"]}

    authority, rumours = refusals.of("stand_down.refused", data)

    assert "MOI.duty may not sign the stand-down of I2; ask for the signature of GCO, NCEMA" == authority.plain("en")
    assert "(RU1، RU2)" in rumours.plain("ar")
    assert {"INV-12"} == {authority.rule, rumours.rule}


def test_a_line_for_a_terminal_begins_with_the_code_and_its_rule() -> None:
    data = {"statement": "H1", "key": "FACT", "by": "NCM.comms", "reason": "AUTHOR_CANNOT_APPROVE"}

    (refusal,) = refusals.of("key.refused", data)

    assert refusal.line.startswith("AUTHOR_CANNOT_APPROVE (INV-2): NCM.comms wrote H1, and nobody approves")
    assert refusal.line.endswith("اطلب مفتاح FACT من زميل مخوَّل")


def test_a_space_in_use_is_told_from_any_other_wrong_state() -> None:
    data = {"command": "rehearsal.open", "by": "GCO.desk", "ref": "", "reason": "WRONG_STATE"}

    (refusal,) = refusals.of("command.refused", data)

    assert "choose a new name" in refusal.plain("en")


def test_a_field_that_the_fact_has_not_is_a_dash() -> None:
    data = {"command": "statement.submit", "by": "X", "ref": "", "reason": "BAD_VALUE"}

    (refusal,) = refusals.of("command.refused", data)

    assert refusal.plain("en").startswith("The field – of statement.submit")


def test_what_refuses_nothing_has_no_sentence_here() -> None:
    assert () == refusals.of("key.given", {"statement": "H1", "key": "FACT", "by": "NCM.director"})
