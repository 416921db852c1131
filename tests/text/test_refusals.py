"""No code of a refusal lacks its rule and its sentence, and no sentence names a field that its fact has not."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from crisis_bus.domain.commands import COMMANDS, LIVE_COMMANDS, REHEARSAL_OPEN
from crisis_bus.domain.facts import CommandRefused, Fact, KeyRefused, StandDownRefused, StatementBlocked
from crisis_bus.domain.reasons import BlockReason, KeyReason, Reason
from crisis_bus.text import refusals
from crisis_bus.text.catalogue import NUMBER, Message
from crisis_bus.text.refusals import RULES, RULES_OF_COMMANDS
from crisis_bus.text.refused_commands import PARTICULAR

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
        pytest.param(fact, message, id=f"{fact.TYPE}:{code}")
        for fact, table in refusals.TABLES.items()
        for code, message in table.items()
    ),
    *(pytest.param(CommandRefused, message, id=":".join(key)) for key, message in PARTICULAR.items()),
]
RULE = re.compile(r"§\d\.\d+|format §\d|[A-Z]+-\d+[a-c]?|SPK|AC\d\d\.\d")
BOOK = Path(__file__).parents[3] / "shared" / "domain" / "rules.md"


def _fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


def _arabic(refusal: refusals.Refusal) -> str:
    """The Arabic sentence without the signs that keep Latin values apart."""
    return refusal.plain("ar").replace("\u2068", "").replace("\u2069", "")


def _spread(rule: str, book: str) -> bool:
    """`ESC-06b` stands in the book as `ESC-06a / b`."""
    return f"{rule[:-1]}a / b" in book


def _refused(**data: Any) -> refusals.Refusal:
    (refusal,) = refusals.of("command.refused", {"command": "x", "by": "X", "ref": "R", "reason": "BAD_VALUE"} | data)
    return refusal


@pytest.mark.parametrize("fact", CODES, ids=lambda fact: fact.TYPE)
def test_every_code_has_a_sentence_and_every_sentence_a_code(fact: type[Fact]) -> None:
    assert CODES[fact] == set(refusals.TABLES[fact])


@pytest.mark.parametrize("code", [*Reason, *KeyReason])
def test_every_code_of_a_command_or_key_has_a_rule(code: str) -> None:
    assert RULE.fullmatch(RULES[code])


@pytest.mark.skipif(not BOOK.is_file(), reason="the rule book is not beside this checkout")
def test_every_rule_stands_in_the_rule_book() -> None:
    book = BOOK.read_text(encoding="utf-8")
    rules = {rule for rule in (*RULES.values(), *RULES_OF_COMMANDS.values()) if not rule.startswith("format")}

    assert [] == [rule for rule in rules if re.sub("^§", "### ", rule) not in book and not _spread(rule, book)]


def test_a_rule_of_one_command_goes_before_that_of_the_code() -> None:
    level = _refused(command="level.override", reason="ONLY_GCO_OR_NCEMA")

    assert ("ESC-12", "AC02.2") == (level.rule, RULES["ONLY_GCO_OR_NCEMA"])


def test_every_reason_of_a_stand_down_is_inv_12() -> None:
    told = refusals.of("stand_down.refused", {"incident": "I1", "by": "X", "reasons": sorted(STAND_DOWN)})

    assert {"INV-12"} == {refusal.rule for refusal in told}


@pytest.mark.parametrize(("fact", "message"), SENTENCES)
def test_a_sentence_names_only_fields_of_its_fact(fact: type[Fact], message: Message) -> None:
    named = _fields(message.one) | _fields(message.other or "")

    assert set() == named - {*fact.model_fields, NUMBER}


@pytest.mark.parametrize(("fact", "message"), SENTENCES)
def test_a_sentence_counts_a_list_of_its_fact(fact: type[Fact], message: Message) -> None:
    assert (message.counts in fact.model_fields) == (message.counts is not None)


@pytest.mark.parametrize(("fact", "message"), SENTENCES)
def test_a_sentence_says_in_both_languages_what_is_wrong_and_what_to_do_next(
    fact: type[Fact], message: Message
) -> None:
    forms = [message.both({message.counts or "": ["X"] * count}) for count in (0, 1, 2, 5, 11, 100)]
    parts = [part for both in forms for part in (*both.ar.rpartition("؛ ")[::2], *both.en.rpartition("; ")[::2])]

    assert all(len(part.split()) >= 2 for part in parts), fact.TYPE


@pytest.mark.parametrize("key", PARTICULAR, ids=":".join)
def test_a_particular_sentence_is_for_a_command_a_code_and_a_field_that_exist(key: tuple[str, ...]) -> None:
    command, code, *field = key
    fields = (
        {"start", "roster"} if command == REHEARSAL_OPEN else {*(COMMANDS | LIVE_COMMANDS)[command].model_fields, "by"}
    )

    assert (code in set(Reason), set()) == (True, set(field) - fields)


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
    assert 'fatalities (في النص 3 وفي البطاقة "3")' in _arabic(refusal)


@pytest.mark.parametrize(
    ("missing", "english", "arabic"),
    [
        pytest.param(["eta"], "states a value that", "قيمة ليست في بطاقة الحقائق (eta)؛ ثبّتها", id="one"),
        pytest.param(["a", "b"], "states 2 values that", "قيمتان ليستا في بطاقة الحقائق (a، b)؛ ثبّتهما", id="two"),
        pytest.param(list("abc"), "states 3 values that", "3 قيم ليست في بطاقة الحقائق", id="few"),
        pytest.param(list("abcdefghijk"), "states 11 values that", "11 قيمة ليست في بطاقة الحقائق", id="many"),
    ],
)
def test_a_sentence_takes_the_form_of_its_count(missing: list[str], english: str, arabic: str) -> None:
    data = {"statement": "R2", "reason": "FACT_NOT_ON_SHEET", "rule": "OV-3", "missing": missing}

    (refusal,) = refusals.of("statement.blocked", data)

    assert english in refusal.plain("en")
    assert arabic in _arabic(refusal)


def test_a_crisis_that_cannot_end_has_a_sentence_for_each_reason() -> None:
    data = {"incident": "I2", "by": "MOI.duty", "reasons": ["AUTHORITY:GCO+NCEMA", "OPEN_HIGH_RUMOUR:RU1,RU2"]}

    authority, rumours = refusals.of("stand_down.refused", data)

    assert "ask for the signature of an entity that may: GCO, NCEMA" in authority.plain("en")
    assert "شائعتان عاليتا الأولوية بلا رد (RU1، RU2)" in _arabic(rumours)


def test_a_line_for_a_terminal_begins_with_the_code_and_its_rule() -> None:
    data = {"statement": "H1", "key": "FACT", "by": "NCM.comms", "reason": "AUTHOR_CANNOT_APPROVE"}

    (refusal,) = refusals.of("key.refused", data)

    assert refusal.line.startswith("AUTHOR_CANNOT_APPROVE (INV-2): NCM.comms wrote H1, and nobody approves")
    assert refusal.line.endswith("اطلب مفتاح \u2068FACT\u2069 من زميل مخوَّل")


def test_one_code_says_for_each_command_what_to_do_next() -> None:
    space = _refused(command="rehearsal.open", reason="WRONG_STATE")
    end = _refused(command="incident.close", reason="WRONG_STATE", ref="I1")

    assert "choose a new name" in space.plain("en")
    assert "stand it down first" in end.plain("en")


def test_one_field_may_have_its_own_sentence() -> None:
    priority = _refused(command="incident.report", field="priority")
    another = _refused(command="incident.report", field="severity")

    assert "A priority belongs to a rumour" in priority.plain("en")
    assert "The field severity of incident.report is missing" in another.plain("en")


def test_a_field_that_the_fact_has_not_is_a_dash() -> None:
    refusal = _refused(command="statement.submit")

    assert refusal.plain("en").startswith("The field – of statement.submit")


def test_a_code_that_the_catalogue_does_not_know_stands_for_itself() -> None:
    refusal = _refused(reason="OF_TOMORROW")

    assert ("OF_TOMORROW", None) == (refusal.plain("ar"), refusal.rule)


def test_what_refuses_nothing_has_no_sentence_here() -> None:
    assert () == refusals.of("key.given", {"statement": "H1", "key": "FACT", "by": "NCM.director"})
