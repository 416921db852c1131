"""Where the rules are kept and proven: docstrings of the package, marks of the tests.

A docstring that names an id is that rule; one that says "Part of" it is a part of it. A test is marked
`@pytest.mark.rule("ESC-09a")`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crisis_bus.errors import UserError

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parent
TESTS = ROOT / "tests"
MARK = "rule"
_ID = r"(?:(?:ESC-\d\d[a-z]?|OV-\d+|CH-\d+|EMB-\d+|DR-\d+|INV-\d+|N-\d+|SPK(?!-))(?!\w))"
_IDS = re.compile(_ID)
_PARTS = re.compile(rf"[Pp]art of ({_ID}(?:(?:, | and ){_ID})*)")
_SECTIONS = re.compile(r"`(scenario-format|rules)\.md` (§[\d.]*\d(?:, (?:\d+(?: (?:and|to) \d+)?|[A-Z][A-Za-z -]+))*)")
_ROLES = {"audit": "audit", "views": "told"}
"""Folders that keep no rule themselves: the auditor watches, the views tell."""
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Place:
    """A function, class or test: its file below the root of the project, and its name in it."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A place in the code: the rules that it is, those that it is a part of, the sections that it names."""

    place: Place
    rules: frozenset[str]
    parts: frozenset[str]
    sections: frozenset[str]

    @property
    def folder(self) -> str:
        """The part of the package that it belongs to, such as `rules` or `audit`."""
        return self.place.file.split("/")[1]


def code() -> list[Kept]:
    """Every function and class whose docstring names a rule or a section; those of `rules/` come first."""
    files = sorted(PACKAGE.rglob("*.py"), key=lambda file: (file.parent.name != "rules", file))
    return [kept for file in files for kept in _kept(file)]


def by_rule(rule: str, code: Iterable[Kept]) -> dict[str, list[Place]]:
    """The places of a rule: the code that is it, what is a part of it, who watches it, who tells of it."""
    found: dict[str, list[Place]] = {"code": [], "parts": [], "audit": [], "told": []}
    for kept in code:
        if rule in kept.rules | kept.parts:
            usual = "code" if rule in kept.rules else "parts"
            found[_ROLES.get(kept.folder, usual)].append(kept.place)
    return found


def tests() -> dict[str, list[Place]] | None:
    """The tests of each rule; None where the tests are not at hand, as in an installed package."""
    if not (TESTS / "rules").is_dir():
        return None
    found: dict[str, list[Place]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for name, rules in _marked(file):
            for rule in rules:
                found.setdefault(rule, []).append(Place(file.relative_to(ROOT).as_posix(), name))
    return found


def _kept(path: Path) -> Iterator[Kept]:
    for name, node in _walk(ast.parse(path.read_text(encoding="utf-8")), ""):
        docstring = ast.get_docstring(node) or ""
        parts = {rule for group in _PARTS.findall(docstring) for rule in _IDS.findall(group)}
        rules = set(_IDS.findall(_PARTS.sub("", docstring)))
        sections = {f"`{file}.md` {section}" for file, section in _SECTIONS.findall(docstring)}
        if rules or parts or sections:
            place = Place(path.relative_to(ROOT).as_posix(), name)
            yield Kept(place, frozenset(rules), frozenset(parts - rules), frozenset(sections))


def _walk(node: ast.AST, above: str) -> Iterator[tuple[str, _Named]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Named):
            yield f"{above}{child.name}", child
            yield from _walk(child, f"{above}{child.name}.")


def _marked(file: Path) -> Iterator[tuple[str, list[str]]]:
    for name, node in _walk(ast.parse(file.read_text(encoding="utf-8")), ""):
        marks = [mark for mark in node.decorator_list if isinstance(mark, ast.Call) and _is_rule(mark.func)]
        if marks:
            yield name, [_text(argument, file) for mark in marks for argument in mark.args]


def _is_rule(function: ast.expr) -> bool:
    return ast.unparse(function) == f"pytest.mark.{MARK}"


def _text(argument: ast.expr, file: Path) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    msg = f"{file}:{argument.lineno}: the mark `{MARK}` takes the ids of rules as plain texts"
    raise UserError(msg)
