"""From the id of a rule to its text, its code and its tests: nothing is missing, nothing is invented, all is fresh."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from crisis_bus.desk import CHAPTERS, CLOCKS
from crisis_bus.domain.records import TimerKind
from crisis_bus.rulebook import book, scan
from crisis_bus.rulebook.page import page
from crisis_bus.rules import blocks
from crisis_bus.rules.blocks import Check

CODE = scan.code()
TESTS = scan.tests() or {}
RULES = book.rules()
BOOK = scan.ROOT.parent / "shared" / "domain" / "rules.md"
MENTIONED = re.compile(r"\b(?:ESC-\d\d|OV-\d|CH-\d|EMB-\d|DR-\d|INV-\d+|N-1|SPK)(?![\w-])|\bESC-\d\d[a-z]")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_some_function(rule: str) -> None:
    assert [] != scan.by_rule(rule, CODE)["code"]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_proven_by_a_test(rule: str) -> None:
    assert [] != TESTS.get(rule, [])


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_sentence_in_both_languages(rule: str) -> None:
    arabic, english = RULES[rule].ar, RULES[rule].en

    assert re.search(r"[\u0621-\u064a]", arabic)
    assert re.fullmatch(r"[A-Z][\x20-\x7e]+", english)


def test_no_docstring_and_no_mark_names_a_rule_that_there_is_not() -> None:
    named = {rule for kept in CODE for rule in kept.rules | kept.parts} | set(TESTS)

    assert set() == named - set(RULES)


@pytest.mark.skipif(not BOOK.is_file(), reason="the specification does not lie beside this checkout")
def test_the_ids_are_those_of_the_rule_book() -> None:
    text = BOOK.read_text(encoding="utf-8")
    defined = {name for name in MENTIONED.findall(text) if name not in {"ESC-05", "ESC-08"}}
    families = {name[:-1] for name in RULES if name[-1].isalpha() and name[-2].isdigit()}

    assert set() == defined - set(RULES) - families


@pytest.mark.parametrize("kind", [kind for kind in TimerKind if kind.value in RULES])
def test_the_clock_of_a_rule_calls_the_function_that_is_the_rule(kind: TimerKind) -> None:
    rule = CLOCKS[kind]
    called = scan.Place(rule.__module__.replace(".", "/") + ".py", rule.__qualname__)

    (kept,) = (kept for kept in CODE if kept.place == called)
    assert {kind.value} == {rule for rule in kept.rules | kept.parts if rule in set(TimerKind)}


@pytest.mark.parametrize("check", blocks.AT_SUBMIT, ids=lambda check: check.__name__)
def test_a_check_tells_the_rule_that_its_docstring_names(check: Check) -> None:
    tree = ast.parse(inspect.getsource(blocks))
    source = next(ast.unparse(node) for node in tree.body if getattr(node, "name", "") == check.__name__)
    told = set(re.findall(r"_hit\([^,]+, '([A-Z]+-\d+)'", source))

    (kept,) = (kept for kept in CODE if kept.place == scan.Place("crisis_bus/rules/blocks.py", check.__name__))
    assert told <= kept.rules


def test_every_command_and_every_timer_has_its_rule() -> None:
    assert set(TimerKind) == set(CLOCKS)
    assert len(CHAPTERS) == len(set(CHAPTERS.values()))


def test_the_page_of_the_rules_is_fresh() -> None:
    written = (scan.ROOT / "docs" / "rules.md").read_text(encoding="utf-8")

    assert page() == written, "run: python -m crisis_bus.rulebook docs/rules.md"


def test_every_link_of_the_page_leads_to_a_file() -> None:
    files = set(re.findall(r"\]\(\.\./([^)#]+)\)", page()))

    assert files
    assert [] == [file for file in files if not (scan.ROOT / file).is_file()]


def test_a_part_is_told_from_the_rule_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = '''
def whole():
    """INV-1, DR-2: it is these two (part of ESC-02a and OV-3)."""
def part():
    """Part of ESC-01a, ESC-01b and INV-12: no more than that, for SPK-MOI-01."""
def neither():
    """Nothing of the book."""
'''
    (tmp_path / "x.py").write_text(source)
    monkeypatch.setattr(scan, "PACKAGE", tmp_path)
    monkeypatch.setattr(scan, "ROOT", tmp_path)

    assert [
        ("whole", {"INV-1", "DR-2"}, {"ESC-02a", "OV-3"}),
        ("part", set(), {"ESC-01a", "ESC-01b", "INV-12"}),
    ] == [(kept.place.name, {*kept.rules}, {*kept.parts}) for kept in scan.code()]
