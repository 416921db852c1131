"""`crisis-bus topics acl` on a real cluster that knows no rights."""

from typing import Any

import pytest

pytestmark = pytest.mark.kafka


def test_a_cluster_without_an_authorizer_says_what_is_missing(
    cli: Any, catalogue_applied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISIS_BUS_KAFKA", catalogue_applied)

    ran = cli("topics", "acl")

    assert (2, True) == (ran.code, "authorizer.class.name" in ran.err)
