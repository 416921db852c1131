"""Every exception to a rule carries its reason on its own line."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("crisis_bus/**/*.py"), *ROOT.glob("tests/**/*.py")])
EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover|size:)(?P<rest>.*)")
CODES = re.compile(r"^\s*(?::\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*|\[[\w\-, ]+\])?")


def _without_reason(source: str) -> Iterator[int]:
    """Lines whose exception says fewer than two words after its codes."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found = EXCEPTION.search(token.string) if token.type == tokenize.COMMENT else None
        if found and len(CODES.sub("", found["rest"]).split()) < 2:
            yield token.start[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_exception_to_a_rule_says_why(file: Path) -> None:
    assert [] == list(_without_reason(file.read_text()))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = 1  # noqa" + ": E501\n", [1], id="a code is no reason"),
        pytest.param("x = 1  # noqa" + ": E501, S101 tables read better unbroken\n", [], id="words after codes are"),
        pytest.param("x = 1  # type" + ": ignore[misc]\n", [1], id="a type error needs one too"),
        pytest.param("x = '# noqa'\n", [], id="text is no comment"),
    ],
)
def test_a_reason_is_told_from_a_code(source: str, expected: list[int]) -> None:
    assert expected == list(_without_reason(source))
