"""`crisis-bus rules`: a rule by its id."""

import json
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.rulebook import scan


def test_a_rule_is_shown_with_its_text_its_code_and_its_tests(cli: Any) -> None:
    ran = cli("rules", "show", "esc-09a")

    assert (0, "") == (ran.code, ran.err)
    assert "ESC-09a" == ran.lines[0]
    assert "  An approval key was not given in its time, so the deputy of the approver is called." == ran.lines[2]
    assert "code        crisis_bus/rules/keys.py::deputy_is_called" in ran.lines
    assert any(
        line.endswith("tests/rules/test_approvals.py::test_a_late_key_calls_the_deputy_and_then_the_office")
        for line in ran.lines
    )


def test_a_rule_is_data_for_programs(cli: Any) -> None:
    ran = cli("rules", "show", "INV-12", "--format", "jsonl")

    told = json.loads(ran.out)
    assert "INV-12" == told["rule"]
    assert ["crisis_bus/rules/stand_down.py::sign"] == told["code"]


def test_an_installed_package_says_that_the_tests_are_not_in_it(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "TESTS", tmp_path / "tests")

    ran = cli("rules", "show", "SPK")

    assert 0 == ran.code
    assert "tests       not in an installed package; docs/rules.md of the project names them" == ran.lines[-1]


def test_all_rules_are_listed(cli: Any) -> None:
    ran = cli("rules", "list", "--format", "jsonl")

    listed = [json.loads(line)["rule"] for line in ran.lines]
    assert 56 == len(listed)
    assert ("ESC-01a", "INV-15") == (listed[0], listed[-1])


def test_a_rule_that_there_is_not_is_wrong_input(cli: Any) -> None:
    ran = cli("rules", "show", "ESC-05")

    assert (2, "") == (ran.code, ran.out)
    assert "crisis-bus: there is no rule 'ESC-05'; `crisis-bus rules list` names all, such as ESC-09a\n" == ran.err
