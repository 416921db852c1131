"""`crisis-bus handover check`: whether a package is ours, for whoever got it."""

from pathlib import Path
from typing import Any

import pytest

from crisis_bus.channels import package, signatures
from crisis_bus.channels.signatures import SigningKey
from tests.channels.samples import message

KEY = SigningKey(signatures.made(bytes(range(32))))


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    made = message()
    (tmp_path / "m-1.zip").write_bytes(package.packed(made, package.texts(made), {"url": "https://gov.example"}, KEY))
    return tmp_path / "m-1.zip"


def test_a_package_of_ours_says_what_it_is(cli: Any, handed: Path) -> None:
    ran = cli("handover", "check", str(handed), "--key", KEY.public)

    assert (0, "") == (ran.code, ran.err)
    assert ["uae/W1  PUBLIC_WARNING  2026-04-16T12:40:00.000Z", "  statement.ar.txt", "  statement.en.txt"] == ran.lines


def test_a_package_of_somebody_else_fails_and_says_why(cli: Any, handed: Path) -> None:
    other = SigningKey(signatures.made(bytes(32)))

    ran = cli("handover", "check", str(handed), "--key", other.public)

    assert (1, "") == (ran.code, ran.out)
    assert "not signed by this key" in ran.err


def test_a_file_that_is_not_there_is_wrong_input(cli: Any, tmp_path: Path) -> None:
    ran = cli("handover", "check", str(tmp_path / "none.zip"), "--key", KEY.public)

    assert 2 == ran.code
    assert "none.zip" in ran.err
