"""`crisis-bus suppressions`: who may not be written to, without a secret that makes the marks."""

from typing import Any

import pytest


@pytest.mark.parametrize("command", ["add", "remove"])
def test_without_the_secret_there_are_no_marks_and_the_setting_is_named(cli: Any, command: str) -> None:
    ran = cli("suppressions", command, "email", "desk@wam.example", "--by", "GCO.duty", "--reason", "asked")

    assert (2, "") == (ran.code, ran.out)
    assert "link_secret" in ran.err
    assert "desk@wam.example" not in ran.err


def test_an_unknown_transport_is_refused(cli: Any) -> None:
    ran = cli("suppressions", "add", "pigeon", "loft 1", "--by", "GCO.duty", "--reason", "asked")

    assert 2 == ran.code
    assert "'pigeon' is not one of" in ran.err
