"""Budgets for the tail: no file, class or function grows into a god object."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("crisis_bus/**/*.py"), *ROOT.glob("tests/**/*.py")])
PACKAGES = sorted({file.parent for file in FILES})
EXEMPT = "# size: "
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _exempt(line: str) -> bool:
    """`# size: <reason>`: a line of its own for a file, on its first line for a class."""
    return len(line.partition(EXEMPT)[2].split()) > 2


def _length(node: ast.ClassDef | Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _too_long(file: Path) -> Iterator[str]:
    lines = file.read_text().splitlines()
    name = file.relative_to(ROOT)
    if len(lines) > 300 and not any(_exempt(line) for line in lines if line.startswith(EXEMPT)):
        yield f"{name} has {len(lines)} lines, more than 300"
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ClassDef) and _length(node) > 150 and not _exempt(lines[node.lineno - 1]):
            yield f"{name}: class {node.name} has {_length(node)} lines, more than 150"


def _functions(package: Path) -> Iterator[Function]:
    for file in package.glob("*.py"):
        yield from (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, Function))


def _body(function: Function) -> int:
    """Lines of the body, the docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_and_no_class_is_longer_than_its_budget(file: Path) -> None:
    assert [] == list(_too_long(file))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.relative_to(ROOT)))
def test_the_median_function_of_a_package_is_short(package: Path) -> None:
    lengths = [_body(function) for function in _functions(package)] or [0]

    assert statistics.median(lengths) <= 8
